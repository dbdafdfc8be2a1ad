from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..rules import quotient
from ..tools import to_decimal


class FamilyCardQuotientSimulation(models.TransientModel):
    """What a table would cost on today's registry, against the table in force or the cards as they are.
    It writes nothing but its own passing rows."""

    _name = "family.card.quotient.simulation"
    _description = "Simulation of a quotient table"
    _rec_name = "quotient_id"

    program_id = fields.Many2one(
        "family.card.program", required=True, default=lambda self: self.env["family.card"]._default_program()
    )
    currency_id = fields.Many2one(related="program_id.currency_id")
    quotient_id = fields.Many2one(
        "family.card.quotient", "Table to try", required=True, domain="[('program_id', '=', program_id)]"
    )
    against = fields.Selection(
        [("table", "Another table"), ("cards", "The yearly credit of the cards")],
        "Compare with",
        default="table",
        required=True,
    )
    against_id = fields.Many2one(
        "family.card.quotient",
        "Present table",
        domain="[('program_id', '=', program_id)]",
        compute="_compute_against_id",
        store=True,
        readonly=False,
        help="Empty: the table in force on the evaluation date.",
    )
    scope = fields.Selection(
        [("cards", "Households with a card of the programme"), ("registry", "All households of the registry")],
        "Which households",
        default="cards",
        required=True,
    )
    day = fields.Date("Evaluation date", required=True, default=fields.Date.context_today)
    line_ids = fields.One2many("family.card.quotient.simulation.line", "simulation_id", readonly=True)
    household_count = fields.Integer("Households", readonly=True)
    compared_count = fields.Integer("Households compared", readonly=True)
    problem_count = fields.Integer("Cannot be computed", readonly=True)
    winners = fields.Integer(readonly=True)
    losers = fields.Integer(readonly=True)
    unchanged = fields.Integer(readonly=True)
    total_new = fields.Monetary("Cost by the table to try", readonly=True, help="Households compared only.")
    total_current = fields.Monetary("Cost now", readonly=True, help="Households compared only.")
    delta = fields.Monetary("Difference", readonly=True)

    @api.depends("program_id", "day")
    def _compute_against_id(self):
        for simulation in self:
            simulation.against_id = (
                simulation.program_id._quotient_at(simulation.day)
                if simulation.program_id and simulation.day
                else False
            )

    def action_simulate(self):
        """Button: compute both sides and keep this form open on the totals.

        :raises UserError: tables of another programme, nothing to compare with, or a table that contradicts itself
        """
        self.ensure_one()
        # officers only read cards and households here; nothing of theirs is written
        self.env["family.card"].check_access("read")
        if (self.quotient_id | self.against_id).program_id != self.program_id:
            raise UserError(self.env._("The table belongs to another programme."))
        if self.against == "table" and not self.against_id:
            raise UserError(self.env._("No table is in force on that day: compare with the cards instead."))
        try:
            rows = self._rows()
        except ValueError as error:
            raise UserError(self.env._("This table cannot be computed: check its scale, rules and limits.")) from error
        self.line_ids.unlink()
        self.write({"line_ids": [fields.Command.create(row) for row in rows], **self._totals(rows)})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Simulation"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "current",
        }

    def action_view_lines(self):
        """Button: the households of the simulation, as a list, a graph and a pivot."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("family_card.action_quotient_simulation_line")
        return action | {"domain": [("simulation_id", "=", self.id)]}

    def _cards(self):
        return self.env["family.card"].search(
            [("program_id", "=", self.program_id.id), ("state", "!=", "closed")], order="id"
        )

    def _households(self, cards):
        if self.scope == "cards":
            return cards.household_id
        return self.env["res.partner"].search(
            [
                ("is_household", "=", True),
                ("household_member_ids.company_id", "=", self.program_id.company_id.id),
            ]
        )

    def _rows(self):
        """One dict a household; amounts are EUR a year.

        :raises ValueError: a table contradicts itself
        """
        cards = self._cards()
        # An issued card counts before a request of the same household.
        by_household = {card.household_id: card for card in cards.sorted(lambda card: card.state != "draft")}
        new_table = self.quotient_id._as_table()
        old_table = self.against_id._as_table() if self.against == "table" else None
        return [
            self._row(household, by_household.get(household), new_table, old_table)
            for household in self._households(cards)
        ]

    def _row(self, household, card, new_table, old_table):
        people = household._quotient_household(self.day)
        new = quotient.compute(new_table, people, self.day)
        problems = new.problems
        if old_table is None:
            # A household that has no card is paid nothing today.
            current = to_decimal(card.annual_amount) if card else Decimal(0)
        else:
            old = quotient.compute(old_table, people, self.day)
            current, problems = old.annual, problems + old.problems
        row = {"household_id": household.id, "card_id": card.id if card else False, "members": len(people.members)}
        if problems:
            text = self.env["family.card"]._problem_text(tuple(dict.fromkeys(problems)))
            return {**row, "outcome": "problem", "problem": text}
        delta = new.annual - current
        return {
            **row,
            "current": float(current),
            "proposed": float(new.annual),
            "delta": float(delta),
            "outcome": "winner" if delta > 0 else "loser" if delta < 0 else "same",
        }

    def _totals(self, rows):
        compared = [row for row in rows if row["outcome"] != "problem"]
        outcomes = [row["outcome"] for row in rows]
        new, current = (
            sum((to_decimal(row[name]) for row in compared), Decimal(0)) for name in ("proposed", "current")
        )
        return {
            "household_count": len(rows),
            "compared_count": len(compared),
            "problem_count": outcomes.count("problem"),
            "winners": outcomes.count("winner"),
            "losers": outcomes.count("loser"),
            "unchanged": outcomes.count("same"),
            "total_new": float(new),
            "total_current": float(current),
            "delta": float(new - current),
        }
