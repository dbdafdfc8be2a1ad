from odoo.tests import tagged

from .common import OfficeCase


@tagged("post_install", "-at_install")
class TestComplaintNotice(OfficeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.circuit.information_email = "punto@example.org"
        cls.circuit.operator_id.email = "gestore@example.org"
        cls.officer.email = "officer@example.org"
        cls.operator.email = "operator@example.org"
        cls.circuit.message_subscribe((cls.officer | cls.operator).partner_id.ids)

    def told(self, addressed_to):
        """File a report from the public form.

        :return: mail.mail it caused
        """
        self.env["mail.mail"].search([]).unlink()
        self.env["circuit.complaint"]._file(
            self.circuit,
            {
                "merchant_id": self.merchant.id,
                "reporter_name": "Maria Bianchi",
                "reporter_email": "",
                "reporter_phone": "+39 333 1112223",
                "subject": "Card refused",
                "body": "RSSMRA85T10A562S was refused.",
                "addressed_to": addressed_to,
            },
        )
        return self.env["mail.mail"].search([])

    def test_those_it_is_addressed_to_are_told(self):
        """R-004-93: Information Point, operator or both, and who follows the circuit on that side."""
        point = ["officer@example.org", "punto@example.org"]
        gestore = ["gestore@example.org", "operator@example.org"]
        for addressed_to, expected in (
            ("information_point", point),
            ("operator", gestore),
            ("both", sorted(point + gestore)),
        ):
            with self.subTest(addressed_to):
                self.assertEqual(sorted(self.told(addressed_to).mapped("email_to")), expected)

    def test_each_address_once(self):
        """R-004-93: also when the Information Point follows the circuit."""
        self.officer.email = "Punto@example.org"

        self.assertEqual(self.told("information_point").mapped("email_to"), ["punto@example.org"])

    def test_the_mail_tells_number_and_shop_only(self):
        """R-004-101: neither who reported, nor what was written, travels by mail."""
        mail = self.told("information_point")[0]
        complaint = self.env["circuit.complaint"].search([], limit=1)
        text = f"{mail.subject} {mail.body_html}"

        for shown in (complaint.name, "Alimentari Rossi"):
            self.assertIn(shown, text)
        for hidden in ("Maria Bianchi", "333 1112223", "RSSMRA85T10A562S", "Card refused"):
            self.assertNotIn(hidden, text)

    def test_without_an_address_the_report_is_filed_all_the_same(self):
        """R-004-93."""
        self.circuit.information_email = False
        self.circuit.message_unsubscribe(self.circuit.message_partner_ids.ids)

        self.assertFalse(self.told("information_point"))
        self.assertTrue(self.env["circuit.complaint"].search([("subject", "=", "Card refused")]))
