import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from freezegun import freeze_time

from odoo.tools import SQL

from odoo.addons.family_card.tests.common import CorletoCase

from ..rules import calendar


class SettlementCase(CorletoCase):
    """Corleto 2024 with two shops that are reimbursed: accounts, terms, somebody with enough credit, and the office."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.merchant, cls.other_merchant = cls.grocery, cls.bar
        for number, partner in enumerate(cls.merchant | cls.other_merchant):
            partner.write(
                {
                    "vat": f"IT{('01234567890', '12345678903')[number]}",
                    "email": f"shop{number}@example.org",
                    "phone": f"+39 347 000 000{number}",
                    "bank_ids": [
                        (
                            0,
                            0,
                            {
                                "acc_number": ("IT60X0542811101000000123456", "IT37Y0542811101000000123457")[number],
                                "allow_out_payment": True,
                            },
                        )
                    ],
                }
            )
        cls.funder = cls.program.funder_id
        cls._set_up_books()
        cls.settlement_terms = cls.env["settlement.terms"].create(
            {"funder_id": cls.funder.id, "valid_from": "2024-01-01", "act": "D.G. 12/2024", "department": "Welfare"}
        )
        cls.rich_card, _pin = cls.card()
        cls.rich_account = cls.account(cls.rich_card, "COMMERCIO")
        cls.give("1000000.00", cls.fund)
        cls.clerk = cls.user("settlement-clerk", "merchant_settlement.group_clerk")
        cls.approver = cls.user("settlement-approver", "merchant_settlement.group_approver")
        cls.other_approver = cls.user("settlement-approver-2", "merchant_settlement.group_approver")

    @classmethod
    def _set_up_books(cls):
        """The accounts and journals of the funder."""
        env = cls.env
        account = env["account.account"].create(
            [
                {"code": code, "name": name, "account_type": kind, "reconcile": reconcile}
                for code, name, kind, reconcile in (
                    ("990100", "Credit of the citizens", "liability_current", False),
                    ("990200", "Contributions", "expense", False),
                    ("990300", "Owed to shops, not yet billed", "liability_current", True),
                    ("990400", "Stamp duty", "expense", False),
                    ("990500", "Payable", "liability_payable", True),
                    ("990600", "Receivable", "asset_receivable", True),
                    ("990700", "Treasurer", "asset_cash", False),
                )
            ]
        )
        for name, record in (("payable", account[4]), ("receivable", account[5])):
            env["ir.default"].set("res.partner", f"property_account_{name}_id", record.id, company_id=cls.company.id)
        journal = env["account.journal"].create(
            [
                {"name": "Cards", "code": "CARD", "type": "general"},
                {"name": "Statements", "code": "STAT", "type": "purchase", "default_account_id": account[2].id},
                {"name": "Treasurer", "code": "TRS", "type": "bank", "default_account_id": account[6].id},
            ]
        )
        group = env["account.tax.group"].create({"name": "Outside VAT", "country_id": cls.company.country_id.id})
        italian = {"l10n_it_exempt_reason": "N2.2", "invoice_legal_notes": "Fuori campo IVA"}
        tax = env["account.tax"].create(
            {
                # only where the Italian chart is installed
                **{name: value for name, value in italian.items() if "l10n_it_exempt_reason" in env["account.tax"]},
                "name": "0% N2.2",
                "amount": 0,
                "type_tax_use": "purchase",
                "country_id": cls.company.country_id.id,
                "tax_group_id": group.id,
            }
        )
        cls.treasurer_journal = journal[2]
        cls.funder.sudo().write(
            {
                "liability_account_id": account[0].id,
                "contribution_account_id": account[1].id,
                "merchant_account_id": account[2].id,
                "stamp_account_id": account[3].id,
                "journal_id": journal[0].id,
                "bill_journal_id": journal[1].id,
                "bill_tax_id": tax.id,
            }
        )

    @classmethod
    def give(cls, amount, fund=None, expires_at=None):
        """Credit the account that pays all charges here.

        :param str amount: EUR
        :param fund: family.card.fund the credit is from
        :param datetime expires_at: naive UTC; the credit that expires first is spent first
        """
        cls.env["stored.value.account"]._credit(
            [
                {
                    "account_id": cls.rich_account.id,
                    "amount": Decimal(amount),
                    "available_from": datetime(2023, 12, 31, 23),
                    "expires_at": expires_at,
                    "origin": str(uuid4()),
                    "memo": "",
                    "fund_id": fund.id if fund else None,
                }
            ],
            datetime(2023, 12, 31, 23),
        )

    @classmethod
    def charge(cls, amount, at, merchant=None):
        """A captured payment, as a till leaves it.

        :param str amount: EUR
        :param datetime at: of authorisation and capture, naive UTC
        :param merchant: res.partner, the first shop when empty
        :return: circuit.transaction
        """
        merchant = merchant or cls.merchant
        agreement = cls.env["circuit.agreement"].search([("merchant_id", "=", merchant.id)], limit=1)
        key = str(uuid4())
        hold = {
            "key": key,
            "fingerprint": key,
            "instrument_model": "family.card",
            "instrument_id": cls.rich_card.id,
            "holder_mask": "RSS***01",
            "account_id": cls.rich_account.id,
            "merchant_id": merchant.id,
            "agreement_id": agreement.id,
            "category_id": agreement.category_id.id,
            "channel": "web",
            "order_ref": key[:8],
            "purchase_total": amount,
            "eligible_total": amount,
            "requested": amount,
            "ceiling": amount,
            "room": amount,
            "insufficient": "refuse",
            "hold_minutes": 10,
            "at": at.isoformat(),
            "uid": cls.env.uid,
            "company_id": cls.company.id,
            "currency_id": cls.company.currency_id.id,
        }
        cls._captured("circuit_hold", hold)
        return cls.env["circuit.transaction"].search([("key", "=", key)])

    @classmethod
    def refund(cls, transaction, amount, at):
        """A captured refund of a payment; the money is back on its lots.

        :param transaction: circuit.transaction
        :param str amount: EUR
        :param datetime at: naive UTC
        :return: circuit.transaction
        """
        key = str(uuid4())
        request = {
            "key": key,
            "fingerprint": key,
            "origin_key": transaction.key,
            "merchant_id": transaction.merchant_id.id,
            "channel": "staff",
            "order_ref": transaction.order_ref,
            "amount": amount,
            "reason": "Wrong amount",
            "at": at.isoformat(),
            "uid": cls.env.uid,
        }
        cls._captured("circuit_refund", request)
        cls.env.cr.execute(
            SQL(
                "SELECT stored_value_give_back(%s, %s, %s, %s, %s, %s)",
                transaction.key,
                key,
                Decimal(amount),
                at,
                "",
                cls.env.uid,
            )
        )
        return cls.env["circuit.transaction"].search([("key", "=", key)])

    @classmethod
    def _captured(cls, function, payload):
        """Call a function of the till and capture what it made."""
        cls.env.flush_all()
        call = SQL("SELECT %s(%s::jsonb)", SQL.identifier(function), json.dumps(payload))
        [(outcome,)] = cls.env.execute_query(call)
        assert outcome["outcome"] == "authorized", outcome
        cls.env.cr.execute(
            SQL(
                "UPDATE circuit_transaction SET state = 'captured', captured_at = %s WHERE key = %s",
                payload["at"],
                payload["key"],
            )
        )
        cls.env["circuit.transaction"]._forget()
        cls.env["stored.value.account"]._forget()

    @classmethod
    def new_run(cls, month):
        """The run of a month, made where there is none.

        :param month: date, or "2024-04"
        """
        month = month if isinstance(month, date) else date.fromisoformat(f"{month}-01")
        runs = cls.env["merchant.statement.run"].with_user(cls.clerk)
        run = runs.search([("funder_id", "=", cls.funder.id), ("month", "=", month)])
        return run or runs.create({"funder_id": cls.funder.id, "month": month})

    @classmethod
    def run_month(cls, month, at=None):
        """Make the statements of a month, on the morning after it.

        :param month: date, or "2024-04"
        :param datetime at: when else, naive UTC
        :return: merchant.statement of the month, by merchant
        """
        run = cls.new_run(month)
        with freeze_time(
            at or datetime.combine(calendar.plus_months(run.month, 1), datetime.min.time()) + timedelta(hours=6)
        ):
            run.action_start()
        return cls.statements(run.month)

    @classmethod
    def statements(cls, month):
        """Statements of the funder and month, by merchant."""
        return cls.env["merchant.statement"].search(
            [("funder_id", "=", cls.funder.id), ("month", "=", month)], order="merchant_id"
        )
