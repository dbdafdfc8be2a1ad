from datetime import timedelta
from uuid import uuid4

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import NOW, CorletoCase


@tagged("post_install", "-at_install")
class TestPinWait(CorletoCase):
    """Between wrong PINs the wait grows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.terms.pin_attempts = 5
        cls.mine, cls.pin = cls.card({"COMMERCIO": "56.25"})

    def at(self, seconds):
        """The clock so many seconds on."""
        return freeze_time(NOW + timedelta(seconds=seconds))

    def type(self, seconds, pin, **changes):
        """What a till answers to a PIN at a second: status or refusal code."""
        with self.at(seconds):
            answer = self.charge(self.mine, pin, "20.00", **changes)
        return answer.get("code", answer["status"])

    def test_the_wait_grows(self):
        """R-004-74: nothing after the first wrong PIN, 30 s after the second, 2 and 8 minutes after the next."""
        wrong, codes = self.wrong(self.pin), []
        for second in (0, 0, 29, 30, 149, 150, 629, 630, 10**4):
            codes.append(self.type(second, wrong))

        tried = "UNKNOWN_OR_PIN"
        self.assertEqual(codes, [tried, tried, "PIN_WAIT", tried, "PIN_WAIT", tried, "PIN_WAIT", tried, "PIN_LOCKED"])

    def test_a_try_during_the_wait_is_none(self):
        """R-004-74: neither counted, nor does it make the wait longer."""
        for second in (0, 0, 10, 20):
            self.type(second, self.wrong(self.pin))

        self.assertEqual(self.mine.pin_failures, 2)
        self.assertEqual(self.type(30, self.pin), "authorized")

    def test_the_right_pin_waits_too(self):
        """R-004-74: and does not end the wait, or guessing would be free."""
        for _try in range(2):
            self.type(0, self.wrong(self.pin))

        self.assertEqual(self.type(29, self.pin), "PIN_WAIT")
        self.assertEqual(self.mine.pin_failures, 2)

    def test_the_right_pin_after_the_wait_starts_anew(self):
        """R-004-74."""
        for _try in range(2):
            self.type(0, self.wrong(self.pin))

        self.assertEqual(self.type(30, self.pin), "authorized")
        self.assertEqual((self.mine.pin_failures, self.mine.pin_failed_at), (0, False))
        self.assertEqual(self.type(31, self.wrong(self.pin)), "UNKNOWN_OR_PIN")
        self.assertEqual(self.type(31, self.pin), "authorized")

    def test_a_known_key_is_answered_during_the_wait(self):
        """R-004-83: the till that lost its answer gets it."""
        key = str(uuid4())
        self.type(0, self.pin, key=key)
        for _try in range(2):
            self.type(1, self.wrong(self.pin))

        self.assertEqual(self.type(2, self.pin, key=key), "authorized")

    def test_the_refusal_says_until_when(self):
        """R-004-74: as a span, and nothing about the card that PIN_LOCKED would not say."""
        for _try in range(2):
            self.type(0, self.wrong(self.pin))

        answer = self.charge(self.mine, self.pin, "5.00")
        self.assertEqual(answer["code"], "PIN_WAIT")
        self.assertIn("Wait 30 seconds", answer["message"])
        self.assertEqual(answer["until"], "2024-04-03T08:15:30Z")
        self.assertNotIn("limit", answer)

    def test_a_programme_may_do_without_waits(self):
        """R-004-74: 0 is off; the limit of tries stays."""
        self.change_terms(pin_delay_seconds=0)

        codes = [self.type(0, self.wrong(self.pin)) for _try in range(6)]

        self.assertEqual(codes, ["UNKNOWN_OR_PIN"] * 5 + ["PIN_LOCKED"])

    def test_a_new_pin_ends_the_wait(self):
        """R-004-74."""
        for _try in range(2):
            self.type(0, self.wrong(self.pin))

        new = self.mine._new_pin()

        self.assertEqual(self.type(1, new), "authorized")

    def test_vouchers_without_pin_never_wait(self):
        """B09: PIN_WAIT has no meaning where no PIN is asked for."""
        for _try in range(2):
            self.type(0, self.wrong(self.pin))
        self.change_terms(check_pin=False, check_documents=True)

        seen = {"health_card": True, "identity": True}
        self.assertEqual(self.type(1, "", documents=seen), "authorized")

    @mute_logger("odoo.sql_db")
    def test_the_parameters_have_bounds(self):
        """R-004-74: nobody sets a wait of a week, or one that shrinks."""
        for values in ({"pin_delay_seconds": -1}, {"pin_delay_seconds": 3601}, {"pin_delay_factor": 0}):
            with self.subTest(values), self.assertRaises(CheckViolation), self.env.cr.savepoint():
                self.program.terms_ids[0].copy({"valid_from": "2025-01-01", **values})

    # ------------------------------------------------------------ balance page

    def look(self, seconds, pin):
        """Whether the balance page answers to a PIN at a second."""
        with self.at(seconds):
            return bool(self.mine._balance_overview(self.mine.fiscal_code, pin))

    def test_the_balance_page_opens_again_by_itself(self):
        """R-004-85: wrong PINs make it wait, longer and longer, but never for good."""
        second = 0
        for wait in (0, 30, 120, 480, 1920, 7680, 30720, 86400, 86400):
            self.assertFalse(self.look(second, self.wrong(self.pin)))
            if wait:
                self.assertFalse(self.look(second + wait - 1, self.pin), wait)
            second += wait

        self.assertTrue(self.look(second, self.pin))
        self.assertEqual((self.mine.web_failures, self.mine.web_failed_at), (0, False))

    def test_the_right_pin_at_a_shop_opens_the_balance_page(self):
        """R-004-85: whoever shops need not wait out what a stranger typed."""
        for _try in range(2):
            self.look(0, self.wrong(self.pin))

        self.assertEqual(self.type(1, self.pin), "authorized")
        self.assertTrue(self.look(2, self.pin))

    def test_the_balance_page_waits_also_where_tills_do_not(self):
        """R-004-85: a page without a limit of tries must be slow."""
        self.change_terms(pin_delay_seconds=0)
        for _try in range(2):
            self.look(0, self.wrong(self.pin))

        self.assertFalse(self.look(29, self.pin))
        self.assertTrue(self.look(30, self.pin))

    def test_the_page_and_the_tills_count_apart(self):
        """R-004-85: whoever knows a fiscal code cannot make the shops wait."""
        for _try in range(2):
            self.look(0, self.wrong(self.pin))

        self.assertEqual(self.type(1, self.wrong(self.pin)), "UNKNOWN_OR_PIN")
        self.assertEqual(self.mine.pin_failures, 1)
