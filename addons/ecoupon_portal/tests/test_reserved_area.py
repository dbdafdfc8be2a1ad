from datetime import timedelta
from uuid import uuid4

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from .citizen_common import CitizenCase

CLOSED = ("", "/coupons/{extra}", "/coupons/{extra}/picture", "/rewards", "/code", "/code/paid")
READABLE = ("/movements", "/movements/page/2", "/history")


@tagged("post_install", "-at_install")
class TestReservedArea(CitizenCase):
    def path(self, page=""):
        """Address of a page of the area."""
        return f"/my/reserved/{self.circuit.id}{page.format(extra=self.extra.id)}"

    def lacking(self, page=""):
        """What the area says is lacking.

        :return: str, the page
        """
        text = self.get(self.path(page), 403)
        for secret in ("Quarter off books", "An hour of volunteering", "o_ecoupon_balance", "CW1."):
            self.assertNotIn(secret, text)
        return text

    def test_entitled_citizen_enters(self):
        """R-000-12, R-000-16: extra discounts and wallet."""
        self.reward()
        self.log_in()

        page = self.get(self.path())

        self.assertIn("Quarter off books", page)
        self.assertIn("10.00", page)
        for one in CLOSED[3:5] + READABLE:
            self.get(self.path(one))

    def test_the_only_area_opens_at_once(self):
        """R-000-12: /my/reserved leads there, or lets choose."""
        self.log_in()
        answer = self.url_open("/my/reserved")
        self.assertIn(self.circuit.name, answer.text)

    def test_password_alone_is_refused(self):
        """R-000-19: with the way to set up what is lacking."""
        self.log_in(level="password")

        page = self.lacking()

        self.assertIn('data-access="level"', page)
        self.assertIn('href="/my/security"', page)

    def test_spid_or_cie_where_the_circuit_wants_it(self):
        """R-000-19: the level is the circuit's."""
        self.circuit.reserved_level = "oidc"
        self.log_in(level="second_factor")
        self.assertIn("SPID level 2", self.lacking())

        self.log_in(level="oidc")
        self.get(self.path())

    def test_identity_not_proven(self):
        """R-000-15: who only wrote a fiscal code does not enter."""
        self.anna.with_user(self.officer).action_identity_withdraw()
        self.log_in()

        self.assertIn('data-access="identity"', self.lacking())

    def test_every_route_is_closed_to_who_is_not_entitled(self):
        """R-000-12, R-000-15: by direct address, by form, by number of something that exists or not."""
        self.luca.partner_id.l10n_it_codice_fiscale = "VRDLGI70C15F205X"
        self.prove(self.luca.partner_id)
        self.log_in(self.luca)

        for page in CLOSED:
            if page.endswith("picture"):
                self.get(self.path(page), 404)
            else:
                self.assertIn('data-access="entitlement"', self.lacking(page))
        self.lacking("/coupons/999999")
        for page in ("/coupons/{extra}", "/code"):
            self.assertEqual(self.post(self.path(page)).status_code, 403)
        self.assertEqual(self.post(f"/coupons/{self.extra.id}/take").status_code, 404)
        self.assertFalse(self.env["ecoupon.coupon"].sudo()._mine(self.luca.partner_id))

    def test_calls_of_models_are_closed(self):
        """R-000-12: neither reading nor taking by a call, for the entitled citizen either."""
        self.log_in()
        for model in ("ecoupon.campaign", "ecoupon.coupon", "ecoupon.wallet", "ecoupon.entitlement"):
            for method, args in (("search_read", [[]]), ("_take", [self.extra.ids])):
                body = {"params": {"model": model, "method": method, "args": args, "kwargs": {}}}
                with mute_logger("odoo.http"):
                    answer = self.url_open("/web/dataset/call_kw", json={"jsonrpc": "2.0", "method": "call", **body})
                self.assertIn("error", answer.json(), (model, method))

    def test_measures_open_their_own_campaigns_only(self):
        """R-000-12, R-000-32: an extra discount for another measure is not there."""
        other = self.campaign(name="For families", amount=9, area="reserved", policy_ids=self.other_policy.ids)
        own = self.campaign(name="For autonomy", amount=9, area="reserved", policy_ids=self.policy.ids)
        self.log_in()

        page = self.get(self.path())

        self.assertIn("For autonomy", page)
        self.assertNotIn("For families", page)
        self.get(self.path(f"/coupons/{own.id}"))
        self.get(self.path(f"/coupons/{other.id}"), 404)

    def test_taking_an_extra_discount(self):
        """R-000-12: it goes into the citizen's list; its code is shown while the citizen may enter."""
        self.log_in()
        answer = self.post(self.path("/coupons/{extra}"))
        self.assertEqual(answer.status_code, 303)
        coupon = self.env["ecoupon.coupon"].sudo()._mine(self.anna)
        self.assertIn(coupon._code(), self.get(f"/my/coupons/{coupon.id}"))

        self.log_in(level="password")
        page = self.get(f"/my/coupons/{coupon.id}")

        self.assertNotIn(coupon._code(), page)
        self.assertIn('href="/my/security"', page)

    def test_paper_of_an_extra_discount(self):
        """R-000-15: whoever finds the code cannot add it without the entitlement."""
        coupon = self.take(self.extra)
        coupon.write({"holder_id": False})
        self.log_in(self.luca)

        answer = self.post("/my/coupons/add", code=coupon._code())

        self.assertEqual(answer.status_code, 409)
        self.assertFalse(coupon.holder_id)

    def test_history_stays_readable(self):
        """R-000-33: after the end the area is closed, and what happened before is read."""
        self.reward()
        coupon = self.take(self.extra)
        self.env["ecoupon.entitlement.event"].sudo().create(
            {
                "entitlement_id": self.entitlement.id,
                "company_id": self.env.company.id,
                "at": fields.Datetime.now(),
                "kind": "added",
                "date_from": "2020-01-01",
            }
        )
        self.entitlement.date_to = self.today - timedelta(days=1)
        self.log_in()

        self.assertIn('data-access="entitlement"', self.lacking())
        self.assertIn("Reddito di Autonomia", self.get(self.path("/history")))
        self.assertIn("+", self.get(self.path("/movements")))
        page = self.get(f"/my/coupons/{coupon.id}")
        self.assertNotIn(coupon._code(), page)
        self.assertIn("You are not entitled today", page)

    def test_history_is_of_who_has_logged_in_strongly(self):
        """R-000-19: the history too."""
        self.log_in(level="password")
        for page in READABLE:
            self.get(self.path(page), 403)

    def test_code_of_the_wallet(self):
        """R-000-16: made by posting only, shown once, gone when it is used."""
        self.reward()
        self.log_in()
        self.assertNotIn("o_code_picture", self.get(self.path("/code")))

        panel = self.post(self.path("/code"), part="panel")

        self.assertEqual(panel.status_code, 200)
        self.assertIn("o_code_picture", panel.text)
        self.assertNotIn("<html", panel.text)
        self.get(self.path("/code/paid"), 204)

    def test_no_code_without_credit(self):
        """R-000-16: a sentence instead."""
        self.log_in()
        answer = self.post(self.path("/code"))
        self.assertEqual(answer.status_code, 429)
        self.assertIn("nothing in your wallet", answer.text)

    def test_wallet_buys_a_coupon(self):
        """R-000-16: for the price on its page; who has too little is told."""
        bought = self.campaign(name="Ten off", amount=10, area="reserved", obtain="exchanged", wallet_price=8)
        self.log_in()
        self.assertEqual(self.post(self.path(f"/coupons/{bought.id}")).status_code, 409)
        self.reward()

        key = uuid4().hex
        answer, again = [self.post(self.path(f"/coupons/{bought.id}"), request=key) for _press in range(2)]

        self.assertEqual(answer.status_code, 303)
        self.assertEqual(again.headers["Location"], answer.headers["Location"])
        self.assertIn("2.00", self.get(self.path()))

    def test_rewards(self):
        """R-000-17: what is rewarded, and what was."""
        self.reward()
        self.log_in()

        page = self.get(self.path("/rewards"))

        self.assertEqual(page.count("An hour of volunteering"), 2)

    def test_no_such_area(self):
        """R-000-12: addresses of circuits that have none."""
        self.log_in()
        other = self.env["circuit.circuit"].create({"name": "Without coupons"})
        self.get(f"/my/reserved/{other.id}", 404)
        self.get("/my/reserved/99999999999", 404)

    def test_portal_home_leads_here(self):
        """R-000-05: from the citizen's home page."""
        self.log_in()
        page = self.get("/my/home")
        self.assertIn('href="/my/coupons"', page)
        self.assertIn('href="/my/reserved"', page)
