import base64
import hashlib
from datetime import datetime

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import SQL

from .common import SettlementCase


@tagged("post_install", "-at_install")
class TestStatementVerify(SettlementCase):
    """R-004-96: a cent changed by somebody with the database's password is found, and named."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first = cls.charge("20.00", datetime(2024, 4, 3, 10))
        cls.second = cls.charge("5.50", datetime(2024, 4, 4, 10))
        cls.april = cls.run_month("2024-04")
        cls.refund(cls.first, "20.00", datetime(2024, 5, 3, 10))
        cls.may = cls.run_month("2024-05")
        cls.charge("100.10", datetime(2024, 6, 3, 10))
        cls.june = cls.run_month("2024-06")
        cls.all = cls.april | cls.may | cls.june

    def raw(self, query, *values):
        """SQL as somebody with the database's password would type it."""
        self.env.flush_all()
        self.env.cr.execute(SQL(query, *values))
        self.env.invalidate_all()

    def found(self, statement=None):
        """What the check says of all statements, and only of one of them when it is given."""
        sentences = self.all._verify()
        if statement:
            self.assertEqual({sentence.partition(":")[0] for sentence in sentences}, {statement.name})
        return "\n".join(sentences).replace("\xa0", " ")

    def test_nothing_changed(self):
        """R-004-96: payments, corrections and what was carried in are all in order."""
        self.assertEqual(self.found(), "")
        self.assertTrue(self.april.verified_at)
        self.assertFalse(self.april.defects)

    def test_line(self):
        """R-004-96: a cent changed in a line: which line, what it says and what it said."""
        self.raw("UPDATE merchant_statement_line SET amount = 5.51 WHERE transaction_id = %s", self.second.id)

        found = self.found(self.april)

        self.assertIn(f"line 2, operation {self.second.reference}", found)
        self.assertRegex(found, r"5\.51.*was.*5\.50")

    def test_line_with_its_hash(self):
        """R-004-96: a line changed together with its hash no longer agrees with its transaction."""
        self.raw("UPDATE merchant_statement_line SET amount = 5.51 WHERE transaction_id = %s", self.second.id)
        self.raw(
            "UPDATE merchant_statement_line l SET hash = merchant_statement_line_hash(s.name, l.sequence, l.kind,"
            " l.transaction_id, l.reference, l.captured_at, l.holder_mask, l.category_id, l.amount, l.origin_reference,"
            " l.origin_month) FROM merchant_statement s WHERE s.id = l.statement_id AND l.transaction_id = %s",
            self.second.id,
        )

        found = self.found(self.april)

        self.assertRegex(found, r"line 2.*it says.*5\.50.*the statement.*5\.51")
        self.assertIn("digest no longer fits", found)

    def test_text_of_a_line(self):
        """R-004-96: not only amounts: the number of an operation changed in a line."""
        self.raw("UPDATE merchant_statement_line SET reference = 'X' WHERE transaction_id = %s", self.second.id)

        self.assertIn("line 2, operation X: was changed after it was written", self.found(self.april))

    def test_transaction(self):
        """R-004-96: a cent changed in a transaction after its statement."""
        self.raw("UPDATE circuit_transaction SET amount = 5.51 WHERE id = %s", self.second.id)

        self.assertRegex(self.found(self.april), r"line 2.*it says.*5\.51.*the statement.*5\.50")

    def test_transaction_of_another_merchant(self):
        """R-004-96: a transaction given to another shop."""
        self.raw(
            "UPDATE circuit_transaction SET merchant_id = %s WHERE id = %s", self.other_merchant.id, self.second.id
        )

        self.assertIn("line 2", self.found(self.april))

    def test_ledger(self):
        """R-004-96: line and transaction agree, the stored-value ledger does not."""
        self.raw("ALTER TABLE stored_value_entry DISABLE TRIGGER stored_value_entry_append_only")
        self.raw("UPDATE stored_value_entry SET amount = -5.49 WHERE operation = %s", self.second.key)
        self.raw("ALTER TABLE stored_value_entry ENABLE TRIGGER stored_value_entry_append_only")

        self.assertRegex(self.found(self.april), r"line 2.*5\.50.*ledger.*5\.49")

    def test_figure(self):
        """R-004-96: a cent changed in each of the figures, named by its label."""
        for name, label in (
            ("charged", "Charged"),
            ("total", "Total"),
            ("payable", "To pay"),
            ("corrected", "Corrected"),
        ):
            with self.subTest(name), self.env.cr.savepoint() as savepoint:
                self.raw(
                    "UPDATE merchant_statement SET %s = %s + 0.01 WHERE id = %s",
                    *[SQL.identifier(name)] * 2,
                    self.april.id,
                )
                self.assertIn(f"{label}: says", self.found(self.april))
                savepoint.rollback()
                self.env.invalidate_all()

    def test_stamp(self):
        """R-004-96: a stamp duty changed is in the digest, though no line says what it was."""
        self.raw("UPDATE merchant_statement SET stamp = stamp + 2 WHERE id = %s", self.june.id)

        self.assertIn("digest no longer fits", self.found(self.june))

    def test_source(self):
        """R-001-05, R-004-96: a cent moved between sources of funds."""
        self.raw("UPDATE merchant_statement_source SET amount = amount + 0.01 WHERE statement_id = %s", self.april.id)

        self.assertIn("sources of funds add up to", self.found(self.april))

    def test_removed_line(self):
        """R-004-96: a removed line: its number, and the payment that now stands in no statement."""
        self.raw("DELETE FROM merchant_statement_line WHERE transaction_id = %s", self.first.id)

        found = self.found(self.april)

        self.assertIn("line 1 is missing", found)
        self.assertIn(self.first.reference, found)

    def test_removed_last_line(self):
        """R-004-96: the last line too, though no number is left out."""
        self.raw("DELETE FROM merchant_statement_line WHERE transaction_id = %s", self.second.id)

        found = self.found(self.april)

        self.assertIn("1 of 2 transactions", found)
        self.assertIn(self.second.reference, found)

    def test_added_line(self):
        """R-004-96: a line put in later, with a right hash and right totals, is named."""
        third = self.charge("7.00", datetime(2024, 4, 29, 10))
        self.raw(
            "INSERT INTO merchant_statement_line (statement_id, company_id, sequence, kind, transaction_id, reference,"
            " captured_at, holder_mask, category_id, amount, hash) SELECT %(statement)s, t.company_id, 3, 'payment', t.id,"
            " t.reference, t.captured_at, t.holder_mask, t.category_id, t.amount, merchant_statement_line_hash(%(name)s, 3,"
            " 'payment', t.id, t.reference, t.captured_at, t.holder_mask, t.category_id, t.amount, NULL, NULL)"
            " FROM circuit_transaction t WHERE t.id = %(transaction)s".replace("%(statement)s", str(self.april.id))
            .replace("%(name)s", f"'{self.april.name}'")
            .replace("%(transaction)s", str(third.id))
        )

        found = self.found(self.april)

        self.assertIn("3 transactions are there, 2 when it was made", found)
        self.assertIn("line 3 was added after it was made", found)

    def test_digest(self):
        """R-004-96: a digest written anew does not fit, and neither does the statement that holds on to it."""
        self.raw("UPDATE merchant_statement SET digest = repeat('0', 64) WHERE id = %s", self.april.id)

        found = self.found()

        self.assertIn(f"{self.april.name}: its digest no longer fits", found)
        self.assertIn(f"{self.may.name}: its digest no longer fits", found)
        self.assertNotIn(self.june.name, found)

    def test_file(self):
        """R-004-96, R-004-97: the PDF that was sent was replaced in the file store."""
        self.april.sudo().write({"pdf_file": base64.b64encode(b"%PDF-1.7 as sent"), "state": "sent"})
        self.april.sudo().pdf_digest = hashlib.sha256(b"%PDF-1.7 as sent").hexdigest()
        self.assertEqual(self.found(), "")

        self.april.sudo().pdf_file = base64.b64encode(b"%PDF-1.7 another")

        self.assertIn("not the one that was sent", self.found(self.april))

    def test_removed_statement(self):
        """R-004-96: a statement taken out of the chain is missed by the next one."""
        self.raw("DELETE FROM merchant_statement_line WHERE statement_id = %s", self.may.id)
        self.raw("DELETE FROM merchant_statement WHERE id = %s", self.may.id)

        sentences = "\n".join((self.april | self.june)._verify())

        self.assertIn(f"{self.june.name}: its digest no longer fits", sentences)

    def test_missing_number(self):
        """R-004-96: a statement of another merchant taken out leaves a hole in the numbers."""
        self.charge("9.00", datetime(2024, 7, 1, 10))
        self.charge("9.00", datetime(2024, 7, 1, 10), self.other_merchant)
        first, second = self.run_month("2024-07").sorted("name")
        self.raw("DELETE FROM merchant_statement_source WHERE statement_id = %s", first.id)
        self.raw("DELETE FROM merchant_statement_line WHERE statement_id = %s", first.id)
        self.raw("DELETE FROM merchant_statement WHERE id = %s", first.id)

        self.assertIn("number before this one is missing", "\n".join(second._verify()))

    def test_carried(self):
        """N6, R-004-96: what was carried in must be what the statement before was short of."""
        self.raw("UPDATE merchant_statement SET total = -19.00 WHERE id = %s", self.may.id)

        self.assertRegex(self.found(), rf"{self.june.name}: line 1.*{self.may.name} now says.*19\.00")

    def test_button(self):
        """R-004-96: an officer presses the button and reads what was found; the statement shows it."""
        self.raw("UPDATE merchant_statement_line SET amount = 5.51 WHERE transaction_id = %s", self.second.id)

        notice = self.all.with_user(self.clerk).action_verify()["params"]

        self.assertEqual(notice["type"], "danger")
        self.assertIn(self.april.name, notice["message"])
        self.assertIn("line 2", self.april.defects)
        self.assertFalse(self.may.defects)

    def test_put_right(self):
        """R-004-96: once put right, the next check clears the statement."""
        self.raw("UPDATE merchant_statement_line SET amount = 5.51 WHERE transaction_id = %s", self.second.id)
        self.found(self.april)
        self.raw("UPDATE merchant_statement_line SET amount = 5.50 WHERE transaction_id = %s", self.second.id)

        self.assertEqual(self.all.action_verify()["params"]["type"], "success")
        self.assertFalse(self.april.defects)

    def test_every_week(self):
        """R-004-96: the weekly check leaves one activity with the controller, on the very statement."""
        self.funder.sudo().controller_id = self.approver
        self.raw("UPDATE merchant_statement_line SET amount = 5.51 WHERE transaction_id = %s", self.second.id)

        changed = self.env["merchant.statement"]._cron_verify()
        self.env["merchant.statement"]._cron_verify()

        self.assertEqual(changed, self.april)
        self.assertEqual(self.april.activity_ids.user_id, self.approver)
        self.assertIn("line 2", self.april.activity_ids.note)

    def test_nobody_writes_what_was_found(self):
        """R-004-96: a finding cannot be wiped away by hand."""
        with self.assertRaises(AccessError):
            self.april.with_user(self.clerk).write({"defects": False})
