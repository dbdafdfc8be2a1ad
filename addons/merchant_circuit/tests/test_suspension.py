from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .common import OfficeCase


@tagged("post_install", "-at_install")
class TestSuspension(OfficeCase):
    def suspend(self, user, ground="non_compliance"):
        """Fill the dialog of the agreement's button and return the suspension."""
        wizard = Form(
            self.env["circuit.reason"]
            .with_user(user)
            .with_context(default_step=ground, default_agreement_id=self.agreement.id)
        )
        wizard.reason = "Sold no goods at the agreed discount"
        wizard.save().action_apply()
        return self.agreement.suspension_ids[:1]

    def test_the_public_body_suspends_and_lifts(self):
        """R-004-93, requirements 2.3: no charge while suspended; lifted by the Comune only, with a reason."""
        suspension = self.suspend(self.officer)
        refused = self.authorize()
        with self.assertRaises(AccessError):
            suspension.with_user(self.operator)._lift("please")
        suspension.with_user(self.officer)._lift("Promised to comply")

        self.assertEqual((refused["code"], self.authorize()["status"]), ("NO_AGREEMENT", "authorized"))
        self.assertEqual(
            (suspension.set_by, suspension.ended_by, suspension.end_reason),
            (self.officer, self.officer, "Promised to comply"),
        )

    def test_the_operator_only_proposes_for_non_compliance(self):
        """Requirements 2.3: set by the Comune only."""
        suspension = self.suspend(self.operator)
        before = self.authorize("10.00")["status"]
        with self.assertRaises(AccessError):
            suspension.with_user(self.operator).action_confirm()
        suspension.with_user(self.officer).action_confirm()

        self.assertEqual((before, self.authorize()["code"]), ("authorized", "NO_AGREEMENT"))
        self.assertFalse(suspension.until)

    def test_a_proposal_may_be_refused(self):
        """The Comune decides."""
        suspension = self.suspend(self.operator)
        suspension.with_user(self.officer)._lift("No evidence")

        self.assertEqual((suspension.state, self.agreement.state), ("refused", "active"))

    def test_the_operators_fraud_suspension_ends_by_itself(self):
        """A21: 72 hours unless the Comune confirms; the hours are a parameter of the circuit."""
        self.circuit.fraud_hours = 48
        suspension = self.suspend(self.operator, "fraud")
        refused = self.authorize()["code"]
        now = fields.Datetime.now()
        self.assertEqual(suspension.until - suspension.set_at, timedelta(hours=48))

        with freeze_time(now + timedelta(hours=47)):
            self.env["circuit.suspension"]._cron_lapse()
            still = suspension.state
        with freeze_time(now + timedelta(hours=49)):
            self.env["circuit.suspension"]._cron_lapse()

        self.assertEqual((refused, still, suspension.state), ("NO_AGREEMENT", "active", "lapsed"))
        self.assertEqual(self.authorize()["status"], "authorized")

    def test_a_confirmed_fraud_suspension_stays(self):
        """A21: once the Comune confirms, only the Comune lifts."""
        suspension = self.suspend(self.operator, "fraud")
        suspension.with_user(self.officer).action_confirm()

        with freeze_time(fields.Datetime.now() + timedelta(days=30)):
            self.env["circuit.suspension"]._cron_lapse()

        self.assertEqual((suspension.state, self.agreement.state), ("active", "suspended"))

    def test_the_operator_cannot_chain_suspensions(self):
        """A21: a limited time stays limited."""
        self.suspend(self.operator, "fraud")
        with freeze_time(fields.Datetime.now() + timedelta(hours=73)):
            self.env["circuit.suspension"]._cron_lapse()
            with self.assertRaises(UserError):
                self.suspend(self.operator, "fraud")

    def test_past_charges_stay_payable_after_review(self):
        """Requirements 2.3: what was sold before is paid once the Comune has looked at it."""
        self.capture(self.authorize())
        suspension = self.suspend(self.officer)
        before = self.agreement.payable
        suspension.with_user(self.officer)._review("All in order")

        self.assertEqual((before, self.agreement.payable), (False, True))
        self.assertEqual(suspension.reviewed_by, self.officer)

    def test_a_sale_under_way_is_captured(self):
        """A purchase authorised before the suspension is the citizen's: it goes through and stays."""
        reply = self.authorize()
        self.suspend(self.officer)

        self.assertEqual(self.capture(reply).state, "captured")

    def test_the_state_has_no_other_door(self):
        """Requirements 2.3: no edit by RPC suspends, lifts or signs without the buttons."""
        agreement = self.agreement.with_user(self.officer)
        for state in ("draft", "active", "suspended", "ended"):
            with self.subTest(state), self.assertRaises(AccessError):
                agreement.write({"state": state})
        with self.assertRaises(AccessError):
            agreement.copy({"state": "active"})
        suspension = self.suspend(self.officer)
        for user in (self.officer, self.operator):
            for operation in ("write", "create", "unlink"):
                with self.subTest((user.login, operation)):
                    self.assertFalse(suspension.with_user(user).has_access(operation))
        with self.assertRaises(UserError):
            agreement.action_sign()

    def test_strangers_suspend_nobody(self):
        """Default deny: neither an employee nor the operator of another circuit."""
        clerk = new_test_user(self.env, "clerk", groups="base.group_user")
        other = new_test_user(self.env, "other-operator", groups="merchant_circuit.group_operator")
        for user in (clerk, other):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.agreement.with_user(user)._suspend("fraud", "x")

    def test_another_municipality_sees_no_suspension(self):
        """R-003-08."""
        self.suspend(self.officer)
        company = self.env["res.company"].create({"name": "Comune di Viggiano"})
        stranger = new_test_user(
            self.env,
            "officer-2",
            groups="merchant_circuit.group_officer",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        self.assertFalse(self.env["circuit.suspension"].with_user(stranger).search([]))
        self.assertFalse(self.env["circuit.stop"].with_user(stranger).search([]))
