from odoo import fields, models


class CircuitReason(models.TransientModel):
    """Asks why a company cannot join (R-000-37)."""

    _inherit = "circuit.reason"

    step = fields.Selection(
        selection_add=[("refuse_join", "Refuse the request to join")], ondelete={"refuse_join": "cascade"}
    )
    join_request_id = fields.Many2one("ecoupon.join.request", readonly=True)

    def _steps(self, reason):
        return super()._steps(reason) | {"refuse_join": lambda: self.join_request_id._refuse(reason)}
