from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import CouponCase


@tagged("post_install", "-at_install")
class TestMember(CouponCase):
    def test_coupon_circuit_has_an_operator(self):
        """R-000-01: nothing is published where nobody runs the circuit."""
        draft = self.campaign()
        self.env.cr.execute("DELETE FROM circuit_operator WHERE circuit_id = %s", (self.circuit.id,))
        self.env.cr.execute("UPDATE circuit_circuit SET operator_id = NULL WHERE id = %s", (self.circuit.id,))
        self.env.invalidate_all()

        with self.assertRaisesRegex(UserError, "has no operator"):
            draft.action_publish()

    def test_operator_is_a_company(self):
        """R-000-01: not a person."""
        draft = self.campaign()
        self.circuit.operator_id = self.anna

        with self.assertRaisesRegex(UserError, "is a company"):
            draft.action_publish()

    def test_operator_does_not_vanish(self):
        """R-000-01: exactly one at any date, also while coupons are in people's hands."""
        with self.assertRaisesRegex(ValidationError, "published campaigns"):
            self.circuit.operator_id = False

    def test_acts_follow_the_flags(self):
        """R-000-03: issuing and handing out are refused when the flag is off."""
        draft = self.campaign()
        earned = self.campaign(obtain="earned", distributor_ids=[(6, 0, self.b.ids)], prize_reference="PR 1/2026")
        self.a.role_issue = False
        with self.assertRaisesRegex(UserError, "not enabled to issue"):
            draft.action_publish()
        self.a.role_issue = True
        self.b.role_distribute = False

        with self.assertRaisesRegex(UserError, "not enabled to hand out"):
            earned.action_publish()

    def test_handing_out_needs_a_commitment_in_force(self):
        """R-000-02: a member whose agreement was suspended after the publication hands out nothing."""
        earned = self.campaign(
            publish=True, obtain="earned", distributor_ids=[(6, 0, self.b.ids)], prize_reference="PR 1/2026"
        )
        earned._hand_out(self.b)
        self.b._suspend("non_compliance", "Kept the coupons")

        with self.assertRaises(UserError):
            earned._hand_out(self.b)

    def test_issuer_without_commitment_hands_out_nothing_new(self):
        """R-000-02, R-000-03: coupons in people's hands stay good, no further one leaves the campaign."""
        coupon = self.fixed._take(self.anna)
        self.fixed.issuer_agreement_id.action_end()

        with self.assertRaisesRegex(UserError, "at the moment"):
            self.percent._take(self.anna)

        self.assertEqual(coupon.state, "available")

    def test_office_abroad_issues_a_campaign(self):
        """R-000-28: the registered office is in Berlin, the shop in Milan."""
        berlin = self.member("Buchladen GmbH", issues=True)
        berlin.merchant_id.country_id = self.env.ref("base.de")
        self.env["circuit.place"].create(
            {"name": "Shop in Milan", "merchant_id": berlin.merchant_id.id, "state_id": self.milan.id}
        )

        campaign = self.campaign(publish=True, issuer_agreement_id=berlin.id, accept="issuer")

        self.assertEqual(campaign.state, "published")
