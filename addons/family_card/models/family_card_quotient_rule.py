from odoo import api, fields, models

from ..rules import quotient
from ..tools import to_decimal
from .family_card_quotient import FINE
from .family_household_member import GRADES, RELATIONS


class FamilyCardQuotientRule(models.Model):
    """A rule of a quotient table: whom it counts, when it holds and what it does. Data only, never a formula."""

    _name = "family.card.quotient.rule"
    _description = "Rule of a quotient table"
    _inherit = ["family.card.quotient.part"]
    _order = "quotient_id, sequence, id"

    quotient_id = fields.Many2one("family.card.quotient", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="quotient_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    name = fields.Char("Rule", required=True, help="As the household reads it in the explanation of its amount.")
    effect = fields.Selection(
        [
            ("amount", "Add an amount"),
            ("per_head", "Add an amount for each counted member"),
            ("coefficient", "Add to the factor of the scale"),
            ("coefficient_per_head", "Add to the factor for each counted member"),
            ("multiplier", "Multiply"),
            ("fixed", "Fix the amount"),
        ],
        default="amount",
        required=True,
    )
    value = fields.Float("Amount or factor", digits=FINE, required=True)
    max_heads = fields.Integer("At most", help="Members paid for at most; 0: all of them.")
    count_from = fields.Integer("Members from", default=1, help="The rule holds with at least so many counted members.")
    count_to = fields.Integer("Members to", help="The rule holds with at most so many counted members; 0: no limit.")
    by_age = fields.Boolean("By age")
    age_from = fields.Integer(help="Completed years.")
    age_to = fields.Integer(help="Completed years, this age included.", default=150)
    age_on = fields.Date("Age on", help="Day on which ages are measured; empty: the day of the evaluation.")
    relation = fields.Selection([("children", "Child, also in foster care"), *RELATIONS], help="Empty: any.")
    grade_from = fields.Selection(GRADES[1:], "Disability from", help="This grade and above; empty: not asked for.")
    grade_to = fields.Selection(GRADES[1:], "Disability up to", help="Empty: any grade above.")
    student = fields.Boolean("Students only")
    pregnant = fields.Boolean("Pregnant only")
    born_from = fields.Date(help="New-born of a period: first day.")
    born_to = fields.Date(help="New-born of a period: last day.")
    single_parent = fields.Boolean(
        help="The head lives with minor children and without a spouse or partner.", string="Single parent"
    )
    band_from = fields.Integer("Income band from", help="0: income is not asked for (R-004-28).")
    band_to = fields.Integer("Income band to", help="0: no limit.")

    _counts = models.Constraint(
        "CHECK (count_from >= 0 AND count_to >= 0 AND max_heads >= 0 AND band_from >= 0 AND band_to >= 0"
        " AND age_from >= 0)",
        "Numbers of members, ages and income bands are not negative.",
    )

    def _rule(self):
        """This row as the rules want it.

        :return: rules.quotient.Rule
        """
        self.ensure_one()
        relations = quotient.CHILDREN if self.relation == "children" else {self.relation}
        return quotient.Rule(
            name=self.name,
            effect=self.effect,
            value=to_decimal(self.value),
            who=quotient.Who(
                age_from=self.age_from if self.by_age else None,
                age_to=self.age_to if self.by_age else None,
                age_on=self.age_on or None,
                relations=frozenset(relations) if self.relation else None,
                grade_from=self.grade_from or ("medium" if self.grade_to else None),
                grade_to=self.grade_to or None,
                student=self.student,
                pregnant=self.pregnant,
                born_from=self.born_from or None,
                born_to=self.born_to or None,
            ),
            count_from=self.count_from,
            count_to=self.count_to or None,
            max_heads=self.max_heads or None,
            single_parent=self.single_parent,
            band_from=self.band_from or None,
            band_to=self.band_to or None,
        )

    @api.model
    def _vals_of(self, rule):
        """The inverse of :meth:`_rule` for the rules that the presets use.

        :param rules.quotient.Rule rule: counts members by age, relation or disability
        :return: dict without the name
        """
        who = rule.who
        by_age = who.age_from is not None or who.age_to is not None
        return {
            "effect": rule.effect,
            "value": float(rule.value),
            "max_heads": rule.max_heads or 0,
            "count_from": rule.count_from,
            "count_to": rule.count_to or 0,
            "by_age": by_age,
            "age_from": who.age_from or 0,
            "age_to": 150 if who.age_to is None else who.age_to,
            "relation": "children" if who.relations == quotient.CHILDREN else False,
            "grade_from": who.grade_from or False,
        }
