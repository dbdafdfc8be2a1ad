import hashlib
from datetime import datetime
from decimal import Decimal

import psycopg2

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import LedgerCase

JULY = datetime(2024, 7, 15, 10)
END_Q1 = datetime(2024, 9, 30, 22)
END_Q2 = datetime(2024, 12, 31, 23)


@tagged("post_install", "-at_install")
class TestLedger(LedgerCase):
    def test_credit_is_written_once(self):
        """The same credit made twice adds nothing (R-004-49)."""
        first = self.credit("112.50", "2024-Q2")
        second = self.credit("112.50", "2024-Q2")

        self.assertEqual((first, second), ({"2024-Q2"}, set()))
        self.assertEqual(self.account._balance(), Decimal("112.50"))

    def test_debit_takes_the_lot_nearest_to_expiry_first(self):
        """R-004-58, example X3: 20.00 = 6.25 from Q1 + 13.75 from Q2."""
        self.credit("56.25", "Q3", datetime(2025, 3, 31, 22))
        self.credit("6.25", "Q1", END_Q1)
        self.credit("56.25", "Q2", END_Q2)

        left = self.account._debit(Decimal("20.00"), "purchase", JULY)

        self.assertEqual(self.left(), {"Q1": "0.00", "Q2": "42.50", "Q3": "56.25"})
        self.assertEqual(left, Decimal("98.75"))

    def test_debit_above_what_is_available_changes_nothing(self):
        """R-004-76."""
        self.credit("41.25", "Q2", END_Q2)

        with self.assertRaises(UserError):
            self.account._debit(Decimal("41.26"), "purchase", JULY)

        self.assertEqual(self.account._balance(), Decimal("41.25"))

    def test_credit_is_not_spendable_before_its_instant(self):
        """R-001-02, example V1: visible at once, spendable from its instant."""
        self.credit("120.00", "tranche", start=datetime(2020, 6, 6, 15))

        available = [
            self.account._available(datetime(2020, 6, 6, h, m, s))[self.account.id]
            for h, m, s in ((14, 59, 59), (15, 0, 0))
        ]

        self.assertEqual(available, [0, Decimal("120.00")])
        self.assertEqual(self.account._balance(), Decimal("120.00"))

    def test_credit_is_not_spendable_from_its_expiry_on(self):
        """R-004-55, example X2: Rome midnight ends it."""
        self.credit("10.00", "Q2", END_Q2)

        available = [
            self.account._available(at)[self.account.id] for at in (datetime(2024, 12, 31, 22, 59, 59), END_Q2)
        ]

        self.assertEqual(available, [Decimal("10.00"), 0])

    def test_give_back_returns_to_the_same_lots(self):
        """R-004-84, example X6 on 16/07."""
        self.credit("6.25", "Q1", END_Q1)
        self.credit("56.25", "Q2", END_Q2)
        self.account._debit(Decimal("20.00"), "purchase", JULY)

        given = self.Account._give_back("purchase", "reversal", at=datetime(2024, 7, 16))

        self.assertEqual((given, self.left()), (Decimal("20.00"), {"Q1": "6.25", "Q2": "56.25"}))

    def test_give_back_to_an_expired_lot_expires_at_once(self):
        """R-004-84, example X6 on 02/10: the 6.25 of Q1 returns and expires, 13.75 is usable."""
        self.credit("6.25", "Q1", END_Q1)
        self.credit("56.25", "Q2", END_Q2)
        self.account._debit(Decimal("20.00"), "purchase", JULY)

        self.Account._give_back("purchase", "reversal", at=datetime(2024, 10, 2))

        self.assertEqual(self.left(), {"Q1": "0.00", "Q2": "56.25"})
        kinds = self.account.entry_ids.filtered(lambda entry: entry.operation == "reversal").mapped("kind")
        self.assertEqual(sorted(kinds), ["expiry", "give_back", "give_back"])

    def test_partial_give_backs_never_exceed_the_debit(self):
        """R-004-57: no credit is made out of refunds."""
        self.credit("56.25", "Q2", END_Q2)
        self.account._debit(Decimal("20.00"), "purchase", JULY)
        self.Account._give_back("purchase", "refund-1", Decimal("12.00"), JULY)

        with self.assertRaises(psycopg2.errors.CheckViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.Account._give_back("purchase", "refund-2", Decimal("8.01"), JULY)
        self.Account._give_back("purchase", "refund-3", Decimal("8.00"), JULY)

        self.assertEqual(self.account._balance(), Decimal("56.25"))

    def test_expiry_books_what_is_left(self):
        """R-004-56, example X4: the residue 6.25 leaves with an entry of its own."""
        self.credit("6.25", "Q1", END_Q1)
        self.credit("56.25", "Q2", END_Q2)

        expired = self.Account._expire_due(datetime(2024, 9, 30, 22))
        again = self.Account._expire_due(datetime(2024, 9, 30, 22))

        entry = self.account.entry_ids.filtered(lambda entry: entry.kind == "expiry")
        self.assertEqual((expired, again, f"{entry.amount:.2f}"), (1, 0, "-6.25"))
        self.assertEqual(self.left(), {"Q1": "0.00", "Q2": "56.25"})

    def test_extension_needs_an_act(self):
        """R-004-56, example X5."""
        self.credit("56.25", "Q2", END_Q2)
        later = datetime(2025, 1, 31, 23)

        with self.assertRaises(UserError):
            self.account.lot_ids._extend(later, "", at=JULY)
        self.account.lot_ids._extend(later, "Giunta 70/2024", at=JULY)

        self.assertEqual(self.account.lot_ids.expires_at, later)
        self.assertEqual(self.account.entry_ids[0].memo, "Giunta 70/2024")
        self.assertFalse(self.account._verify())

    def test_entries_can_be_neither_changed_nor_deleted(self):
        """R-004-46: nothing is deleted, whoever writes."""
        self.credit("10.00", "Q2")

        for statement in (
            "UPDATE stored_value_entry SET amount = 1",
            "DELETE FROM stored_value_entry",
            "TRUNCATE stored_value_entry CASCADE",
        ):
            with (
                self.subTest(statement),
                self.assertRaises(psycopg2.IntegrityError),
                mute_logger("odoo.sql_db"),
                self.cr.savepoint(),
            ):
                self.cr.execute(statement)

    def test_no_lot_and_no_account_below_zero_by_raw_sql(self):
        """R-004-83: the last defence is in the database."""
        self.credit("10.00", "Q2")

        for statement in (
            "UPDATE stored_value_lot SET remaining = -0.01",
            "UPDATE stored_value_lot SET remaining = amount + 0.01",
            "UPDATE stored_value_account SET balance = -0.01",
        ):
            with (
                self.subTest(statement),
                self.assertRaises(psycopg2.errors.CheckViolation),
                mute_logger("odoo.sql_db"),
                self.cr.savepoint(),
            ):
                self.cr.execute(statement)

    def test_debit_refuses_amounts_that_are_none(self):
        """Nothing is written for zero, negative or NaN amounts, even by SQL."""
        self.credit("10.00", "Q2")

        for amount in ("0", "-1", "NaN"):
            with (
                self.subTest(amount),
                self.assertRaises(psycopg2.errors.CheckViolation),
                mute_logger("odoo.sql_db"),
                self.cr.savepoint(),
            ):
                self.cr.execute(
                    "SELECT stored_value_debit(%s, %s::numeric, 'x', now()::timestamp, '', 1)",
                    [self.account.id, amount],
                )

    def test_each_tampering_is_named(self):
        """design.md 5: a change made by whoever owns the database is named by the check."""
        self.credit("10.00", "Q1")
        self.credit("20.00", "Q2")
        account = self.account.with_context(lang="en_US")
        self.assertEqual(account._verify(), [])
        off = "ALTER TABLE stored_value_entry DISABLE TRIGGER ALL;"
        tamperings = {
            "was changed": off + "UPDATE stored_value_entry SET amount = 99 WHERE sequence = 1 AND account_id = %(a)s",
            "does not follow": off + "DELETE FROM stored_value_entry WHERE sequence = 1 AND account_id = %(a)s",
            "newest entry": off + "DELETE FROM stored_value_entry WHERE sequence = 2 AND account_id = %(a)s",
            "do not agree": "UPDATE stored_value_account SET balance = 31 WHERE id = %(a)s",
            "a lot does not": "UPDATE stored_value_lot SET remaining = 5 WHERE origin = 'Q1'",
        }
        for words, statement in tamperings.items():
            with self.subTest(words):
                savepoint = self.cr.savepoint()
                self.cr.execute(statement, {"a": self.account.id})

                problems = account._verify()

                savepoint.close(rollback=True)
                self.assertTrue(any(words in problem for problem in problems), problems)

    def test_hash_is_sha256_over_the_entry_and_the_one_before(self):
        """The chain can be checked without this software: its recipe, written a second time."""
        self.credit("10.00", "Q2", start=datetime(2024, 4, 1))
        entry = self.account.entry_ids

        text = "|".join(
            [
                "",
                str(self.account.id),
                "1",
                str(entry.lot_id.id),
                "credit",
                "10.0000",
                "10.0000",
                "Q2",
                "",
                "2024-04-01T00:00:00.000000",
            ]
        )

        self.assertEqual(entry.hash, hashlib.sha256(text.encode()).hexdigest())
        self.assertEqual(self.account.last_hash, entry.hash)

    def test_credit_nobody_spent_is_taken_back(self):
        """R-004-49: by an entry of its own; what was touched stays."""
        self.credit("30.00", "wrong", END_Q1)
        self.credit("20.00", "right", END_Q2)
        lots = {lot.origin: lot for lot in self.account.lot_ids}

        taken = lots["wrong"]._take_back("back", JULY, "Wrong table")

        self.assertEqual((taken, self.account._balance()), (Decimal("30.00"), Decimal("20.00")))
        self.account._debit(Decimal("5.00"), "purchase", JULY)
        with self.assertRaises(UserError):
            lots["right"]._take_back("back again", JULY, "Wrong table")
        self.assertEqual(self.account._verify(), [])

    def test_a_lot_may_end_earlier(self):
        """A15: the entry keeps why; a lot that ends before stays."""
        self.credit("30.00", "long", END_Q2)
        self.credit("20.00", "short", JULY)
        lots = self.account.lot_ids

        lots._shorten(END_Q1, "Change of the household", datetime(2024, 6, 1))

        self.assertEqual(
            {lot.origin: lot.expires_at for lot in lots},
            {"long": END_Q1, "short": JULY},
        )
        self.assertEqual(self.account.entry_ids.mapped("kind").count("extension"), 1)
        self.assertEqual(self.account._verify(), [])
