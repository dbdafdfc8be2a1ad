from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .signature_common import SignatureCase


@tagged("post_install", "-at_install")
class TestSignatureCode(SignatureCase):
    def test_the_code_of_the_sms_signs(self):
        """R-004-97: who typed it and which telephone got it is kept; the code is not."""
        code = self.code_of()

        problem = self.statement._sign_by_code(f"{code[:3]} {code[3:]}", self.shop)

        self.assertEqual(problem, "")
        self.assertEqual((self.statement.state, self.statement.signed_how), ("signed", "code"))
        self.assertIn("shop-signature", self.statement.signed_by)
        self.assertEqual(self.statement.signature_ids.phone, "••• 000")
        self.assertIn("••• 000", self.statement.signature_ids.verdict)
        row = self.env["merchant.statement.code"].search([("statement_id", "=", self.statement.id)])
        self.assertNotIn(code, str(row.read()))

    def test_the_message_says_what_is_signed(self):
        """R-004-97: number and amount are in it; what the office sees of it has no code."""
        code = self.code_of()
        sms = self.env["sms.sms"].sudo().search([("has_secret", "=", True)], order="id desc", limit=1)

        self.assertIn(self.statement.name, sms.secret_body)
        self.assertIn("40.00", sms.secret_body)
        self.assertNotIn(code, sms.body)
        self.assertEqual(sms.number, self.merchant.phone)

    def test_the_office_can_set_another_telephone(self):
        """R-004-97: codes go where the office wrote it."""
        self.merchant.sign_phone = "+39 333 9999 555"

        self.assertEqual(self.statement._send_code(self.shop), "••• 555")

    def test_a_wrong_code_is_counted_and_then_no_longer_taken(self):
        """R-004-97: after five tries the right one does not help either."""
        code = self.code_of()
        wrong = "000000" if code != "000000" else "000001"

        said = [self.statement._sign_by_code(text, self.shop) for text in (wrong, "hello", wrong, None, wrong, code)]

        self.assertIn("Tries left: 4", said[0])
        self.assertIn("Tries left: 1", said[3])
        self.assertIn("Too many wrong codes", said[4])
        self.assertIn("Too many wrong codes", said[5])
        self.assertEqual(self.statement.state, "sent")

    def test_a_code_ends(self):
        """R-004-97: after ten minutes, as the terms say."""
        code = self.code_of()

        with freeze_time(fields.Datetime.now() + timedelta(minutes=11)):
            said = self.statement._sign_by_code(code, self.shop)

        self.assertIn("expired", said)
        self.assertEqual(self.statement.state, "sent")

    def test_a_new_code_ends_the_one_before(self):
        """R-004-97: only the last SMS counts."""
        first, second = self.code_of(), self.code_of()
        if first != second:
            self.assertIn("not the code of the last SMS", self.statement._sign_by_code(first, self.shop))

        self.assertEqual(self.statement._sign_by_code(second, self.shop), "")

    def test_a_code_signs_its_own_statement_only(self):
        """R-004-97: it is bound to the figures it was asked for."""
        code = self.code_of()

        self.assertIn("Ask for a code first", self.next_statement._sign_by_code(code, self.shop))
        self.statement.sudo().digest = "0" * 64
        self.assertIn("not the code", self.statement._sign_by_code(code, self.shop))

    def test_only_so_many_codes_in_an_hour(self):
        """R-004-97: guessing does not get more turns by asking again."""
        for _turn in range(5):
            self.statement._send_code(self.shop)

        with self.assertRaisesRegex(UserError, "wait an hour"):
            self.statement._send_code(self.shop)

    def test_without_a_telephone_there_is_no_code(self):
        """R-004-97: the sentence says who can help."""
        (self.merchant | self.merchant.commercial_partner_id).write({"phone": False})

        with self.assertRaisesRegex(UserError, "ask it to enter one"):
            self.statement._send_code(self.shop)

    def test_terms_with_files_only_send_no_code(self):
        """R-004-97: the way to sign is the terms' to say."""
        self.settlement_terms.signature = "file"

        for call in (
            lambda: self.statement._send_code(self.shop),
            lambda: self.statement._sign_by_code("1", self.shop),
        ):
            with self.assertRaisesRegex(UserError, "with a file"):
                call()

    def test_nobody_reads_codes_and_only_managers_change_authorities(self):
        """R-004-97: rights on the models of signatures."""
        self.code_of()
        for user in (self.shop, self.clerk, self.approver):
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.env["merchant.statement.code"].with_user(user).search([])
        with self.assertRaises(AccessError):
            self.env["settlement.authority"].with_user(self.approver).create({"name": "x", "file": "eA=="})
        with self.assertRaises(AccessError):
            self.env["merchant.statement.signature"].with_user(self.shop).search([])
        with self.assertRaises(AccessError):
            self.statement.with_user(self.clerk).write({"signed_by": "me"})

    def test_signatures_and_authorities_are_of_their_company(self):
        """Record rules of the company."""
        self.statement._sign_by_code(self.code_of(), self.shop)
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.trust()
        stranger = self.user("settlement-stranger", "merchant_settlement.group_clerk")
        stranger.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})

        for model in ("merchant.statement.signature", "settlement.authority"):
            with self.subTest(model):
                self.assertTrue(self.env[model].with_user(self.clerk).search([]))
                self.assertFalse(self.env(user=stranger, context={})[model].search([]))

    def test_reminders_go_out_from_the_due_day_on(self):
        """R-004-98: on the due day, then every five days, until it is signed."""
        mails = self.env["mail.mail"].sudo()
        known = mails.search([])

        found = []
        for day in ("2024-05-04", "2024-05-05", "2024-05-06", "2024-05-09", "2024-05-10"):
            with freeze_time(f"{day} 10:00:00"):
                self.remind()
            mine = (mails.search([]) - known).filtered(lambda mail: self.statement.name in mail.subject)
            found.append(len(mine))

        self.assertEqual(found, [0, 1, 1, 1, 2])
        self.assertEqual(str(self.statement.reminded_on), "2024-05-10")

    def test_who_has_signed_is_not_reminded(self):
        """R-004-98: nor who has no mail address; the others are."""
        self.statement._sign_by_code(self.code_of(), self.shop)
        self.other_merchant.email = False

        with freeze_time("2024-05-20 10:00:00"):
            self.remind()

        self.assertFalse(self.statement.reminded_on)
        self.assertTrue(self.other_statement.reminded_on)
