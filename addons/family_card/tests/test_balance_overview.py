from datetime import datetime

from odoo.tests import tagged

from .common import CorletoCase


@tagged("post_install", "-at_install")
class TestBalanceOverview(CorletoCase):
    def overview(self, card, pin):
        code = card if isinstance(card, str) else card.fiscal_code
        return self.env["family.card"]._balance_overview(code, pin)

    def test_balances_by_account_and_lot(self):
        """R-004-85: account by account, with the last day of each credit."""
        card, pin = self.card({"COMMERCIO": "41.25", "SOMMINISTRAZIONE": "11.25"})
        self.credit(card, {"COMMERCIO": "5.00"}, expires_at=datetime(2024, 9, 30, 22))

        overview = self.overview(card, pin)

        self.assertEqual(overview["program"], "Corleto Family Card 2024")
        self.assertEqual(
            overview["accounts"],
            [
                {
                    "label": "COMMERCIO",
                    "balance": "46.25",
                    "lots": [
                        {"amount": "5.00", "expires_on": "2024-09-30"},
                        {"amount": "41.25", "expires_on": "2024-12-31"},
                    ],
                },
                {"label": "ARTIGIANATO", "balance": "0.00", "lots": []},
                {
                    "label": "SOMMINISTRAZIONE",
                    "balance": "11.25",
                    "lots": [{"amount": "11.25", "expires_on": "2024-12-31"}],
                },
            ],
        )

    def test_unknown_wrong_and_locked_are_one_answer(self):
        """R-004-74: None, whatever the reason."""
        card, pin = self.card({"COMMERCIO": "41.25"})

        self.assertIsNone(self.overview(self.fiscal_code(), pin))
        self.assertIsNone(self.overview("nonsense", pin))
        self.assertIsNone(self.overview(card, ""))
        for _attempt in range(3):
            self.assertIsNone(self.overview(card, self.wrong(pin)))
        self.assertIsNone(self.overview(card, pin))

    def test_wrong_tries_on_the_page_do_not_lock_the_till(self):
        """A stranger who knows a fiscal code cannot shut a family out of the shops; the right PIN at a
        shop opens the page again."""
        card, pin = self.card({"COMMERCIO": "41.25"})
        for _attempt in range(5):
            self.overview(card, self.wrong(pin))

        self.assertIsNone(self.overview(card, pin))
        self.assertEqual(self.charge(card, pin, "20.00")["status"], "authorized")
        self.assertIsNotNone(self.overview(card, pin))

    def test_a_new_pin_opens_the_page_again(self):
        """R-004-74: what wrong tries keep waiting, a new SMS opens."""
        card, pin = self.card({"COMMERCIO": "41.25"})
        for _attempt in range(3):
            self.overview(card, self.wrong(pin))

        self.assertIsNotNone(self.overview(card, card._new_pin()))

    def test_a_suspended_card_still_shows_its_credit(self):
        """R-004-59: suspended, not cancelled."""
        card, pin = self.card({"COMMERCIO": "41.25"})
        card._change_state("suspended", "taxes")

        self.assertEqual(self.overview(card, pin)["accounts"][0]["balance"], "41.25")

    def test_the_look_up_can_be_switched_off(self):
        """A20: ``balance_by_pin``."""
        self.terms.balance_by_pin = False
        card, pin = self.card({"COMMERCIO": "41.25"})

        self.assertIsNone(self.overview(card, pin))
