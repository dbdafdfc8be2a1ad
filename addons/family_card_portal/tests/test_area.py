import re
from datetime import datetime

from freezegun import freeze_time

from odoo.tests import tagged

from .common import PortalCase


@tagged("post_install", "-at_install")
class TestArea(PortalCase):
    """The citizen sees the household of today and nothing else."""

    def amounts(self, response):
        """Spendable balances on the page."""
        return re.findall(r'class="o_area_available">[^0-9<]*([0-9.,]+)', response.text)

    # ------------------------------------------------------------- what is seen

    def test_balance_per_account_with_expiry_dates(self):
        """R-004-85: residual credit of each account, lot by lot, with its last day."""
        self.log_in(self.citizen)
        page = self.get("/my/card")
        self.assertEqual(page.status_code, 200)
        self.assertEqual(self.amounts(page), ["56.25", "45.00", "0.00"])
        for text in ("COMMERCIO", "ARTIGIANATO", "SOMMINISTRAZIONE", "to spend by 12/31/2024", self.mine.number):
            self.assert_on_page(text, page)

    def test_credit_that_starts_later_is_shown_apart(self):
        """R-004-33: a lot available from a later instant is not spendable and not hidden."""
        self.env["stored.value.account"]._credit(
            [
                {
                    "account_id": self.account(self.mine, "SOMMINISTRAZIONE").id,
                    "amount": 10,
                    "available_from": datetime(2024, 5, 31, 22, 0),
                    "expires_at": datetime(2024, 12, 31, 23, 0),
                    "origin": "later",
                    "memo": "",
                }
            ]
        )
        self.log_in(self.citizen)
        page = self.get("/my/card")
        self.assertEqual(self.amounts(page)[2], "0.00")
        self.assert_on_page("Credit that can be spent later", page)
        self.assert_on_page("06/01/2024", page)

    def test_movements_say_where_and_are_paged(self):
        """R-004-85: what was credited and spent, with shop and operation, twenty a page."""
        self.charge(self.mine, self.pin, "20.00")
        for number in range(21):
            self.credit(self.mine, {"ARTIGIANATO": f"{number + 1}.00"})
        self.log_in(self.citizen)
        first = self.get(f"/my/card/{self.mine.id}/movements")
        second = self.get(f"/my/card/{self.mine.id}/movements/page/2")
        self.assert_on_page("Purchase at Alimentari Rossi", first)
        self.assert_on_page("Page 1 of 2", first)
        self.assert_on_page("Page 2 of 2", second)
        self.assertEqual(self.get(f"/my/card/{self.mine.id}/movements/page/99").status_code, 200)

    def test_a_charge_on_two_lots_is_one_movement(self):
        """The citizen bought once, whatever the ledger took it from."""
        self.credit(self.mine, {"COMMERCIO": "10.00"}, expires_at=datetime(2024, 6, 30, 22, 0))
        self.charge(self.mine, self.pin, "40.00")
        self.assertEqual([row["amount"] for row in self.mine._area_movements(9) if row["kind"] == "debit"], ["-20.00"])
        self.assertEqual(self.mine._area_movement_count(), 4)

    def test_why_shows_every_step(self):
        """R-004-19: the explanation the office sees is the citizen's too."""
        result = self.env["family.card.quotient.result"].create(
            {
                "card_id": self.mine.id,
                "household_id": self.family.id,
                "day": "2024-01-01",
                "members": 1,
                "computed": True,
                "annual": 450,
                "computed_at": "2024-01-02 08:00:00",
                "user_id": self.env.uid,
                "line_ids": [(0, 0, {"label": "Household with one member", "amount": 450, "running": 450})],
            }
        )
        self.mine.sudo().quotient_result_id = result
        self.log_in(self.citizen)
        page = self.get(f"/my/card/{self.mine.id}/why")
        for text in ("Household with one member", "450.00", "as it was on 01/01/2024"):
            self.assert_on_page(text, page)

    def test_why_without_a_computation_says_so(self):
        """An amount typed in by the office is not dressed up as a computed one."""
        self.log_in(self.citizen)
        self.assert_on_page("The amount was set by the office", self.get(f"/my/card/{self.mine.id}/why"))

    def test_programme_texts_are_in_the_area(self):
        """R-004-04, R-004-07, R-004-99, R-004-102: contacts, Regulation, clause, validity in all shops until the year's end."""
        self.program.write(
            {
                "responsible": "ing. Verdi",
                "contact_email": "card@example.org",
                "regulation_url": "https://example.org/regulation",
            }
        )
        self.log_in(self.citizen)
        page = self.get("/my/card")
        for text in (
            "ing. Verdi",
            "card@example.org",
            "https://example.org/regulation",
            "are not party to disputes",
            "Valid at all affiliated shops for the whole year 2024",
            self.circuit._directory_url(),
        ):
            self.assert_on_page(text, page)

    def test_suspended_card_shows_its_credit_and_says_so(self):
        """R-004-59: the balances stay."""
        self.mine._change_state("suspended", "holder_death")
        self.log_in(self.citizen)
        page = self.get("/my/card")
        self.assertEqual(self.amounts(page)[0], "56.25")
        self.assert_on_page("The card is suspended", page)

    # ---------------------------------------------------------------- ownership

    def test_visitor_must_log_in(self):
        """R-004-101: nothing personal without a login."""
        self.log_in()
        for url in ("/my/card", f"/my/card/{self.mine.id}/movements", f"/my/card/{self.mine.id}/why"):
            with self.subTest(url):
                self.assertIn("/web/login", self.get(url).headers.get("Location", ""))

    def test_other_ids_do_not_exist(self):
        """R-004-101: a neighbour's card, one that never was, and one's own look the same from outside."""
        self.log_in(self.citizen)
        for card_id in (self.theirs.id, 999999999):
            for page in ("movements", "movements/page/1", "why"):
                with self.subTest(f"{card_id} {page}"):
                    self.assertEqual(self.get(f"/my/card/{card_id}/{page}").status_code, 404)
        self.log_in(self.stranger)
        self.assertEqual(self.get(f"/my/card/{self.mine.id}/why").status_code, 404)

    def test_login_without_a_person_sees_no_card(self):
        """R-004-101: the area says how a login is linked, and shows nothing."""
        self.log_in(self.stranger)
        page = self.get("/my/card")
        self.assertEqual(self.amounts(page), [])
        self.assert_on_page("not linked to a person of the registry", page)

    def test_typing_somebodys_fiscal_code_links_nothing(self):
        """R-004-101: whoever writes the holder's code into their own contact sees nothing of the household."""
        self.stranger.partner_id.l10n_it_codice_fiscale = self.mine.fiscal_code
        self.log_in(self.stranger)
        self.assertEqual(self.amounts(self.get("/my/card")), [])

    def test_who_left_the_household_sees_it_no_more(self):
        """R-004-52: only members of today, however long they once belonged."""
        partner = self.person(name="Anna Bianchi")
        line = self.env["family.household.member"].create(
            {
                "household_id": self.family.id,
                "person_id": partner.id,
                "relation": "spouse",
                "valid_from": "2022-01-01",
                "valid_to": "2024-04-03",
            }
        )
        user = self.portal_user("spouse", partner)
        self.assertEqual(user._citizen_cards(), self.mine)
        with freeze_time("2024-04-03 22:30:00"):
            self.assertFalse(user._citizen_cards(), f"midnight in Italy has passed: {line.valid_to}")

    def test_minors_do_not_see_the_card(self):
        """R-004-15: the head answers for it; other members from their eighteenth birthday on."""
        child = self.person(name="Luca Rossi", l10n_it_codice_fiscale=False, birth_date="2006-04-04")
        self.env["family.household.member"].create(
            {"household_id": self.family.id, "person_id": child.id, "relation": "child", "valid_from": "2020-01-01"}
        )
        user = self.portal_user("child", child)
        self.assertFalse(user._citizen_cards())
        with freeze_time("2024-04-04 08:00:00"):
            self.assertEqual(user._citizen_cards(), self.mine)

    def test_pages_are_kept_out_of_caches_and_frames(self):
        """A shared computer must not show the last citizen's credit."""
        self.log_in(self.citizen)
        headers = self.get("/my/card").headers
        self.assertEqual(headers["Cache-Control"], "no-store")
        self.assertIn("noindex", headers["X-Robots-Tag"])
        self.assertIn("frame-ancestors 'self'", headers["Content-Security-Policy"])

    def test_portal_home_leads_to_the_area(self):
        """R-004-85."""
        self.log_in(self.citizen)
        self.assert_on_page('href="/my/card"', self.get("/my/home"))

    def test_card_works_at_every_kind_of_shop_all_the_year(self):
        """R-004-102: spring or December, grocery or mechanic or bar, the same card pays."""
        self.credit(self.mine, {"SOMMINISTRAZIONE": "30.00"})
        for day, shop in (("2024-04-10", self.grocery), ("2024-08-15", self.mechanic), ("2024-12-31", self.bar)):
            with self.subTest(shop=shop.name), freeze_time(f"{day} 10:00:00"):
                reply = self.charge(self.mine, self.pin, "20.00", merchant=shop)
                self.assertEqual(reply["status"], "authorized")
