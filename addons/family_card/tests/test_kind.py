from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestKind(TransactionCase):
    def test_an_identifier_is_told_by_its_form(self):
        """R-004-71, R-004-73, R-004-70: no card is looked up for it."""
        kinds = {
            "CORL-2024-000001": "card_number",
            "RSSMRA80A01H501U": "fiscal_code",
            "*RSSMRA80A01H501U*": "fiscal_code",
            "RSSMRA80A01H501X": None,
            "CC1.ABCDEF": "one_time_code",
            "": None,
            "HELLO": None,
        }
        for text, kind in kinds.items():
            with self.subTest(text), self.assertQueryCount(0):
                self.assertEqual(self.env["family.card"]._circuit_kind(text), kind)
