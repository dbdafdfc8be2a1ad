from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user

from .common import PosCircuitCase


class TestOnboarding(PosCircuitCase):
    """One step makes a merchant; the same step again repairs (R-004-22)."""

    def test_everything_is_there(self):
        """Merchant, agreement, cashier, till, payment methods."""
        self.assertTrue(self.merchant.is_merchant)
        self.assertEqual(self.merchant.agreement_ids.state, "active")
        self.assertEqual(self.cashier.merchant_id, self.merchant)
        self.assertTrue(self.cashier.has_group("pos_circuit.group_merchant_cashier"))
        self.assertEqual(self.config.merchant_id, self.merchant)
        self.assertEqual(self.config.name, "Alimentari Rossi")
        self.assertEqual(self.config.payment_method_ids, self.other_config.payment_method_ids)
        self.assertFalse(self.config.payment_method_ids.journal_id)
        self.assertFalse(self.config.cash_control)
        self.assertFalse(self.company.point_of_sale_use_ticket_qr_code)

    def test_a_second_run_duplicates_nothing(self):
        """Neither agreement, user, till nor payment method."""

        def count():
            return [
                self.env[model].sudo().with_context(active_test=False).search_count([])
                for model in ("circuit.agreement", "res.users", "pos.config", "pos.payment.method", "product.product")
            ]

        before = count()
        self.onboard(self.merchant, self.cashier.login)
        self.assertEqual(count(), before)

    def test_a_second_run_repairs(self):
        """An archived cashier without group and a till with wrong flags."""
        self.cashier.sudo().write({"active": False})
        self.config.sudo().write({"manual_discount": True})
        self.onboard(self.merchant, self.cashier.login)
        self.assertTrue(self.cashier.active)
        self.assertFalse(self.config.manual_discount)

    def test_goods_of_other_activities_have_their_own_button(self):
        """A bar that sells tobacco rings tobacco up as tobacco."""
        tobacco = self.env.ref("merchant_circuit.activity_tobacco")
        wizard = self.env["circuit.merchant.onboarding"].create(
            {
                "partner_id": self.merchant.id,
                "circuit_id": self.circuit.id,
                "category_id": self.env.ref("merchant_circuit.category_somministrazione").id,
                "activity_id": self.env.ref("merchant_circuit.activity_bar").id,
                "other_activity_ids": [(6, 0, tobacco.ids)],
                "login": self.cashier.login,
            }
        )
        wizard._onboard()
        products = self.env["product.product"].search(
            [("pos_categ_ids", "in", self.config.iface_available_categ_ids.ids)]
        )
        self.assertIn(tobacco, products.circuit_activity_id)
        self.assertEqual(len(products), 2)

    def test_a_login_of_somebody_else_is_refused(self):
        """The administrator does not become a cashier by accident."""
        with self.assertRaises(UserError):
            self.onboard(self.merchant, self.env.ref("base.user_admin").login)
        with self.assertRaises(UserError):
            self.onboard(self.merchant, self.other_cashier.login)

    def test_only_the_office_onboards(self):
        """An ordinary employee may not."""
        user = new_test_user(self.env, "clerk", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.env["circuit.merchant.onboarding"].with_user(user).create({"partner_id": self.merchant.id})

    def test_an_officer_onboards(self):
        """Without rights on users and points of sale."""
        officer = new_test_user(self.env, "officer", groups="merchant_circuit.group_officer")
        shop = self.env["res.partner"].create({"name": "Bar Sport"})
        wizard = (
            self.env["circuit.merchant.onboarding"]
            .with_user(officer)
            .create(
                {
                    "partner_id": shop.id,
                    "circuit_id": self.circuit.id,
                    "category_id": self.env.ref("merchant_circuit.category_somministrazione").id,
                    "activity_id": self.env.ref("merchant_circuit.activity_bar").id,
                    "login": "bar@shop.example",
                    "password": "bar-sport-2026",
                }
            )
        )
        wizard.action_onboard()
        self.assertTrue(shop.circuit_pos_ids)
        self.assertFalse(wizard.password)

    def test_a_card_is_never_a_fast_payment(self):
        """It would be validated without asking for the card."""
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self.other_config.sudo().write(
                {"use_fast_payment": True, "fast_payment_method_ids": [(6, 0, self.card_method.ids)]}
            )

    def test_a_merchants_till_takes_no_journal(self):
        """Its takings would be booked."""
        bank = self.env["pos.payment.method"].create(
            {"name": "Bank", "journal_id": self.company_data["default_journal_bank"].id}
        )
        self.pos_session.sudo().write({"state": "closed"})
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self.config.sudo().write({"payment_method_ids": [(4, bank.id)]})
