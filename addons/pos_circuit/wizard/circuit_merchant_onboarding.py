from base64 import b64encode

from odoo import _, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import file_open

# what a till of the circuit does not do: it takes one amount and splits its payment
CONFIG_FLAGS = {
    "iface_tipproduct": False,
    "manual_discount": False,
    "ship_later": False,
    "use_pricelist": False,
    "use_presets": False,
    "use_fast_payment": False,
    "iface_cashdrawer": False,
    "iface_print_auto": False,
    "limit_categories": True,
    "auto_validate_terminal_payment": False,
    "show_product_images": False,
    "show_category_images": False,
    "is_header_or_footer": False,
}


class CircuitMerchantOnboarding(models.TransientModel):
    _name = "circuit.merchant.onboarding"
    _description = "Onboard a Merchant"

    partner_id = fields.Many2one("res.partner", string="Shop", required=True)
    shop_name = fields.Char(help="The sign over the door, as it is printed on receipts.")
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company)
    circuit_id = fields.Many2one(
        "circuit.circuit",
        required=True,
        domain="[('company_id', '=', company_id)]",
        default=lambda self: self.env["circuit.circuit"].search(
            [("company_id", "=", self.env.company.id)], order="id", limit=1
        ),
    )
    category_id = fields.Many2one("circuit.category", string="Macro-category", required=True)
    activity_id = fields.Many2one("circuit.activity", string="Main Activity", required=True)
    other_activity_ids = fields.Many2many("circuit.activity", string="Other Activities")
    date_from = fields.Date(string="Agreement From", required=True, default=fields.Date.context_today)
    cashier_name = fields.Char()
    login = fields.Char(string="Cashier Login", required=True, help="Usually the cashier's e-mail address.")
    password = fields.Char(help="Leave empty to send an invitation to the login's e-mail address.", copy=False)

    @api.onchange("partner_id")
    def _onchange_partner_id(self):
        """Start from what is known: the shop's name, e-mail and running agreement."""
        partner = self.partner_id
        self.shop_name = self.shop_name or partner.shop_name or partner.name
        self.login = self.login or partner.email
        agreement = partner.agreement_ids.filtered(lambda a: a.circuit_id == self.circuit_id)[:1]
        if agreement:
            self.category_id = agreement.category_id
            self.activity_id = agreement.activity_id
            self.other_activity_ids = agreement.other_activity_ids

    @api.constrains("activity_id", "other_activity_ids")
    def _check_activities(self):
        for wizard in self:
            if wizard.activity_id in wizard.other_activity_ids:
                raise ValidationError(_("The main activity is not one of the other activities."))

    def action_onboard(self):
        """Make the partner a merchant with agreement, cashier and till; running it again repairs what
        is missing and creates nothing twice (R-004-22).

        :return: window action of the merchant's partner form
        :raise UserError: the login belongs to someone else
        """
        self.ensure_one()
        self._onboard()
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": self.partner_id.id,
            "view_mode": "form",
        }

    def _onboard(self):
        """Do the work of :meth:`action_onboard`.

        :return: the merchant's pos.config
        """
        self.ensure_one()
        if not self.env.su and not self.env.user.has_group("merchant_circuit.group_officer"):
            raise AccessError(_("Only the office that runs the circuit admits merchants."))
        # sudo: an officer may neither create users nor points of sale in general; here only those of a
        # merchant, with the rights of a cashier
        wizard = self.sudo().with_company(self.company_id)
        partner = wizard.partner_id
        partner.write(
            {
                "is_merchant": True,
                "company_id": self.company_id.id,
                "shop_name": wizard.shop_name or partner.shop_name or partner.name,
            }
        )
        wizard._agreement()
        wizard._cashier()
        self.company_id.sudo().point_of_sale_use_ticket_qr_code = False  # sudo: as above
        return wizard._till()

    def _agreement(self):
        """Running agreement of the merchant in the circuit, created or brought up to date."""
        agreements = self.env["circuit.agreement"]
        known = agreements.search(
            [
                ("merchant_id", "=", self.partner_id.id),
                ("circuit_id", "=", self.circuit_id.id),
                ("state", "!=", "ended"),
            ],
            limit=1,
        )
        vals = {
            "category_id": self.category_id.id,
            "activity_id": self.activity_id.id,
            "other_activity_ids": [fields.Command.set(self.other_activity_ids.ids)],
        }
        if known:
            if known.state == "draft":
                vals["state"] = "active"
            known.write(vals)
            return known
        return agreements.create(
            {
                **vals,
                "circuit_id": self.circuit_id.id,
                "merchant_id": self.partner_id.id,
                "date_from": self.date_from,
                "state": "active",
                "role_accept": True,
            }
        )

    def _cashier(self):
        """The merchant's cashier.

        :return: res.users
        :raise UserError: the login belongs to a user who is no cashier of this merchant
        """
        users = self.env["res.users"].with_context(active_test=False)
        cashiers = self.env.ref("pos_circuit.group_merchant_cashier")
        user = users.search([("login", "=", self.login.strip())])
        if user and user.merchant_id != self.partner_id:
            raise UserError(_("The login %s already belongs to somebody else.", self.login))
        if user and user.has_group("merchant_circuit.group_officer"):
            raise UserError(_("%s works for the office and cannot be a cashier too.", self.login))
        vals = {"merchant_id": self.partner_id.id, "active": True}
        if user:
            if cashiers not in user.group_ids:
                vals["group_ids"] = [fields.Command.link(cashiers.id)]
            user.write(vals)
        else:
            user = users.with_context(no_reset_password=bool(self.password)).create(
                {
                    **vals,
                    "name": self.cashier_name or self.partner_id.shop_name,
                    "login": self.login.strip(),
                    "email": self.login.strip() if "@" in self.login else False,
                    "company_id": self.company_id.id,
                    "company_ids": [fields.Command.set(self.company_id.ids)],
                    "group_ids": [fields.Command.set(cashiers.ids)],
                    "lang": self.partner_id.lang or self.env.lang,
                    "tz": self.circuit_id.tz,
                }
            )
        if self.password:
            user.password = self.password
            self.password = False
        return user

    def _till(self):
        """The merchant's point of sale.

        :return: pos.config
        """
        configs = self.env["pos.config"].with_context(active_test=False)
        methods = self._payment_method("circuit") | self._payment_method("other")
        categories = self._categories()
        till = configs.search(
            [("merchant_id", "=", self.partner_id.id), ("company_id", "=", self.company_id.id)], limit=1
        )
        wanted = {**CONFIG_FLAGS, "iface_available_categ_ids": [fields.Command.set(categories.ids)]}
        if not till:
            return configs.create(
                {
                    **wanted,
                    "name": self.partner_id.shop_name,
                    "company_id": self.company_id.id,
                    "merchant_id": self.partner_id.id,
                    "payment_method_ids": [fields.Command.set(methods.ids)],
                }
            )
        if not till.active and not till.has_active_session:
            wanted["active"] = True
        if methods - till.payment_method_ids and not till.has_active_session:
            wanted["payment_method_ids"] = [fields.Command.set(methods.ids)]
        till.write(wanted)
        return till

    def _payment_method(self, role):
        """The company's payment method of a role, shared by all its merchants.

        :param str role: ``circuit`` or ``other``
        :return: pos.payment.method, without journal: nothing of it is posted by core
        """
        methods = self.env["pos.payment.method"]
        flag = ("use_payment_terminal", "=", "circuit") if role == "circuit" else ("is_circuit_other", "=", True)
        method = methods.search([flag, ("company_id", "=", self.company_id.id)], limit=1)
        if method:
            return method
        vals = {"company_id": self.company_id.id, "journal_id": False, "name": role}
        if role == "other":
            method = methods.create({**vals, "sequence": 2, "is_circuit_other": True})
            return self._localize(method, lambda env: env._("Cash / other"))
        with file_open("pos_circuit/static/src/img/circuit_card.png", "rb") as image:
            vals["image"] = b64encode(image.read())
        method = methods.create(
            {**vals, "sequence": 1, "payment_method_type": "terminal", "use_payment_terminal": "circuit"}
        )
        return self._localize(method, lambda env: env._("Circuit card"))

    def _localize(self, record, name):
        """Name a record in every installed language.

        :param record: record with a translated ``name``
        :param name: function of an environment to the name in that environment's language
        :return: the record
        """
        for code, _label in self.env["res.lang"].get_installed():
            localized = record.with_context(lang=code)
            localized.name = name(localized.env)
        return record

    def _categories(self):
        """Product categories of the till: the generic purchase, and one per other activity, so that
        tobacco sold in a bar is rung up as tobacco.

        :return: pos.category
        """
        purchases = self.env.ref("pos_circuit.pos_category_purchases")
        products = self.env["product.product"]
        categories = purchases
        for activity in self.other_activity_ids:
            product = products.search(
                [("circuit_activity_id", "=", activity.id), ("circuit_open_price", "=", True)], limit=1
            )
            categories |= (product or self._activity_product(activity)).pos_categ_ids
        return categories

    def _activity_product(self, activity):
        """A button of the till for goods of one activity, in a category of its own.

        :param activity: circuit.activity
        :return: product.product
        """

        def name(env):
            return activity.with_env(env).name

        category = self._localize(self.env["pos.category"].create({"name": activity.name, "sequence": 10}), name)
        product = self.env["product.product"].create(
            {
                "name": activity.name,
                "type": "service",
                "list_price": 0,
                "taxes_id": [fields.Command.clear()],
                "supplier_taxes_id": [fields.Command.clear()],
                "purchase_ok": False,
                "available_in_pos": True,
                "circuit_open_price": True,
                "circuit_activity_id": activity.id,
                "pos_categ_ids": [fields.Command.set(category.ids)],
            }
        )
        return self._localize(product, name)
