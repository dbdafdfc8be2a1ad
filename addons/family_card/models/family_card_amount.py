from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

from ..rules import quotient
from ..tools import to_decimal


class FamilyCard(models.Model):
    """The yearly credit of a card, computed from its household by the table of the programme."""

    _inherit = "family.card"

    quotient_result_id = fields.Many2one(
        "family.card.quotient.result",
        "Computed by",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The last result that gave an amount (R-004-19).",
    )
    quotient_result_ids = fields.One2many(
        "family.card.quotient.result", "card_id", string="Results", readonly=True, copy=False
    )
    quotient_line_ids = fields.One2many(related="quotient_result_id.line_ids", string="Why this amount")
    quotient_problem = fields.Text("Why it cannot be computed", compute="_compute_quotient_problem")
    typed_in = fields.Boolean(
        compute="_compute_typed_in", help="Somebody changed the yearly credit after it was computed."
    )

    @api.depends("quotient_result_ids.problem", "quotient_result_ids.replaced_by_id")
    def _compute_quotient_problem(self):
        for card in self:
            latest = card.quotient_result_ids.filtered(lambda result: not result.replaced_by_id)
            card.quotient_problem = latest[:1].problem

    @api.depends("annual_amount", "quotient_result_id.annual")
    def _compute_typed_in(self):
        for card in self:
            result = card.quotient_result_id
            card.typed_in = bool(result) and to_decimal(result.annual) != to_decimal(card.annual_amount)

    def _own_fields(self):
        return super()._own_fields() | {"quotient_result_id", "quotient_result_ids"}

    def _compute_amounts(self, day):
        """Compute the yearly credit of these cards and keep every result. A card whose household cannot be
        computed keeps the amount it had and goes to the work list (R-004-19, R-004-52).

        :param date day: the household and its ages are those of this day
        :return: family.card.quotient.result, one a card
        :raises UserError: a programme without a table in force on that day, or a closed card
        """
        self.check_access("write")
        if any(card.state == "closed" for card in self):
            raise UserError(self.env._("A closed card is not computed."))
        # Everybody at once: below, members are looked at household by household.
        self.household_id.household_member_ids.person_id.fetch(["name", "birth_date"])
        vals = []
        for program, cards in self.grouped("program_id").items():
            table = program._quotient_at(day)
            if not table:
                raise UserError(
                    self.env._(
                        "The programme %(name)s has no quotient table in force on %(day)s.", name=program.name, day=day
                    )
                )
            rules = table._as_table()
            vals += [card._result_vals(table, rules, day) for card in cards]
        # sudo: results are written by this method only
        results = self.env["family.card.quotient.result"].sudo().create(vals)
        for result in results:
            card = result.card_id
            card.quotient_result_ids.filtered(
                lambda old, new=result: old != new and not old.replaced_by_id
            ).replaced_by_id = result
            if result.computed:
                card.quotient_result_id = result
        self._take_results(results.filtered("computed"), day)
        return results.with_env(self.env)

    def _take_results(self, results, day):
        """Make computed amounts the yearly credits from their day on (R-004-53).

        :param results: family.card.quotient.result with an amount, one a card
        :param date day: evaluation date of them all
        """
        cards = results.card_id
        cards._keep_initial()
        before = {
            card: to_decimal(amount or 0)
            for card, amount, _result in self._annual_rows(cards.ids, day + timedelta(days=1))
        }
        for result in results:
            card, annual = result.card_id, to_decimal(result.annual)
            if not card.yearly_ids or before[card.id] != annual:
                card._record_yearly(day, amount=result.annual, result_id=result.id)
            if to_decimal(card.annual_amount) != annual:
                card.with_context(yearly_recorded=True).annual_amount = result.annual

    def _result_vals(self, table, rules, day):
        """Values of the result of one card."""
        self.ensure_one()
        local = self.with_context(lang=self.program_id._message_lang())
        household = self.household_id._quotient_household(day)
        result = quotient.compute(rules, household, day)
        return {
            "card_id": self.id,
            "household_id": self.household_id.id,
            "quotient_id": table.id,
            "day": day,
            "members": len(household.members),
            "computed": result.annual is not None,
            "annual": float(result.annual or 0),
            "problem": local._problem_text(result.problems) or False,
            "computed_at": fields.Datetime.now(),
            "user_id": self.env.uid,
            "line_ids": [
                fields.Command.create({**local._line_vals(line), "sequence": place})
                for place, line in enumerate(result.lines)
            ],
        }

    @api.model
    def _line_vals(self, line):
        """A step of the computation in words.

        :param rules.quotient.Line line: amounts in EUR
        """
        labels = {
            "base": self.env._("Base amount"),
            "scale": self.env._("Household with %s members", line.count)
            if line.count > 1
            else self.env._("Household with one member"),
            "further": self.env._("Further members"),
            "rounding": self.env._("Rounding"),
            "minimum": self.env._("Raised to the minimum"),
            "maximum": self.env._("Lowered to the maximum"),
        }
        each = line.kind in ("further", "per_head", "coefficient_per_head")
        cents = line.value == round(line.value, 2)
        value = formatLang(self.env, float(line.value), digits=2 if cents else 4)
        return {
            "label": labels.get(line.kind) or line.label,
            "detail": f"{line.count} × {value}" if each else False,
            "amount": float(line.amount or 0),
            "factor": float(line.factor or 0),
            "multiplies": line.factor is not None,
            "running": float(line.running),
        }

    @api.model
    def _problem_text(self, problems):
        """Reasons why a household cannot be computed, one a line.

        :param problems: rules.quotient.Problem
        """
        texts = {
            "no_members": lambda _subject: self.env._("The household has no members on that day."),
            "no_birth_date": lambda name: self.env._("The birth date of %s is missing.", name),
            "born_later": lambda name: self.env._("%s was born after that day.", name),
            "no_scale": lambda size: self.env._("The table says nothing about households with %s members.", size),
            "no_income_band": lambda rule: self.env._("The rule “%s” needs the income band of the household.", rule),
            "two_fixed": lambda rules: self.env._("Several rules fix different amounts: %s.", rules),
        }
        return "\n".join(texts[problem.code](problem.subject) for problem in problems)
