from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from odoo.addons.sms.tools.sms_api import SmsApiBase

from ..tools import SmsApiOutbox
from .common import SmsGatewayCase

PIN_TEXT = "Family Card attiva. PIN 48213. Non comunicarlo a nessuno."
PIN_MASKED = "Family Card attiva. PIN •••••. Non comunicarlo a nessuno."


@tagged("post_install", "-at_install")
class TestQueue(SmsGatewayCase):
    def test_new_company_keeps_its_messages_here(self):
        """The default channel contacts nobody."""
        self.assertEqual(self.corleto.sms_channel, "outbox")
        self.assertIs(self.corleto._get_sms_api_class(), SmsApiOutbox)

    def test_queued_message_waits_for_the_cron(self):
        """R-004-80: nothing is sent inside the transaction that queues."""
        sms = self.queue({"body": "Saldo 41,25"})
        self.assertEqual(sms.state, "outgoing")
        self.assertFalse(self.outbox())

    def test_two_companies_in_one_batch_are_both_sent(self):
        """Core stops at the second company and sends nothing."""
        self.queue({"body": "uno"}, {"body": "due", "company_id": self.lecce.id})
        self.process_queue()
        self.assertEqual(
            {(row.company_id, row.body) for row in self.outbox()},
            {(self.corleto, "uno"), (self.lecce, "due")},
        )
        self.network.assert_not_called()

    def test_direct_send_uses_the_outbox_too(self):
        """Core's send() would take the internet service whatever the company says."""
        sms = self.env["sms.sms"].create({"number": "+393331234567", "body": "diretto", "company_id": self.lecce.id})
        sms.send()
        self.assertEqual(self.outbox().mapped("body"), ["diretto"])
        self.assertEqual(self.outbox().company_id, self.lecce)
        self.network.assert_not_called()

    def test_standard_channel_reaches_the_network_only_when_chosen(self):
        """A company that chooses the standard service still gets it."""
        self.lecce.sms_channel = "standard"
        self.queue({"body": "uno"}, {"body": "due", "company_id": self.lecce.id})
        self.process_queue()
        self.assertEqual(self.network.call_count, 1)
        self.assertEqual(self.outbox().mapped("body"), ["uno"])

    def test_order_of_the_queue_is_the_order_of_the_messages(self):
        """Callers pair the records with their own rows."""
        sms = self.queue(*({"body": f"testo {n}"} for n in range(5)))
        self.assertEqual(sms.mapped("body"), [f"testo {n}" for n in range(5)])

    def test_many_messages_take_one_insert(self):
        """A credit run queues thousands at once."""
        messages = [{"body": f"testo {n}"} for n in range(200)]
        self.queue(messages[0])
        with self.assertQueryCount(6):
            self.queue(*messages)

    def test_malformed_number_is_an_error_of_that_message_only(self):
        """One wrong number does not stop the others."""
        wrong, missing, right = self.queue({"body": "a", "number": "12"}, {"body": "b", "number": ""}, {"body": "c"})
        self.process_queue()
        self.assertEqual(wrong.failure_type, "sms_number_format")
        self.assertEqual(missing.failure_type, "sms_number_missing")
        self.assertEqual(right.state, "pending")
        self.assertEqual(self.outbox().mapped("body"), ["c"])


@tagged("post_install", "-at_install")
class TestSecrets(SmsGatewayCase):
    def setUp(self):
        super().setUp()
        self.sms = self.queue({"body": PIN_TEXT, "secret": "48213"})

    def test_secret_is_masked_in_the_queue(self):
        """R-004-74."""
        self.assertEqual(self.sms.body, PIN_MASKED)

    def test_secret_leaves_the_queue_when_sent(self):
        """R-004-74."""
        self.process_queue()
        self.assertEqual(self.sms.state, "pending")
        self.assertFalse(self.sms.secret_body)
        row = self.outbox()
        self.assertEqual((row.body, row.secret_body), (PIN_MASKED, PIN_TEXT))

    def test_any_provider_gets_the_complete_text(self):
        """A later HTTP gateway needs no knowledge of masking."""
        seen = []

        class Gateway(SmsApiBase):
            def _send_sms_batch(self, messages, delivery_reports_url=False):
                seen.extend(message["content"] for message in messages)
                return [
                    {"uuid": number["uuid"], "state": "success"}
                    for message in messages
                    for number in message["numbers"]
                ]

        with patch.object(type(self.corleto), "_get_sms_api_class", lambda company: Gateway):
            self.process_queue()
        self.assertEqual(seen, [PIN_TEXT])
        self.assertFalse(self.sms.secret_body)

    def test_secret_survives_a_failure_so_that_it_can_be_sent_again(self):
        """The gateway may be down for a while."""
        with (
            patch.object(SmsApiOutbox, "_send_sms_batch", side_effect=OSError("down")),
            patch("odoo.addons.sms.models.sms_sms._logger") as logger,
        ):
            self.process_queue()
        self.assertEqual(self.sms.state, "error")
        self.assertTrue(logger.info.called)
        self.assertNotIn("48213", str(logger.mock_calls))
        self.sms.resend_failed()
        self.assertEqual(self.outbox().secret_body, PIN_TEXT)

    def test_dots_are_never_sent_instead_of_a_pin(self):
        """A message that lost its secret is cancelled."""
        self.sms.secret_body = False
        self.process_queue()
        self.assertEqual(self.sms.state, "canceled")
        self.assertFalse(self.outbox())

    def test_cancelled_message_keeps_no_secret(self):
        """R-004-74."""
        self.sms.action_set_canceled()
        self.assertFalse(self.sms.secret_body)

    def test_secret_that_does_not_occur_is_refused(self):
        """Nobody may believe that something is hidden when it is not."""
        with self.assertRaises(ValueError):
            self.queue({"body": "Nessun codice", "secret": "48213"})

    def test_old_secrets_are_removed_from_the_outbox(self):
        """The retention time is a parameter."""
        self.process_queue()
        row = self.outbox()
        row.sudo().sent_at = fields.Datetime.now() - timedelta(hours=25)
        self.env["sms.outbox"]._gc_outbox()
        self.assertEqual((row.secret_body, row.state), (False, "expired"))

    def test_old_messages_are_removed_from_the_outbox(self):
        """Personal data are not kept for ever."""
        self.process_queue()
        row = self.outbox()
        row.sudo().sent_at = fields.Datetime.now() - timedelta(days=91)
        self.env["sms.outbox"]._gc_outbox()
        self.assertFalse(row.exists())

    def test_secret_that_could_not_be_sent_in_time_is_removed(self):
        """A PIN does not lie in the queue for days."""
        self.env.cr.execute(
            "UPDATE sms_sms SET create_date = create_date - interval '2 days' WHERE id = %s", [self.sms.id]
        )
        self.env["sms.sms"]._gc_secrets()
        self.sms.invalidate_recordset()
        self.assertEqual((self.sms.state, self.sms.secret_body), ("canceled", False))
