import re
from datetime import timedelta

from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.family_card.tests.common import NOW
from odoo.addons.merchant_circuit.rules import one_time_code

from .common import PortalCase


@tagged("post_install", "-at_install")
class TestCodePage(PortalCase):
    """The card in the pocket: the page that shows a one-time code."""

    @property
    def url(self):
        """The page of one's own card."""
        return f"/my/card/{self.mine.id}/code"

    def codes(self, card=None):
        """Codes stored for a card."""
        return self.env["family.card.code"].search([("card_id", "=", (card or self.mine).id)])

    def test_posting_shows_a_code(self):
        """R-004-71, R-004-74: a picture, how long it can be used, and one row that is nobody's secret."""
        self.log_in(self.citizen)
        page = self.post(self.url)

        self.assertEqual(page.status_code, 200)
        self.assert_on_page('class="o_code_picture"', page)
        self.assertIn('data-seconds="60"', page.text)
        self.assertEqual((self.codes().user_id, self.codes().used_at), (self.citizen, False))

    def test_the_page_alone_makes_no_code(self):
        """R-004-74: a link, a prefetch or the browser's history makes none and shows none."""
        self.log_in(self.citizen)
        page = self.get(self.url)

        self.assertEqual(page.status_code, 200)
        self.assertNotIn("data-seconds", page.text)
        self.assertFalse(self.codes())

    @mute_logger("odoo.http")
    def test_another_site_cannot_ask(self):
        """R-004-74: no code without the form's token."""
        self.log_in(self.citizen)
        response = self.url_open(self.url, data={"csrf_token": "x"})

        self.assertEqual(response.status_code, 400)
        self.assertFalse(self.codes())

    def test_the_page_is_kept_nowhere(self):
        """R-004-74: neither in a cache nor in another site's frame nor in its address."""
        self.log_in(self.citizen)
        page = self.post(self.url)

        self.assertEqual(page.headers["Cache-Control"], "no-store")
        self.assertEqual(page.headers["X-Frame-Options"], "SAMEORIGIN")
        self.assertNotIn(one_time_code.PREFIX, page.text)
        self.assertNotIn(one_time_code.PREFIX, page.url)

    def test_the_script_gets_the_panel_alone(self):
        """R-004-74: what changes, and the token of the next form."""
        self.log_in(self.citizen)
        panel = self.post(self.url, part="panel")

        self.assertLess(len(panel.text), 6000)
        self.assertNotIn("<html", panel.text)
        self.assertRegex(panel.text, r'name="csrf_token" value="\w+')

    def test_the_page_learns_that_it_was_paid(self):
        """R-004-71, R-004-80: where and how much, once somebody used the code, and only of one's own newest code."""
        self.log_in(self.citizen)
        self.assertEqual(self.get(f"{self.url}/paid").status_code, 204)
        code, _seconds = self.env["family.card.code"]._issue(self.mine, self.citizen)
        self.assertEqual(self.get(f"{self.url}/paid").status_code, 204)
        self.charge(code, "", "20.00")
        answer = self.get(f"{self.url}/paid")

        self.assert_on_page("Paid at Alimentari Rossi", answer)
        self.assert_on_page("10.00", answer)
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        self.assertEqual(self.get(f"/my/card/{self.theirs.id}/code/paid").status_code, 404)
        self.post(self.url)
        self.assertEqual(self.get(f"{self.url}/paid").status_code, 204)

    def test_other_cards_have_no_page(self):
        """R-004-101: a neighbour's card, one that never was, and a login without a person look the same."""
        self.log_in(self.citizen)
        for card_id in (self.theirs.id, 999999999):
            self.assertEqual(self.get(f"/my/card/{card_id}/code").status_code, 404)
            self.assertEqual(self.post(f"/my/card/{card_id}/code").status_code, 404)
        self.log_in(self.stranger)
        self.assertEqual(self.post(self.url).status_code, 404)
        self.assertFalse(self.codes() | self.codes(self.theirs))

    def test_visitors_must_log_in(self):
        """R-004-101."""
        self.log_in()
        self.assertIn("/web/login", self.get(self.url).headers.get("Location", ""))

    def test_a_child_has_no_code(self):
        """R-004-101: head and adult members only."""
        child = self.person(name="Luca Rossi", birth_date="2014-03-01", l10n_it_codice_fiscale=False)
        self.env["family.household.member"].create(
            {"household_id": self.family.id, "person_id": child.id, "relation": "child", "valid_from": "2020-01-01"}
        )
        self.log_in(self.portal_user("child", child))

        self.assertEqual(self.post(self.url).status_code, 404)

    def test_too_many_codes(self):
        """R-004-74: the twenty-first in ten minutes is refused in a sentence, the PIN works."""
        self.log_in(self.citizen)
        answers = [self.post(self.url, part="panel") for _n in range(21)]

        self.assertEqual([answer.status_code for answer in answers], [200] * 20 + [429])
        self.assert_on_page("type the PIN at the till", answers[-1])
        self.assertEqual(self.charge(self.mine, self.pin, "20.00")["status"], "authorized")

    def test_cards_without_code_say_why(self):
        """R-004-59, R-004-74: suspended, locked, or a programme that offers none; nothing to press."""
        self.log_in(self.citizen)
        self.mine.sudo().pin_failures = 3
        self.assert_on_page("locked after too many wrong PINs", self.post(self.url))
        self.mine._change_state("suspended", "holder_death")
        self.assert_on_page("cannot be used now", self.post(self.url))
        self.mine.sudo().write({"pin_failures": 0, "state": "active"})
        self.change_terms(one_time_code=False)
        page = self.post(self.url)
        self.assert_on_page("no one-time codes in this programme", page)
        self.assert_not_on_page('type="submit"', page)
        self.assert_not_on_page(self.url, self.get("/my/card"))
        self.assertFalse(self.codes())

    def test_the_page_says_when_documents_are_needed(self):
        """R-001-12: beside the code, where the notice asks for them."""
        self.log_in(self.citizen)
        self.assert_not_on_page("health card and identity document", self.get(self.url))
        self.change_terms(check_documents=True)
        self.assert_on_page("health card and identity document", self.get(self.url))
        self.change_terms(one_time_documents=True)
        self.assert_not_on_page("health card and identity document", self.get(self.url))

    def test_the_area_leads_to_the_code(self):
        """R-004-85: one press from the card."""
        self.log_in(self.citizen)

        self.assert_on_page(f'href="{self.url}"', self.get("/my/card"))

    def test_movements_say_that_it_was_paid_by_code(self):
        """R-004-46: and only those that were."""
        code, _seconds = self.env["family.card.code"]._issue(self.mine, self.citizen)
        self.charge(code, "", "20.00")
        with freeze_time(NOW + timedelta(minutes=1)):
            self.charge(self.mine, self.pin, "20.00")
        self.log_in(self.citizen)
        page = self.get(f"/my/card/{self.mine.id}/movements")

        self.assertEqual(len(re.findall("Purchase at Alimentari Rossi", page.text)), 2)
        self.assertEqual(len(re.findall("Paid with a one-time code", page.text)), 1)
