import logging
from datetime import timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import NOW, CorletoCase


class Capture(logging.Handler):
    """Keeps every line that is logged."""

    def __init__(self):
        super().__init__(level=logging.DEBUG)
        self.lines = []

    def emit(self, record):
        self.lines.append(record.getMessage())


@tagged("post_install", "-at_install")
class TestPin(CorletoCase):
    def test_wrong_pins_lock_the_card(self):
        """R-004-74: the third wrong try is the last, however long it waited; then the right PIN is refused as well."""
        card, pin = self.card({"COMMERCIO": "56.25"})

        self.mistype(card, pin, 3)

        self.assertEqual(self.charge(card, pin, "20.00")["code"], "PIN_LOCKED")
        self.assertTrue(card.pin_locked)
        self.assertFalse(self.env["circuit.transaction"].search_count([("instrument_id", "=", card.id)]))

    def test_a_good_pin_forgets_the_wrong_ones(self):
        """R-004-74: only tries in a row count."""
        card, pin = self.card({"COMMERCIO": "56.25"})
        self.mistype(card, pin, 2)

        with freeze_time(NOW + timedelta(hours=1)):
            self.assertEqual(self.charge(card, pin, "20.00")["status"], "authorized")

        self.assertEqual((card.pin_failures, card.pin_failed_at), (0, False))

    def test_only_a_new_pin_opens_a_locked_card(self):
        """R-004-74: reset by SMS; the old PIN is dead."""
        card, pin = self.card({"COMMERCIO": "56.25"})
        self.mistype(card, pin, 3)

        card.action_reset_pin()

        self.assertEqual(card.pin_failures, 0)
        self.assertFalse(card.pin_locked)
        new = self.sent_pin(card)
        self.assertNotEqual(new, pin)
        self.assertEqual(self.charge(card, pin, "20.00")["code"], "UNKNOWN_OR_PIN")
        self.assertEqual(self.charge(card, new, "20.00")["status"], "authorized")

    def test_the_refusal_of_a_rule_needs_the_right_pin(self):
        """Without the PIN nobody learns anything about the card."""
        card, pin = self.card({"COMMERCIO": "56.25"})

        self.assertEqual(self.charge(card, self.wrong(pin), "5.00")["code"], "UNKNOWN_OR_PIN")
        self.assertEqual(self.charge(card, pin, "5.00")["code"], "MIN_SPEND")

    def test_what_cannot_be_a_pin_is_no_try(self):
        """Must be shown 6: empty, long or other text is refused and nothing is written."""
        card, _pin = self.card({"COMMERCIO": "56.25"})

        for text in ("", "1", "1" * 13, "abcde", "12 45", "' OR 1=1"):
            with self.subTest(text):
                self.assertEqual(self.charge(card, text, "20.00")["code"], "UNKNOWN_OR_PIN")
        self.assertEqual(card.pin_failures, 0)

    def test_the_pin_is_stored_as_a_digest_only(self):
        """R-004-74: neither the database row nor the message shows it."""
        card, pin = self.card()

        self.env.cr.execute("SELECT row_to_json(c)::text FROM family_card c WHERE id = %s", [card.id])
        stored = self.env.cr.fetchone()[0].replace(card.phone, "")
        self.assertEqual(len(card.pin_hash), 64)
        self.assertNotIn(f'"{pin}"', stored)
        self.assertNotIn(self.sent_pin(card), self.messages(card)[-1])
        self.assertIn("•••••", self.messages(card)[-1])

    def test_same_pin_different_digests(self):
        """Two cards with one PIN cannot be told by their rows."""
        one, _pin = self.card()
        other, _pin = self.card()

        self.assertNotEqual(one._pin_digest(one.pin_salt, "48213"), other._pin_digest(other.pin_salt, "48213"))

    def test_officers_cannot_read_or_choose_a_pin(self):
        """R-004-74."""
        card, _pin = self.card()
        officer = self.user("officer", "family_card.group_officer")
        mine = card.with_user(officer)

        with self.assertRaises(AccessError):
            mine.read(["pin_hash"])
        with self.assertRaises(AccessError):
            mine.write({"pin_failures": 0})
        with self.assertRaises(AccessError):
            mine.write({"pin_hash": "0" * 64})

    def test_a_request_has_no_pin(self):
        """Only an issued card gets one."""
        with self.assertRaises(UserError):
            self.request_card().action_reset_pin()

    def test_no_pin_and_no_fiscal_code_in_the_logs(self):
        """design.md 5: not even in debug lines of our addons, the till, or the chatter."""
        capture = Capture()
        root = logging.getLogger()
        loggers = [root, logging.getLogger("odoo"), logging.getLogger("odoo.addons.family_card")]
        levels = [logger.level for logger in loggers]
        for logger in loggers:
            logger.setLevel(logging.INFO)
        root.addHandler(capture)
        try:
            card, pin = self.card({"COMMERCIO": "56.25"})
            self.charge(card, self.wrong(pin), "20.00")
            self.charge(card, pin, "20.00")
            card.action_reset_pin()
            pin_sent = self.sent_pin(card)
            self.env["family.card"]._balance_overview(card.fiscal_code, pin_sent)
            wrong_code = card.fiscal_code[:-1] + ("A" if card.fiscal_code[-1] != "A" else "B")
            with self.assertRaises(ValidationError) as refused:
                self.person(l10n_it_codice_fiscale=wrong_code)
            with self.assertRaises(UserError) as taken:
                double = self.person(l10n_it_codice_fiscale=card.fiscal_code)
                self.request_card(self.household(double)).action_activate()
        finally:
            root.removeHandler(capture)
            for logger, level in zip(loggers, levels, strict=True):
                logger.setLevel(level)

        spoken = "\n".join(capture.lines) + "".join(str(body) for body in card.message_ids.mapped("body"))
        spoken += f"{refused.exception} {taken.exception}"
        self.assertNotIn(card.fiscal_code[:-1], spoken)
        self.assertNotIn(f"PIN {pin}", spoken)
        self.assertNotIn(pin_sent, "".join(str(body) for body in card.message_ids.mapped("body")))

    def mistype(self, card, pin, times):
        """Wrong PINs, ten minutes apart, the last just now."""
        for left in reversed(range(times)):
            with freeze_time(NOW - timedelta(minutes=10 * left)):
                self.assertEqual(self.charge(card, self.wrong(pin), "20.00")["code"], "UNKNOWN_OR_PIN")

    def sent_pin(self, card):
        """PIN of the newest message, as the household reads it."""
        sms = self.env["sms.sms"].sudo().search([("partner_id", "=", card.holder_id.id)], order="id desc", limit=1)
        return sms.secret_body.split("PIN ")[1][:5]
