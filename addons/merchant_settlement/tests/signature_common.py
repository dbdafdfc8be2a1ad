import re
from base64 import b64encode
from contextlib import contextmanager
from datetime import datetime
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import new_test_user

from . import signing
from .common import SettlementCase


class SignatureCase(SettlementCase):
    """Statements of two months that were sent to two merchants, with a PDF that a test can sign."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.authority = signing.Authority()
        cls.signer = cls.authority.signer()
        for month, day in ((4, 10), (5, 10)):
            cls.charge("40.00", datetime(2024, month, day, 10))
            cls.charge("25.00", datetime(2024, month, day, 11), cls.other_merchant)
        april, may = (cls.run_month(month) for month in ("2024-04", "2024-05"))
        pdf = patch.object(
            type(cls.env["merchant.statement"]), "_pdf", lambda self: signing.document(f"{self.name} {self.id}")
        )
        with pdf:
            (april | may)._send()
        cls.statement = april.filtered(lambda line: line.merchant_id == cls.merchant)
        cls.other_statement = april.filtered(lambda line: line.merchant_id == cls.other_merchant)
        cls.next_statement = may.filtered(lambda line: line.merchant_id == cls.merchant)
        cls.sent = cls.statement._sent_file()
        cls.shop = new_test_user(cls.env, "shop-signature", groups="base.group_portal", password="shop-password")
        cls.shop.write({"merchant_id": cls.merchant.id, "lang": "en_US", "name": "Rosa Shop"})

    def upload(self, content, name="signed.pdf", statement=None):
        """Hand a file in, as the portal does."""
        (statement or self.statement)._sign_by_file(content, name, self.shop)

    @contextmanager
    def refused(self, *words):
        """Expect a sentence with some words, and nothing written."""
        with self.assertRaises(UserError) as refusal, self.env.cr.savepoint():
            yield
        for word in words:
            self.assertIn(word, str(refusal.exception))
        self.assertEqual(self.statement.state, "sent")
        self.assertFalse(self.statement.signature_ids)

    def remind(self):
        """The daily job, without its commit."""
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kwargs: None):
            self.env["merchant.statement"]._cron_remind()

    def trust(self, authority=None):
        """Put an authority on the list."""
        return self.env["settlement.authority"].create(
            {"name": "Prova CA", "file": self.b64((authority or self.authority).pem)}
        )

    @staticmethod
    def b64(content):
        return b64encode(content)

    def code_of(self, statement=None):
        """Ask for a code and read it where only the telephone would.

        :return: str
        """
        (statement or self.statement)._send_code(self.shop)
        sms = self.env["sms.sms"].sudo().search([("has_secret", "=", True)], order="id desc", limit=1)
        return re.search(r"\b[0-9]{6}\b", sms.secret_body)[0]
