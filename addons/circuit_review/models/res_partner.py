from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    review_case_count = fields.Integer(
        "Suspicious patterns",
        compute="_compute_review_case_count",
        groups="merchant_circuit.group_officer,merchant_circuit.group_operator",
    )

    def _compute_review_case_count(self):
        counts = dict(
            self.env["circuit.review.case"]._read_group([("merchant_id", "in", self.ids)], ["merchant_id"], ["__count"])
        )
        for partner in self:
            partner.review_case_count = counts.get(partner, 0)

    def action_review_cases(self):
        """Button: cases about this shop."""
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("circuit_review.action_case"),
            "domain": [("merchant_id", "in", self.ids)],
            "context": {},
        }
