import base64
from datetime import date
from decimal import Decimal

from lxml import etree

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import file_open

from odoo.addons.merchant_settlement.tests.payment_common import IBANS, PaymentCase

XSD = "account_payment_sepa_credit_transfer/data/pain.001.001.09.xsd"
TAKEN = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-?:().,'+ ")


@tagged("post_install", "-at_install")
class TestSepa(PaymentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.merchants.bank_ids.allow_out_payment = True

    def document(self, found):
        """The file of a list, read."""
        attachment = self.env["ir.attachment"].search(
            [("res_model", "=", found._name), ("res_id", "=", found.id), ("name", "=like", "%.xml")]
        )
        return etree.fromstring(base64.b64decode(attachment.datas))

    def texts(self, document, path):
        """Texts of elements, whatever their namespace."""
        return [item.text for item in document.findall(".//" + "/".join(f"{{*}}{name}" for name in path.split("/")))]

    def result(self, found, **vals):
        """Enter a result as a clerk."""
        results = self.env["merchant.payment.result"].with_user(self.clerk).with_company(self.company)
        results.create({"list_id": found.id, "date": "2024-05-20", **vals}).action_apply()

    def test_the_file_is_what_the_standard_and_the_list_say(self):
        """R-004-96: pain.001.001.09, valid against the ISO schema; control sums, IBANs, names and references are those
        of the list, in the characters that banks take."""
        amounts = ["66.25", "1236.56", "0.01", "5000.01"]
        for number, amount in enumerate(amounts):
            self.statement(amount, self.merchants[number % 3], date(2024, number // 3 + 1, 1))
        self.merchants[2].name = "Bäckerei “Groß” – " + "x" * 80
        found = self.confirmed(date="2024-05-27")

        action = found.action_sepa()

        document = self.document(found)
        with file_open(XSD) as schema:
            etree.XMLSchema(etree.parse(schema)).assertValid(document)
        self.assertEqual(etree.QName(document).namespace, "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09")
        self.assertEqual(self.texts(document, "GrpHdr/NbOfTxs") + self.texts(document, "PmtInf/NbOfTxs"), ["4", "4"])
        total = str(sum(map(Decimal, amounts)))
        self.assertEqual(self.texts(document, "GrpHdr/CtrlSum") + self.texts(document, "PmtInf/CtrlSum"), [total] * 2)
        self.assertEqual(f"{found.total:.2f}", total)
        self.assertEqual(sorted(self.texts(document, "InstdAmt")), sorted(amounts))
        self.assertEqual({item.get("Ccy") for item in document.iterfind(".//{*}InstdAmt")}, {"EUR"})
        self.assertEqual(self.texts(document, "CdtrAcct/Id/IBAN"), found.line_ids.mapped("iban"))
        self.assertEqual(self.texts(document, "DbtrAcct/Id/IBAN"), ["IT13S0542811101000000123457"])
        self.assertEqual(self.texts(document, "PmtId/EndToEndId"), found.line_ids.mapped("reference"))
        self.assertEqual(self.texts(document, "RmtInf/Ustrd"), found.line_ids.mapped("cause"))
        self.assertEqual(self.texts(document, "ReqdExctnDt/Dt"), ["2024-05-27"])
        names = self.texts(document, "Cdtr/Nm")
        self.assertEqual(names[0], "Alimentari Pero - Figli")
        self.assertTrue(all(len(name) <= 70 for name in names))
        for text in document.itertext():
            self.assertLessEqual(set(text.strip()), TAKEN)
        self.assertIn("/web/content/", action["url"])

    def test_a_draft_has_no_file(self):
        """R-004-96: nothing leaves before a second person confirmed it."""
        self.statement()
        found = self.make_list()
        found.action_collect()

        with self.assertRaisesRegex(UserError, "confirm the list"):
            found.action_sepa()

    def test_what_a_bank_would_refuse_is_named(self):
        """R-004-96: accounts nobody validated and accounts outside the area are named with their payment."""
        self.merchants[0].bank_ids.allow_out_payment = False
        self.merchants[1].bank_ids.acc_number = "TR330006100519786457841326"
        self.statement()
        self.statement("10.00", self.merchants[1])
        found = self.confirmed()

        with self.assertRaises(UserError) as refusal:
            found.action_sepa()

        one, two = found.line_ids.mapped("reference")
        self.assertIn(f"{one}: nobody has validated the account", str(refusal.exception))
        self.assertIn(f"{two}: its IBAN is of a country outside", str(refusal.exception))
        self.assertFalse(found.sepa_order_id)

    def test_a_journal_without_iban_is_named(self):
        """R-004-96: the account the money comes from must be known."""
        self.treasury.bank_account_id = False
        self.statement()
        found = self.confirmed()

        with self.assertRaisesRegex(UserError, "on the journal Tesoriere"):
            found.action_sepa()

    def test_asked_for_twice_it_is_the_same_file(self):
        """R-004-96: no second order, so that nothing is paid twice."""
        self.statement()
        found = self.confirmed()
        found.action_sepa()
        first, order = etree.tostring(self.document(found)), found.sudo().sepa_order_id

        found.action_sepa()

        self.assertEqual((etree.tostring(self.document(found)), found.sudo().sepa_order_id), (first, order))

    def test_a_list_taken_back_cancels_its_order(self):
        """R-004-96: the file is void, and a new one can be made."""
        self.statement()
        found = self.confirmed()
        found.action_sepa()
        order = found.sudo().sepa_order_id

        found.action_back()
        self.assertEqual((order.state, found.sudo().sepa_order_id.id), ("cancel", False))
        found.with_user(self.approver).action_confirm()
        found.action_sepa()

        self.assertEqual(self.texts(self.document(found), "EndToEndId"), found.line_ids.mapped("reference"))

    def test_transfers_are_booked_when_the_bank_made_them(self):
        """R-004-96: handing over books nothing; the bank's word posts the transfers and closes the bills."""
        statements = self.statement("66.25") | self.statement("10.00", self.merchants[1])
        found = self.confirmed()
        found.action_sepa()
        found.action_hand_over()
        order = found.sudo().sepa_order_id
        self.assertEqual((order.state, self.balance(self.outstanding)), ("uploaded", 0))

        self.result(found, how="paid")

        self.assertEqual(set(statements.mapped("state")), {"paid"})
        self.assertEqual([self.residual(statement) for statement in statements], [0, 0])
        self.assertEqual(self.balance(self.outstanding), Decimal("-76.25"))
        self.assertEqual(found.sudo().line_ids.payment_move_id, order.payment_ids.move_id)
        self.assertEqual(set(order.payment_ids.mapped("date")), {date(2024, 5, 20)})

    def test_a_transfer_that_comes_back_is_owed_again(self):
        """R-004-96: one transfer of the file returns; the bill of its statement alone is open."""
        first, second = self.statement("66.25"), self.statement("10.00", self.merchants[1])
        found = self.confirmed()
        found.action_sepa()
        found.action_hand_over()
        self.result(found, how="paid")

        self.result(found, how="returned", line_id=found.line_ids[0].id, reason="AC04")

        self.assertEqual((first.state, self.residual(first)), ("approved", Decimal("66.25")))
        self.assertEqual((second.state, self.residual(second)), ("paid", 0))
        self.assertEqual(self.balance(self.outstanding), Decimal("-10.00"))

    def test_a_transfer_the_bank_never_made_is_cancelled(self):
        """R-004-96: rejected, it books nothing, and the next file has another reference."""
        self.statement()
        found = self.confirmed()
        found.action_sepa()
        found.action_hand_over()
        payment = found.sudo().sepa_order_id.payment_ids

        self.result(found, how="returned", line_id=found.line_ids.id, reason="AC01")

        self.assertEqual((payment.state, self.balance(self.outstanding)), ("canceled", 0))
        self.merchants[0].bank_ids.acc_number = IBANS[1]
        again = self.confirmed()
        again.action_sepa()
        self.assertNotEqual(again.line_ids.reference, found.line_ids.reference)

    def test_a_list_handed_over_on_paper_gets_no_file(self):
        """R-004-96: what the treasurer pays is not paid by the bank as well."""
        self.statement()
        found = self.handed_over()

        with self.assertRaisesRegex(UserError, "no second payment"):
            found.action_sepa()
