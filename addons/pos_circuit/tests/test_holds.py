from uuid import uuid4

from odoo.exceptions import UserError

from .common import PASSWORD, PosCircuitCase


class TestHolds(PosCircuitCase):
    """Card payments that nobody confirmed: the till shows them and the register stays open over them."""

    def hold(self, **changes):
        """A hold of 15.00 at Alimentari Rossi's till."""
        reply = self.pos_authorize(str(uuid4()), **changes)
        self.assertEqual(reply["status"], "authorized")
        return reply

    def holds(self, config=None):
        """What a till is told over HTTP."""
        answer = self.call(f"/pos_circuit/{(config or self.config).id}/holds")
        return answer.get("result") or answer

    def close(self):
        """Close the session as the cashier's screen does."""
        return self.pos_session.with_user(self.cashier).close_session_from_ui()

    def test_the_till_lists_what_it_holds(self):
        """R-004-84: amount, masked holder and key, so that a browser that lost its orders can give them back."""
        reply = self.hold()
        self.authenticate("rossi@shop.example", PASSWORD)

        [hold] = self.holds()["holds"]

        self.assertEqual((hold["key"], hold["amount"], hold["kind"]), (reply["key"], "15.00", "payment"))
        self.assertEqual((hold["holder"], hold["reference"]), ("TST***01", reply["reference"]))

    def test_what_is_settled_or_over_is_not_listed(self):
        """R-004-84."""
        self.sell()
        given_up, over = self.hold(requested="5.00"), self.hold(requested="5.00")
        self.till.sudo()._void(self.config._circuit_terminal(self.pos_session.id), [given_up["key"]])
        self.past(over)
        self.authenticate("rossi@shop.example", PASSWORD)

        self.assertEqual(self.holds(), {"holds": []})

    def test_another_shops_holds_are_not_listed(self):
        """R-000-09: a cashier asks for the own till only."""
        self.hold(config=self.other_config, session=self.other_session)
        self.authenticate("rossi@shop.example", PASSWORD)

        self.assertEqual(self.holds(), {"holds": []})
        self.assertEqual(self.holds(self.other_config)["error"]["code"], 404)

    def test_a_session_with_open_holds_is_not_closed(self):
        """R-004-83: the cashier and the office are told which; nothing can be confirmed in a closed session."""
        reply = self.hold()

        answer = self.close()
        with self.assertRaisesRegex(UserError, reply["reference"]), self.cr.savepoint():
            self.pos_session.with_user(self.cashier).update_closing_control_state_session("")
        with self.assertRaisesRegex(UserError, reply["reference"]), self.cr.savepoint():
            self.pos_session.sudo().action_pos_session_closing_control()

        self.env.invalidate_all()
        self.assertFalse(answer["successful"])
        for text in (reply["reference"], "15.00", "TST***01"):
            self.assertIn(text, answer["message"])
        self.assertEqual(self.pos_session.state, "opened")

    def test_the_session_closes_once_they_are_given_back(self):
        """R-004-84."""
        reply = self.hold()
        self.till.sudo()._void(self.config._circuit_terminal(self.pos_session.id), [reply["key"]])

        self.assertEqual(self.close(), {"successful": True})

    def test_a_hold_whose_time_is_over_keeps_nothing_open(self):
        """R-004-84: the scheduled job ends it."""
        self.past(self.hold())

        self.assertEqual(self.close(), {"successful": True})

    def test_another_tills_hold_keeps_nothing_open(self):
        """R-004-83."""
        self.hold(config=self.other_config, session=self.other_session)

        self.assertEqual(self.close(), {"successful": True})
