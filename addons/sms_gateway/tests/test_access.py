from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import SmsGatewayCase


@tagged("post_install", "-at_install")
class TestAccess(SmsGatewayCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company = {"company_id": cls.corleto.id, "company_ids": [(6, 0, cls.corleto.ids)]}
        cls.employee = new_test_user(cls.env, "sms_employee", groups="base.group_user", **company)
        cls.reader = new_test_user(cls.env, "sms_reader", groups="base.group_user,sms_gateway.group_reader", **company)

    def setUp(self):
        super().setUp()
        self.queue(
            {"body": "PIN 48213.", "secret": "48213"},
            {"body": "altro comune", "company_id": self.lecce.id},
        )
        self.process_queue()

    def test_employee_without_the_group_reads_nothing(self):
        """Phone numbers and purchases of citizens are not for every internal user."""
        with self.assertRaises(AccessError):
            self.env["sms.outbox"].with_user(self.employee).search([])
        with self.assertRaises(AccessError):
            self.env["sms.sms"].with_user(self.employee).search([])

    def test_reader_sees_dots_instead_of_the_pin(self):
        """R-004-74: PINs are never shown to staff."""
        rows = self.env["sms.outbox"].with_user(self.reader).search([])
        self.assertEqual(rows.mapped("body"), ["PIN •••••."])
        self.assertNotIn("secret_body", self.env["sms.outbox"].with_user(self.reader).fields_get())
        with self.assertRaises(AccessError):
            rows.read(["secret_body"])
        with self.assertRaises(AccessError):
            rows.search([("secret_body", "like", "48")])

    def test_reader_sees_only_the_own_municipality(self):
        """Companies keep municipalities apart."""
        rows = self.env["sms.outbox"].with_user(self.reader).search([])
        self.assertEqual(rows.company_id, self.corleto)

    def test_nobody_writes_the_outbox(self):
        """The outbox says what was sent, so it is not editable."""
        rows = self.outbox()
        admin = self.env.ref("base.user_admin")
        for user in (self.reader, admin):
            with self.subTest(user=user.login):
                outbox = self.env["sms.outbox"].with_user(user).with_context(allowed_company_ids=self.corleto.ids)
                for attempt in (
                    lambda: outbox.browse(rows.ids).write({"body": "x"}),
                    lambda: outbox.browse(rows.ids).unlink(),
                    lambda: outbox.create({"number": "1", "body": "x"}),
                ):
                    with self.assertRaises(AccessError):
                        attempt()
