from unittest.mock import patch

from odoo.tests import TransactionCase


class SmsGatewayCase(TransactionCase):
    """Two municipalities, and a telephone network that must never be called."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.corleto = cls.env["res.company"].create({"name": "Comune di Prova Uno"})
        cls.lecce = cls.env["res.company"].create({"name": "Comune di Prova Due"})
        cls.network = cls.startClassPatcher(
            patch("odoo.addons.iap.tools.iap_tools.iap_jsonrpc", side_effect=AssertionError("network"))
        )

    def setUp(self):
        super().setUp()
        self.env["sms.sms"].search([("state", "=", "outgoing")]).unlink()
        self.network.reset_mock()

    def queue(self, *messages):
        """Queue messages given as dicts; company defaults to the first municipality."""
        defaults = {"number": "+393331234567", "company_id": self.corleto.id}
        return self.env["sms.sms"]._queue([{**defaults, **message} for message in messages])

    def process_queue(self):
        """Run the queue as the cron does, without its commit."""
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kwargs: None):
            self.env["sms.sms"]._process_queue()

    def outbox(self):
        return self.env["sms.outbox"].search([("company_id", "in", (self.corleto | self.lecce).ids)])
