from datetime import date, datetime
from decimal import Decimal

from freezegun import freeze_time

from odoo.tests import TransactionCase, new_test_user

# A working day in May, noon in Rome
NOW = datetime(2024, 5, 20, 10, 0)
IBANS = ("IT60X0542811101000000123456", "IT51X0300203280000400162854", "DE89370400440532013000")
CODES = ("RSSMRA85T10A562S", "BNCLCU80A01F205T", "12345670785")


class PaymentCase(TransactionCase):
    """A public body with its bank, three merchants with accounts, and approved statements with posted bills."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(NOW))
        italy, euro = cls.env.ref("base.it"), cls.env.ref("base.EUR")
        euro.active = True
        cls.company = cls.env["res.company"].create(
            {"name": "Comune di Prova", "country_id": italy.id, "currency_id": euro.id}
        )
        cls.env.user.company_ids |= cls.company
        cls.env = cls.env["base"].with_company(cls.company).env
        cls._make_books()
        cls.circuit = cls.env["circuit.circuit"].create({"name": "Prova"})
        cls.funder = cls.env["circuit.funder"].create(
            {"name": "Family Card 2024 – “Prova”", "circuit_id": cls.circuit.id}
        )
        cls.terms = cls.env["settlement.terms"].create(
            {"funder_id": cls.funder.id, "valid_from": "2024-01-01", "department": "Welfare", "cup": "B11B24000010001"}
        )
        cls.merchants = cls.env["res.partner"].create(
            [
                {
                    "name": name,
                    "is_merchant": True,
                    "is_company": True,
                    "l10n_it_codice_fiscale": code,
                    "country_id": italy.id,
                    "city": "Corleto",
                    "property_account_payable_id": cls.payable.id,
                    "bank_ids": [(0, 0, {"acc_number": iban})],
                }
                for name, code, iban in zip(
                    ("Alimentari Però & Figli", "Ferramenta Neri", "Bäckerei Groß"), CODES, IBANS, strict=True
                )
            ]
        )
        users = {"company_id": cls.company.id, "company_ids": [(6, 0, cls.company.ids)]}
        groups = {"clerk": "clerk", "approver": "approver", "other": "approver"}
        for name, group in groups.items():
            user = new_test_user(cls.env, f"pay-{name}", groups=f"merchant_settlement.group_{group}", **users)
            setattr(cls, name, user)
        cls.number = 0

    @classmethod
    def _make_books(cls):
        accounts = {
            "payable": ("liability_payable", "T2010"),
            "owed": ("liability_current", "T2020"),
            "outstanding": ("asset_current", "T1010"),
            "bank": ("asset_cash", "T1020"),
        }
        for name, (kind, code) in accounts.items():
            account = cls.env["account.account"].create(
                {"name": name, "code": code, "account_type": kind, "reconcile": kind != "asset_cash"}
            )
            setattr(cls, name, account)
        journals = cls.env["account.journal"]
        cls.purchases = journals.create(
            {"name": "Bills", "code": "TBIL", "type": "purchase", "default_account_id": cls.owed.id}
        )
        cls.treasury = journals.create(
            {"name": "Tesoriere", "code": "TTES", "type": "bank", "default_account_id": cls.bank.id}
        )
        account = cls.env["res.partner.bank"].create(
            {"acc_number": "IT13S0542811101000000123457", "partner_id": cls.company.partner_id.id}
        )
        cls.treasury.bank_account_id = account
        cls.treasury.outbound_payment_method_line_ids.payment_account_id = cls.outstanding

    @classmethod
    def statement(cls, amount="66.25", merchant=None, month=date(2024, 4, 1), **vals):
        """An approved statement with its posted bill.

        :param str amount: EUR
        """
        merchant = merchant or cls.merchants[0]
        cls.number += 1
        bill = cls.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": merchant.id,
                "journal_id": cls.purchases.id,
                "invoice_date": "2024-05-10",
                "ref": f"bill {cls.number}",
                "invoice_line_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "Statement",
                            "price_unit": float(amount),
                            "account_id": cls.owed.id,
                            "tax_ids": [(5,)],
                        },
                    )
                ],
            }
        )
        bill.action_post()
        return cls.env["merchant.statement"].create(
            {
                "name": f"EC/2024/04/{cls.number:04}",
                "merchant_id": merchant.id,
                "funder_id": cls.funder.id,
                "terms_id": cls.terms.id,
                "month": month,
                "state": "approved",
                "total": float(amount),
                "payable": float(amount),
                "pay_from": "2024-05-01",
                "move_id": bill.id,
                **vals,
            }
        )

    def make_list(self, user=None, **vals):
        """A draft list of a clerk."""
        lists = self.env["merchant.payment.list"].with_user(user or self.clerk).with_company(self.company)
        return lists.create({"journal_id": self.treasury.id, **vals})

    def confirmed(self, **vals):
        """A list with every approved statement, collected by the clerk and confirmed by an approver."""
        found = self.make_list(**vals)
        found.action_collect()
        found.with_user(self.approver).action_confirm()
        return found

    def handed_over(self):
        """The same, handed over to the treasurer."""
        found = self.confirmed()
        found.action_hand_over()
        return found

    def residual(self, statement):
        """What is open of a statement's bill."""
        return Decimal(f"{statement.move_id.amount_residual:.2f}")

    def balance(self, account):
        """Posted balance of an account."""
        items = self.env["account.move.line"].search(
            [("account_id", "=", account.id), ("parent_state", "=", "posted"), ("company_id", "=", self.company.id)]
        )
        return sum((Decimal(f"{item.balance:.2f}") for item in items), Decimal(0))
