import base64
import json
from datetime import timedelta

from lxml import etree

from odoo import fields
from odoo.tests import tagged

from .citizen_common import CitizenCase

PICTURE = base64.b64encode(
    base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==")
)


@tagged("post_install", "-at_install")
class TestCatalogue(CitizenCase):
    def found(self, query=""):
        """Names in the catalogue of a visitor, in their order."""
        page = etree.HTML(self.get(f"/coupons{query}"))
        return [link.text for link in page.xpath("//ul[contains(@class,'o_ecoupon_list')]//h2/a")]

    def test_anybody_sees_the_public_area(self):
        """R-000-11: ordinary coupons without login, and nothing of the reserved area."""
        self.assertEqual(self.found(), ["Five off"])
        self.assertIn("Five off", self.get(f"/coupons/{self.public.id}"))

    def test_nothing_to_have_today(self):
        """R-000-11: an empty catalogue is a page, a map without points and a feed without items."""
        self.public.sudo().state = "stopped"

        self.assertEqual(self.found(), [])
        self.assertEqual(json.loads(self.get("/coupons.geojson"))["features"], [])
        self.assertNotIn("<item>", self.get("/coupons.rss"))

    def test_extra_discounts_are_invisible(self):
        """R-000-12: not in lists, data, feed, picture or by address; also for a measure that the area does not name."""
        self.extra.image = PICTURE
        measure = self.campaign(name="For a measure", amount=7, policy_ids=self.policy.ids)

        for campaign in self.extra | measure:
            for path in ("/coupons", "/coupons.geojson", "/coupons.rss", "/coupons?q=off"):
                self.assertNotIn(campaign.name, self.get(path))
            for path in ("", "/picture"):
                self.get(f"/coupons/{campaign.id}{path}", 404)

    def test_only_what_can_be_had_now(self):
        """R-000-11: no draft, nothing stopped, not yet published, no longer published, over, or printed for leaflets."""
        now = fields.Datetime.now()
        hidden = [
            {"state": "draft"},
            {"state": "stopped"},
            {"publish_from": now + timedelta(hours=1)},
            {"publish_to": now - timedelta(hours=1)},
            {"valid_to": now - timedelta(hours=1)},
            {"obtain": "printed"},
        ]
        for number, values in enumerate(hidden):
            campaign = self.campaign(name=f"Hidden {number}", amount=1, **values)
            self.get(f"/coupons/{campaign.id}", 404)

        self.assertEqual(self.found(), ["Five off"])

    def test_featured_first(self):
        """R-000-34: what the operator puts forward comes first."""
        self.campaign(name="Older but featured", amount=1, featured=True, valid_from="2019-01-01 00:00:00")

        self.assertEqual(self.found(), ["Older but featured", "Five off"])

    def test_filters(self):
        """R-000-11: by words in any spelling, goods, province and circuit."""
        self.campaign(name="Caffè e libri", amount=2, goods_ids=self.books.ids, place_ids=self.place_b.ids)

        self.assertEqual(self.found("?q=CAFFE brescia"), ["Caffè e libri"])
        self.assertEqual(self.found("?goods=TESTBOOKS"), ["Caffè e libri"])
        self.assertEqual(self.found(f"?province={self.milan.id}"), ["Five off"])
        self.assertEqual(self.found(f"?province={self.brescia.id}&goods=TESTBOOKS"), ["Caffè e libri"])
        self.assertEqual(len(self.found(f"?circuit={self.circuit.id}")), 2)
        self.assertEqual(self.found("?q=nothing"), [])

    def test_strange_arguments(self):
        """R-000-11: whoever plays with the address gets a page."""
        for query in (
            "?q=%00",
            "?province=x",
            "?goods='--",
            "/page/0",
            "/page/99999",
            "?circuit=99999999999",
            "?all=1",
        ):
            self.found(query)
        self.get("/coupons/99999999999", 404)

    def test_conditions_are_clear(self):
        """R-000-20: what, where, until when, and that neither the citizen nor the accepting shop pays."""
        region = self.env["res.partner"].create({"name": "The Region"})
        campaign = self.campaign(
            name="Clear",
            percent=20,
            max_discount=15,
            min_purchase=30,
            goods_ids=self.books.ids,
            accept="listed",
            accept_merchant_ids=self.bookshop.ids,
            sponsor_id=region.id,
            sponsor_share=40,
            quantity=100,
            valid_to=fields.Datetime.to_datetime("2099-06-30 22:00:00"),
        )

        text = " ".join(etree.HTML(self.get(f"/coupons/{campaign.id}")).xpath("string(//div[@id='wrap'])").split())

        for words in (
            "20% off the price",
            "Only on: Test books.",
            "At: Books B.",
            "until 06/30/2099.",
            "One for each person.",
            "100 in all.",
            "The discount is paid by Issuer A",
            "The Region pays 40% of it.",
            "the shop where you spend it loses nothing",
        ):
            self.assertIn(words, text)

    def test_map_data(self):
        """R-000-11: one point a place, with the page's address; nobody's position is asked."""
        self.campaign(name="Two places", amount=2, place_ids=(self.place_a | self.place_b).ids)

        answer = self.url_open("/coupons.geojson")
        data = json.loads(answer.text)

        self.assertTrue(answer.headers["Content-Type"].startswith("application/geo+json"))
        points = [
            one["geometry"]["coordinates"] for one in data["features"] if one["properties"]["campaign"] == "Two places"
        ]
        self.assertCountEqual(points, [[9.2, 45.4], [9.2, 45.5]])

    def test_places_of_many_campaigns(self):
        """R-000-11: each its own places, else those of its issuer and of the shops listed, in the places' order."""
        listed = self.campaign(name="Listed", amount=2, accept="listed", accept_merchant_ids=self.bookshop.ids)
        named = self.campaign(name="Named", amount=2, place_ids=self.place_b.ids)

        shown = [campaign._points().ids for campaign in self.public | listed | named]

        of_issuer, of_both = (
            self.env["circuit.place"].search([("merchant_id", "in", shops.ids)])
            for shops in (self.issuer, self.issuer | self.bookshop)
        )
        self.assertEqual(shown, [of_issuer.ids, of_both.ids, self.place_b.ids])

    def test_feed(self):
        """R-000-34: a feed of the newest coupons, whatever is in their texts."""
        self.campaign(name="Tea & <cakes>", amount=2)

        titles = etree.fromstring(self.url_open("/coupons.rss").content).xpath("//item/title/text()")

        self.assertEqual(len(titles), 2)
        self.assertTrue(any("Tea & <cakes>" in title for title in titles))

    def test_picture(self):
        """R-000-11: pictures of public campaigns are public."""
        self.get(f"/coupons/{self.public.id}/picture", 404)
        self.public.image = PICTURE

        answer = self.url_open(f"/coupons/{self.public.id}/picture")

        self.assertEqual((answer.status_code, answer.headers["Content-Type"]), (200, "image/png"))

    def test_visitors_read_no_model(self):
        """R-000-12: neither campaigns nor coupons are read by a call."""
        public = self.env.ref("base.public_user")
        for user in (public, self.citizen, self.luca):
            for model in ("ecoupon.campaign", "ecoupon.coupon", "ecoupon.wallet", "ecoupon.view", "ecoupon.engagement"):
                with self.subTest(user=user.login, model=model):
                    self.assertFalse(self.env[model].with_user(user).has_access("read"))
