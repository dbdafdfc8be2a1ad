from odoo import _, api, fields, models, tools
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from odoo.addons.merchant_circuit.rules.till import Terminal


class PosConfig(models.Model):
    _inherit = "pos.config"

    merchant_id = fields.Many2one(
        "res.partner",
        domain=[("is_merchant", "=", True)],
        index="btree_not_null",
        ondelete="restrict",
        help="The shop that sells here. Its cashiers see this point of sale and no other; its takings"
        " never enter the books of the public body.",
    )
    place_id = fields.Many2one(
        "circuit.place",
        domain="[('merchant_id', '=', merchant_id)]",
        ondelete="restrict",
        help="Where the till stands; empty: the merchant's only place (R-000-04).",
    )
    merchant_name = fields.Char(compute="_compute_merchant_receipt", compute_sudo=True)
    merchant_address = fields.Text(compute="_compute_merchant_receipt", compute_sudo=True)
    circuit_checks = fields.Char(compute="_compute_circuit_checks", compute_sudo=True)

    @api.depends("merchant_id")
    def _compute_merchant_receipt(self):
        """What the receipt says of the merchant; computed with sudo because a cashier reads little of
        a partner, and these are printed on every receipt anyway."""
        for config in self:
            merchant = config.merchant_id
            vat = merchant.vat and _("VAT no. %s", merchant.vat)
            town = " ".join(filter(None, [merchant.zip, merchant.city, merchant.state_id.code]))
            config.merchant_name = merchant.shop_name or merchant.name
            config.merchant_address = "\n".join(filter(None, [merchant.street, town, merchant.phone, vat]))

    @api.depends("merchant_id")
    def _compute_circuit_checks(self):
        """What the till's screen asks for, e.g. "documents,pin" (B09); the server alone decides. With sudo,
        because a cashier reads neither programmes nor other shops' agreements."""
        now = fields.Datetime.now()
        for config in self:
            checks = config.merchant_id and self.env["circuit.till"]._checks(config.merchant_id.id, now)
            config.circuit_checks = ",".join(sorted(checks or ()))

    @api.constrains("fast_payment_method_ids", "payment_method_ids")
    def _check_circuit_not_fast(self):
        """A fast payment validates at once: no one would be asked for the card."""
        for config in self:
            if "circuit" in config.fast_payment_method_ids.mapped("use_payment_terminal"):
                raise ValidationError(_("A circuit card cannot be a fast payment method."))

    @api.constrains("merchant_id", "payment_method_ids")
    def _check_merchant_payment_methods(self):
        """Methods with a journal would post the merchant's takings in our books."""
        for config in self:
            if config.merchant_id and config.payment_method_ids.journal_id:
                raise ValidationError(
                    _("The till of a merchant takes payment methods without journal only: %s", config.name)
                )

    @api.constrains("merchant_id", "place_id")
    def _check_place(self):
        """A till stands at a place of its own merchant."""
        self.env["circuit.place"]._check_merchant_of(self)

    @api.model_create_multi
    def create(self, vals_list):
        configs = super().create(vals_list)
        self.env.registry.clear_cache()
        return configs

    def write(self, vals):
        if "merchant_id" in vals:
            self._check_merchant_change(vals["merchant_id"])
            if "place_id" not in vals and any(config.merchant_id.id != vals["merchant_id"] for config in self):
                vals = {**vals, "place_id": False}
        result = super().write(vals)
        if vals.keys() & {"merchant_id", "company_id", "active", "place_id"}:
            self.env.registry.clear_cache()
        return result

    def _check_merchant_change(self, merchant_id):
        """A till with an open session keeps its merchant.

        :param int merchant_id: new merchant, or False
        :raise UserError: a session is open
        """
        for config in self:
            if config.merchant_id.id != (merchant_id or False) and config.has_active_session:
                raise UserError(_("Close the session of %s before its merchant changes.", config.name))

    @api.model
    @tools.ormcache("config_id")
    def _circuit_owner(self, config_id):
        """Merchant and company of a point of sale, from memory: asked at every authorisation.

        :param int config_id: a pos.config
        :return: tuple of merchant id (or None) and company id; None when there is no such till
        """
        self.flush_model(["merchant_id", "company_id"])
        rows = self.env.execute_query(
            SQL("SELECT merchant_id, company_id FROM pos_config WHERE id = %s AND active", config_id)
        )
        return rows[0] if rows else None

    @api.model
    @tools.ormcache("config_id")
    def _circuit_place(self, config_id):
        """Where a point of sale stands, from memory (R-000-04).

        :param int config_id: a pos.config of a merchant
        :return: id of a circuit.place, or None when nobody knows
        """
        self.flush_model(["merchant_id", "place_id"])
        rows = self.env.execute_query(SQL("SELECT merchant_id, place_id FROM pos_config WHERE id = %s", config_id))
        # sudo: an id, of the till's own merchant
        return self.env["circuit.place"].sudo()._of_till(*rows[0]) if rows else None

    @api.model
    @tools.ormcache("self.env.uid", "tuple(self.env.context.get('allowed_company_ids') or ())", "config_id")
    def _circuit_till_of(self, config_id):
        """Owner of a till at which this user may sell, under the user's own rights and record rules; from
        memory, forgotten when the domains of the rules are: the rules cost more than the charge.

        :param int config_id: a pos.config
        :return: tuple of merchant id and company id; None when it is not this user's, or no merchant's
        """
        if not self.env.user.has_group("point_of_sale.group_pos_user"):
            return None
        if not self.has_access("read") or not self.search_count([("id", "=", config_id)], limit=1):
            return None
        owner = self._circuit_owner(config_id)
        return owner if owner and owner[0] else None

    @api.model
    def _circuit_open_session(self, config_id):
        """The session a till sells in.

        :param int config_id: a till that :meth:`_circuit_till_of` has answered for
        :return: id of the pos.session, or None when none is open
        """
        self.env["pos.session"].flush_model(["config_id", "state", "rescue"])
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM pos_session WHERE config_id = %s AND state = 'opened' AND rescue IS NOT TRUE"
                " ORDER BY id LIMIT 1",
                config_id,
            )
        )
        return rows[0][0] if rows else None

    def _circuit_terminal(self, session_id):
        """This till, as the circuit's till service wants it.

        :param int session_id: pos.session in use
        :return: Terminal
        :raise UserError: the point of sale belongs to no merchant
        """
        self.ensure_one()
        merchant_id, company_id = self._circuit_owner(self.id) or (None, None)
        if not merchant_id:
            raise UserError(_("The point of sale %s belongs to no merchant of the circuit.", self.name))
        place_id = self._circuit_place(self.id)
        return Terminal(merchant_id, company_id, "pos", f"pos.config,{self.id}", f"pos.session,{session_id}", place_id)

    def get_limited_partners_loading(self, offset=0):
        """Core lists partners with plain SQL, past the record rules. A merchant's till needs none but
        those its cashier may read."""
        if not self.merchant_id:
            return super().get_limited_partners_loading(offset)
        if offset:
            return []
        return [(partner_id,) for partner_id in (self.merchant_id | self.env.user.partner_id).ids]

    @api.depends("payment_method_ids")
    def _compute_fast_payment_method_ids(self):
        result = super()._compute_fast_payment_method_ids()
        for config in self:
            config.fast_payment_method_ids = config.fast_payment_method_ids.filtered(
                lambda method: method.use_payment_terminal != "circuit"
            )
        return result
