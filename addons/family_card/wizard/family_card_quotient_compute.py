from odoo import fields, models
from odoo.exceptions import UserError


class FamilyCardQuotientCompute(models.TransientModel):
    """Computes the yearly credit of cards by the table in force, as of a day."""

    _name = "family.card.quotient.compute"
    _description = "Compute yearly credits"
    _inherit = ["family.card.chosen"]

    day = fields.Date(
        "Evaluation date",
        required=True,
        default=fields.Date.context_today,
        help="The members and the ages of the households on this day count, by the table in force on it.",
    )

    def action_compute(self):
        """Button: compute, and show the results when something could not be computed or there are several.

        :raises UserError: no card, a closed one, or no table in force
        """
        self.ensure_one()
        if not self.card_ids:
            raise UserError(self.env._("Choose the cards to compute."))
        results = self.card_ids._compute_amounts(self.day)
        if len(results) == 1 and results.computed:
            return {"type": "ir.actions.act_window_close"}
        action = self.env["ir.actions.act_window"]._for_xml_id("family_card.action_quotient_result")
        return action | {"domain": [("id", "in", results.ids)], "context": {}, "target": "current"}
