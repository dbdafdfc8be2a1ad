from odoo import fields, models


class EcouponEntitlementList(models.Model):
    """A list of entitled people the Region delivered, by file or by API: what was in it and what it changed."""

    _name = "ecoupon.entitlement.list"
    _description = "List of entitled people"
    _inherit = ["own.fields", "mail.thread"]
    _order = "id desc"

    name = fields.Char(required=True, readonly=True, default="/", copy=False)
    circuit_id = fields.Many2one("circuit.circuit", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="circuit_id.company_id", store=True, index=True)
    policy_id = fields.Many2one("ecoupon.policy", ondelete="restrict", help="Of rows that name none.")
    channel = fields.Selection([("file", "File"), ("api", "API")], required=True, default="file", readonly=True)
    mode = fields.Selection(
        [("change", "Additions and removals"), ("full", "The whole list: who is missing is taken off")],
        required=True,
        default="change",
    )
    state = fields.Selection(
        [("draft", "Draft"), ("checked", "Checked"), ("wrong", "With mistakes"), ("applied", "Applied")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    file = fields.Binary(attachment=True, copy=False)
    file_name = fields.Char(copy=False)
    file_digest = fields.Char("SHA-256", readonly=True, copy=False)
    row_count = fields.Integer("Rows", readonly=True, copy=False)
    added_count = fields.Integer("Added", readonly=True, copy=False)
    changed_count = fields.Integer("Changed", readonly=True, copy=False)
    removed_count = fields.Integer("Taken off", readonly=True, copy=False)
    problems = fields.Text("Mistakes", readonly=True, copy=False, help="Row by row; no fiscal code in full.")
    applied_at = fields.Datetime(readonly=True, copy=False)
    applied_by_id = fields.Many2one("res.users", readonly=True, copy=False)

    def _own_fields(self):
        return super()._own_fields() | {
            "state",
            "channel",
            "file_digest",
            "row_count",
            "added_count",
            "changed_count",
            "removed_count",
            "problems",
            "applied_at",
            "applied_by_id",
        }
