from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import InvoiceCase


@tagged("post_install", "-at_install")
class TestInvoiceAccess(InvoiceCase):
    def person(self, login, group, company=None):
        """A user of one group.

        :return: res.users
        """
        user = new_test_user(self.env, login=login, groups=f"base.group_user,{group}")
        company = company or self.company
        user.sudo().write({"company_ids": [Command.set(company.ids)], "company_id": company.id})  # sudo: set-up
        return user

    def test_clerk_makes_invoices_without_accounting_rights(self):
        """R-000-24: whoever makes the statements makes the issuers' invoices, and needs no right on journal entries."""
        self.spend("5.00")
        clerk = self.person("coupon-clerk", "merchant_settlement.group_clerk")
        self.env = self.env(user=clerk)

        run = self.env["ecoupon.invoice.run"].create({"circuit_id": self.circuit.id, "month": "2026-04-01"})
        run.action_start()

        self.assertEqual((run.state, run.invoice_count, run.item_count), ("done", 1, 1))
        self.assertEqual((run.values_paid, run.commission), (5.0, 0.15))

    def test_officer_and_region_read_only(self):
        """R-000-24: officers and the Region see runs and invoiced coupons and change neither."""
        self.spend("5.00")
        self.invoice_month()
        for login, group in (("coupon-officer", "merchant_circuit.group_officer"), ("region", "ecoupon.group_region")):
            with self.subTest(group):
                run = self.month_run.with_user(self.person(login, group))
                self.assertEqual(set(run.item_ids.mapped("part")), {"commission", "value"})
                with self.assertRaises(AccessError):
                    run.action_start()
                with self.assertRaises(AccessError):
                    run.item_ids[0].unlink()

    def test_other_company_sees_nothing(self):
        """R-000-24: runs and invoiced coupons are of one company."""
        self.spend("5.00")
        self.invoice_month()
        company = self.env["res.company"].sudo().create({"name": "Another operator"})  # sudo: set-up
        stranger = self.person("coupon-stranger", "merchant_settlement.group_clerk", company)

        for model in ("ecoupon.invoice.run", "ecoupon.invoice.item"):
            self.assertFalse(self.env[model].with_user(stranger).search([]))
        with self.assertRaises(AccessError):
            self.month_run.with_user(stranger).read(["state"])

    def test_items_are_written_by_the_run_alone(self):
        """R-000-24: nobody, the manager included, notes or forgets an invoiced coupon."""
        self.spend("5.00")
        self.invoice_month()
        item = self.month_run.item_ids[0].with_user(self.person("coupon-manager", "merchant_circuit.group_manager"))

        for change in (item.unlink, item.copy, lambda: item.write({"amount": 1})):
            with self.assertRaises(AccessError):
                change()
