from odoo import fields, models


class CircuitStop(models.Model):
    """Who stopped a circuit, when and why, who agreed, and who let it run again (R-004-60). Written by the
    circuit's own actions only."""

    _name = "circuit.stop"
    _description = "Stop of a circuit"
    _order = "id desc"
    _rec_name = "circuit_id"

    circuit_id = fields.Many2one("circuit.circuit", required=True, readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="circuit_id.company_id", store=True, index=True)
    state = fields.Selection(
        [
            ("proposed", "To be confirmed"),
            ("stopped", "Stopped"),
            ("lifted", "Lifted"),
            ("withdrawn", "Withdrawn"),
        ],
        required=True,
        readonly=True,
    )
    reason = fields.Text(required=True, readonly=True)
    side = fields.Selection(
        [("promoter", "Promoter"), ("operator", "Operator")],
        string="Proposed for",
        required=True,
        readonly=True,
        help="The other side confirms (A21).",
    )
    proposed_by = fields.Many2one("res.users", required=True, readonly=True)
    proposed_at = fields.Datetime(required=True, readonly=True)
    confirmed_by = fields.Many2one("res.users", readonly=True)
    stopped_at = fields.Datetime(readonly=True)
    ended_by = fields.Many2one("res.users", string="Lifted or withdrawn by", readonly=True)
    ended_at = fields.Datetime(string="Lifted or withdrawn at", readonly=True)
    end_reason = fields.Text(string="Why it ended", readonly=True)

    _one_open = models.UniqueIndex(
        "(circuit_id) WHERE state IN ('proposed', 'stopped')", "This circuit has a stop already: open it."
    )
