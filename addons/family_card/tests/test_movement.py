from datetime import date, datetime
from decimal import Decimal

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.merchant_circuit.rules.till import Line

from .common import NOW, CorletoCase


@tagged("post_install", "-at_install")
class TestMovement(CorletoCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = cls.user("movement_officer", "family_card.group_officer")
        cls.one, cls.pin = cls.card()
        cls.two, cls.pin_two = cls.card(kind="senior")
        for card in (cls.one, cls.two):
            card._credit_period(cls.q1, NOW)
            card._credit_period(cls.q2, NOW)

    def setUp(self):
        super().setUp()
        self.movements = self.env["family.card.movement"].with_user(self.officer)
        self.sales = self.buy(self.one, self.pin, "40.00", self.grocery) | self.buy(
            self.two, self.pin_two, "30.00", self.bar
        )

    def buy(self, card, pin, total, merchant):
        """A captured purchase."""
        reply = self.charge(card, pin, total, merchant=merchant)
        return self.env["circuit.transaction"]._capture(
            self.terminal(merchant), reply["key"], "order-1", Decimal(reply["amount"]), [Line(Decimal(total))]
        )

    def totals(self, *groupby, domain=()):
        """Credited, spent, expired and residual by group."""
        rows = self.movements._read_group(
            [("program_id", "=", self.program.id), *domain],
            groupby,
            ["credited:sum", "spent:sum", "expired:sum", "residual:sum"],
        )
        size = len(groupby)
        return {row[:size] if size > 1 else row[0]: tuple(f"{value:.2f}" for value in row[size:]) for row in rows}

    def test_every_movement_names_card_account_shop_and_date(self):
        """R-004-46: credits and charges, with what they belong to."""
        charge = self.movements.search([("card_id", "=", self.one.id), ("kind", "=", "debit")])
        credit = self.movements.search([("card_id", "=", self.one.id), ("kind", "=", "credit")])

        self.assertEqual(
            (charge.card_id, charge.account_code, charge.merchant_id, charge.occurred_at, charge.amount),
            (self.one, "COMMERCIO", self.grocery, NOW, -20.0),
        )
        self.assertEqual((charge.reference, charge.category_id.code), (self.sales[0].reference, "COMMERCIO"))
        self.assertEqual(len(credit), 6)
        self.assertFalse(credit.merchant_id)

    def test_credited_spent_and_residual_by_account(self):
        """R-001-05, R-001-10, R-004-47: the table staff look at."""
        by_account = self.totals("account_code")

        self.assertEqual(by_account["COMMERCIO"], ("112.50", "20.00", "0.00", "92.50"))
        self.assertEqual(by_account["ARTIGIANATO"], ("90.00", "0.00", "0.00", "90.00"))
        self.assertEqual(by_account["UNICO"], ("225.00", "15.00", "0.00", "210.00"))

    def test_credited_spent_and_residual_by_period_and_source(self):
        """R-001-05, R-001-10, R-004-05: the quarter and the source of what was spent are those of its credit."""
        fund = self.program.fund_ids

        self.assertEqual(self.totals("fund_id")[fund], ("450.00", "35.00", "0.00", "415.00"))
        by_period = self.totals("period_id")
        self.assertEqual(by_period[self.q1], ("225.00", "35.00", "0.00", "190.00"))
        self.assertEqual(by_period[self.q2], ("225.00", "0.00", "0.00", "225.00"))
        by_both = self.totals("period_id", "account_code")
        self.assertEqual(by_both[self.q1, "UNICO"], ("112.50", "15.00", "0.00", "97.50"))

    def test_spent_by_shop_and_month(self):
        """R-004-47."""
        self.assertEqual(self.totals("merchant_id")[self.bar][1], "15.00")
        self.assertEqual(self.totals("occurred_at:month")[datetime(2024, 4, 1)], ("450.00", "35.00", "0.00", "415.00"))

    def test_the_residual_is_the_balance_of_the_cards(self):
        """R-004-47: to the cent, after a reversal and an expiry as well; and the last balance is the account's."""
        self.sales[0]._reverse("Wrong amount")
        with freeze_time(datetime(2024, 9, 30, 22)):
            self.env["stored.value.account"]._expire_due()

        for card in self.one | self.two:
            total = self.totals("card_id")[card]
            credited, spent, expired, residual = map(Decimal, total)
            self.assertEqual(residual, sum(self.balances(card).values()))
            self.assertEqual(credited - spent - expired, residual)
        for account in self.one.account_ids:
            last = self.movements.search([("account_id", "=", account.id)], limit=1)
            self.assertEqual(last.balance_after, account.balance)
        self.assertEqual(self.totals("card_id")[self.one][1:3], ("0.00", "112.50"))

    def test_what_expires_when(self):
        """R-004-55, R-004-56: by the last local day; 22:00 UTC of 30/09 is the end of September in Rome."""
        by_day = self.totals("last_day:month")

        self.assertEqual(by_day[date(2024, 9, 1)][3], "190.00")
        self.assertEqual(by_day[date(2024, 12, 1)][3], "225.00")
        self.assertEqual(self.movements.search([("kind", "=", "debit")], limit=1).last_day, date(2024, 9, 30))

    def test_movements_are_found_by_what_staff_know(self):
        """R-004-47: card, holder, fiscal code, shop, receipt, amount, date."""
        mine = self.movements.search([("card_id", "=", self.one.id)])
        one = [("card_id", "=", self.one.id)]
        searches = {
            "number": [("card_id.number", "ilike", self.one.number)],
            "fiscal code": [("card_id.fiscal_code", "ilike", self.one.fiscal_code)],
        }
        for words, domain in searches.items():
            with self.subTest(words):
                self.assertEqual(self.movements.search(domain), mine)
        sale = mine.filtered(lambda movement: movement.kind == "debit")
        for domain in (
            [("merchant_id", "ilike", "Alimentari Rossi"), *one],
            [("reference", "=", self.sales[0].reference)],
            [("spent", "=", 20.0), *one],
            [("occurred_at", ">=", "2024-04-03"), ("kind", "=", "debit"), *one],
        ):
            with self.subTest(str(domain)):
                self.assertEqual(self.movements.search(domain), sale)

    def test_the_overview_adds_up(self):
        """R-001-10, R-004-47: one query, the figures of the table."""
        self.card()[0]._change_state("suspended", "lost")
        self.card()[0]._block("taxes")
        self.request_card()
        self.env.flush_all()
        program = self.program.with_user(self.officer)
        program.invalidate_recordset()
        program.mapped("name")

        # the access to the cards' programme, and the query
        with self.assertQueryCount(2):
            program.mapped("figure_credited")

        self.assertEqual(
            [program[f"figure_{name}"] for name in ("credited", "spent", "expired", "residual")],
            [450.0, 35.0, 0.0, 415.0],
        )
        counts = [program[f"figure_{name}"] for name in ("active", "suspended", "no_credit", "requests")]
        self.assertEqual(counts, [3, 1, 1, 1])
        self.assertAlmostEqual(program.figure_spent_share, 100 * 35 / 450, 2)
        with freeze_time(datetime(2024, 9, 15)):
            program.invalidate_recordset()
            self.assertEqual(program.figure_soon, 190.0)

    def test_the_overview_leads_on(self):
        """R-004-47: every figure opens what it counts."""
        program = self.program.with_user(self.officer)
        for method in (
            "action_view_movements",
            "action_view_report",
            "action_view_expiring",
            "action_view_expired",
            "action_view_blocks",
            "action_view_suspended",
        ):
            with self.subTest(method):
                action = getattr(program, method)()
                self.env[action["res_model"]].with_user(self.officer).search(action["domain"], limit=1)

    def test_an_empty_programme_has_figures_too(self):
        program = self.program.copy({"code": "EMPTY"})

        self.assertEqual((program.figure_credited, program.figure_active, program.figure_spent_share), (0, 0, 0))

    def test_movements_are_only_read(self):
        """R-004-46: nothing is deleted; and a stranger reads nothing."""
        movement = self.movements.search([], limit=1)
        for operation in ("write", "create", "unlink"):
            with self.subTest(operation):
                self.assertFalse(movement.has_access(operation))
        operator = self.user("movement_operator", "merchant_circuit.group_operator")
        with self.assertRaises(AccessError):
            self.movements.with_user(operator).search([])

    def test_a_municipality_sees_only_its_own_movements(self):
        """Design 5."""
        other = self.env["res.company"].create({"name": "Comune di Guardia Perticara"})
        self.officer.write({"company_ids": [(4, other.id)]})

        self.assertFalse(self.movements.with_context(allowed_company_ids=other.ids).search([]))
