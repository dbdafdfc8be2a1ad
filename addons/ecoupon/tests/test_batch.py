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
        self.assertTrue(batch._sheet().startswith(b"%PDF"))
        self.assertIn("downloaded", batch.message_ids[0].body)
        self.assertIn(coupons[0]._code().encode(), batch._csv())

    def test_many_in_the_background(self):
        """R-000-38: 5,000 are left to the queue; begun twice, none is made twice."""
        batch = self.batch(5_000)
        with trap_jobs() as trap:
            batch.action_make()
            trap.assert_jobs_count(1)
        self.assertEqual((batch.state, batch.made_count), ("going", 0))

        # the queue gives a job that commits a cursor of its own, which does not see a test's records
        batch._job_make()
        batch._job_make()

        self.assertEqual((batch.state, len(batch._coupons())), ("done", 5_000))

    def test_not_more_than_there_are(self):
        """R-000-38: the campaign has ten."""
        batch = self.batch(11, quantity=10)

        with self.assertRaisesRegex(UserError, "Only 10"):
            batch.action_make()
        self.assertFalse(batch._coupons())

    def test_what_stops_it_in_the_queue_is_said(self):
        """R-000-38: the campaign was stopped meanwhile: the batch can be changed or deleted, and says why."""
        batch = self.batch(5_000)
        with trap_jobs():
            batch.action_make()
        batch.campaign_id._stop("Over")

        batch._job_make()

        self.assertEqual((batch.state, batch.made_count), ("draft", 0))
        self.assertIn("gives no coupons now", batch.problem)

    def test_only_what_is_printed(self):
        """R-000-03: a coupon that is taken on the web has no printed codes."""
        with self.assertRaises(ValidationError):
            self.env["ecoupon.batch"].create({"campaign_id": self.fixed.id, "count": 1})

    def test_sheets_of_a_large_batch(self):
        """R-000-05: a file has 600 coupons at most; the next one begins at a number."""
        batch = self.batch(3)
        batch.action_make()

        self.assertTrue(batch._sheet(3))
        with self.assertRaisesRegex(UserError, "no coupon number 4"):
            batch._sheet(4)

    def test_cancelled(self):
        """R-000-23: the paper was lost: with a reason; what somebody keeps in their list stays."""
        batch = self.batch(3)
        batch.action_make()
        kept = batch._coupons()[0]
        kept.sudo().holder_id = self.anna
        wizard = self.env["circuit.reason"].create(
            {"step": "cancel_batch", "reason": "Lost at the fair", "coupon_batch_id": batch.id}
        )

        wizard.action_apply()

        self.assertEqual((batch.state, batch.state_reason), ("cancelled", "Lost at the fair"))
        self.assertEqual(batch._coupons(), kept)
        with self.assertRaisesRegex(UserError, "not cancelled"):
            batch._csv()

    def test_the_operator_prints(self):
        """R-000-01, R-000-05: who runs the circuit prints codes without seeing who holds a coupon."""
        batch = self.batch(2)
        batch.action_make()

        self.assertTrue(batch.with_user(self.operator)._csv())

    def test_the_queue_lets_it_commit(self):
        """R-000-38: each part is there for good before the next one is made."""
        function = self.env["queue.job.function"].search([("name", "=", "<ecoupon.batch>._job_make")])

        self.assertTrue(function.allow_commit)

    def test_who_reads_codes(self):
        """R-000-38, SEC: codes are money: not for whoever has some login."""
        batch = self.batch(1)
        batch.action_make()
        for groups in ("base.group_user", "base.group_portal"):
            user = new_test_user(self.env, f"codes_{groups[-6:]}", groups=groups)
            for show in ("_sheet", "_csv"):
                with self.subTest(groups, show=show), self.assertRaises(AccessError):
                    getattr(batch.with_user(user), show)()
