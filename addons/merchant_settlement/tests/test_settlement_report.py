from datetime import date, datetime
from decimal import Decimal

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from odoo.addons.stored_value.tools import to_decimal

from .common import SettlementCase

REPORTS = ("merchant.settlement.report", "merchant.settlement.source", "merchant.settlement.fund")
ACTIONS = ("settlement_report", "settlement_days", "settlement_merchants", "settlement_source", "settlement_fund")


def at(day, month=4):
    return datetime(2024, month, day, 10)


@tagged("post_install", "-at_install")
class TestSettlementReport(SettlementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.settlement_terms.stamp_borne_by = "body"
        cls.first = cls.charge("100.00", at(3))
        cls.charge("20.50", at(4))
        cls.charge("12.25", at(5), cls.other_merchant)
        cls.april = cls.run_month("2024-04")

    def total(self, measure, domain=(), model=REPORTS[0], group=()):
        """A measure of a report, summed up; by group where there is one."""
        rows = self.env[model].with_user(self.clerk)._read_group(list(domain), list(group), [f"{measure}:sum"])
        return {key: round(value, 2) for key, value in rows} if group else round(rows[0][0] or 0, 2)

    def pay(self, statement, day, signed_at=datetime(2024, 5, 3, 22, 30)):
        """Leave a statement as a payment leaves it."""
        statement.sudo().write({"state": "paid", "signed_at": signed_at, "paid_on": day})
        self.env.flush_all()

    def test_by_month_and_category(self):
        """R-004-96: paid per macro-category and month; the stamp the public body bears is counted once."""
        may = self.charge("7.00", at(2, 5))
        self.run_month("2024-05")

        found = self.total("payable", group=["category_id"], domain=[("month", "=", "2024-04-01")])

        self.assertEqual(
            found,
            {self.merchant.agreement_ids.category_id: 122.50, self.other_merchant.agreement_ids.category_id: 12.25},
        )
        self.assertEqual(self.total("payable"), round(sum(self.april.mapped("payable")) + may.amount, 2))
        self.assertEqual((self.total("stamp"), self.total("statement_count")), (2.0, 3))
        self.assertEqual(self.total("transaction_count"), 4)

    def test_paid_and_days(self):
        """R-004-96, R-004-98: days from the end of the month, by the local day of the signature."""
        self.pay(self.april[0], date(2024, 5, 30))

        [(paid, unpaid, to_sign, to_pay)] = self.env[REPORTS[0]]._read_group(
            [("funder_id", "=", self.funder.id)],
            [],
            ["paid:sum", "unpaid:sum", "days_to_sign:avg", "days_to_pay:avg"],
        )

        self.assertEqual((paid, unpaid), (122.50, 12.25))
        self.assertEqual((to_sign, to_pay), (4, 30))

    def test_two_categories(self):
        """R-004-96: a statement over two macro-categories counts once; its average of days too."""
        other = self.other_merchant.agreement_ids.category_id
        statement = self.april[0]
        statement.line_ids[1].sudo().category_id = other
        self.pay(statement, date(2024, 5, 30))

        rows = self.env[REPORTS[0]].search([("statement_id", "=", statement.id)])

        self.assertEqual(len(rows), 2)
        self.assertEqual(sorted(rows.mapped("payable")), [20.5, 102.0])
        self.assertEqual((sum(rows.mapped("statement_count")), sum(rows.mapped("stamp"))), (1, 2.0))
        self.assertEqual(sum(rows.mapped("payable")), statement.payable)

    def test_carried_over(self):
        """R-004-84, R-004-96: a month below zero is nothing to pay; the next one shows what it took."""
        self.refund(self.first, "60.00", at(6, 5))
        may = self.run_month("2024-05")
        self.charge("80.00", at(2, 6))
        june = self.run_month("2024-06")

        self.assertEqual((may.state, self.total("payable", [("month", "=", may.month)])), ("carried", 0))
        self.assertEqual(self.total("carried", [("month", "=", june.month)]), -60.0)
        self.assertEqual(self.total("payable", [("month", "=", june.month)]), june.payable)
        self.assertEqual(
            self.total("amount", [("statement_id", "=", june.id)], REPORTS[1]),
            round(sum(june.source_ids.mapped("amount")), 2),
        )

    def test_sources_and_residue(self):
        """R-001-05, R-001-24: what each source paid, and what is left of it, as the source itself says."""
        self.pay(self.april[0], date(2024, 5, 30))

        row = self.env[REPORTS[2]].with_user(self.clerk).search([("fund_id", "=", self.fund.id)])

        figures = self.fund._figures()[self.fund.id]
        for name, value in zip(("credited", "spent", "on_cards", "expired", "residual"), figures.values(), strict=True):
            self.assertEqual(to_decimal(row[name]), value, name)
        self.assertEqual((row.settled, row.paid, row.owed), (132.75, 120.50, 12.25))
        self.assertEqual(self.total("paid", model=REPORTS[1], group=["fund_id"]), {self.fund: 120.50})
        self.assertEqual(row.action_statements()["domain"], [("fund_id", "=", self.fund.id)])
        self.assertEqual(to_decimal(row.amount), Decimal(str(self.fund.amount)))

    def test_drill_down(self):
        """R-004-96: a row leads to its statement."""
        row = self.env[REPORTS[0]].with_user(self.clerk).search([("statement_id", "=", self.april[0].id)])

        action = row.action_open()

        self.assertEqual((action["res_model"], action["res_id"]), ("merchant.statement", self.april[0].id))

    def test_pages_open(self):
        """R-004-96: every report opens for the clerk, with what its pages show."""
        for name in ACTIONS:
            action = (
                self.env["ir.actions.act_window"]
                .with_user(self.clerk)
                ._for_xml_id(f"merchant_settlement.action_{name}")
            )
            model = self.env[action["res_model"]].with_user(self.clerk)
            views = model.get_views([*action["views"], (False, "search")])["views"]
            self.assertEqual(views.keys(), {"graph", "pivot", "list", "search"}, name)

    def test_rights(self):
        """R-004-96: the office reads, nobody writes, the company that runs the circuit sees nothing."""
        operator = new_test_user(self.env, "report-operator", groups="merchant_circuit.group_operator")
        for name in REPORTS:
            self.assertTrue(self.env[name].with_user(self.clerk).search([]), name)
            with self.assertRaises(AccessError):
                self.env[name].with_user(operator).search([])
            for operation in ("write", "create", "unlink"):
                self.assertFalse(self.env[name].with_user(self.approver).has_access(operation), name)

    def test_other_company(self):
        """R-004-96: another company's office sees none of it."""
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env,
            "report-stranger",
            groups="merchant_settlement.group_clerk",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

        for name in REPORTS:
            self.assertFalse(
                self.env[name].with_context(allowed_company_ids=company.ids).with_user(stranger).search([]), name
            )
