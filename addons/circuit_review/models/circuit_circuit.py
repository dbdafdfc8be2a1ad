from datetime import date

from odoo import _, fields, models
from odoo.exceptions import UserError


class CircuitCircuit(models.Model):
    _inherit = "circuit.circuit"

    review_terms_ids = fields.One2many("circuit.review.terms", "circuit_id", string="Limits of suspicious patterns")
    review_user_id = fields.Many2one(
        "res.users",
        string="Looks at suspicious patterns",
        domain=[("share", "=", False)],
        help="Gets an activity for each new case. Empty: nobody is told, the list shows them.",
    )
    review_case_count = fields.Integer("Open cases", compute="_compute_review_case_count")

    def _compute_review_case_count(self):
        counts = dict(
            self.env["circuit.review.case"]._read_group(
                [("circuit_id", "in", self.ids), ("state", "in", ("new", "review"))], ["circuit_id"], ["__count"]
            )
        )
        for circuit in self:
            circuit.review_case_count = counts.get(circuit, 0)

    def _review_periods(self):
        """Limits with the days on which they hold.

        :return: list of (circuit.review.terms, first day, last day), the first one empty: limits as they come
        """
        self.ensure_one()
        terms = self.review_terms_ids.sorted("valid_from")
        starts = [date.min, *terms.mapped("valid_from")]
        ends = [*terms.mapped("valid_from"), date.max]
        return list(zip([terms.browse(), *terms], starts, ends, strict=True))

    def action_review_cases(self):
        """Button: the circuit's cases."""
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("circuit_review.action_case"),
            "domain": [("circuit_id", "in", self.ids)],
        }

    def action_review_now(self):
        """Button: look now instead of tonight.

        :raise UserError: the user is not of the public body's staff
        """
        self.check_access("read")
        if not self.env.user.has_group("merchant_circuit.group_officer"):
            raise UserError(_("Only the public body can look for suspicious patterns."))
        # sudo: cases are written by the run only, after the check
        new = self.env["circuit.review.case"].sudo()
        for circuit in self.sudo():
            new |= new._review_circuit(circuit)
        return self.action_review_cases()
