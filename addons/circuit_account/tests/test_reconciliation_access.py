from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .reconciliation_common import ReconciliationCase


@tagged("post_install", "-at_install")
class TestReconciliationAccess(ReconciliationCase):
    """Who sees the reconciliation, and that nobody writes it."""

    def test_officer_checks(self):
        """R-004-96: an officer checks and reads, without any right in accounting."""
        officer = new_test_user(self.env, "recon_officer", groups="merchant_circuit.group_officer")

        self.env["circuit.reconciliation"].with_user(officer).action_all()
        check = (
            self.env["circuit.reconciliation"]
            .with_user(officer)
            .search([("funder_id", "=", self.funder.id), ("kind", "=", "credit")])
        )
        check.action_check()

        self.assertEqual(check.credits, 41.25)
        self.assertTrue(check.line_ids.read(["ledger"]))
        item = self.env["circuit.reconciliation.item"].with_user(officer).search(check.action_items()["domain"])
        self.assertEqual(item.action_open()["res_model"], "stored.value.entry")

    def test_nobody_writes(self):
        """R-004-96: a verdict comes from a check alone."""
        check = self.check()
        manager = new_test_user(self.env, "recon_manager", groups="merchant_circuit.group_manager")

        with self.assertRaises(AccessError):
            check.with_user(manager).write({"state": "equal"})
        with self.assertRaises(AccessError):
            check.line_ids[:1].with_user(manager).write({"difference": 0})

    def test_others_refused(self):
        """Employees and merchants have no business here."""
        self.check()
        user = new_test_user(self.env, "recon_nobody", groups="base.group_user")
        for model in ("circuit.reconciliation", "circuit.reconciliation.line", "circuit.reconciliation.item"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(user).search([])
        with self.assertRaises(AccessError):
            self.env["circuit.reconciliation"].with_user(user).action_check()

    def test_other_company(self):
        """A municipality sees its own ledgers only."""
        self.check()
        company = self.env["res.company"].create({"name": "Other municipality"})
        officer = new_test_user(
            self.env,
            "recon_other",
            groups="merchant_circuit.group_officer",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        for model in ("circuit.reconciliation", "circuit.reconciliation.line", "circuit.reconciliation.item"):
            found = self.env[model].with_user(officer).search([("funder_id", "=", self.funder.id)])
            self.assertFalse(found)
