from datetime import timedelta
from decimal import Decimal

from odoo import fields
from odoo.tests import new_test_user, tagged

from .common import OfficeCase


@tagged("post_install", "-at_install")
class TestSessionReport(OfficeCase):
    def rows(self, user=None):
        """The report of the test merchant."""
        self.env.flush_all()
        report = self.env["circuit.session.report"]
        report.invalidate_model()
        return report.with_user(user or self.env.user).search([("merchant_id", "=", self.merchant.id)])

    def test_a_session_tells_what_became_of_its_holds(self):
        """Issue 4: open, expired, voided, captured and refunded holds of a session, with amounts."""
        captured = self.authorize("8.00")
        self.capture(captured, "8.00")
        self.authorize("6.00")
        self.past(self.authorize("4.00"))
        self.env["circuit.transaction"]._cron_expire_holds()
        voided = self.authorize("2.00")
        self.till._void(self.terminal, [voided["key"]])

        row = self.rows()

        self.assertEqual(
            (row.captured_count, row.open_count, row.expired_count, row.voided_count), (1, 1, 1, 1), row.read()
        )
        self.assertEqual((row.captured_amount, row.open_amount, row.expired_amount, row.net_amount), (4, 3, 2, 4))
        self.assertTrue(row.open_since)

    def test_a_refund_lowers_what_the_shop_is_owed(self):
        """Issue 4, R-004-84: net of refunds."""
        reply = self.authorize("8.00")
        self.capture(reply, "8.00")
        transaction = self.transaction(reply)
        request = {
            "key": "11111111-2222-4333-8444-666666666666",
            "origin_key": transaction.key,
            "amount": "1.50",
            "order_ref": "order-1",
        }
        refund = self.till._refund(self.terminal, request)
        self.env["circuit.transaction"]._capture(self.terminal, refund["key"], "order-1", Decimal("1.50"))

        row = self.rows()

        self.assertEqual((row.refunded_count, row.refunded_amount, row.net_amount), (1, 1.5, 2.5))

    def test_open_holds_of_a_day_that_is_over_are_shown_in_red(self):
        """Issue 4: a warning when a closed session has open holds; a web till's session is its day."""
        yesterday = fields.Date.today() - timedelta(days=2)
        terminal = self.terminal._replace(channel="web", ref="res.users,7", session_ref=f"web,7,{yesterday}")
        self.authorize("6.00", terminal=terminal)
        self.authorize("6.00", terminal=terminal._replace(session_ref="web,7,2999-01-01"))

        over, running = self.rows().sorted("session_ref")

        self.assertEqual((over.session_closed, over.left_open), (True, True))
        self.assertEqual((running.session_closed, running.left_open), (False, False))
        self.assertIn(over, self.env["circuit.session.report"].search([("left_open", "=", True)]))

    def test_a_session_leads_to_its_transactions(self):
        """Issue 4: drill down."""
        reply = self.authorize("6.00")
        self.authorize("6.00", terminal=self.terminal._replace(session_ref="pos.session,2"))

        row = self.rows().filtered(lambda row: row.session_ref == self.terminal.session_ref)
        found = self.env["circuit.transaction"].search(row.action_transactions()["domain"])

        self.assertEqual(found, self.transaction(reply))

    def test_who_sees_sessions(self):
        """R-004-103, R-003-08: officers of the municipality, the operator of the circuit, nobody else."""
        self.authorize("6.00")
        stranger = new_test_user(self.env, "session-stranger", groups="merchant_circuit.group_operator")
        other = self.env["res.company"].create({"name": "Comune di Viggiano"})
        abroad = new_test_user(
            self.env,
            "session-abroad",
            groups="merchant_circuit.group_officer",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )

        self.assertEqual(
            [len(self.rows(user)) for user in (self.officer, self.operator, stranger, abroad)], [1, 1, 0, 0]
        )
