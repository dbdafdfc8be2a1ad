from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from odoo.addons.queue_job.tests.common import trap_jobs

from .common import CouponCase


@tagged("post_install", "-at_install")
class TestBatch(CouponCase):
    def batch(self, count, **values):
        """A batch of a campaign whose codes are printed."""
        campaign = self.campaign(publish=True, obtain="printed", **values)
        return self.env["ecoupon.batch"].create({"campaign_id": campaign.id, "count": count})

    def test_codes_for_the_printer(self):
        """R-000-05: made, on a sheet and in a list; nobody holds them yet."""
        batch = self.batch(3)

        batch.action_make()

        coupons = batch._coupons()
        self.assertEqual((batch.state, batch.made_count, len(coupons)), ("done", 3, 3))
        self.assertFalse(coupons.filtered("taken_at") | coupons.filtered("holder_id"))
        self.assertEqual([row["code"] for row in batch._sheet()], [coupon._code() for coupon in coupons])
        self.assertIn(coupons[0]._code().encode(), batch._csv())

    def test_many_in_the_background(self):
        """R-000-38: 5,000 are left to the queue; begun twice, none is made twice."""
        batch = self.batch(5_000)
        with trap_jobs() as trap:
            batch.action_make()
            trap.perform_enqueued_jobs()

        batch._job_make()

        self.assertEqual((batch.state, len(batch._coupons())), ("done", 5_000))

    def test_not_more_than_there_are(self):
        """R-000-38: the campaign has ten."""
        batch = self.batch(11, quantity=10)

        with self.assertRaisesRegex(UserError, "Only 10"):
            batch.action_make()
        self.assertFalse(batch._coupons())

    def test_only_what_is_printed(self):
        """R-000-03: a coupon that is taken on the web has no printed codes."""
        with self.assertRaises(ValidationError):
            self.env["ecoupon.batch"].create({"campaign_id": self.fixed.id, "count": 1})

    def test_too_many_for_paper(self):
        """R-000-05: the sheet says where to go."""
        batch = self.batch(481)
        batch.action_make()

        with self.assertRaisesRegex(UserError, "download the list"):
            batch._sheet()

    def test_who_reads_codes(self):
        """R-000-38, SEC: codes are money: not for whoever has some login."""
        batch = self.batch(1)
        batch.action_make()
        for groups in ("base.group_user", "base.group_portal"):
            user = new_test_user(self.env, f"codes_{groups[-6:]}", groups=groups)
            for show in ("_sheet", "_csv"):
                with self.subTest(groups, show=show), self.assertRaises(AccessError):
                    getattr(batch.with_user(user), show)()
