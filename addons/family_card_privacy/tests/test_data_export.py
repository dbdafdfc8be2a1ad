import json

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import PrivacyCase


@tagged("post_install", "-at_install")
class TestDataExport(PrivacyCase):
    def export(self, reason="Request no. 123 of 3 April 2024"):
        wizard = self.env["family.data.export"].with_user(self.officer)
        return wizard.create({"household_id": self.family.id, "reason": reason})

    def data(self):
        wizard = self.export()
        wizard.action_json()
        return json.loads(self.decode(wizard, "content"))

    def test_everything_on_file_is_handed_over(self):
        """R-004-100: access to one's own data (GDPR art. 15 and 20)."""
        self.spend()
        self.family.household_member_ids[-1:].student = False
        data = self.data()

        self.assertEqual({person["name"] for person in data["people"]}, {self.head.name, self.child.name})
        self.assertEqual(data["people"][0]["l10n_it_codice_fiscale"], self.code)
        self.assertEqual(data["cards"][0]["number"], self.the_card.number)
        self.assertTrue(any("recorded_to" in line for line in data["memberships"]), "replaced lines belong to it")
        self.assertEqual(sum(1 for entry in data["entries"] if entry["amount"] == "-10.0"), 1)
        self.assertEqual(data["transactions"][0]["amount"], "10.0")
        self.assertEqual(data["lots"][0]["amount"], "100.0")
        self.assertTrue(data["sms"] or data["accesses"])
        self.assertIn("telefonò", json.dumps(data["messages"], ensure_ascii=False))
        self.assertLessEqual(
            {"events", "applications", "clarifications", "checks", "consents", "yearly_credit"}, data.keys()
        )

    def test_no_secret_is_handed_over(self):
        """R-004-74: the PIN is in no export, not even as a digest."""
        text = json.dumps(self.data())

        secrets = self.the_card.sudo().read(["pin_hash", "pin_salt"])[0]
        for value in (self.pin, secrets["pin_hash"], secrets["pin_salt"]):
            self.assertNotIn(f'"{value}"', text)
        self.assertNotIn("pin_", text)
        self.assertNotIn("hash", text)

    def test_other_households_are_not_in_it(self):
        """R-004-101."""
        other = self.household(self.person(name="Gaspare Poiuytrez"))
        self.card({"COMMERCIO": "5.00"}, family=other)

        self.assertNotIn("Poiuytrez", json.dumps(self.data()))

    def test_who_handed_over_and_why_is_written_down(self):
        """R-004-101: a reason is a must."""
        self.export().action_json()
        line = self.env["family.access.log"].search([("action", "=", "export"), ("user_id", "=", self.officer.id)])
        self.assertEqual((line.user_id, line.reason), (self.officer, "Request no. 123 of 3 April 2024"))

        with self.assertRaises(UserError):
            self.export(" ").action_json()

    def test_only_a_household_is_handed_over(self):
        """R-004-101."""
        wizard = self.export()
        wizard.sudo().household_id = self.head

        with self.assertRaises(UserError):
            wizard.action_json()

    def test_the_same_on_paper(self):
        """R-004-100: the report says the same, in words."""
        self.spend()
        action = self.export().action_pdf()
        self.assertEqual(action["report_name"], "family_card_privacy.household_data")

        report = self.env["ir.actions.report"].with_user(self.officer)
        html = report._render_qweb_html("family_card_privacy.household_data", self.family.ids)[0].decode()

        for text in (self.head.name, self.child.name, self.code, self.the_card.number, "Request no. 123"):
            self.assertIn(text, html)

    def test_paper_needs_its_reason_too(self):
        """R-004-101: the report's own address gives nothing away without a reason."""
        report = self.env["ir.actions.report"].with_user(self.officer)

        with self.assertRaises(UserError):
            report._render_qweb_html("family_card_privacy.household_data", self.family.ids)
