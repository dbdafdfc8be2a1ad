from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..tools import to_decimal

FIGURES = ("assigned", "spent", "on_cards", "expired", "residual")


class FamilyCardFund(models.Model):
    """Where the money of a programme comes from: how much, whether it is there, and what became of it
    (R-001-05, R-001-06, R-001-24, R-004-05)."""

    _name = "family.card.fund"
    _description = "Source of funds"
    _inherit = ["mail.thread"]
    _order = "program_id, sequence, id"

    name = fields.Char(required=True, tracking=True)
    program_id = fields.Many2one(
        "family.card.program",
        "Programme",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env["family.card"]._default_program(),
    )
    company_id = fields.Many2one(related="program_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    sequence = fields.Integer(default=10, help="Funds are used up in this order.")
    kind = fields.Selection(
        [
            ("state", "State"),
            ("region", "Region"),
            ("royalties", "Oil royalties"),
            ("donor", "Private donor"),
            ("own", "Own budget"),
        ],
        "Source",
        required=True,
        default="own",
        tracking=True,
        help="Who gives the money. Notice §1 (R-004-05), Lecce (R-001-05).",
    )
    donor_id = fields.Many2one(
        "res.partner", index="btree_not_null", ondelete="restrict", tracking=True, help="Who donated (R-001-06)."
    )
    amount = fields.Monetary(required=True, tracking=True)
    available = fields.Boolean(
        tracking=True,
        help="The money has arrived and the budget holds it: until then nothing is credited from it (R-001-24).",
    )
    available_on = fields.Date("Available since", tracking=True, help="Day on which the money was there (R-001-24).")
    act_id = fields.Many2one(
        "family.card.act",
        domain="[('program_id', '=', program_id)]",
        tracking=True,
        help="Act of the budget variation or of the assignment (R-001-24).",
    )
    note = fields.Text()
    assigned = fields.Monetary("Credited", compute="_compute_figures", help="Credits given from this source.")
    spent = fields.Monetary(compute="_compute_figures", help="Part of those credits spent in the shops (R-001-05).")
    on_cards = fields.Monetary("Left on cards", compute="_compute_figures", help="Credited and not yet spent.")
    expired = fields.Monetary(compute="_compute_figures", help="Credited and not spent in time.")
    residual = fields.Monetary("Still to credit", compute="_compute_figures", help="Amount less what was credited.")

    _amount_positive = models.Constraint("CHECK (amount > 0)", "A source of funds has an amount.")
    _available_since = models.Constraint(
        "CHECK (NOT available OR available_on IS NOT NULL)", "Enter the day since which the money is available."
    )

    @api.depends("amount")
    def _compute_figures(self):
        figures = self._figures()
        for fund in self:
            values = figures.get(fund.id, dict.fromkeys(FIGURES, Decimal(0)))
            for name in FIGURES:
                fund[name] = float(values[name])

    def _figures(self):
        """What became of these funds, exact, in EUR (R-001-05).

        :return: dict of fund id to dict of Decimal: assigned, spent, on_cards, expired, residual
        """
        if not self.ids:
            return {}
        residuals = self._residuals()
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT f.id, f.amount::text AS amount,
                       coalesce(lots.on_cards, 0)::text AS on_cards, coalesce(moved.spent, 0)::text AS spent
                  FROM family_card_fund f
                  LEFT JOIN (SELECT fund_id, sum(remaining) AS on_cards
                               FROM stored_value_lot WHERE fund_id = ANY(%(ids)s) GROUP BY fund_id) lots
                    ON lots.fund_id = f.id
                  LEFT JOIN (SELECT l.fund_id, -sum(e.amount) AS spent
                               FROM stored_value_lot l JOIN stored_value_entry e ON e.lot_id = l.id
                              WHERE l.fund_id = ANY(%(ids)s) AND e.kind IN ('debit', 'give_back')
                              GROUP BY l.fund_id) moved
                    ON moved.fund_id = f.id
                 WHERE f.id = ANY(%(ids)s)
                """,
                ids=self.ids,
            )
        )
        figures = {}
        for row in rows:
            amount, spent, on_cards = (Decimal(row[name]) for name in ("amount", "spent", "on_cards"))
            residual = residuals[row["id"]]
            assigned = amount - residual
            figures[row["id"]] = {
                "assigned": assigned,
                "spent": spent,
                "on_cards": on_cards,
                "expired": assigned - spent - on_cards,
                "residual": residual,
            }
        return figures

    def _residuals(self):
        """What is still to credit from these funds, exact, in EUR. Each chunk of a run asks it.

        :return: dict of fund id to Decimal
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT f.id, (f.amount - coalesce(lots.assigned, 0))::text
                  FROM family_card_fund f
                  LEFT JOIN (SELECT fund_id, sum(amount) AS assigned FROM stored_value_lot
                              WHERE fund_id = ANY(%(ids)s) AND revoked IS NOT TRUE GROUP BY fund_id) lots
                    ON lots.fund_id = f.id
                 WHERE f.id = ANY(%(ids)s)
                """,
                ids=self.ids,
            )
        )
        return {fund: Decimal(residual) for fund, residual in rows}

    @api.constrains("kind", "donor_id")
    def _check_donor(self):
        """A donation has a donor (R-001-06).

        :raises ValidationError: it has none
        """
        for fund in self:
            if fund.kind == "donor" and not fund.donor_id:
                raise ValidationError(self.env._("Enter who donated."))

    @api.constrains("program_id", "act_id")
    def _check_act(self):
        """The act is one of the programme.

        :raises ValidationError: it is not
        """
        for fund in self:
            if fund.act_id and fund.act_id.program_id != fund.program_id:
                raise ValidationError(self.env._("The act belongs to another programme."))

    @api.constrains("amount", "program_id")
    def _check_credited(self):
        """A fund stays at least as large as what was credited from it, and in its programme.

        :raises ValidationError: it would not
        """
        self.env.flush_all()
        # The lock makes credits in progress wait for us, or us for them.
        self._lock()
        for fund_id, figures in self._figures().items():
            fund = self.browse(fund_id)
            if figures["residual"] < 0:
                raise ValidationError(
                    self.env._(
                        "%(assigned)s were credited from “%(fund)s” already: its amount cannot be lower.",
                        assigned=fund.currency_id.format(float(figures["assigned"])),
                        fund=fund.name,
                    )
                )

    def write(self, vals):
        """Write what may change; a source from which something was credited stays in its programme.

        :raises ValidationError: another programme
        """
        if "program_id" in vals and any(
            fund.program_id.id != vals["program_id"] and to_decimal(fund.assigned) for fund in self
        ):
            raise ValidationError(self.env._("Something was credited from this source: it stays in its programme."))
        return super().write(vals)

    @api.onchange("available")
    def _onchange_available(self):
        if self.available and not self.available_on:
            self.available_on = fields.Date.context_today(self)

    @api.onchange("donor_id")
    def _onchange_donor_id(self):
        if self.donor_id and not self.name:
            self.name = self.donor_id.name

    def _lock(self):
        """Lock these funds for the rest of the transaction, always in the same order."""
        self.env.execute_query(
            SQL("SELECT 1 FROM family_card_fund WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", self.ids)
        )

    def action_view_credits(self):
        """Smart button: credits given from this source."""
        action = self.env["ir.actions.act_window"]._for_xml_id("family_card.action_credit_by_source")
        return action | {"domain": [("fund_id", "in", self.ids)]}
