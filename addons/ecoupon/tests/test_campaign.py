from datetime import datetime, timedelta

from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import CouponCase


@tagged("post_install", "-at_install")
class TestCampaign(CouponCase):
    def refused(self, campaign, words):
        """That a campaign cannot be published, and why."""
        with self.assertRaisesRegex(UserError, words):
            campaign.action_publish()
        self.assertEqual(campaign.state, "draft")

    def test_proposed_by_the_issuer_approved_by_the_operator(self):
        """R-000-03: the operator finds something to do, approves, and who and when are kept."""
        campaign = self.campaign()

        campaign.action_propose()
        self.assertEqual(campaign.activity_ids.user_id, self.operator)
        campaign.with_user(self.operator).action_publish()

        self.assertEqual((campaign.state, campaign.decided_by_id), ("published", self.operator))
        self.assertFalse(campaign.activity_ids)

    def test_who_proposes_decides_nothing(self):
        """R-000-03: nobody has decided on a proposal, also when an earlier one was refused."""
        campaign = self.campaign()
        campaign.action_propose()
        campaign._refuse("The picture shows another shop.")
        self.assertEqual(campaign.decided_by_id, self.env.user)

        campaign.action_propose()

        self.assertFalse(campaign.decided_by_id or campaign.decided_at)

    def test_who_decides(self):
        """R-000-01: an officer proposes and does not approve."""
        officer = new_test_user(self.env, "coupon_officer", groups="merchant_circuit.group_officer")
        campaign = self.campaign()
        campaign.with_user(officer).action_propose()

        with self.assertRaises(AccessError):
            campaign.with_user(officer).action_publish()

    def test_nobody_writes_a_state(self):
        """R-000-03: a campaign is published by its button only."""
        with self.assertRaises(AccessError):
            self.campaign().with_user(self.env.ref("base.user_admin")).write({"state": "published"})

    def test_conditions_stay(self):
        """R-000-20: what people decided by cannot be changed under them."""
        with self.assertRaisesRegex(UserError, "conditions stay"):
            self.fixed.amount = 4

        self.fixed.description = "Words may be mended."

    def test_refused_and_stopped_with_a_reason(self):
        """R-000-37: the issuer reads why."""
        campaign = self.campaign()
        campaign.action_propose()
        with self.assertRaisesRegex(UserError, "Say why"):
            campaign._refuse(" ")

        campaign._refuse("The picture shows another shop.")
        self.fixed._stop("Printed twice.")

        self.assertEqual((campaign.state, campaign.state_reason), ("refused", "The picture shows another shop."))
        self.assertEqual(self.fixed.state, "stopped")

    def test_only_drafts_are_deleted(self):
        """R-000-03: the office throws its own draft away; what was published stays."""
        officer = new_test_user(self.env, "coupon_officer", groups="merchant_circuit.group_officer")
        draft = self.campaign().with_user(officer)

        draft.unlink()

        self.assertFalse(draft.exists())
        with self.assertRaisesRegex(UserError, "Only a draft"):
            self.fixed.with_user(officer).unlink()

    def test_ends_by_itself(self):
        """R-000-23: over when its time is over."""
        # SQL: the dates of a published campaign stay
        self.env.flush_all()
        self.env.cr.execute("UPDATE ecoupon_campaign SET valid_to = '2020-02-01' WHERE id = %s", [self.fixed.id])
        self.env.invalidate_all()

        self.env["ecoupon.campaign"]._cron_end()

        self.assertEqual((self.fixed.state, self.percent.state), ("ended", "published"))

    @mute_logger("odoo.sql_db")
    def test_impossible_conditions(self):
        """R-000-08: a percentage over 100 or below 0, dates reversed: the database refuses them."""
        for values in (
            {"kind": "percent", "percent": 101},
            {"kind": "percent", "percent": -1},
            {"amount": 0},
            {"valid_to": datetime(2019, 1, 1)},
            {"uses": 0},
            {"sponsor_share": 20},
        ):
            with self.subTest(values), self.assertRaises(CheckViolation), self.env.cr.savepoint():
                self.campaign(**values)

    # ------------------------------------------------------------------ what may be published

    def test_a_commitment_is_needed(self):
        """R-000-02: whose commitment has ended issues nothing."""
        campaign = self.campaign()
        self.a.action_end()
        self.a.sudo().date_to = "2020-02-01"

        self.refused(campaign, "A")

    def test_the_role_is_needed(self):
        """R-000-03: a member that is not enabled to issue."""
        self.refused(self.campaign(issuer_agreement_id=self.c.id), "C")

    def test_an_issuer_from_anywhere(self):
        """R-000-28: the registered office does not matter, the place of the goods does."""
        foreign = self.member("Verlag GmbH", issues=True)
        foreign.merchant_id.country_id = self.env.ref("base.de")

        campaign = self.campaign(publish=True, issuer_agreement_id=foreign.id, place_ids=[(6, 0, self.shops[0].ids)])

        self.assertEqual(campaign.state, "published")

    def test_outside_the_territory(self):
        """R-000-29, C12: a service that is used in Piemonte only."""
        self.shops[0].state_id = self.turin

        self.refused(self.campaign(place_ids=[(6, 0, self.shops[0].ids)]), "neither bought nor used")

    def test_one_place_suffices(self):
        """R-000-29, B06: bought there or usable here, either suffices."""
        self.shops[0].state_id = self.turin

        campaign = self.campaign(publish=True, place_ids=[(6, 0, self.shops[:2].ids)])

        self.assertEqual(campaign.state, "published")

    def test_a_place_that_does_not_accept(self):
        """R-000-29: the place of a shop that has nothing to do with it does not make it usable here."""
        self.shops[0].state_id = self.turin

        campaign = self.campaign(accept="issuer", place_ids=[(6, 0, self.shops[:2].ids)])

        self.refused(campaign, "neither bought nor used")

    def test_a_web_shop_has_no_territory(self):
        """R-000-30, C12: e-commerce in Germany."""
        shop = self.env["circuit.place"].create(
            {"name": "Webshop", "merchant_id": self.issuer.id, "kind": "online", "url": "https://example.org"}
        )

        self.assertEqual(self.campaign(publish=True, place_ids=[(6, 0, shop.ids)]).state, "published")

    def test_an_extra_discount_is_better(self):
        """R-000-14, C6: 10 % for everybody, so 10 % is no extra, 25 % is one."""
        self.campaign(publish=True, kind="percent", percent=10, amount=0, goods_ids=[(6, 0, self.books.ids)])
        reserved = {"kind": "percent", "amount": 0, "area": "reserved", "goods_ids": [(6, 0, self.books.ids)]}
        (self.fixed | self.percent)._stop("They are for all goods.")

        self.refused(self.campaign(percent=10, **reserved), "not better than")

        self.assertEqual(self.campaign(publish=True, percent=25, **reserved).state, "published")

    def test_a_public_discount_leaves_the_extra_one_better(self):
        """R-000-14: the same rule, whichever of the two is published first."""
        (self.fixed | self.percent)._stop("They are for all goods.")
        terms = {"kind": "percent", "amount": 0}
        self.campaign(publish=True, name="Extra", percent=10, area="reserved", **terms)

        self.refused(self.campaign(percent=10, **terms), "“Extra”.* better any more")

        self.assertEqual(self.campaign(publish=True, percent=5, **terms).state, "published")

    def test_public_and_for_policies(self):
        """R-000-12: what is for policies is in the reserved area."""
        policy = self.env["ecoupon.policy"].create({"name": "Bonus", "code": "TBONUS"})

        self.refused(self.campaign(policy_ids=[(6, 0, policy.ids)]), "public at once")

    def test_a_prize_promotion_names_its_regulation(self):
        """R-000-06: earned at B and spent at others (DPR 430/2001)."""
        earned = {"obtain": "earned", "distributor_ids": [(6, 0, self.b.ids)]}

        self.refused(self.campaign(**earned), "430/2001")

        self.assertEqual(self.campaign(publish=True, prize_reference="CO/12/2026", **earned).state, "published")

    def test_a_shop_that_does_not_accept(self):
        """R-000-03, R-000-06: it is named, so that it can be taken off the list."""
        closed = self.member("Closed D", role_accept=False)

        self.refused(self.campaign(accept="listed", accept_merchant_ids=[(6, 0, closed.merchant_id.ids)]), "Closed D")

    def test_over_before_it_begins(self):
        """R-000-23: nothing is published that has ended."""
        campaign = self.campaign(valid_to=fields.Datetime.now() - timedelta(days=1))

        self.refused(campaign, "ended on")
