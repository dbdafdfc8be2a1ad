from datetime import date, datetime

from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ..models.ecoupon_campaign_life import FROZEN
from .common import CouponCase


@tagged("post_install", "-at_install")
class TestCampaignView(CouponCase):
    def reason(self, step, user=None, **values):
        """The wizard that asks why."""
        wizard = self.env["circuit.reason"].with_user(user or self.env.user)
        return wizard.create({"step": step, "reason": "Printed twice.", **values})

    def test_the_form_says_what_is_missing(self):
        """R-000-29: before the button is pressed the form says what stands in the way; once published nothing does."""
        self.shops.state_id = self.turin
        campaign = self.campaign()

        self.assertIn("neither bought nor used", campaign.obstacles)

        self.shops.state_id = self.milan
        campaign.invalidate_recordset(["obstacles"])
        self.assertFalse(campaign.obstacles)

    def test_a_campaign_is_entered(self):
        """R-000-07, R-000-08: fixed or percentage, in the form; what it is worth is said in a word."""
        officer = new_test_user(self.env, "campaign_officer", groups="merchant_circuit.group_officer")
        with Form(self.env["ecoupon.campaign"].with_user(officer)) as form:
            form.name = "A fifth of books"
            form.circuit_id = self.circuit
            form.issuer_agreement_id = self.a
            form.kind = "percent"
            form.percent = 20
            form.max_discount = 15
            form.valid_to = "2099-01-01 00:00:00"

        campaign = form.record
        self.assertEqual(campaign.state, "draft")
        self.assertRegex(campaign.worth_text, r"^20 %, at most .*15")

    def test_the_last_day(self):
        """R-000-11: a campaign that ends at midnight in Italy lasts until the day before."""
        campaign = self.campaign(valid_to=datetime(2027, 3, 31, 22))

        self.assertEqual(campaign.last_day, date(2027, 3, 31))
        self.assertEqual(self.campaign(valid_to=datetime(2027, 3, 31, 21, 59)).last_day, date(2027, 3, 31))

    def test_terms_stay_as_published(self):
        """R-000-20: the form shows the conditions of a published campaign and does not let them be changed."""
        with Form(self.fixed) as form, self.assertRaises(AssertionError):
            form.amount = 4

    def test_who_hands_out_is_checked_again(self):
        """R-000-03: to a published campaign nobody is added who may not hand coupons out."""
        campaign = self.campaign(
            publish=True, obtain="earned", distributor_ids=[(6, 0, self.b.ids)], prize_reference="CO/1/2026"
        )

        with self.assertRaisesRegex(UserError, "C"):
            campaign.distributor_ids = self.b | self.c

    def test_the_operator_decides_in_the_form(self):
        """R-000-01: the buttons of a decision are the operator's and the manager's."""
        officer = new_test_user(self.env, "campaign_clerk", groups="merchant_circuit.group_officer")

        self.assertTrue(self.fixed.with_user(self.operator).can_decide)
        self.assertFalse(self.fixed.with_user(officer).can_decide)

    def test_stopped_by_the_wizard(self):
        """R-000-37: the reason of a stop is asked and kept."""
        self.reason("stop_campaign", campaign_id=self.fixed.id).action_apply()

        self.assertEqual((self.fixed.state, self.fixed.state_reason), ("stopped", "Printed twice."))

    def test_refused_by_the_wizard(self):
        """R-000-37: the reason of a refusal is asked and kept."""
        campaign = self.campaign()
        campaign.action_propose()

        self.reason("refuse_campaign", self.operator, campaign_id=campaign.id).action_apply()

        self.assertEqual((campaign.state, campaign.state_reason), ("refused", "Printed twice."))

    def test_coupons_are_cancelled_by_the_wizard(self):
        """R-000-23: those chosen; by whoever may change the campaign, not by an operating manager who sees no holder."""
        coupons = self.fixed._take(self.anna) | self.percent._take(self.anna)

        context = coupons.action_cancel()["context"]
        self.env["circuit.reason"].with_context(**context).create({"reason": "Lost."}).action_apply()

        self.assertEqual(set(coupons.mapped("state")), {"cancelled"})
        with self.assertRaises(AccessError):
            coupons.with_user(self.operator).read(["holder_id"])

    def test_a_coupon_is_found_by_its_whole_code(self):
        """R-000-38: the office never reads a code; told one, it finds the coupon. Parts of codes find nothing."""
        coupon = self.fixed._take(self.anna)
        code = coupon._code()
        coupons = self.env["ecoupon.coupon"]

        self.assertEqual(coupons.search([("code_mask", "ilike", code.lower())]), coupon)
        self.assertFalse(coupons.search([("code_mask", "ilike", code[:9])]))
        self.assertEqual(coupon.display_name, f"EC-***-{code[-4:]}")

    def test_counts_and_figures(self):
        """R-000-35: made, taken, left; by state, without names, for the Region too."""
        campaign = self.campaign(publish=True, quantity=3)
        campaign._take(self.anna)
        campaign._take(self.issuer)._cancel("Handed out by mistake")
        region = new_test_user(self.env, "figures_region", groups="ecoupon.group_region")

        figures = self.env["ecoupon.coupon.figure"].with_user(region)
        found = figures._read_group([("campaign_id", "=", campaign.id)], ["state"], ["__count"])

        self.assertEqual((campaign.coupon_count, campaign.taken_count, campaign.left_count), (1, 1, 2))
        self.assertEqual(dict(found), {"available": 1, "cancelled": 1})
        self.assertNotIn("holder_id", figures._fields)

    def test_figures_of_other_companies(self):
        """R-000-27: a user of another company sees neither campaigns nor coupons nor figures."""
        self.fixed._take(self.anna)
        other = self.env["res.company"].create({"name": "Another operator"})
        stranger = new_test_user(
            self.env,
            "other_officer",
            groups="merchant_circuit.group_officer",
            company_id=other.id,
            company_ids=other.ids,
        )

        for model in ("ecoupon.campaign", "ecoupon.coupon", "ecoupon.coupon.figure"):
            with self.subTest(model):
                self.assertFalse(self.env[model].with_user(stranger).search([("company_id", "!=", other.id)]))

    def test_every_field_of_the_terms_is_closed(self):
        """R-000-20: whatever the server keeps from changing the form shows as fixed, so that nobody types in vain."""
        arch = etree.fromstring(self.env["ecoupon.campaign"].get_view(view_type="form")["arch"])
        closed = {node.get("name") for node in arch.iter("field") if node.get("readonly") == "is_fixed"}

        self.assertLessEqual(FROZEN, closed)
