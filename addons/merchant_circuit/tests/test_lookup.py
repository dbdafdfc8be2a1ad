from unittest.mock import patch

from odoo.tests import tagged

from .common import TillCase


@tagged("post_install", "-at_install")
class TestLookup(TillCase):
    def setUp(self):
        super().setUp()
        kinds = {"CARD": "card_number", "NOCARD": "card_number", "CC1.X": "one_time_code"}
        for name, function in {
            "_circuit_kind": lambda model, text: kinds.get(text),
            "_circuit_checks": lambda model, circuits, at: frozenset({"pin", "documents"}),
        }.items():
            patcher = patch.object(type(self.env["circuit.instrument"]), name, function)
            patcher.start()
            self.addCleanup(patcher.stop)

    def lookup(self, identifier):
        """What the till is told to ask for."""
        return self.till._lookup(self.terminal, identifier)

    def test_the_till_learns_what_to_ask_for(self):
        """R-004-70: by the form of what was shown and the programmes of the shop."""
        self.assertEqual(
            self.lookup(" card "), {"status": "ready", "kind": "card_number", "checks": ["documents", "pin"]}
        )

    def test_a_card_that_does_not_exist_is_told_the_same(self):
        """SEC: who has a card is not told, and not looked up."""
        with patch.object(type(self.env["circuit.instrument"]), "_circuit_identify") as looked_up:
            self.assertEqual(self.lookup("NOCARD"), self.lookup("CARD"))
        looked_up.assert_not_called()

    def test_a_one_time_code_needs_no_pin(self):
        """The holder typed it when the code was made; documents are still looked at."""
        self.assertEqual(self.lookup("CC1.X")["checks"], ["documents"])

    def test_what_is_no_identifier_is_refused_and_counted(self):
        """SEC: a script that tries texts has to wait."""
        replies = [self.lookup("NONSENSE")["code"] for _time in range(12)]

        self.assertEqual((replies[0], replies[-1]), ("BAD_IDENTIFIER", "TOO_MANY"))
        self.assertEqual(self.lookup("CARD")["code"], "TOO_MANY")
