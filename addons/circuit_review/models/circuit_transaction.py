from odoo import fields, models


class CircuitTransaction(models.Model):
    _inherit = "circuit.transaction"

    review_case_ids = fields.Many2many(
        "circuit.review.case",
        "circuit_review_case_transaction_rel",
        "transaction_id",
        "case_id",
        string="Suspicious patterns",
        readonly=True,
    )
    review_case_count = fields.Integer("Cases", compute="_compute_review_case_count")

    def _compute_review_case_count(self):
        for transaction in self:
            transaction.review_case_count = len(transaction.review_case_ids)

    def action_review_cases(self):
        """Button: cases this payment belongs to."""
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("circuit_review.action_case"),
            "domain": [("id", "in", self.review_case_ids.ids)],
            "context": {},
        }
