import base64
from datetime import datetime

from odoo.addons.family_card.tests.common import CorletoCase

HEALTH = {"disability": "severe", "student": True}


class PrivacyCase(CorletoCase):
    """A household with names found nowhere else, a card with a history, an officer and two managers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = cls.user("officer", "family_card.group_officer")
        cls.manager = cls.user("manager", "family_card.group_manager")
        cls.employee = cls.user("employee", "base.group_user")
        cls.head = cls.person(
            name="Zefirino Qwertazzi", phone="+39 347 9998887", email="zefirino@example.org", street="Vicolo Zxcv 7"
        )
        cls.child = cls.person(name="Zenobia Qwertazzi", l10n_it_codice_fiscale=False, birth_date="2015-05-17")
        cls.family = cls.household(cls.head, cls.child)
        cls.family.write({"name": "Household Zefirino Qwertazzi", "company_id": cls.company.id})
        cls.code = cls.head.l10n_it_codice_fiscale
        cls.family.household_member_ids.filtered(lambda line: line.person_id == cls.child).write(HEALTH)
        cls.the_card, cls.pin = cls.card({"COMMERCIO": "100.00"}, family=cls.family)
        cls.the_card.message_post(body="Signora Qwertazzi telefonò il 3 aprile")

    def spend(self, amount="20.00"):
        """A purchase of the card at the grocery."""
        reply = self.charge(self.the_card, self.pin, amount)
        self.assertEqual(reply["status"], "authorized", reply)

    def attach(self, record):
        """A file on a record."""
        return self.env["ir.attachment"].create(
            {
                "name": "documento Qwertazzi.pdf",
                "raw": b"%PDF-1.4 x",
                "res_model": record._name,
                "res_id": record.id,
            }
        )

    def empty_and_close(self):
        """Use up what is left on the card and close it."""
        for account in self.the_card.account_ids:
            if account._balance():
                account._debit(account._balance(), f"end-{account.id}", datetime(2024, 4, 3, 8, 0))
        self.the_card._change_state("closed", "request")

    def decode(self, wizard, name):
        """Content of a binary field."""
        return base64.b64decode(wizard[name])
