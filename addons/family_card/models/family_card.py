from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..rules import fiscal_code

KINDS = [("standard", "Standard"), ("senior", "Senior"), ("special", "Special")]
REASONS = [
    ("holder_death", "Death of the holder"),
    ("residence", "Residence or habitual abode lost"),
    ("taxes", "Municipal taxes not paid"),
    ("lost", "Card or phone lost"),
    ("pin", "PIN lost or known to others"),
    ("fraud", "Suspected abuse"),
    ("request", "Asked by the household"),
    ("circuit_end", "End of the circuit"),
    ("other", "Other"),
]


class FamilyCard(models.Model):
    """A household's card: who holds it, its kind, its state, its accounts."""

    _name = "family.card"
    _description = "Family Card"
    _inherit = ["circuit.instrument", "own.fields", "mail.thread"]
    _order = "number desc, id desc"
    _rec_name = "number"

    number = fields.Char(readonly=True, copy=False)
    program_id = fields.Many2one(
        "family.card.program",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self._default_program(),
        domain=[("state", "!=", "closed")],
    )
    company_id = fields.Many2one(related="program_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    household_id = fields.Many2one(
        "res.partner", required=True, index=True, ondelete="restrict", domain=[("is_household", "=", True)]
    )
    holder_id = fields.Many2one(
        "res.partner",
        required=True,
        index=True,
        ondelete="restrict",
        compute="_compute_holder_id",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help="The head of household. Notice §2.2 (R-004-15).",
    )
    fiscal_code = fields.Char(
        compute="_compute_fiscal_code",
        store=True,
        index="btree_not_null",
        help="Fiscal code of the holder, as shown at the till.",
    )
    fiscal_code_masked = fields.Char("Fiscal code", compute="_compute_fiscal_code_masked")
    kind = fields.Selection(
        KINDS,
        required=True,
        default="standard",
        tracking=True,
        help="Standard: credit split by macro-category. Senior: one account. Special: one account and more shops. "
        "Notice §4 (R-004-36 to R-004-40).",
    )
    suggested_kind = fields.Selection(
        KINDS, compute="_compute_suggested_kind", help="What the ages of the household say."
    )
    special_act_id = fields.Many2one(
        "family.card.act",
        "Act for the special card",
        domain="[('program_id', '=', program_id)]",
        help="Giunta act that approves the special card. Notice §4 (R-004-39).",
    )
    state = fields.Selection(
        [("draft", "Requested"), ("active", "Active"), ("suspended", "Suspended"), ("closed", "Closed")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
    )
    state_reason = fields.Selection(REASONS, readonly=True, copy=False, tracking=True)
    annual_amount = fields.Monetary(
        "Yearly credit", tracking=True, help="Credited in four quarters. Notice §4 (R-004-19, R-004-31)."
    )
    first_period_id = fields.Many2one(
        "family.card.period",
        "First quarter",
        domain="[('program_id', '=', program_id)]",
        help="Earlier quarters are not credited; empty: all are. Notice §4 (R-004-21, R-004-22).",
    )
    phone = fields.Char("Mobile number", tracking=True, help="All messages go here. Notice §3 (R-004-18).")
    activated_at = fields.Datetime("Issued on", readonly=True, copy=False)
    account_ids = fields.One2many("stored.value.account", "card_id", string="Accounts", readonly=True)
    balance = fields.Monetary(compute="_compute_balance", help="Sum of the card's accounts.")
    last_entry_ids = fields.Many2many("stored.value.entry", compute="_compute_last_entry_ids", string="Last movements")
    transaction_count = fields.Integer(compute="_compute_transaction_count")
    member_ids = fields.One2many(related="household_id.household_member_ids", string="Household members")

    _number_unique = models.UniqueIndex("(number)", "This card number exists already.")
    _household_unique = models.UniqueIndex(
        "(program_id, household_id) WHERE state IN ('active', 'suspended')",
        "The household already has a card in this programme.",
    )
    _fiscal_code_unique = models.UniqueIndex(
        "(program_id, fiscal_code) WHERE state IN ('active', 'suspended')",
        "This person already holds a card in this programme.",
    )
    _amount_positive = models.Constraint("CHECK (annual_amount >= 0)", "The yearly credit cannot be negative.")

    # What only the card's own actions may write; identity is fixed once the card is issued.
    _PROTECTED = frozenset(
        {
            "number",
            "state",
            "state_reason",
            "activated_at",
            "pin_hash",
            "pin_salt",
            "pin_failures",
            "pin_failed_at",
            "web_failures",
            "web_failed_at",
            "fiscal_code",
            "credit_stopped",
            "former_numbers",
        }
    )
    _IDENTITY = frozenset({"program_id", "household_id"})

    @api.model
    def _default_program(self):
        return self.env["family.card.program"].search([("state", "=", "open")], order="year desc, id", limit=1)

    @api.depends("household_id")
    def _compute_holder_id(self):
        today = fields.Date.context_today(self)
        for card in self:
            if not card.holder_id and card.household_id:
                card.holder_id = card.household_id._head_on(today)

    @api.depends("holder_id.l10n_it_codice_fiscale")
    def _compute_fiscal_code(self):
        for card in self:
            card.fiscal_code = fiscal_code.normalise(card.holder_id.l10n_it_codice_fiscale or "") or False

    @api.depends("fiscal_code")
    def _compute_fiscal_code_masked(self):
        for card in self:
            card.fiscal_code_masked = fiscal_code.mask(card.fiscal_code or "")

    @api.depends("household_id", "program_id")
    def _compute_suggested_kind(self):
        today = fields.Date.context_today(self)
        for card in self:
            terms = card.program_id and card.program_id._terms_at(today)
            senior = card.household_id._is_senior_household(terms) if terms and card.household_id else None
            # Not telling is not "no": without all birth dates nothing is proposed.
            card.suggested_kind = {True: "senior", False: "standard", None: False}[senior]

    @api.depends("account_ids.balance")
    def _compute_balance(self):
        for card in self:
            card.balance = sum(card.account_ids.mapped("balance"))

    def _compute_last_entry_ids(self):
        for card in self:
            card.last_entry_ids = self.env["stored.value.entry"].search(
                [("account_id", "in", card.account_ids.ids)], limit=10, order="occurred_at desc, id desc"
            )

    def _compute_transaction_count(self):
        counts = dict(
            self.env["circuit.transaction"]._read_group(
                [("instrument_model", "=", self._name), ("instrument_id", "in", self.ids)],
                ["instrument_id"],
                ["__count"],
            )
        )
        for card in self:
            card.transaction_count = counts.get(card.id, 0)

    @api.depends("number", "holder_id")
    def _compute_display_name(self):
        for card in self:
            if card.number or not card.holder_id:
                card.display_name = card.number or self.env._("New card")
            else:
                card.display_name = self.env._("Request of %s", card.holder_id.name)

    @api.onchange("household_id")
    def _onchange_household_id(self):
        if self.household_id:
            self.holder_id = self.household_id._head_on(fields.Date.context_today(self))
            self.phone = self.phone or self.holder_id.phone
            if self.kind != "special" and self.suggested_kind:
                self.kind = self.suggested_kind

    @api.onchange("phone")
    def _onchange_phone(self):
        if self.phone:
            self.phone = self._clean_phone(self.phone)

    def _clean_phone(self, number):
        """A mobile number in international form (R-004-18).

        :raises ValidationError: it cannot be a phone number
        """
        country = self.company_id.country_id or self.env.company.country_id
        clean = self._phone_format(number=number, country=country)
        if not clean:
            raise ValidationError(self.env._("The mobile number is not valid."))
        return clean

    def _require_phone(self):
        """Messages need a number.

        :raises UserError: there is none
        """
        for card in self:
            if not card.phone:
                raise UserError(self.env._("Enter the mobile number first: the PIN goes there."))

    def _own_fields(self):
        return super()._own_fields() | self._PROTECTED

    def _own_refusal(self):
        return self.env._("These fields of a card change only through its buttons.")

    @api.model_create_multi
    def create(self, vals_list):
        """Create requests for cards; they are issued with :meth:`action_activate`."""
        for vals in vals_list:
            if vals.get("phone"):
                vals["phone"] = self._clean_phone(vals["phone"])
        return super().create(vals_list)

    def write(self, vals):
        """Write what may change: a new kind opens the accounts it needs, a new holder must be the head.

        :raises UserError: programme or household of an issued card, or a holder who is not the head
        """
        if self._IDENTITY & vals.keys() and any(card.state != "draft" for card in self):
            raise UserError(self.env._("Programme and household of an issued card are fixed."))
        if vals.get("phone"):
            vals = {**vals, "phone": self._clean_phone(vals["phone"])}
        result = super().write(vals)
        issued = self.filtered(lambda card: card.state in ("active", "suspended"))
        if "holder_id" in vals:
            issued._check_holder()
        if "kind" in vals:
            issued._check_special()
            issued._open_accounts()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_only_draft(self):
        if any(card.state != "draft" for card in self):
            raise UserError(self.env._("An issued card is never deleted: close it."))

    def action_view_accounts(self):
        """Smart button: the card's accounts."""
        return self._ledger_action("stored_value.action_account", [("card_id", "in", self.ids)])

    def action_view_entries(self):
        """Smart button: all movements of the card (R-004-46, R-004-47)."""
        return self._ledger_action("stored_value.action_entry", [("account_id", "in", self.account_ids.ids)])

    def action_view_transactions(self):
        """Smart button: what was bought with the card."""
        domain = [("instrument_model", "=", self._name), ("instrument_id", "in", self.ids)]
        return self._ledger_action("merchant_circuit.action_transaction", domain)

    @api.model
    def _ledger_action(self, xmlid, domain):
        return self.env["ir.actions.act_window"]._for_xml_id(xmlid) | {"domain": domain, "context": {"create": False}}
