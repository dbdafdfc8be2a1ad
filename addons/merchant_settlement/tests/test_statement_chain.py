from datetime import datetime

from odoo.tests import tagged

from odoo.addons.stored_value.tools import to_decimal

from ..rules import chain
from .common import SettlementCase


def line_hash(line):
    """Hash of a stored line by the rule."""
    return chain.line_hash(
        chain.Line(
            line.statement_id.name,
            line.sequence,
            line.kind,
            line.transaction_id.id,
            line.reference,
            line.captured_at,
            line.holder_mask,
            line.category_id.id,
            to_decimal(line.amount),
            line.origin_reference,
            line.origin_month,
        )
    )


def digest(statement, previous=""):
    """Digest of a stored statement by the rule."""
    return chain.statement_digest(
        chain.Statement(
            previous,
            statement.name,
            statement.merchant_id.id,
            statement.funder_id.id,
            statement.month,
            *(to_decimal(statement[name]) for name in ("charged", "corrected", "carried", "total", "stamp")),
            statement.stamp_borne_by,
            to_decimal(statement.payable),
            tuple((source.fund_id.id or 0, to_decimal(source.amount)) for source in statement.source_ids),
        ),
        chain.lines_digest(statement.line_ids.sorted("sequence").mapped("hash")),
    )


@tagged("post_install", "-at_install")
class TestStatementChain(SettlementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        first = cls.charge("20.00", datetime(2024, 4, 3, 10))
        cls.charge("5.50", datetime(2024, 4, 4, 10))
        cls.april = cls.run_month("2024-04")
        cls.refund(first, "20.00", datetime(2024, 5, 3, 10))
        cls.may = cls.run_month("2024-05")
        cls.charge("100.10", datetime(2024, 6, 3, 10))
        cls.june = cls.run_month("2024-06")

    def test_lines_are_hashed_alike_in_the_database_and_by_the_rule(self):
        """R-004-96: payments, corrections and what is carried in."""
        lines = (self.april | self.may | self.june).line_ids

        self.assertEqual(set(lines.mapped("kind")), {"payment", "correction", "carried"})
        self.assertEqual(lines.mapped("hash"), [line_hash(line) for line in lines])

    def test_each_statement_holds_on_to_the_one_before(self):
        """R-004-96."""
        self.assertEqual(self.april.digest, digest(self.april))
        self.assertEqual(self.may.digest, digest(self.may, self.april.digest))
        self.assertEqual(self.june.digest, digest(self.june, self.may.digest))

    def test_a_changed_cent_changes_the_digest(self):
        """R-004-96."""
        self.env.cr.execute(
            "UPDATE merchant_statement_line SET amount = amount + 0.01 WHERE id = %s", [self.april.line_ids[0].id]
        )
        self.env.invalidate_all()

        self.assertNotEqual(line_hash(self.april.line_ids[0]), self.april.line_ids[0].hash)
