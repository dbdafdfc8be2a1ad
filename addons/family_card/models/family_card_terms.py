from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..rules import charge, periods, pin, senior
from ..tools import to_decimal


class FamilyCardTerms(models.Model):
    """The parameters of a programme from a date on. A giunta act adds a new dated set; what was
    done under an older one stays as it was (R-004-02, R-004-06)."""

    _name = "family.card.terms"
    _description = "Programme terms"
    _order = "program_id, valid_from desc"
    _rec_name = "valid_from"

    program_id = fields.Many2one("family.card.program", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="program_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="program_id.currency_id")
    valid_from = fields.Date(required=True, help="First day on which these terms apply. Notice §7 (R-004-06).")
    act_id = fields.Many2one(
        "family.card.act",
        domain="[('program_id', '=', program_id)]",
        help="Giunta act that changes the economic terms; the first set needs none. Notice §7 (R-004-06).",
    )
    note = fields.Text()
    in_use = fields.Boolean(compute="_compute_in_use", help="Money moved under these terms: they can no longer change.")

    min_spend = fields.Monetary(
        "Minimum purchase",
        default=10.0,
        required=True,
        help="Smallest purchase the card pays for. Notice §4 (R-004-77).",
    )
    min_spend_base = fields.Selection(
        [("eligible", "Eligible goods"), ("receipt", "Whole receipt")],
        string="Minimum purchase measured on",
        default="eligible",
        required=True,
        help="Whether excluded goods on the same receipt count towards the minimum. Notice §4 (R-004-77, A09).",
    )
    coupon_minimum = fields.Selection(
        [("net", "What the coupons leave"), ("gross", "The whole purchase")],
        string="Minimum purchase with a coupon",
        default="net",
        required=True,
        help="A coupon comes before the card: whether what it takes off still counts towards the minimum of the card."
        " Notice §4 (R-004-77, H16).",
    )
    max_card_share = fields.Float(
        "Most the card pays (%)",
        digits=(5, 2),
        default=50.0,
        required=True,
        help="The citizen pays the rest, and the odd cent. Notice §4 (R-004-78).",
    )
    card_share_mode = fields.Selection(
        [("at_most", "At most the share"), ("exactly", "Exactly the share"), ("full", "The whole purchase")],
        string="How the share binds",
        default="at_most",
        required=True,
        help="How the share binds: the notice speaks of “at least 50 %” and of “50 %”. Notice §3 and §4 (R-004-78, A06).",
    )
    on_insufficient = fields.Selection(
        [("propose_residual", "Pay what is left"), ("refuse", "Refuse and tell the limit")],
        string="When the balance is too low",
        default="propose_residual",
        required=True,
        help="What happens when the account holds less than the share. Notice §3 and §4 (R-004-75, R-004-76, A07).",
    )
    min_spend_waived_below_balance = fields.Boolean(
        "No minimum for the last cents",
        help="Whether less than the minimum may be bought once the account holds less than the card's share of it."
        " Notice §4 (R-004-77, A09).",
    )
    per_quarter_category_cap = fields.Boolean(
        "Cap per quarter",
        help="Whether no more may be spent from an account in a calendar quarter than was credited to it for that"
        " quarter; what was left from earlier quarters then waits. Off: the balance is the only limit."
        " Notice §4 (R-004-35, A05).",
    )
    check_pin = fields.Boolean(
        "Ask for the PIN", default=True, help="The holder types the PIN at the till. Notice §3 (R-004-71, B09)."
    )
    check_documents = fields.Boolean(
        "Look at the documents",
        help="The cashier confirms having seen the health card and an identity document; without both nothing is"
        " paid. It may take the place of the PIN. Notice §3 (R-004-71; R-001-12, B09).",
    )
    exclusion_scope = fields.Selection(
        [("both", "Shops and goods"), ("merchant", "Shops only"), ("product", "Goods only")],
        string="Exclusion applies to",
        default="both",
        required=True,
        help="Whether an excluded activity bars the shop, the goods, or both. Notice §4 (R-004-79, A25).",
    )
    excluded_activity_ids = fields.Many2many(
        "circuit.activity",
        "family_card_terms_excluded_rel",
        string="Excluded activities",
        default=lambda self: self._default_activities(self._EXCLUDED),
        help="Monopoly goods, pharmacies, fuel, insurance, gaming: not with the card. Notice §4 (R-004-79).",
    )
    allowed_activity_ids = fields.Many2many(
        "circuit.activity",
        "family_card_terms_allowed_rel",
        string="Only these goods",
        help="Goods the card pays for, such as food and basic necessities; other goods on the receipt are not"
        " eligible. Empty: all goods that are not excluded. Notice §4 (R-004-79; R-001-11).",
    )
    special_activity_ids = fields.Many2many(
        "circuit.activity",
        "family_card_terms_special_rel",
        string="Only with special cards",
        default=lambda self: self._default_activities(self._SPECIAL),
        help="Activities opened to special cards and closed to the others. Notice §4 (R-004-40, R-004-41).",
    )
    spendable_from = fields.Datetime(
        "Spendable from", help="Instant from which the cards can be used at all; empty: at once. Notice §4 (R-004-33)."
    )
    expiry_quarters = fields.Integer(
        "Quarters until expiry",
        default=2,
        required=True,
        help="How many quarters after its own a credit can still be spent. Notice §4 (R-004-55, A10).",
    )
    expiry_basis = fields.Selection(
        [("reference_quarter", "The quarter it refers to"), ("credit_quarter", "The quarter it is loaded in")],
        string="Expiry counted from",
        default="reference_quarter",
        required=True,
        help="From which quarter the expiry is counted. Notice §4 (R-004-55, A11).",
    )
    expire_at_year_end = fields.Boolean(
        "Nothing outlives the year",
        help="Whether credits end with 31 December of the programme's year at the latest. Notice §4 (R-004-55, A12).",
    )
    split_rounding = fields.Selection(
        [("largest_remainder", "Every cent assigned"), ("floor", "Shares as ceilings")],
        string="Odd cents",
        default="largest_remainder",
        required=True,
        help="Who gets the odd cent of a quarter: the largest fraction, or nobody. Notice §4 (R-004-35, A28).",
    )
    senior_single_age = fields.Integer(
        "Age of a single person",
        default=70,
        required=True,
        help="One-person households over this age. Notice §4 (R-004-36).",
    )
    senior_avg_age = fields.Integer(
        "Average age",
        default=68,
        required=True,
        help="Households whose average age is over this. Notice §4 (R-004-36).",
    )
    senior_op = fields.Selection(
        [("gt", "Over the age"), ("ge", "At the age or over")],
        string="Age comparison",
        default="gt",
        required=True,
        help="The notice says “over 70” and “average of 68”. Notice §3 and §4 (R-004-36, A02).",
    )
    age_rule = fields.Selection(
        [("day_after_birthday", "The day after the birthday"), ("completed_years", "In completed years")],
        string="An age is exceeded",
        default="day_after_birthday",
        required=True,
        help="When an age is exceeded: Consiglio di Stato, Ad. Plen. 21/2011. Notice §4 (R-004-36, A03).",
    )
    senior_reference = fields.Date(
        "Ages measured on",
        help="Day on which ages are looked at, 31/12/2023 in the first year. Notice §4 (R-004-36, A16).",
    )
    pin_length = fields.Integer(
        "PIN digits", default=5, required=True, help="Length of new PINs, 4 to 12. Notice §2.2 (R-004-72)."
    )
    pin_attempts = fields.Integer(
        "PIN attempts", default=3, required=True, help="Wrong tries before a new PIN is needed. Notice §2.2 (R-004-74)."
    )
    balance_by_pin = fields.Boolean(
        "Balance with fiscal code and PIN",
        default=True,
        help="Whether citizens can look at their balance without an account on the portal. Notice §3 (R-004-85, A20).",
    )
    credit_sms = fields.Selection(
        [("all", "One with all accounts"), ("per_account", "One per account"), ("none", "No SMS")],
        string="SMS on credit",
        default="all",
        required=True,
        help="What the household is told when credit arrives. Notice §3 (R-004-48, A17).",
    )
    charge_notice = fields.Selection(
        [("sms", "SMS"), ("residual", "SMS with the residual credit only"), ("receipt", "Receipt only")],
        string="Notice after a charge",
        default="sms",
        required=True,
        help="What the household is told after every charge; a receipt can always be printed."
        " Notice §3 and §4 (R-004-80, A18; R-001-14, B10).",
    )

    _valid_from_unique = models.UniqueIndex("(program_id, valid_from)", "There are terms from this day already.")
    _share_range = models.Constraint(
        "CHECK (max_card_share > 0 AND max_card_share <= 100)", "The card's share lies above 0 and up to 100 %."
    )
    _min_spend_positive = models.Constraint("CHECK (min_spend >= 0)", "The minimum purchase cannot be negative.")
    _expiry_positive = models.Constraint(
        "CHECK (expiry_quarters BETWEEN 0 AND 40)", "A credit lives 0 to 40 further quarters."
    )
    _pin_range = models.Constraint(
        f"CHECK (pin_length BETWEEN {pin.MIN_LENGTH} AND {pin.MAX_LENGTH})", "A PIN has 4 to 12 digits."
    )
    _attempts_range = models.Constraint(
        "CHECK (pin_attempts BETWEEN 1 AND 10)", "Between 1 and 10 wrong tries lock a PIN."
    )

    _holder_checked = models.Constraint(
        "CHECK (check_pin IS TRUE OR check_documents IS TRUE)",
        "The till checks the PIN, the documents, or both: choose at least one.",
    )

    _EXCLUDED = ("tobacco", "pharmacy", "parapharmacy", "prescription_drugs", "fuel", "insurance", "gaming")
    _SPECIAL = ("pharmacy", "parapharmacy", "health", "personal_services")
    _FREE_FIELDS = frozenset({"note"})  # and the clauses: naming them better moves no money

    @api.model
    def _default_activities(self, codes):
        return self.env["circuit.activity"].search([("code", "in", codes)])

    def _compute_in_use(self):
        for terms in self:
            terms.in_use = bool(terms.id) and terms._is_used()

    def _next_valid_from(self):
        """First day of the set that follows in the same programme, or None."""
        self.ensure_one()
        following = self.program_id.terms_ids.filtered(lambda other: other.valid_from > self.valid_from)
        return min(following.mapped("valid_from"), default=None)

    def _is_used(self):
        """Whether credit was given or a charge made while these terms applied (R-004-06)."""
        self.ensure_one()
        tz = self.program_id.tz
        start = periods.midnight(self.valid_from, tz)
        following = self._next_valid_from()
        end = periods.midnight(following, tz) if following else fields.Datetime.now() + timedelta(days=36500)
        [(used,)] = self.env.execute_query(
            SQL(
                """
                SELECT EXISTS (
                    SELECT 1 FROM stored_value_entry e
                      JOIN stored_value_account a ON a.id = e.account_id
                      JOIN family_card c ON c.id = a.card_id
                     WHERE c.program_id = %s AND e.occurred_at >= %s AND e.occurred_at < %s)
                """,
                self.program_id.id,
                start,
                end,
            )
        )
        return used

    @api.constrains("program_id", "valid_from", "act_id")
    def _check_act(self):
        """Terms after the first set name the act that changes them (R-004-06).

        :raises ValidationError: no act, or an act of another programme
        """
        for terms in self:
            first = min(terms.program_id.terms_ids.mapped("valid_from"), default=terms.valid_from)
            if terms.valid_from > first and not terms.act_id:
                raise ValidationError(self.env._("New terms need the giunta act that changes them (notice §7)."))
            if terms.act_id and terms.act_id.program_id != terms.program_id:
                raise ValidationError(self.env._("The act belongs to another programme."))

    @api.constrains("program_id", "valid_from")
    def _check_not_retroactive(self):
        """A new set cannot change terms under which money has already moved (R-004-06).

        :raises ValidationError: entries exist on or after its first day
        """
        for terms in self:
            if len(terms.program_id.terms_ids) > 1 and terms._is_used():
                raise ValidationError(
                    self.env._("Money has already moved on or after %s: choose a later day.", terms.valid_from)
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Create dated sets and drop what the till remembers."""
        records = super().create(vals_list)
        self.env.registry.clear_cache()
        return records

    def write(self, vals):
        """Change terms nobody has used yet.

        :raises UserError: money moved under them (R-004-06)
        """
        if vals.keys() - self._FREE_FIELDS - set(self._clause_fields()) and any(terms._is_used() for terms in self):
            raise UserError(
                self.env._("Money has moved under these terms. Add a new set with its date and act instead.")
            )
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if any(terms._is_used() for terms in self):
            raise UserError(self.env._("Money has moved under these terms: they stay."))

    def unlink(self):
        """Delete unused sets and drop what the till remembers."""
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def _charge_terms(self):
        """These terms as the charge rule wants them.

        :return: rules.charge.Terms
        """
        self.ensure_one()
        return charge.Terms(
            spendable_from=self.spendable_from or None,
            min_spend=to_decimal(self.min_spend),
            min_spend_base=self.min_spend_base,
            max_card_share=to_decimal(self.max_card_share),
            card_share_mode=self.card_share_mode,
            on_insufficient=self.on_insufficient,
            exclusion_scope=self.exclusion_scope,
            excluded=frozenset(self.excluded_activity_ids.ids),
            special=frozenset(self.special_activity_ids.ids),
            allowed=frozenset(self.allowed_activity_ids.ids),
            min_spend_waived=self.min_spend_waived_below_balance,
            coupon_minimum=self.coupon_minimum,
        )

    def _age_rule(self):
        """These terms as the senior rule wants them.

        :return: rules.senior.AgeRule
        """
        self.ensure_one()
        return senior.AgeRule(self.senior_single_age, self.senior_avg_age, self.senior_op, self.age_rule)
