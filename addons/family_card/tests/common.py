from datetime import datetime
from decimal import Decimal
from uuid import uuid4

from freezegun import freeze_time
from stdnum.it import codicefiscale

from odoo.tests import TransactionCase, new_test_user
from odoo.tools import SQL

from odoo.addons.merchant_circuit.rules.till import Terminal

# 03/04/2024 10:15 in Corleto Perticara
NOW = datetime(2024, 4, 3, 8, 15)


class CorletoCase(TransactionCase):
    """A small Corleto 2024: the programme of the notice, four shops, and cards made on demand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(NOW))
        italy = cls.env.ref("base.it")
        euro = cls.env.ref("base.EUR")
        euro.active = True
        cls.company = cls.env["res.company"].create(
            {"name": "Comune di Corleto Perticara", "country_id": italy.id, "currency_id": euro.id}
        )
        cls.env.user.company_ids |= cls.company
        cls.env = cls.env["base"].with_company(cls.company).env
        env = cls.env
        cls.circuit = env["circuit.circuit"].create({"name": "Corleto"})
        cls.program = env["family.card.program"].create(
            {
                "name": "Corleto Family Card 2024",
                "code": "TEST-2024",
                "year": 2024,
                "circuit_id": cls.circuit.id,
                "sender": "Comune di Corleto Perticara",
            }
        )
        cls.program.action_set_up()
        cls.terms = cls.program.terms_ids
        # Most tests are about something else than the requirements, the second person and the funds.
        cls.terms.write({"check_residence": False, "check_taxes": False, "check_abode": False, "four_eyes": False})
        cls.fund = env["family.card.fund"].create(
            {
                "program_id": cls.program.id,
                "name": "Oil royalties",
                "kind": "royalties",
                "amount": 1000000.0,
                "available": True,
                "available_on": "2024-01-10",
            }
        )
        cls.terms.spendable_from = datetime(2024, 3, 31, 22, 0)
        cls.program.action_open()
        cls.q1, cls.q2, cls.q3, cls.q4 = cls.program.period_ids.sorted("number")
        cls.act = env["family.card.act"].create(
            {"program_id": cls.program.id, "kind": "giunta", "number": "12", "date": "2024-03-01"}
        )
        cls.grocery = cls.shop("Alimentari Rossi", "commercio", "grocery")
        cls.mechanic = cls.shop("Officina Bianchi", "artigianato", "mechanic")
        cls.bar = cls.shop("Bar Centrale", "somministrazione", "bar")
        cls.pharmacy = cls.shop("Farmacia Neri", "commercio", "pharmacy")
        cls.till = env["circuit.till"]
        cls.counter = 0

    @classmethod
    def shop(cls, name, category, activity):
        """A merchant with a signed agreement."""
        partner = cls.env["res.partner"].create({"name": name, "shop_name": name, "is_merchant": True})
        cls.env["circuit.agreement"].create(
            {
                "circuit_id": cls.circuit.id,
                "merchant_id": partner.id,
                "category_id": cls.env.ref(f"merchant_circuit.category_{category}").id,
                "activity_id": cls.env.ref(f"merchant_circuit.activity_{activity}").id,
                "date_from": "2024-01-01",
            }
        ).action_sign()
        return partner

    @classmethod
    def fiscal_code(cls):
        """A valid invented code of somebody born on 10/12/1985."""
        cls.counter += 1
        body = f"RSSMRA85T10A{cls.counter:03d}"
        return body + codicefiscale.calc_check_digit(body)

    @classmethod
    def person(cls, **vals):
        """A citizen."""
        vals.setdefault("l10n_it_codice_fiscale", cls.fiscal_code())
        return cls.env["res.partner"].create({"name": "Mario Rossi", **vals})

    @classmethod
    def household(cls, *people):
        """A household since 2020 whose first member is the head."""
        people = people or (cls.person(),)
        family = cls.env["res.partner"].create({"name": "Household Rossi", "is_household": True})
        cls.env["family.household.member"].create(
            [
                {
                    "household_id": family.id,
                    "person_id": person.id,
                    "relation": "other" if index else "head",
                    "is_head": not index,
                    "valid_from": "2020-01-01",
                }
                for index, person in enumerate(people)
            ]
        )
        return family

    @classmethod
    def request_card(cls, family=None, **vals):
        """A card that was asked for and not issued yet."""
        return cls.env["family.card"].create(
            {
                "program_id": cls.program.id,
                "household_id": (family or cls.household()).id,
                "annual_amount": 450.0,
                "phone": "+39 347 123 4567",
                **vals,
            }
        )

    @classmethod
    def card(cls, balances=None, **vals):
        """An active card, its PIN and credit on its accounts.

        :param dict balances: account code to amount, e.g. {"COMMERCIO": "41.25"}
        :return: (card, PIN)
        """
        if vals.get("kind") == "special":
            vals.setdefault("special_act_id", cls.act.id)
        card = cls.request_card(**vals)
        card.action_activate()
        pin = card._new_pin()
        cls.credit(card, balances or {})
        return card, pin

    @classmethod
    def credit(cls, card, balances, expires_at=datetime(2024, 12, 31, 23, 0)):
        """Put credit on accounts of a card."""
        cls.env["stored.value.account"]._credit(
            [
                {
                    "account_id": cls.account(card, code).id,
                    "amount": Decimal(amount),
                    "available_from": datetime(2024, 3, 1),
                    "expires_at": expires_at,
                    "origin": str(uuid4()),
                    "memo": "",
                }
                for code, amount in balances.items()
                if Decimal(amount)
            ],
            datetime(2024, 3, 1),
        )

    @classmethod
    def account(cls, card, code):
        """The card's account of a code."""
        return card.account_ids.filtered(lambda account: account.scheme_line_id.code == code)

    @classmethod
    def change_terms(cls, **values):
        """Change the running terms although money has moved under them, as if they had always been so."""
        columns = SQL(", ").join(SQL("%s = %s", SQL.identifier(name), value) for name, value in values.items())
        cls.env.flush_all()
        cls.env.cr.execute(SQL("UPDATE family_card_terms SET %s WHERE id = %s", columns, cls.terms.id))
        cls.env.invalidate_all()
        cls.env.registry.clear_cache()

    @classmethod
    def user(cls, login, groups):
        """A user of the public body."""
        return new_test_user(
            cls.env, login, groups=groups, company_id=cls.company.id, company_ids=[(6, 0, cls.company.ids)]
        )

    def balances(self, card):
        """Balance of each account by code, exact."""
        return {account.scheme_line_id.code: account._balance() for account in card.account_ids}

    def terminal(self, merchant):
        """The till of a shop."""
        return Terminal(merchant.id, self.env.company.id, "pos", f"pos.config,{merchant.id}", "pos.session,1")

    def charge(self, card, pin, *lines, merchant=None, **changes):
        """Ask for an authorisation as a till does.

        :param lines: amounts, or (amount, activity code)
        """
        rows = [
            {"amount": line, "activity_id": None}
            if isinstance(line, str)
            else {"amount": line[0], "activity_id": self.env.ref(f"merchant_circuit.activity_{line[1]}").id}
            for line in lines
        ]
        request = {
            "key": str(uuid4()),
            "identifier": card if isinstance(card, str) else card.fiscal_code,
            "secret": pin,
            "lines": rows,
            "requested": None,
            "order_ref": "order-1",
            **changes,
        }
        return self.till._authorize(self.terminal(merchant or self.grocery), request)

    def wrong(self, pin):
        """A PIN that is not this one."""
        return f"{(int(pin) + 1) % 10 ** len(pin):0{len(pin)}d}"

    def messages(self, card):
        """Texts queued for a card's household, oldest first."""
        return self.env["sms.sms"].sudo().search([("partner_id", "=", card.holder_id.id)], order="id").mapped("body")
