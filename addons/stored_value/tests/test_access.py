from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import LedgerCase

MODELS = ("stored.value.account", "stored.value.lot", "stored.value.entry")


@tagged("post_install", "-at_install")
class TestAccess(LedgerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.credit(cls, "10.00", "Q2")
        cls.employee = new_test_user(cls.env, "ledger-employee", groups="base.group_user")
        cls.auditor = new_test_user(cls.env, "ledger-auditor", groups="base.group_user,stored_value.group_auditor")

    def test_employee_reads_nothing(self):
        """Default deny."""
        for model in MODELS:
            with self.subTest(model), self.assertRaises(AccessError):
                self.env[model].with_user(self.employee).search([])

    def test_auditor_reads_but_writes_nothing(self):
        """R-004-46: entries are written by the ledger's own functions only."""
        for model in MODELS:
            records = self.env[model].with_user(self.auditor).search([])
            self.assertTrue(records)
            with self.subTest(model), self.assertRaises(AccessError):
                records[:1].write({"company_id": self.env.company.id})
            with self.subTest(model), self.assertRaises(AccessError):
                records[:1].unlink()
            with self.subTest(model), self.assertRaises(AccessError):
                records.create({})

    def test_even_the_administrator_has_no_right_to_write(self):
        """The ledger is nobody's to edit."""
        admin = self.env.ref("base.user_admin")
        for model in MODELS:
            for operation in ("write", "create", "unlink"):
                with self.subTest((model, operation)):
                    self.assertFalse(self.env[model].with_user(admin).has_access(operation))

    def test_another_municipality_sees_nothing(self):
        """R-003-08: data of two public bodies in one installation stay apart."""
        other = self.env["res.company"].create({"name": "Comune di Viggiano"})
        auditor = new_test_user(
            self.env,
            "ledger-auditor-2",
            groups="base.group_user,stored_value.group_auditor",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        for model in MODELS:
            with self.subTest(model):
                self.assertFalse(self.env[model].with_user(auditor).search([]))
