from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ShopCase

HUGE = "9" * 30
STRANGE = ("%00", "1%00", "%ED%A0%80", "%F0%9F%92%A9", HUGE, f"x-{HUGE}", "-1", "%2e%2e", "%25", "x" * 3000)
QUERIES = ("q=%00", "q=%ED%A0%80", "q[]=1&q=2", f"category={HUGE}", "self=1", "reference=2", "merchant=%00", "page=%00")


@tagged("post_install", "-at_install")
class TestStrangeAddresses(ShopCase):
    """Bad input: whatever an address says, the answer is a page or "not found", never an error of the server."""

    @mute_logger("odoo.http")
    def check(self, addresses):
        """Ask for each address."""
        for address in addresses:
            with self.subTest(address):
                self.assertLess(self.url_open(address).status_code, 500)

    def test_public_pages(self):
        """R-004-91, R-004-93: list, map data, report, and what does not exist."""
        for page in ("merchants", "merchants.geojson", "report"):
            self.check(f"/circuit/{part}/{page}" for part in STRANGE)
            self.check(f"/circuit/{self.circuit.id}/{page}?{query}" for query in QUERIES)
        self.check(f"/{part}" for part in STRANGE)

    def test_pages_of_the_merchant(self):
        """R-004-95: the same behind the login."""
        self.login(self.merchant)
        self.check(f"/merchant/transactions/{part}" for part in STRANGE)
        self.check(f"/merchant/{page}/{HUGE}" for page in ("sticker", "offers", "transactions/page"))
        for page in ("", "/live", "/transactions", "/transactions.csv", "/offers", "/help"):
            self.check(f"/merchant{page}?{query}" for query in (*QUERIES, "on=%00&period=%00", f"from={HUGE}"))

    def test_forms_of_other_kinds(self):
        """R-004-93: a list that is posted to is no page."""
        answer = self.url_open(f"/circuit/{self.circuit.id}/merchants", data={"q": "x"})

        self.assertIn(answer.status_code, (400, 405))

    def test_pages_say_how_they_may_be_used(self):
        """R-004-101: no page in another site's frame, no personal page in a cache; the public list may be cached."""
        public = self.url_open(f"/circuit/{self.circuit.id}/merchants").headers
        self.login(self.merchant)
        personal = self.url_open("/merchant").headers

        for headers in (public, personal):
            self.assertEqual(headers["X-Frame-Options"], "SAMEORIGIN")
            self.assertEqual(headers["Content-Security-Policy"], "frame-ancestors 'self'")
            self.assertEqual(headers["Referrer-Policy"], "same-origin")
            self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
        self.assertEqual(personal["Cache-Control"], "no-store")
        self.assertNotIn("Cache-Control", public)
