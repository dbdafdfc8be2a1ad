from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import TillCase

MODELS = ("circuit.circuit", "circuit.category", "circuit.activity", "circuit.agreement", "circuit.transaction")


@tagged("post_install", "-at_install")
class TestAccess(TillCase):
    def test_employees_and_portal_users_read_nothing(self):
        """R-004-101: default deny."""
        self.authorize()
        for group in ("base.group_user", "base.group_portal"):
            user = new_test_user(self.env, f"circuit-{group}", groups=group)
            for model in MODELS:
                with self.subTest((group, model)), self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([])

    def test_officer_reads_transactions_but_writes_none(self):
        """R-004-46: transactions are made by tills, not edited."""
        transaction = self.transaction(self.authorize())
        officer = new_test_user(self.env, "circuit-officer", groups="merchant_circuit.group_officer")

        self.assertEqual(transaction.with_user(officer).state, "authorized")
        for operation in ("write", "create", "unlink"):
            with self.subTest(operation):
                self.assertFalse(transaction.with_user(officer).has_access(operation))

    def test_only_administrators_reverse(self):
        """R-004-84: by authorised users."""
        officer = new_test_user(self.env, "circuit-officer", groups="merchant_circuit.group_officer")
        manager = new_test_user(self.env, "circuit-manager", groups="merchant_circuit.group_manager")

        rights = [
            self.env["circuit.transaction.reverse"].with_user(user).has_access("create") for user in (officer, manager)
        ]

        self.assertEqual(rights, [False, True])

    def test_another_municipality_sees_nothing(self):
        """R-003-08."""
        self.authorize()
        other = self.env["res.company"].create({"name": "Comune di Viggiano"})
        officer = new_test_user(
            self.env,
            "circuit-officer-2",
            groups="merchant_circuit.group_officer",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        for model in ("circuit.circuit", "circuit.agreement", "circuit.transaction"):
            with self.subTest(model):
                self.assertFalse(self.env[model].with_user(officer).search([]))
