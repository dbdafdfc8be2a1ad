from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .common import OfficeCase


@tagged("post_install", "-at_install")
class TestStop(OfficeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(cls.env, "manager", groups="merchant_circuit.group_manager")

    def by(self, user):
        """The circuit with a user's rights."""
        return self.circuit.with_user(user)

    def ask(self, user, step):
        """Fill the dialog of a button."""
        wizard = Form(
            self.env["circuit.reason"]
            .with_user(user)
            .with_context(default_step=step, default_circuit_id=self.circuit.id)
        )
        wizard.reason = "The circuit ends"
        return wizard.save().action_apply()

    def test_two_sides_stop_every_till_at_once(self):
        """R-004-60, A21: the operator proposes, the promoter confirms, and no till charges any more."""
        self.ask(self.operator, "stop")
        before = self.authorize()["status"]
        self.by(self.manager).action_confirm_stop()

        self.assertEqual((before, self.authorize()["code"]), ("authorized", "CIRCUIT_STOPPED"))

    def test_the_promoter_proposes_and_the_operator_confirms(self):
        """R-004-60: either side may begin."""
        self.ask(self.manager, "stop")
        self.by(self.operator).action_confirm_stop()

        self.assertEqual(self.circuit.state, "stopped")

    def test_one_side_never_confirms_itself(self):
        """A21: two confirmations come from two sides and two people, whatever groups they gather."""
        second = new_test_user(self.env, "manager-2", groups="merchant_circuit.group_manager")
        self.ask(self.manager, "stop")
        self.manager.write({"group_ids": [Command.link(self.env.ref("merchant_circuit.group_operator").id)]})

        for user in (self.manager, second, self.officer):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.by(user).action_confirm_stop()
        self.assertEqual(self.circuit.state, "running")

    def test_who_when_and_why_are_kept(self):
        """R-004-60: logged."""
        self.ask(self.operator, "stop")
        self.by(self.manager).action_confirm_stop()
        self.ask(self.manager, "start")

        stop = self.circuit.stop_ids
        self.assertEqual(
            (stop.proposed_by, stop.side, stop.confirmed_by, stop.ended_by, stop.state),
            (self.operator, "operator", self.manager, self.manager, "lifted"),
        )
        self.assertTrue(stop.proposed_at and stop.stopped_at and stop.ended_at)
        self.assertEqual((stop.reason, stop.end_reason), ("The circuit ends", "The circuit ends"))
        self.assertIn("The circuit ends", "".join(self.circuit.message_ids.mapped("body")))

    def test_only_the_public_body_lifts_it(self):
        """A21: the operator stops with the Comune, but does not start again."""
        self.ask(self.operator, "stop")
        self.by(self.manager).action_confirm_stop()

        with self.assertRaises(AccessError):
            self.ask(self.operator, "start")
        self.ask(self.manager, "start")

        self.assertEqual(self.authorize()["status"], "authorized")

    def test_one_side_is_enough_where_the_circuit_says_so(self):
        """A21: a parameter."""
        self.circuit.stop_needs_two = False

        self.ask(self.operator, "stop")

        self.assertEqual(self.circuit.state, "stopped")

    def test_one_side_is_enough_without_an_operator(self):
        """A circuit nobody else runs is stopped by the public body."""
        self.circuit.operator_id = False

        self.ask(self.manager, "stop")

        self.assertEqual(self.circuit.state, "stopped")

    def test_a_proposal_is_withdrawn(self):
        """A stop that is not confirmed leaves the circuit as it was and can be proposed again."""
        self.ask(self.operator, "stop")
        with self.assertRaises(UserError):
            self.ask(self.manager, "stop")
        self.by(self.operator).action_withdraw_stop()
        self.ask(self.manager, "stop")

        self.assertEqual((self.circuit.state, len(self.circuit.stop_ids)), ("running", 2))

    def test_the_state_has_no_other_door(self):
        """R-004-60: no edit by RPC gets round the two confirmations."""
        for values in ({"state": "stopped"}, {"state": "running"}):
            with self.subTest(values), self.assertRaises(AccessError):
                self.by(self.manager).write(values)
        with self.assertRaises(AccessError):
            self.by(self.officer)._propose_stop("x")
        with self.assertRaises(AccessError):
            self.env["circuit.stop"].with_user(self.manager).create({"circuit_id": self.circuit.id})

    def test_a_blank_reason_is_none(self):
        """Bad input: the dialog says what is missing and stops nothing."""
        wizard = Form(
            self.env["circuit.reason"]
            .with_user(self.manager)
            .with_context(default_step="stop", default_circuit_id=self.circuit.id)
        )
        wizard.reason = "   "
        with self.assertRaises(UserError):
            wizard.save().action_apply()
        self.assertFalse(self.circuit.stop_ids)
