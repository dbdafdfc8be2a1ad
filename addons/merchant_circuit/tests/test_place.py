from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged

from .common import OfficeCase, ShopCase


@tagged("post_install", "-at_install")
class TestPlace(OfficeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.places = cls.env["circuit.place"]
        cls.shop = cls.merchant.place_ids

    def web_shop(self, merchant=None):
        """A second place, on the web.

        :return: circuit.place
        """
        return self.places.create(
            {
                "name": "Web shop",
                "merchant_id": (merchant or self.merchant).id,
                "kind": "online",
                "url": "https://shop.example.com",
            }
        )

    def test_signed_member_has_a_place(self):
        """R-000-04: whoever signs sells somewhere: at its address, until the office says more."""
        self.assertEqual((self.shop.name, self.shop.kind), ("Alimentari Rossi", "physical"))

    def test_physical_and_virtual_places(self):
        """R-000-04: a member has shops in streets and on the web."""
        self.web_shop()

        self.assertEqual(sorted(self.merchant.place_ids.mapped("kind")), ["online", "physical"])

    def test_web_shop_needs_an_address(self):
        """R-000-04: one that a browser may be sent to."""
        for url in (False, "javascript:alert(1)", "shop"):
            with self.subTest(url=url), self.assertRaises(ValidationError), self.cr.savepoint():
                self.web_shop().url = url

    def test_till_without_a_place_stands_at_the_only_one(self):
        """R-000-04: the default needs no setting."""
        self.assertEqual(self.places._of_till(self.merchant.id), self.shop.id)

    def test_nobody_guesses_between_two_places(self):
        """R-000-04: with two places the till must say where it stands."""
        online = self.web_shop()

        self.assertIsNone(self.places._of_till(self.merchant.id))
        self.assertEqual(self.places._of_till(self.merchant.id, online.id), online.id)

    def test_place_of_another_merchant_is_not_taken(self):
        """R-000-04: nor one that is used no more."""
        foreign = self.other_merchant.place_ids

        self.assertEqual(self.places._of_till(self.merchant.id, foreign.id), self.shop.id)

    def test_a_till_at_a_place_nobody_uses(self):
        """R-000-04: it names no place, and surely not another one."""
        closed = self.places.create({"name": "Closed", "merchant_id": self.merchant.id, "active": False})

        self.assertIsNone(self.places._of_till(self.merchant.id, closed.id))

    def test_login_stands_at_a_place_of_its_own_merchant(self):
        """R-000-04: the office cannot send a cashier to somebody else's shop."""
        user = new_test_user(self.env, "shop-person", groups="base.group_portal")
        user.merchant_id = self.merchant

        with self.assertRaises(ValidationError):
            user.place_id = self.other_merchant.place_ids

    def test_login_that_changes_merchant_leaves_the_place(self):
        """R-000-04."""
        user = new_test_user(self.env, "shop-person", groups="base.group_portal")
        user.write({"merchant_id": self.merchant.id, "place_id": self.shop.id})

        user.merchant_id = self.other_merchant

        self.assertFalse(user.place_id)

    def test_movement_records_its_place(self):
        """R-000-04: from the till's word to the operation, and to what it gives back."""
        reply = self.authorize(terminal=self.terminal._replace(place_id=self.shop.id))
        self.capture(reply)
        transaction = self.transaction(reply)
        transaction._reverse("Returned goods")

        self.assertEqual(transaction.place_id, self.shop)
        self.assertEqual(transaction.refund_ids.place_id, self.shop)

    def test_rights_on_places(self):
        """Officers write places; operating managers read those of their circuits."""
        place = self.shop.with_user(self.officer)
        place.city = "Corleto Perticara"

        self.assertEqual(self.shop.with_user(self.operator).city, "Corleto Perticara")
        with self.assertRaises(AccessError):
            self.shop.with_user(self.operator).city = "Elsewhere"

    def test_operators_of_other_circuits_see_no_place(self):
        """Their circuits only."""
        self.circuit.operator_id = self.env["res.partner"].create({"name": "Altro gestore", "is_company": True})

        with self.assertRaises(AccessError):
            self.shop.with_user(self.operator).read(["name"])


@tagged("post_install", "-at_install")
class TestPlacePage(ShopCase):
    def test_merchant_sees_its_places(self):
        """R-000-04, R-000-27: and what it may do; nobody else's."""
        self.other_merchant.place_ids.name = "Somebody else's shop"
        self.env["circuit.place"].create(
            {
                "name": "Rossi on the web",
                "merchant_id": self.merchant.id,
                "kind": "online",
                "url": "https://rossi.example.com",
            }
        )
        self.login(self.merchant)

        page = self.url_open("/merchant/agreement").text

        self.assertIn("Rossi on the web", page)
        self.assertNotIn("Somebody else's shop", page)

    def test_operation_says_where_it_happened(self):
        """R-000-04: in the merchant's own list, where there are several places."""
        place = self.env["circuit.place"].create({"name": "Bottega in piazza", "merchant_id": self.merchant.id})
        transaction = self.sale(self.terminal._replace(place_id=place.id))
        self.login(self.merchant)

        page = self.url_open(f"/merchant/transactions/{transaction.reference}").text

        self.assertIn("Bottega in piazza", page)
