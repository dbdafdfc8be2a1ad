import json
from datetime import date, timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import TillCase


@tagged("post_install", "-at_install")
class TestDirectory(TillCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.merchant.write(
            {
                "street": "Via Roma 12",
                "city": "Corleto Perticara",
                "phone": "+39 333 1112223",
                "email": "private@example.org",
                "vat": "IT12345670017",
                "shop_phone": "+39 0971 111111",
                "partner_latitude": 40.3829,
                "partner_longitude": 16.0403,
            }
        )
        cls.bar = cls.env["res.partner"].create({"name": "Bar Caffè Città", "is_merchant": True})
        cls.bar_agreement = cls.env["circuit.agreement"].create(
            {
                "circuit_id": cls.circuit.id,
                "merchant_id": cls.bar.id,
                "category_id": cls.env.ref("merchant_circuit.category_somministrazione").id,
                "activity_id": cls.env.ref("merchant_circuit.activity_bar").id,
                "date_from": "2020-01-01",
            }
        )
        cls.bar_agreement.action_sign()
        cls.address = f"/circuit/{cls.circuit.id}/merchants"

    def page(self, query=""):
        """The page as anybody sees it."""
        answer = self.url_open(f"{self.address}{query}")
        self.assertEqual(answer.status_code, 200)
        return answer.text

    def geojson(self):
        """Features of the map data, by name."""
        answer = self.url_open(f"{self.address}.geojson")
        self.assertEqual(answer.headers["Content-Type"], "application/geo+json; charset=utf-8")
        return {feature["properties"]["name"]: feature for feature in json.loads(answer.text)["features"]}

    def test_everybody_reads_the_list(self):
        """R-001-13, R-004-91: without login, by category, with place and activity."""
        page = self.page()

        for text in ("Alimentari Rossi", "Via Roma 12", "Bar Caffè Città", "Ferramenta Neri", "+39 0971 111111"):
            with self.subTest(text):
                self.assertIn(text, page)

    def test_private_data_stay_private(self):
        """R-004-91: neither fiscal codes nor private phones and mails are published."""
        for text in (self.page(), self.url_open(f"{self.address}.geojson").text):
            for secret in ("333 1112223", "private@example.org", "12345670017"):
                with self.subTest(secret):
                    self.assertNotIn(secret, text)

    def test_search_by_name_activity_and_place(self):
        """R-004-91: words in any order, without accents."""
        cases = {
            "?q=citta+CAFFE": {"Bar Caffè Città"},
            "?q=corleto": {"Alimentari Rossi"},
            "?q=via+roma+rossi": {"Alimentari Rossi"},
            "?category=SOMMINISTRAZIONE": {"Bar Caffè Città"},
            "?q=nothing+at+all": set(),
            "?category=NONSENSE&q=%00%27%3B--": set(),
        }
        names = {"Alimentari Rossi", "Bar Caffè Città", "Ferramenta Neri"}
        for query, expected in cases.items():
            with self.subTest(query):
                page = self.page(query)
                self.assertEqual({name for name in names if name in page}, expected)

    def test_only_agreements_in_force_are_listed(self):
        """R-004-90: suspended, ended, future and hidden shops are not in the list."""
        today = fields.Date.today()
        self.agreement._suspend("fraud", "Suspicion")
        self.other_agreement.date_from = today + timedelta(days=3)
        self.bar.in_directory = False

        page = self.page()

        for name in ("Alimentari Rossi", "Ferramenta Neri", "Bar Caffè Città"):
            with self.subTest(name):
                self.assertNotIn(name, page)

    def test_a_circuit_may_keep_its_list_to_itself(self):
        """R-004-91: a parameter of the circuit."""
        self.circuit.publish_directory = False

        for address in (
            self.address,
            f"{self.address}.geojson",
            "/circuit/x/merchants",
            "/circuit/99999999999/merchants",
        ):
            with self.subTest(address):
                self.assertEqual(self.url_open(address).status_code, 404)

    def test_map_data(self):
        """R-001-13: any site can draw the map; a shop without a place is listed without one."""
        shops = self.geojson()

        self.assertEqual(shops["Alimentari Rossi"]["geometry"], {"type": "Point", "coordinates": [16.0403, 40.3829]})
        self.assertIsNone(shops["Ferramenta Neri"]["geometry"])

    def test_users_are_told_of_disputes(self):
        """R-004-99: Comune and operator are not party to disputes."""
        self.circuit.dispute_clause = "Neither Comune nor operator is party to disputes."

        self.assertIn("Neither Comune nor operator is party to disputes.", self.page())

    def test_advantages_are_shown_while_they_hold(self):
        """R-004-104: in the list, between their days."""
        today = fields.Date.today()
        for title, start, end in (
            ("10% off on bread", today, today),
            ("Over since yesterday", today - timedelta(days=9), today - timedelta(days=1)),
            ("From tomorrow", today + timedelta(days=1), False),
        ):
            self.env["circuit.offer"].create(
                {"agreement_id": self.agreement.id, "name": title, "date_from": start, "date_to": end}
            )

        page, shop = self.page(), self.geojson()["Alimentari Rossi"]

        self.assertIn("10% off on bread", page)
        self.assertNotIn("Over since yesterday", page)
        self.assertNotIn("From tomorrow", page)
        self.assertEqual([offer["title"] for offer in shop["properties"]["offers"]], ["10% off on bread"])

    def test_names_are_shown_as_text(self):
        """Bad input: a name or an advantage is never a part of the page's code."""
        self.merchant.shop_name = "<script>alert(1)</script>"
        self.env["circuit.offer"].create(
            {"agreement_id": self.agreement.id, "name": "<img src=x onerror=alert(2)>", "date_from": date(2020, 1, 1)}
        )

        page = self.page()

        self.assertNotIn("<script>alert(1)", page)
        self.assertNotIn("<img src=x", page)
