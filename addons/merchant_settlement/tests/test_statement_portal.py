from datetime import date

from odoo import http
from odoo.tests import HttpCase, new_test_user, tagged

from . import signing
from .signature_common import SignatureCase


@tagged("post_install", "-at_install")
class TestStatementPortal(SignatureCase, HttpCase):
    def setUp(self):
        super().setUp()
        self.authenticate(self.shop.login, "shop-password")

    def address(self, statement=None, more=""):
        return f"{(statement or self.statement)._portal_path()}{more}"

    def post(self, more, files=None, **data):
        """Send one of the page's forms."""
        return self.url_open(
            self.address(more=more), data={"csrf_token": self.csrf(), **data}, files=files, allow_redirects=True
        )

    def csrf(self):
        return http.Request.csrf_token(self)

    def test_the_list_says_what_is_due_paid_and_when(self):
        """R-004-97: months, amounts, states and days of one's own statements only."""
        self.next_statement.sudo().write({"state": "paid", "paid_on": date.today()})

        page = self.url_open("/merchant/statements").text

        for text in ("April 2024", "May 2024", "To be signed", "Paid on", self.statement.name, "Statements"):
            with self.subTest(text):
                self.assertIn(text, page)
        self.assertNotIn(self.other_statement.name, page)

    def test_no_statement_is_read_as_a_report(self):
        """R-004-101, R-000-27: reports have addresses that Odoo opens to every login; a shopkeeper and a citizen get
        nothing there, not even of their own."""
        new_test_user(self.env, "a-citizen", groups="base.group_portal", password="citizen-password")
        for login, password in ((self.shop.login, "shop-password"), ("a-citizen", "citizen-password")):
            self.authenticate(login, password)
            for statement in self.statement, self.other_statement:
                for kind in ("html", "pdf", "text"):
                    with self.subTest(login=login, kind=kind, statement=statement.name):
                        answer = self.url_open(f"/report/{kind}/merchant_settlement.report_statement/{statement.id}")
                        self.assertNotEqual(answer.status_code, 200)
                        self.assertNotIn(statement.merchant_id._shop_label(), answer.text)

    def test_the_page_shows_lines_dates_and_both_ways_to_sign(self):
        """R-004-97, R-004-98: what is signed, by when, how."""
        page = self.url_open(self.address()).text

        for text in (
            self.statement.line_ids[0].reference,
            "05/05/2024",
            "within",
            "••• 000",
            'name="file"',
            'name="code"',
        ):
            with self.subTest(text):
                self.assertIn(text, page)

    def test_terms_decide_which_way_is_offered(self):
        """R-004-97: codes only, files only."""
        self.settlement_terms.signature = "file"
        self.assertNotIn('name="code"', self.url_open(self.address()).text)

        self.settlement_terms.signature = "code"
        self.assertNotIn('name="file"', self.url_open(self.address()).text)

    def test_the_pdf_that_was_sent_is_downloaded(self):
        """R-004-97: the very bytes; the rows as a workbook beside it."""
        answer = self.url_open(self.address(more="/pdf"))
        self.assertEqual(answer.content, self.sent)
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        self.assertIn("no-store", answer.headers["Cache-Control"])

        self.assertTrue(self.url_open(self.address(more="/xlsx")).content.startswith(b"PK"))
        self.assertEqual(self.url_open(self.address(more="/signed")).status_code, 404)
        self.assertEqual(self.url_open(self.address(more="/nonsense")).status_code, 404)

    def test_another_shops_statement_is_not_found(self):
        """R-004-97: by number, by address of each file, by a draft's number."""
        self.other_statement.invalidate_recordset()
        draft = self.next_statement
        draft.sudo().state = "draft"
        for statement in (self.other_statement, draft):
            for more in ("", "/pdf", "/xlsx", "/signed"):
                with self.subTest(statement.name + more):
                    self.assertEqual(self.url_open(self.address(statement, more)).status_code, 404)
        for more in ("/upload", "/code", "/sign"):
            with self.subTest(more):
                answer = self.url_open(self.address(self.other_statement, more), data={"csrf_token": self.csrf()})
                self.assertEqual(answer.status_code, 404)
        self.assertEqual(self.other_statement.state, "sent")
        self.assertEqual(self.url_open("/merchant/statements/EC-%00").status_code, 404)

    def test_nothing_of_a_statement_is_reached_around_the_page(self):
        """R-004-97: neither by remote call nor by the number of an attachment, one's own or another's."""
        self.upload(signing.pades(self.sent, self.signer))
        signed = self.statement.signature_ids.attachment_id
        kept = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "merchant.statement"),
                ("res_field", "=", "pdf_file"),
                ("res_id", "in", (self.statement | self.other_statement).ids),
            ]
        )
        self.assertEqual(len(kept), 2)
        for attachment in signed | kept:
            with self.subTest(attachment.name):
                self.assertEqual(self.url_open(f"/web/content/{attachment.id}").status_code, 404)
        for model in ("merchant.statement", "merchant.statement.line", "merchant.statement.signature"):
            with self.subTest(model):
                answer = self.url_open(
                    f"/web/dataset/call_kw/{model}/search_read",
                    json={
                        "jsonrpc": "2.0",
                        "params": {"model": model, "method": "search_read", "args": [[]], "kwargs": {}},
                    },
                ).json()
                self.assertIn("AccessError", answer["error"]["data"]["name"])
        url = f"/web/content/merchant.statement/{self.other_statement.id}/pdf_file"
        self.assertEqual(self.url_open(url).status_code, 404)

    def test_a_file_is_uploaded_and_signs(self):
        """R-004-97: the page says so, and shows who signed and by when it is paid."""
        content = signing.pades(self.sent, self.signer)

        page = self.post("/upload", files={"file": ("firmato.pdf", content)}).text

        self.assertIn("The statement is signed", page)
        self.assertIn("Mario Rossi", page)
        self.assertIn("To be paid by", page)
        self.assertEqual(self.statement.state, "signed")
        self.assertEqual(self.url_open(self.address(more="/signed")).content, content)

    def test_a_wrong_file_is_explained_on_the_page(self):
        """R-004-97: nothing is kept of it."""
        page = self.post("/upload", files={"file": ("<b>foto</b>.pdf", self.sent)}).text

        self.assertIn("&lt;b&gt;foto", page)
        self.assertIn("without a signature", page)
        self.assertIn("Choose the signed file first", self.post("/upload").text)
        self.assertFalse(self.statement.signature_ids)

    def test_a_code_is_asked_for_and_signs(self):
        """R-004-97: in two steps on one page."""
        page = self.post("/code").text
        self.assertIn("The code was sent to", page)
        sms = self.env["sms.sms"].sudo().search([("has_secret", "=", True)], order="id desc", limit=1)
        code = next(word for word in sms.secret_body.split() if word.isdecimal() and len(word) == 6)
        wrong = "111111" if code != "111111" else "222222"

        self.assertIn("Tries left: 4", self.post("/sign", code=wrong).text)
        self.assertEqual(self.env["merchant.statement.code"].search([], limit=1).tries, 1)
        page = self.post("/sign", code=code).text

        self.assertIn("The statement is signed", page)
        self.assertEqual(self.statement.signed_how, "code")

    def test_who_is_no_merchant_finds_no_page(self):
        """Default deny."""
        new_test_user(self.env, "no-shop-here", groups="base.group_portal", password="shop-password")
        self.authenticate("no-shop-here", "shop-password")

        for address in ("/merchant/statements", self.address(), self.address(more="/pdf")):
            with self.subTest(address):
                self.assertEqual(self.url_open(address).status_code, 404)

    def test_a_statement_sent_back_says_why(self):
        """R-004-97: and can be signed again."""
        self.statement.sudo().return_reason = "The stamp is missing"

        page = self.url_open(self.address()).text

        self.assertIn("The stamp is missing", page)
        self.assertIn('name="code"', page)

    def test_an_overdue_statement_says_so(self):
        """R-004-98: that it is late and still possible."""
        self.statement.sudo().due_on = "2024-04-01"

        self.assertIn("The signature was due on", self.url_open(self.address()).text)
