from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from random import Random

from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.stored_value.tools import to_decimal

from .approval_common import ApprovalCase
from .test_statement_chain import digest, line_hash

MONTHS = [date(2024, month, 1) for month in (4, 5, 6, 7)]
SHOPS = 8


@tagged("post_install", "-at_install")
class TestStatementRandom(ApprovalCase):
    """Four months of eight shops, drawn, always the same ones: payments, and reversals of any month."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        dice = Random(2024)  # noqa: S311 -- months to be made again, not a secret
        region = cls.env["family.card.fund"].create(
            {"program_id": cls.program.id, "name": "Region", "kind": "region", "amount": 100000.0}
        )
        cls.give("3000.00", region, datetime(2024, 7, 31))
        cls.shops = cls.merchant | cls.env["res.partner"].union(
            *(cls.shop(f"Shop {number}", "commercio", "grocery") for number in range(1, SHOPS))
        )
        for shop in cls.shops - cls.merchant:
            shop.write(
                {"vat": "IT12345678903", "bank_ids": [(0, 0, {"acc_number": cls.other_merchant.bank_ids.acc_number})]}
            )
        cls.moved = Counter()
        for month in MONTHS:
            cls._draw(dice, month)
            cls.run_month(month)
        cls.statements = cls.env["merchant.statement"].search([("funder_id", "=", cls.funder.id)], order="month, name")

    @classmethod
    def _draw(cls, dice, month):
        """Payments of a month, and reversals of what was not reversed yet."""
        for shop in cls.shops:
            left = {payment: to_decimal(payment.amount) for payment in cls._payments(shop)}
            for payment in left:
                left[payment] -= sum(map(to_decimal, payment.refund_ids.mapped("amount")))
            for _payment in range(dice.randint(0, 4)):
                amount = Decimal(dice.randint(1, 30_000)).scaleb(-2)
                at = datetime(2024, month.month, dice.randint(2, 28), dice.randint(0, 23))
                cls.charge(str(amount), at, shop)
                cls.moved[shop, month] += amount
            for payment, most in left.items():
                if most > 0 and dice.random() < 0.5:
                    amount = Decimal(dice.randint(1, int(most * 100))).scaleb(-2)
                    cls.refund(payment, str(amount), datetime(2024, month.month, dice.randint(2, 28), 12))
                    cls.moved[shop, month] -= amount

    @classmethod
    def _payments(cls, shop):
        return cls.env["circuit.transaction"].search([("merchant_id", "=", shop.id), ("kind", "=", "payment")])

    def total(self, records, name):
        """Exact sum."""
        return sum(map(to_decimal, records.mapped(name)), Decimal(0))

    def test_transactions_lines_and_sources_sum_to_the_total(self):
        """R-004-96, R-001-05: statement by statement."""
        self.assertIn("carried", self.statements.mapped("state"))
        for statement in self.statements:
            with self.subTest(statement.name):
                lines = statement.line_ids
                own = lines.filtered("transaction_id")
                self.assertEqual(self.total(lines, "amount"), to_decimal(statement.total))
                self.assertEqual(self.total(statement.source_ids, "amount"), to_decimal(statement.total))
                self.assertEqual(
                    sum(transaction._signed_amount() for transaction in own.transaction_id),
                    self.moved[statement.merchant_id, statement.month],
                )
                self.assertEqual(
                    self.total(own, "amount"), to_decimal(statement.charged) + to_decimal(statement.corrected)
                )

    def test_no_cent_is_lost_between_months(self):
        """R-004-96: what was moved is what is to be paid and what the last statement carries on."""
        for shop in self.shops:
            with self.subTest(shop.name):
                own = self.statements.filtered(lambda statement, shop=shop: statement.merchant_id == shop)
                moved = sum(
                    (amount for (merchant, _month), amount in self.moved.items() if merchant == shop), Decimal(0)
                )
                last = min(to_decimal(own[-1:].total), Decimal(0))
                self.assertEqual(self.total(own, "payable") + last, moved)

    def test_every_transaction_is_in_one_statement(self):
        """R-004-96."""
        transactions = self.env["circuit.transaction"].search([("funder_id", "=", self.funder.id)])

        self.assertEqual(len(self.statements.line_ids.filtered("transaction_id")), len(transactions))

    def test_the_chain_holds(self):
        """R-004-96."""
        before = {}
        for statement in self.statements:
            self.assertEqual(statement.line_ids.mapped("hash"), [line_hash(line) for line in statement.line_ids])
            self.assertEqual(statement.digest, digest(statement, before.get(statement.merchant_id, "")))
            before[statement.merchant_id] = statement.digest

    def test_bills_payables_and_the_payment_list_are_the_statements(self):
        """R-004-96: the bill, what the books owe the shop by it, the payment, and the sum of the treasurer's file."""
        payable = self.statements.filtered(lambda statement: statement.state != "carried")
        self.book(self.statements)
        self.sign(payable)
        for statement in payable:
            self.check(statement)
            statement.arrears_reference = "2024/17 of 03/05/2024"
            self.approve(statement)
        with freeze_time("2024-09-02"):
            payments = self._payments_of(payable)

        for statement in payable:
            owed = statement.move_id.line_ids.filtered(lambda line: line.account_id.account_type == "liability_payable")
            with self.subTest(statement.name):
                self.assertEqual(to_decimal(statement.move_id.amount_total), to_decimal(statement.payable))
                self.assertEqual(-self.total(owed, "balance"), to_decimal(statement.payable))
                self.assertEqual(statement.payment_line_ids.amount, statement.payable)
        _headers, rows, below = payments._export_table()
        due = self.total(payable, "payable")
        self.assertEqual({due}, {to_decimal(payments.total), below[0][-1], sum(row[5] for row in rows)})

    def _payments_of(self, statements):
        """A confirmed list of payments of approved statements."""
        lists = self.env["merchant.payment.list"].with_user(self.clerk).with_company(self.company)
        found = lists.create({"journal_id": self.treasurer_journal.id, "date": "2024-09-02"})
        found.action_collect()
        self.assertEqual(found.line_ids.statement_id, statements, found.left_out)
        found.with_user(self.other_approver).action_confirm()
        return found
