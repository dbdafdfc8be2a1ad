from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import PrivacyCase

MODELS = {
    "family.access.log": {"manager": "r"},
    "family.erasure": {"officer": "rwc", "manager": "rwc"},
    "family.privacy.terms": {"officer": "r", "manager": "rwcd"},
    "family.data.export": {"officer": "rwcd", "manager": "rwcd"},
    "family.transparency.export": {"manager": "rwcd"},
}
RIGHTS = {"r": "read", "w": "write", "c": "create", "d": "unlink"}


@tagged("post_install", "-at_install")
class TestAccess(PrivacyCase):
    def test_who_may_do_what(self):
        """R-004-101: matrix of roles and models."""
        cashier = self.user("cashier", "base.group_user")
        operator = self.user("gestore", "merchant_circuit.group_operator")
        roles = {
            "officer": self.officer,
            "manager": self.manager,
            "employee": self.employee,
            "cashier": cashier,
            "operator": operator,
            "portal": self.user("citizen", "base.group_portal"),
        }
        for model, allowed in MODELS.items():
            for role, user in roles.items():
                for letter, right in RIGHTS.items():
                    with self.subTest(f"{model} {role} {right}"):
                        may = self.env[model].with_user(user).has_access(right)
                        self.assertEqual(may, letter in allowed.get(role, ""))

    def test_other_companies_are_not_seen(self):
        """R-003-08: record rules by company."""
        stranger = self.env["res.company"].create({"name": "Comune di Altrove"})
        self.env["family.privacy.terms"].create({"valid_from": "2024-01-01", "company_id": stranger.id})
        self.env["family.erasure"].with_company(stranger).sudo().create(
            {"household_id": self.family.id, "company_id": stranger.id}
        )
        self.env["family.access.log"]._note(self.family, "open", self.family, stranger)

        for model in ("family.privacy.terms", "family.erasure", "family.access.log"):
            with self.subTest(model):
                found = self.env[model].with_user(self.manager).search([])
                self.assertNotIn(stranger, found.company_id)

    def test_wizards_are_their_makers(self):
        """R-004-101: a file prepared by one is not another's."""
        wizard = (
            self.env["family.data.export"]
            .with_user(self.officer)
            .create({"household_id": self.family.id, "reason": "Request 1"})
        )
        wizard.action_json()

        with self.assertRaises(AccessError):
            wizard.with_user(self.manager).read(["content"])

    def test_terms_in_force_stay(self):
        """R-004-100: dated parameters."""
        terms = self.env["family.privacy.terms"].create({"valid_from": "2024-01-01"})
        self.env.cr.execute("UPDATE family_privacy_terms SET create_date = '2024-01-01' WHERE id = %s", [terms.id])
        terms.invalidate_recordset()

        for change in (lambda: terms.write({"retention_years": 1}), terms.unlink):
            with self.subTest(str(change)), self.assertRaises(UserError):
                change()
        self.assertEqual(terms._in_force(self.company).retention_years, 10)
        later = terms.create({"valid_from": "2024-12-01", "retention_years": 5})
        later.retention_years = 6
        self.assertEqual(terms._in_force(self.company).retention_years, 10)
