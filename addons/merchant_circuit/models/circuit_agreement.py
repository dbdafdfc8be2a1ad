from base64 import b64encode

from odoo import _, api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..rules import directory, shop_page


class CircuitAgreement(models.Model):
    _name = "circuit.agreement"
    _description = "Merchant agreement"
    _inherit = ["own.fields", "mail.thread"]
    _order = "merchant_id, date_from desc"

    name = fields.Char(string="Number", required=True, copy=False, default=lambda self: _("New"))
    circuit_id = fields.Many2one(
        "circuit.circuit",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        default=lambda self: self._default_circuit(),
    )
    company_id = fields.Many2one(related="circuit_id.company_id", store=True, index=True)
    merchant_id = fields.Many2one(
        "res.partner",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        domain=[("is_merchant", "=", True)],
    )
    category_id = fields.Many2one(
        "circuit.category",
        string="Macro-category",
        required=True,
        tracking=True,
        help="A merchant belongs to exactly one macro-category and consumes only its account (R-004-43).",
    )
    activity_id = fields.Many2one(
        "circuit.activity",
        string="Main activity",
        required=True,
        tracking=True,
        help="Where the main activity is excluded by the programme, the card is not accepted at all (R-004-79).",
    )
    other_activity_ids = fields.Many2many("circuit.activity", string="Other activities")
    role_accept = fields.Boolean("Accepts", default=True, help="May accept cards and coupons (R-000-03).")
    role_distribute = fields.Boolean("Distributes", help="May hand out coupons (R-000-03).")
    role_issue = fields.Boolean("Issues", help="May issue coupons (R-000-03).")
    date_from = fields.Date(required=True, default=fields.Date.context_today)
    date_to = fields.Date(help="Last day of validity; empty: open-ended.")
    state = fields.Selection(
        [("draft", "Draft"), ("active", "Signed"), ("suspended", "Suspended"), ("ended", "Ended")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )

    suggested_activity_id = fields.Many2one(
        "circuit.activity",
        compute="_compute_suggested_activity",
        string="Suggested by ATECO",
        help="Only a suggestion: the public body sets the macro-category (A26).",
    )
    admission = fields.Selection(
        [("all", "All cards"), ("special", "Only special cards"), ("none", "No card")],
        string="Cards that can be used",
        compute="_compute_admission",
        help="What the programmes of the circuit say of the main activity today. A shop where no card can be used is"
        " not in the public list. Notice §4 (R-004-40, R-004-79).",
    )
    document_ids = fields.One2many(
        "circuit.agreement.document", "agreement_id", string="Documents", help="The merchant can download them."
    )
    suspension_ids = fields.One2many("circuit.suspension", "agreement_id", readonly=True)
    suspension_id = fields.Many2one("circuit.suspension", compute="_compute_suspension", string="Suspension in force")
    payable = fields.Boolean(
        compute="_compute_suspension",
        help="Charges made before a suspension are paid once the public body has looked at them (requirements 2.3).",
    )

    _one_live = models.UniqueIndex(
        "(circuit_id, merchant_id) WHERE state IN ('active', 'suspended')",
        "This merchant already has an agreement in force in this circuit.",
    )
    _dates = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)", "The agreement ends before it begins."
    )

    @api.model
    def _default_circuit(self):
        circuits = self.env["circuit.circuit"].search([("company_id", "=", self.env.company.id)], limit=2)
        return circuits if len(circuits) == 1 else False

    @api.depends("activity_id", "circuit_id")
    def _compute_admission(self):
        for circuit, agreements in self.grouped("circuit_id").items():
            closed = circuit._admission(circuit._local_today()) if circuit else {}
            for agreement in agreements:
                agreement.admission = closed.get(agreement.activity_id.id, "all")

    @api.depends("suspension_ids.state", "suspension_ids.reviewed_at")
    def _compute_suspension(self):
        for agreement in self:
            agreement.suspension_id = agreement.suspension_ids.filtered(lambda line: line.state == "active")[:1]
            agreement.payable = not agreement.suspension_id or bool(agreement.suspension_id.reviewed_at)

    @api.depends("merchant_id.ateco")
    def _compute_suggested_activity(self):
        for agreement in self:
            agreement.suggested_activity_id = self.env["circuit.ateco"]._suggest(agreement.merchant_id.ateco)

    @api.onchange("merchant_id")
    def _onchange_merchant(self):
        """Start from what the ATECO code suggests; staff decide (A26)."""
        suggested = self.env["circuit.ateco"]._suggest(self.merchant_id.ateco)
        if suggested and not self.activity_id:
            self.activity_id = suggested
            self.category_id = self.category_id or suggested.category_id

    def _directory_entry(self, offers):
        """What the public list says of this shop; no fiscal code, no private phone or mail (R-004-91).

        :param offers: circuit.offer in force of the merchant
        :return: dict
        """
        self.ensure_one()
        shop = self.merchant_id
        closed = self.circuit_id._admission(self.circuit_id._local_today())
        place = directory.coordinates(shop.partner_latitude, shop.partner_longitude)
        return {
            "id": shop.id,
            "code": shop.shop_code or "",
            "name": shop._shop_label(),
            "category": self.category_id.code,
            "category_name": self.category_id.name,
            "category_order": (self.category_id.sequence, self.category_id.id),
            "activities": [activity.name for activity in self.activity_id | self.other_activity_ids],
            "street": shop.street or "",
            "zip": shop.zip or "",
            "city": shop.city or "",
            "phone": shop.shop_phone or "",
            "website": shop.website if shop_page.is_safe_link(shop.website) else "",
            "description": shop.shop_description or "",
            "hours": shop.shop_hours or "",
            "page": self._shop_url(),
            "admission": closed.get(self.activity_id.id, "all"),
            "not_for": [activity.name for activity in self.other_activity_ids if closed.get(activity.id) == "none"],
            "longitude": place and place[0],
            "latitude": place and place[1],
            "offers": [
                {"title": offer.name, "text": offer.text or "", "until": offer.date_to or None} for offer in offers
            ],
        }

    def _shop_url(self):
        """Address of the shop's public page, relative to the site; it names no row of the database (R-004-91).

        :return: str, or None for what is no merchant
        """
        self.ensure_one()
        shop = self.merchant_id
        if not shop.shop_code:
            return None
        name = self.env["ir.http"]._slugify(shop._shop_label(), max_length=60)
        return f"{self.circuit_id._public_url()}/merchant/{'-'.join(filter(None, (name, shop.shop_code)))}"

    def _sticker_qr(self):
        """QR code that leads to the shop's public page, for the window sticker (R-004-92).

        :return: address of an image for QWeb, or None when the list is not published
        """
        self.ensure_one()
        circuit = self.circuit_id
        if not circuit.publish_directory:
            return None
        shown = self.merchant_id.in_directory and self._shop_url()
        url = circuit.get_base_url() + (shown or circuit._directory_url())
        image = self.env["ir.actions.report"].barcode("QR", url, width=400, height=400, barLevel="M")
        return f"data:image/png;base64,{b64encode(image).decode()}"

    @api.onchange("activity_id")
    def _onchange_activity(self):
        if self.activity_id.category_id and not self.category_id:
            self.category_id = self.activity_id.category_id

    @api.constrains("merchant_id")
    def _check_merchant(self):
        if self.filtered(lambda agreement: not agreement.merchant_id.is_merchant):
            raise ValidationError(_("Mark the partner as a merchant before you make an agreement."))

    def _own_fields(self):
        return super()._own_fields() | {"state"}

    def _own_refusal(self):
        return self.env._("An agreement is signed, suspended and ended with its buttons.")

    @api.model_create_multi
    def create(self, vals_list):
        """Number the agreements and let the tills know."""
        for vals in vals_list:
            if vals.get("name", _("New")) == _("New"):
                vals["name"] = self.env["ir.sequence"].next_by_code("circuit.agreement") or _("New")
        agreements = super().create(vals_list)
        self.env.registry.clear_cache()
        return agreements

    def write(self, vals):
        """Let the tills know."""
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        """Let the tills know."""
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_only_draft(self):
        if self.filtered(lambda agreement: agreement.state != "draft"):
            raise ValidationError(_("Only a draft can be deleted. End the agreement instead."))

    def action_sign(self):
        """Button: the agreement is signed and in force between its dates (R-001-03).

        :raise UserError: it is not a draft; a suspension is lifted by its own button
        """
        self.check_access("write")
        if self.filtered(lambda agreement: agreement.state != "draft"):
            raise UserError(_("Only a draft can be signed."))
        self.sudo().write({"state": "active"})  # sudo: see write()

    def action_end(self):
        """Button: the agreement ends today."""
        self.check_access("write")
        today = fields.Date.context_today(self)
        for agreement in self.sudo():  # sudo: see write()
            agreement.write({"state": "ended", "date_to": max(today, agreement.date_from)})

    def _suspend(self, ground, reason):
        """The merchant cannot charge until the suspension ends (requirements 2.3).

        :param str ground: non_compliance or fraud
        :param str reason: why; kept
        :return: circuit.suspension, in force or proposed
        """
        self.ensure_one()
        return self.env["circuit.suspension"]._open(self, ground, reason)
