import re
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from odoo.addons.stored_value.tools import to_decimal

from .ecoupon_reward import Occurrence

#: What a reward was given by stays as it is.
FROZEN = ("amount", "valid_days", "circuit_id", "source_id", "code")
_CODE = re.compile(r"[A-Z0-9-]{1,32}", re.ASCII)


class EcouponBehaviour(models.Model):
    """Something the Region wants to reward, from a day on and with how much. Other terms are another record with the
    same code and later days: what was rewarded before keeps its own (R-000-17, R-000-18)."""

    _name = "ecoupon.behaviour"
    _description = "Rewarded behaviour"
    _inherit = ["mail.thread"]
    _order = "name, date_from desc"

    name = fields.Char(required=True, translate=True, tracking=True)
    description = fields.Text(translate=True, help="What the citizen reads.")
    code = fields.Char(required=True, help="Named in the partners' files and requests: capitals, digits and hyphens.")
    circuit_id = fields.Many2one(
        "circuit.circuit", required=True, index=True, ondelete="restrict", default=lambda self: self._only_circuit()
    )
    company_id = fields.Many2one(related="circuit_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(
        "Reward", required=True, tracking=True, help="EUR a time, also where the wallet shows points. R-000-17, B05."
    )
    amount_text = fields.Char("Shown as", compute="_compute_amount_text", help="What the citizen reads.")
    most_times = fields.Integer(
        "Times a year at most", tracking=True, help="Of a citizen, in a calendar year; 0: no limit. R-000-17."
    )
    valid_days = fields.Integer(
        "Days to spend it",
        default=365,
        required=True,
        tracking=True,
        help="From the day of the credit on; afterwards the reward expires. R-000-17.",
    )
    date_from = fields.Date("From", required=True, default=fields.Date.context_today, tracking=True)
    date_to = fields.Date("To", tracking=True, help="Last day on which the behaviour counts; empty: until said so.")
    source_id = fields.Many2one(
        "res.partner",
        "Funded by",
        ondelete="restrict",
        tracking=True,
        default=lambda self: self._only_circuit().promoter_id,
        help="Who pays what the reward buys at the shops. Required where the wallet is in EUR; points without a source"
        " buy coupons only. B05.",
    )
    funder_id = fields.Many2one(
        "circuit.funder", "Books", readonly=True, ondelete="restrict", help="Made for its source; see Funders."
    )
    budget = fields.Monetary(tracking=True, help="Rewards at most, in all; 0: no limit. B05.")
    granted = fields.Monetary("Rewarded", compute="_compute_granted", help="Less what was taken back.")
    reward_count = fields.Integer("Rewards", compute="_compute_granted")
    evidence = fields.Selection(
        [("manual", "Recorded by the office"), ("file", "File of a partner"), ("api", "API of a partner")],
        required=True,
        default="manual",
        tracking=True,
        help="The only way in which this behaviour is recorded. R-000-17.",
    )
    reporter_ids = fields.Many2many(
        "res.partner",
        "ecoupon_behaviour_reporter_rel",
        string="Partners",
        help="Who may report it by API; each needs a key.",
    )
    active = fields.Boolean(default=True)

    _amount = models.Constraint("CHECK (amount > 0 AND budget >= 0)", "A reward is more than nothing.")
    _counts = models.Constraint(
        "CHECK (most_times >= 0 AND valid_days BETWEEN 1 AND 3650)",
        "A reward can be spent for 1 to 3650 days, and a count is not negative.",
    )
    _dates = models.Constraint("CHECK (date_to IS NULL OR date_to >= date_from)", "It ends before it begins.")
    _code_idx = models.Index("(circuit_id, code)")

    def _only_circuit(self):
        circuits = self.env["circuit.circuit"].search([], limit=2)
        return circuits if len(circuits) == 1 else circuits.browse()

    @api.depends("amount", "circuit_id.wallet_unit", "circuit_id.point_value")
    @api.depends_context("lang")
    def _compute_amount_text(self):
        for behaviour in self:
            circuit = behaviour.circuit_id
            behaviour.amount_text = circuit._wallet_text(to_decimal(behaviour.amount)) if circuit else False

    def _compute_granted(self):
        """Sums of the rewards; no stored field changes with them."""
        # sudo: numbers only
        groups = (
            self.env["ecoupon.reward"]
            .sudo()
            ._read_group(
                [("behaviour_id", "in", self.ids), ("state", "=", "credited")],
                ["behaviour_id"],
                ["amount:sum", "__count"],
            )
        )
        sums = {behaviour.id: (amount, count) for behaviour, amount, count in groups}
        for behaviour in self:
            behaviour.granted, behaviour.reward_count = sums.get(behaviour.id, (0.0, 0))

    # ------------------------------------------------------------------ checks

    @api.constrains("circuit_id", "source_id")
    def _check_source(self):
        """Who funds a wallet in EUR is named (B05).

        :raises ValidationError: nobody
        """
        for behaviour in self:
            if behaviour.circuit_id.wallet_unit == "eur" and not behaviour.source_id:
                raise ValidationError(self.env._("The wallet is in EUR: say who funds the rewards for it."))

    @api.constrains("circuit_id", "code", "date_from", "date_to", "active")
    def _check_overlap(self):
        """One code means one thing on a day.

        :raises ValidationError: two terms of one code on the same day
        """
        for behaviour in self.filtered("active"):
            if not _CODE.fullmatch(behaviour.code):
                raise ValidationError(
                    self.env._(
                        "A code has up to 32 capitals, digits and hyphens; “%s” has something else.", behaviour.code
                    )
                )
            # two records may be written at once: the second one must see that its picture is old
            self.env.cr.execute(
                SQL("UPDATE circuit_circuit SET write_date = write_date WHERE id = %s", behaviour.circuit_id.id)
            )
            # another one that neither ends before this one begins nor begins after it ends
            domain = [
                ("id", "!=", behaviour.id),
                ("circuit_id", "=", behaviour.circuit_id.id),
                ("code", "=", behaviour.code),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", behaviour.date_from),
            ]
            if behaviour.date_to:
                domain.append(("date_from", "<=", behaviour.date_to))
            other = self.search(domain, limit=1)
            if other:
                raise ValidationError(
                    self.env._(
                        "“%(name)s” has the code %(code)s on some of these days: let it end before the other one begins.",
                        name=other.name,
                        code=behaviour.code,
                    )
                )

    @api.constrains("budget")
    def _check_budget(self):
        """A budget covers what was rewarded from it.

        :raises ValidationError: it would not
        """
        self._lock()
        self.invalidate_recordset(["granted"])
        for behaviour in self:
            if behaviour.budget and to_decimal(behaviour.granted) > to_decimal(behaviour.budget):
                raise ValidationError(
                    self.env._(
                        "%(granted)s were rewarded for “%(name)s” already: the budget cannot be lower.",
                        granted=behaviour.currency_id.format(behaviour.granted),
                        name=behaviour.name,
                    )
                )

    # ------------------------------------------------------------------ life

    @api.model_create_multi
    def create(self, vals_list):
        """Make behaviours, with the funder of their source."""
        behaviours = super().create([self._clean(vals) for vals in vals_list])
        behaviours._fund()
        return behaviours

    def write(self, vals):
        """Change what may change: the terms of rewards that were given stay.

        :raises UserError: other terms, and something was rewarded
        """
        vals = self._clean(vals)
        for behaviour in self:
            changed = [name for name in FROZEN if name in vals and not behaviour._same(name, vals[name])]
            if changed and behaviour.reward_count:
                raise UserError(
                    self.env._(
                        "“%s” was rewarded already: let it end, and make another one with the same code from the day"
                        " after on.",
                        behaviour.name,
                    )
                )
        result = super().write(vals)
        if {"source_id", "circuit_id"} & vals.keys():
            self._fund()
        return result

    @staticmethod
    def _clean(vals):
        return {**vals, "code": vals["code"].strip().upper()} if vals.get("code") else vals

    def _same(self, name, value):
        if name == "amount":
            return to_decimal(self.amount) == Decimal(str(value))
        mine = self[name]
        return (mine.id if name.endswith("_id") else mine) == value

    def _fund(self):
        """Give these behaviours the funder of their source."""
        for behaviour in self:
            source = behaviour.source_id
            # sudo: the funder is the system's to choose
            behaviour.sudo().funder_id = behaviour.circuit_id._wallet_funder(source) if source else False

    def copy_data(self, default=None):
        """A copy has a code of its own: one code means one thing on a day."""
        copies = super().copy_data(default)
        if "code" in (default or {}):
            return copies
        return [{**vals, "code": f"{vals['code'][:27]}-COPY"} for vals in copies]

    def _on(self, day):
        """Of the terms of one code, those of a day; where there are none, the last ones, which say why not.

        :param date day: local day
        :return: ecoupon.behaviour
        """
        terms = self.sorted("date_from")
        found = terms.filtered(lambda one: one.date_from <= day and (not one.date_to or day <= one.date_to))
        return (found or terms)[-1:]

    def _report(self, code, day, reference, evidence, reporter):
        """Reward an occurrence that a partner's program reports. The caller has found the terms of one code that this
        partner reports, and takes everything back where it is not rewarded.

        :param str code: the citizen's fiscal code, valid and normalised
        :param date day: when it happened
        :param str reference: the partner's own number
        :param str evidence: what shows it
        :param reporter: res.partner
        :return: (ecoupon.reward with the rights of the system, whether it is new); (None, False) where the reference
            belongs to something else
        :raises UserError: it is not rewarded
        """
        terms = self.sudo()  # sudo: the partner's user has no rights here; the caller has found what it may report
        terms._lock()
        rewards = self.env["ecoupon.reward"].sudo()
        citizen = rewards._citizens([code]).get(code, self.env["res.partner"])
        before = rewards.search([("behaviour_id", "in", terms.ids), ("reference", "=", reference)], limit=1)
        if before:
            return (before, False) if before.partner_id == citizen and before.day == day else (None, False)
        behaviour = terms._on(day)
        if not citizen:
            # a reward of nobody is not even made; of somebody it is looked at when it is
            raise UserError(rewards._plan([Occurrence(behaviour, citizen, day, reference, "api")])[0])
        reward = rewards.create(
            {
                "behaviour_id": behaviour.id,
                "partner_id": citizen.id,
                "day": day,
                "reference": reference,
                "evidence": evidence or reporter.display_name,
                "channel": "api",
                "reporter_id": reporter.id,
            }
        )
        return reward, True

    def _lock(self):
        """Let nobody else be rewarded for these behaviours until this database transaction ends. The rows are written,
        not only locked: a transaction that began before must see that its picture is old."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL("SELECT FROM ecoupon_behaviour WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", self.ids)
        )
        self.env.cr.execute(SQL("UPDATE ecoupon_behaviour SET write_date = write_date WHERE id = ANY(%s)", self.ids))

    def action_rewards(self):
        """Smart button: what was rewarded."""
        action = self.env["ir.actions.act_window"]._for_xml_id("ecoupon.action_reward")
        return action | {"domain": [("behaviour_id", "in", self.ids)]}
