from datetime import timedelta

import psycopg2

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CouponCase


@tagged("post_install", "-at_install")
class TestCoupon(CouponCase):
    def test_a_citizen_takes_one(self):
        """R-000-05: taken, with a code that only the server can make again."""
        coupon = self.fixed._take(self.anna)

        self.assertEqual((coupon.holder_id, coupon.state, coupon.uses), (self.anna, "available", 1))
        self.assertRegex(coupon._code(), r"^EC(-[0-9A-HJKMNP-TV-Z]{4}){4}$")
        self.assertNotIn(coupon._code().replace("-", ""), str(coupon.sudo().read()))

    def test_several_in_one_list(self):
        """R-000-05: from one member or from many."""
        taken = self.fixed._take(self.anna) | self.percent._take(self.anna)

        self.assertEqual(
            self.env["ecoupon.coupon"].search([("holder_id", "=", self.anna.id)]), taken.sorted("id", True)
        )

    def test_one_a_person(self):
        """R-000-38: the second one is refused in words."""
        self.fixed._take(self.anna)

        with self.assertRaisesRegex(UserError, "you have yours"):
            self.fixed._take(self.anna)

    def test_none_left(self):
        """R-000-38: never more than there are."""
        campaign = self.campaign(publish=True, quantity=1)
        campaign._take(self.anna)

        with self.assertRaisesRegex(UserError, "No coupon"):
            campaign._take(self.issuer)

    def test_not_before_and_not_after(self):
        """R-000-05: handed out between two instants."""
        now = fields.Datetime.now()
        early = self.campaign(publish=True, publish_from=now + timedelta(hours=1))
        late = self.campaign(publish=True, publish_to=now - timedelta(hours=1))

        for campaign, words in ((early, "not begun"), (late, "is over")):
            with self.subTest(words), self.assertRaisesRegex(UserError, words):
                campaign._take(self.anna)

    def test_days_from_taking(self):
        """R-000-05: three days, and never longer than the campaign."""
        coupon = self.campaign(publish=True, valid_days=3)._take(self.anna)

        self.assertEqual(coupon.expires_at, coupon.taken_at + timedelta(days=3))

    def test_days_begin_when_it_can_be_spent(self):
        """R-000-05: a coupon taken before its campaign is valid does not end before it begins."""
        begins = fields.Datetime.now() + timedelta(days=20)
        coupon = self.campaign(publish=True, valid_days=3, valid_from=begins)._take(self.anna)

        self.assertEqual(coupon.expires_at, begins + timedelta(days=3))

    def test_a_worth_that_was_left_out(self):
        """R-000-07, R-000-08: an import without an amount or a percentage makes no campaign."""
        for kind in ("fixed", "percent"):
            with self.subTest(kind), mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.errors.CheckViolation):
                values = self.fixed.copy_data()[0] | {"kind": kind}
                self.env["ecoupon.campaign"].create(
                    {name: value for name, value in values.items() if name not in ("amount", "percent")}
                )

    def test_reserved(self):
        """R-000-12, R-000-15: whoever is not entitled gets none, whatever calls."""
        (self.fixed | self.percent)._stop("Everybody had them.")
        campaign = self.campaign(publish=True, area="reserved", amount=9)

        with self.assertRaisesRegex(UserError, "reserved for citizens"):
            campaign._take(self.anna)

    def test_handed_out_by_a_member(self):
        """R-000-03, R-000-04, R-000-06: B hands it out at its shop; where and by whom is kept."""
        campaign = self.campaign(
            publish=True, obtain="earned", distributor_ids=[(6, 0, self.b.ids)], prize_reference="CO/1/2026"
        )

        coupons = campaign._hand_out(self.b, self.shops[1], 2)

        self.assertEqual(len(coupons), 2)
        self.assertEqual((coupons.distributor_id, coupons.place_id), (self.distributor, self.shops[1]))
        with self.assertRaisesRegex(UserError, "C does not|C"):
            campaign._hand_out(self.c, self.shops[2])
        with self.assertRaisesRegex(UserError, "not taken on the web"):
            campaign._take(self.anna)

    def test_stopped(self):
        """R-000-23: the stop switch stops the handing out as well."""
        self.fixed._stop("Printed twice.")

        with self.assertRaisesRegex(UserError, "no coupons now"):
            self.fixed._take(self.anna)

    def test_cancelled(self):
        """R-000-23: what was not used can be taken back with a reason; it counts no longer."""
        campaign = self.campaign(publish=True, quantity=1)
        coupon = campaign._take(self.anna)
        with self.assertRaisesRegex(UserError, "Say why"):
            coupon._cancel("")

        coupon._cancel("Handed out by mistake")

        self.assertEqual((coupon.state, coupon.cancel_reason), ("cancelled", "Handed out by mistake"))
        self.assertEqual(
            self.env["ecoupon.coupon"].search([("campaign_id", "=", campaign.id), ("state", "=", "cancelled")]), coupon
        )
        self.assertTrue(campaign._take(self.anna))
