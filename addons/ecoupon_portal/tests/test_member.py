import io
from datetime import timedelta
from unittest.mock import patch
from uuid import uuid4

from lxml import html
from openpyxl import load_workbook

from odoo import fields, http
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.ecoupon.tests.common import CouponCase
from odoo.addons.merchant_circuit.rules.till import Terminal

MEMBER = "odoo.addons.ecoupon_portal.controllers.member_coupons"


@tagged("post_install", "-at_install")
class TestMember(CouponCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ecoupon.commission"].create({"circuit_id": cls.circuit.id, "date_from": "2020-01-01", "rate": 3})
        for login, merchant in (("shop-a", cls.issuer), ("shop-b", cls.distributor), ("shop-c", cls.acceptor)):
            user = new_test_user(cls.env, login, groups="base.group_portal", lang="en_US")
            user.merchant_id = merchant

    def spend(self, merchant=None, **values):
        """Anna spends a coupon of 5.00 on 40.00, at C unless said otherwise.

        :param values: of its campaign
        :return: ecoupon.redemption
        """
        merchant = merchant or self.acceptor
        coupon = self.campaign(publish=True, **values)._take(self.anna)
        terminal = Terminal(merchant.id, self.env.company.id, "pos", "pos.config,1", "pos.session,1")
        request = {
            "key": str(uuid4()),
            "identifier": coupon._code(),
            "secret": "",
            "lines": [{"amount": "40.00", "activity_id": None}],
            "requested": None,
            "order_ref": str(uuid4()),
        }
        reply = self.env["circuit.till"]._authorize(terminal, request)
        self.assertEqual(reply["status"], "authorized", reply)
        transaction = self.env["circuit.transaction"].search([("key", "=", reply["key"])])
        self.env["circuit.transaction"]._capture(
            terminal, reply["key"], request["order_ref"], 5, digest=transaction.lines_digest
        )
        return self.env["ecoupon.redemption"].search([("transaction_id", "=", transaction.id)])

    def figure(self, login, label, path="/merchant/coupons"):
        """The value under a label of the member's page."""
        return (
            html.fromstring(self.page(login, path)).xpath(f"//dt[normalize-space()='{label}']/../dd")[0].text_content()
        )

    def page(self, login, path="/merchant/coupons"):
        """A page as a member sees it, spaces in amounts made plain."""
        self.authenticate(login, login)
        answer = self.url_open(path)
        self.assertEqual(answer.status_code, 200)
        return answer.text.replace("\xa0", " ").replace("&nbsp;", " ")

    def test_both_sides_at_once(self):
        """R-000-26, R-000-21: right after the sale C is owed 5.00, and A owes it with a commission of 0.15."""
        self.spend()

        self.assertIn("5.00", self.figure("shop-c", "You are owed"))
        self.assertIn("5.00", self.figure("shop-a", "You owe other shops"))
        self.assertIn("0.15", self.figure("shop-a", "You owe as commission"))

    def test_the_sponsors_share(self):
        """R-000-26: of 5.00 the sponsor B pays 40 %: A sees what it gets, B what it owes, C nothing of it."""
        self.spend(sponsor_id=self.distributor.id, sponsor_share=40)

        self.assertIn("2.00", self.figure("shop-a", "The sponsor owes you"))
        self.assertIn("2.00", self.figure("shop-b", "You owe as sponsor"))
        self.assertNotIn("ponsor", self.page("shop-c"))
        self.authenticate("shop-a", "shop-a")
        sheet = load_workbook(io.BytesIO(self.url_open("/merchant/coupons.xlsx").content)).active
        self.assertEqual(list(sheet.iter_rows(values_only=True))[1][9:], (5, 0.15, 2))

    def test_more_than_a_file_holds(self):
        """R-000-26: said, not cut."""
        self.spend()
        self.authenticate("shop-c", "shop-c")

        with patch(f"{MEMBER}.EXPORT_MAX", 0):
            answer = self.url_open("/merchant/coupons.csv")

        self.assertIn("choose fewer days", answer.text)

    def test_nothing_of_others(self):
        """R-000-27: B sees no name, no campaign and no amount of what A and C did."""
        noted = self.spend()

        text = self.page("shop-b")

        self.assertNotIn(noted.transaction_id.reference, text)
        self.assertNotIn("5.00", text)

    def test_the_acceptor_sees_no_commission(self):
        """R-000-24, R-000-27: what A pays the operator is not C's business."""
        self.spend()
        self.authenticate("shop-c", "shop-c")

        sheet = load_workbook(io.BytesIO(self.url_open("/merchant/coupons.xlsx").content)).active
        rows = list(sheet.iter_rows(values_only=True))

        self.assertEqual(len(rows), 2)
        self.assertEqual(rows[1][6:], (40, 5, 5, None, None, None))

    def test_live(self):
        """R-000-26: the open page is told what changed, and nothing when nothing did."""
        self.authenticate("shop-c", "shop-c")
        before = self.url_open("/merchant/coupons/live").json()
        self.assertNotIn("html", self.url_open(f"/merchant/coupons/live?digest={before['digest']}").json())

        self.spend()

        after = self.url_open(f"/merchant/coupons/live?digest={before['digest']}").json()
        self.assertIn("5.00", after["html"])

    def test_a_place_of_somebody_else_chooses_nothing(self):
        """R-000-27: ids in the address are compared with the member's own."""
        self.spend()

        self.assertIn("5.00", self.page("shop-c", f"/merchant/coupons?place={self.shops[0].id}&category=99999999"))

    def test_proposed_in_the_portal(self):
        """R-000-03: A proposes, the operator refuses with a reason that A reads."""
        self.authenticate("shop-a", "shop-a")
        today = fields.Date.today()
        values = {
            "csrf_token": self.csrf(),
            "name": "Ten off",
            "kind": "fixed",
            "worth": "10,00",
            "accept": "all",
            "first": str(today),
            "last": str(today + timedelta(days=30)),
        }

        wrong = self.url_open("/merchant/coupons/campaigns/new", data=values | {"kind": "percent", "worth": "120"})
        right = self.url_open("/merchant/coupons/campaigns/new", data=values)

        many = self.url_open("/merchant/coupons/campaigns/new", data=values | {"quantity": "9" * 5000})

        self.assertIn("at most 100", wrong.text)
        self.assertIn("at most 7 digits", many.text)
        self.assertIn("done=proposed", right.url)
        campaign = self.env["ecoupon.campaign"].search([("name", "=", "Ten off")])
        self.assertEqual((campaign.state, campaign.issuer_id, campaign.amount), ("proposed", self.issuer, 10))
        campaign._refuse("Which goods?")
        self.assertIn("Which goods?", self.page("shop-a", "/merchant/coupons/campaigns"))

    def test_who_issues_in_two_circuits_chooses(self):
        """R-000-03: the campaign is proposed in the circuit that was chosen."""
        other = self.circuit.copy({"name": "Brianza"})
        commitment = self.a.copy({"circuit_id": other.id})
        commitment.action_sign()
        self.authenticate("shop-a", "shop-a")
        today = fields.Date.today()
        values = {
            "csrf_token": self.csrf(),
            "name": "Ten off",
            "kind": "fixed",
            "worth": "10",
            "accept": "issuer",
            "first": str(today),
            "last": str(today + timedelta(days=30)),
        }

        page = self.url_open("/merchant/coupons/campaigns/new").text
        without = self.url_open("/merchant/coupons/campaigns/new", data=values)
        self.url_open("/merchant/coupons/campaigns/new", data=values | {"circuit": str(other.id)})

        self.assertIn("Brianza", page)
        self.assertIn("Choose the circuit", without.text)
        campaign = self.env["ecoupon.campaign"].search([("name", "=", "Ten off")])
        self.assertEqual(campaign.issuer_agreement_id, commitment)

    def test_amounts_are_in_the_circuits_currency(self):
        """R-000-03: what a member types is in the currency of its circuit."""
        self.circuit.company_id.currency_id = self.env.ref("base.CHF").sudo()
        self.authenticate("shop-a", "shop-a")

        text = html.fromstring(self.url_open("/merchant/coupons/campaigns/new").text).text_content()

        self.assertIn("CHF", text)
        self.assertNotIn("EUR", text)

    def test_who_does_not_issue_proposes_nothing(self):
        """R-000-03: C accepts only."""
        self.authenticate("shop-c", "shop-c")

        self.assertEqual(self.url_open("/merchant/coupons/campaigns/new").status_code, 404)

    def test_the_desk(self):
        """R-000-03, R-000-04: B hands a coupon out; A, who does not distribute this one, gets 404."""
        campaign = self.campaign(
            publish=True, obtain="earned", distributor_ids=[(6, 0, self.b.ids)], prize_reference="CO/1/2026"
        )
        answers = {}
        for login in ("shop-b", "shop-a"):
            self.authenticate(login, login)
            answers[login] = self.url_open(
                f"/merchant/coupons/hand-out/{campaign.id}", data={"csrf_token": self.csrf()}
            )

        self.assertRegex(answers["shop-b"].text, r"EC(-[0-9A-Z]{4}){4}")
        self.assertEqual(answers["shop-a"].status_code, 404)
        self.assertEqual(campaign.coupon_ids.distributor_id, self.distributor)

    def test_a_form_sent_twice_hands_out_one(self):
        """R-000-38: a second press, and the page loaded again."""
        campaign = self.campaign(
            publish=True, obtain="earned", distributor_ids=[(6, 0, self.b.ids)], prize_reference="CO/1/2026"
        )
        self.authenticate("shop-b", "shop-b")
        form = {"csrf_token": self.csrf(), "request": uuid4().hex}

        answers = [self.url_open(f"/merchant/coupons/hand-out/{campaign.id}", data=form) for _press in range(2)]
        again = self.url_open(answers[0].url)

        self.assertEqual(len(campaign.coupon_ids), 1)
        self.assertEqual({answer.url for answer in answers}, {again.url})
        self.assertIn(campaign.coupon_ids._code(), again.text)
        self.authenticate("shop-a", "shop-a")
        self.assertEqual(self.url_open(answers[0].url).status_code, 404)

    def test_a_member_with_two_places(self):
        """R-000-04: which of them handed it out is written only where the login says it."""
        places = self.env["circuit.place"].create(
            [{"name": name, "merchant_id": self.distributor.id} for name in ("East", "West")]
        )
        campaign = self.campaign(
            publish=True, obtain="earned", distributor_ids=[(6, 0, self.b.ids)], prize_reference="CO/1/2026"
        )
        self.authenticate("shop-b", "shop-b")
        address, form = f"/merchant/coupons/hand-out/{campaign.id}", {"csrf_token": self.csrf()}

        self.url_open(address, data=form)
        self.assertFalse(campaign.coupon_ids.place_id)
        self.env["res.users"].search([("login", "=", "shop-b")]).place_id = places[1]
        self.url_open(address, data=form)

        self.assertEqual(campaign.coupon_ids.place_id, places[1])

    def test_by_category(self):
        """R-000-26: what is not spent yet counts under the category of who issued it, also where it was handed out."""
        names = self.env["circuit.category"].create(
            [{"name": name, "code": name.upper()} for name in ("Museums", "Sports")]
        )
        self.a.category_id, self.b.category_id = names
        self.campaign(publish=True)._take(self.anna)
        earned = self.campaign(
            publish=True, obtain="earned", distributor_ids=[(6, 0, self.b.ids)], prize_reference="CO/1/2026"
        )
        earned._hand_out(self.b)
        shown = {}
        for login, label in (("shop-a", "Made"), ("shop-a", "Taken"), ("shop-b", "Handed out here")):
            for name in names:
                address = f"/merchant/coupons?category={name.id}"
                shown[label, name.name] = self.figure(login, label, address).strip()

        self.assertEqual({shown["Made", "Museums"], shown["Taken", "Museums"]}, {"2"})
        self.assertEqual(shown["Handed out here", "Museums"], "1")
        self.assertEqual(shown["Handed out here", "Sports"], "0")

    def test_the_filter_keeps_the_days(self):
        """R-000-26: who chose days of their own and then a place still sees those days."""
        text = self.page("shop-a", "/merchant/coupons?from=2026-01-05&to=2026-02-03")

        self.assertRegex(text, r'name="from"\s+value="2026-01-05"')
        self.assertRegex(text, r'name="to"\s+value="2026-02-03"')

    def test_no_model_is_open(self):
        """R-000-27: nothing of it by remote call."""
        user = self.env["res.users"].search([("login", "=", "shop-c")])
        for model in ("campaign", "coupon", "redemption", "position", "figure", "entitlement", "wallet"):
            with self.subTest(model):
                self.assertFalse(self.env[f"ecoupon.{model}"].with_user(user).has_access("read"))

    def csrf(self):
        """Token of the session's forms."""
        return http.Request.csrf_token(self)
