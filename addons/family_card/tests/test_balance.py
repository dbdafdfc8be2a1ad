import re
from datetime import timedelta
from urllib.parse import urlsplit

from odoo import fields, http
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import CorletoCase

URL = "/family-card/balance"
REFUSED = "Fiscal code or PIN not recognised."
TOO_MANY = "Too many attempts."


@tagged("post_install", "-at_install")
class TestBalancePage(CorletoCase, HttpCase):
    """VISUALIZZA CREDITO (R-004-85): balances for fiscal code and PIN, and nothing to learn without."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["family.card.program"].search([("id", "!=", cls.program.id)]).write({"state": "closed"})
        cls.mine, cls.pin = cls.card({"COMMERCIO": "56.25", "ARTIGIANATO": "45.00"})
        cls.wrong = "13579" if cls.pin != "13579" else "24680"

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)

    def look_up(self, code, pin, **extra):
        """Post the form as a browser does."""
        data = {"fiscal_code": code, "pin": pin, "csrf_token": http.Request.csrf_token(self), **extra}
        return self.url_open(URL, data={name: value for name, value in data.items() if value is not None})

    def shown(self, response):
        """The page without what differs between two loads of it: the token, and the code that was typed."""
        text = re.sub(r'(csrf_token"? ?(value=|:) ?")[^"]*', r"\1", response.text)
        return re.sub(r'(id="balance_fiscal_code"[^>]*? value=")[^"]*', r"\1", text)

    def amounts(self, response):
        """Balances on the page, without the currency's sign."""
        return re.findall(r'class="o_balance_available">[^0-9<]*([0-9.,]+)', response.text)

    def assert_on_page(self, text, response):
        """Short on failure, unlike assertIn on a whole page."""
        self.assertTrue(text in response.text, f"{text!r} is not on the page")

    def assert_not_on_page(self, text, response):
        """Short on failure, unlike assertNotIn on a whole page."""
        self.assertFalse(text in response.text, f"{text!r} is on the page")

    # ------------------------------------------------------------------ answers

    def test_right_code_and_pin_show_every_account(self):
        """R-004-85, with the last good day of each credit (X1)."""
        response = self.look_up(self.mine.fiscal_code, self.pin)
        self.assertEqual(response.status_code, 200)
        self.assertEqual(self.amounts(response), ["56.25", "45.00", "0.00"])
        for text in ("COMMERCIO", "ARTIGIANATO", "SOMMINISTRAZIONE", "12/31/2024"):
            self.assert_on_page(text, response)

    def test_code_is_accepted_as_people_type_it(self):
        """Lower case and blanks are no reason to send anybody away."""
        code = self.mine.fiscal_code.lower()
        self.assertTrue(self.amounts(self.look_up(f" {code[:6]} {code[6:]} ", self.pin)))

    def test_page_never_says_a_name(self):
        """R-004-101: only balances come back."""
        response = self.look_up(self.mine.fiscal_code, self.pin)
        self.assert_not_on_page("Mario", response)
        self.assert_not_on_page("Household", response)

    def test_unknown_wrong_and_locked_get_the_same_answer(self):
        """Nobody learns who has a card."""
        locked, locked_pin = self.card()
        locked.sudo().write({"web_failures": 99, "web_failed_at": fields.Datetime.now()})
        answers = [
            self.look_up(code, pin)
            for code, pin in (
                (self.fiscal_code(), self.wrong),
                (self.mine.fiscal_code, self.wrong),
                (locked.fiscal_code, locked_pin),
            )
        ]
        self.assert_on_page(REFUSED, answers[0])
        self.assertEqual({answer.status_code for answer in answers}, {200})
        self.assertEqual(len({self.shown(answer) for answer in answers}), 1)

    def test_malformed_input_is_explained_at_its_field(self):
        """The shape says nothing about a card, so it may be explained."""
        response = self.look_up("RSSMRA85", "abc")
        self.assert_on_page("balance_fiscal_code_error", response)
        self.assert_on_page("balance_pin_error", response)
        self.assert_not_on_page(REFUSED, response)

    def test_hostile_input_is_refused_quietly(self):
        """No stack trace, nothing written."""
        for code, pin in (
            ("", ""),
            ("' OR 1=1 --", "1' OR"),
            ("A" * 5000, "9" * 5000),
            ("<script>x</script>", "٤٨٢١٣"),
        ):
            with self.subTest(code=code[:10]):
                response = self.look_up(code, pin)
                self.assertEqual(response.status_code, 200)
                self.assert_not_on_page("<script>x", response)

    def test_wrong_pins_here_do_not_lock_the_card_at_the_till(self):
        """Whoever knows a fiscal code must not be able to block a family's shopping."""
        for _try in range(4):
            self.look_up(self.mine.fiscal_code, self.wrong)
        self.mine.invalidate_recordset()
        self.assertEqual(self.mine.pin_failures, 0)

    def test_suspended_card_shows_its_credit_and_says_so(self):
        """R-004-59: the balances stay."""
        self.mine._change_state("suspended", "holder_death")
        response = self.look_up(self.mine.fiscal_code, self.pin)
        self.assertEqual(self.amounts(response)[0], "56.25")
        self.assert_on_page("The card is suspended", response)

    # ------------------------------------------------------------------ limits

    def test_sixth_try_in_a_quarter_of_an_hour_is_refused(self):
        """Even with the right PIN, for a known code and for an unknown one alike."""
        for code in (self.mine.fiscal_code, self.fiscal_code()):
            with self.subTest(known=code == self.mine.fiscal_code):
                for _try in range(5):
                    self.assertEqual(self.look_up(code, self.wrong).status_code, 200)
                response = self.look_up(code, self.pin)
                self.assertEqual(response.status_code, 429)
                self.assert_on_page(TOO_MANY, response)

    def test_limit_of_one_code_leaves_the_others_alone(self):
        """A neighbour behind the same router is not locked out."""
        code = self.fiscal_code()
        for _try in range(6):
            self.look_up(code, self.wrong)
        self.assertTrue(self.amounts(self.look_up(self.mine.fiscal_code, self.pin)))

    def test_right_pin_clears_the_count(self):
        """Looking often is no attack."""
        for _try in range(12):
            self.assertEqual(self.look_up(self.mine.fiscal_code, self.pin).status_code, 200)

    def test_one_address_cannot_try_a_whole_town(self):
        """One PIN tried on many codes: the limit of the address stops it."""
        self.env["ir.config_parameter"].set_param("family_card.balance_tries_address", "3")
        statuses = [self.look_up(self.fiscal_code(), self.wrong).status_code for _try in range(4)]
        self.assertEqual(statuses, [200, 200, 200, 429])

    def test_new_window_starts_from_one(self):
        """The wait ends."""
        throttle = self.env["family.card.balance.throttle"]
        for _try in range(6):
            allowed = throttle._count("CODE", "192.0.2.1")
        self.assertFalse(allowed)
        self.env.cr.execute(
            "UPDATE family_card_balance_throttle SET expires_at = %s", [fields.Datetime.now() - timedelta(seconds=1)]
        )
        self.assertTrue(throttle._count("CODE", "192.0.2.1"))

    def test_counter_holds_neither_code_nor_address(self):
        """A table of who asked for what would be personal data."""
        throttle = self.env["family.card.balance.throttle"]
        throttle._count("RSSMRA85T10A562S", "192.0.2.1")
        for row in throttle.search([]):
            self.assertRegex(row.key, r"^[0-9a-f]{64}$")

    def test_ipv6_neighbours_count_as_one(self):
        """A household owns a whole /64."""
        throttle = self.env["family.card.balance.throttle"]
        self.assertEqual(throttle._network("2001:db8::1"), throttle._network("2001:db8::ffff"))
        self.assertNotEqual(throttle._network("2001:db8::1"), throttle._network("2001:db8:1::1"))
        self.assertEqual(throttle._network("nonsense"), "unknown")

    # ---------------------------------------------------------------- the page

    def test_form_is_not_indexed_cached_or_answered_from_the_address(self):
        """A PIN in an address would end up in logs and histories."""
        response = self.url_open(f"{URL}?fiscal_code={self.mine.fiscal_code}&pin={self.pin}")
        self.assertFalse(self.amounts(response))
        self.assert_not_on_page(self.pin, response)
        self.assertIn("noindex", response.headers["X-Robots-Tag"])
        self.assertEqual(response.headers["Cache-Control"], "no-store")
        self.assert_on_page('name="csrf_token"', response)

    def test_answer_has_no_pin_in_page_or_address(self):
        """R-004-74."""
        response = self.look_up(self.mine.fiscal_code, self.wrong)
        self.assert_not_on_page(self.wrong, response)
        self.assertFalse(urlsplit(response.url).query)

    @mute_logger("odoo.http")
    def test_post_without_token_is_refused(self):
        """Another site cannot post for a visitor."""
        self.assertEqual(self.look_up(self.mine.fiscal_code, self.pin, csrf_token=None).status_code, 400)

    def test_programme_that_does_not_offer_it_has_no_page(self):
        """A20: the look-up with PIN can be switched off."""
        self.env.cr.execute("UPDATE family_card_terms SET balance_by_pin = false")
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        self.assertEqual(self.url_open(URL).status_code, 404)
