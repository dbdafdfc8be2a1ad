from odoo import fields, models


class MerchantStatementRun(models.Model):
    """Makes the statements of a month for all merchants of a funder. Run again it adds only what is missing
    (R-004-96)."""

    _name = "merchant.statement.run"
    _description = "Statements of a month"
    _inherit = ["own.fields", "family.job.mixin", "mail.thread"]
    _order = "month desc, id desc"
    _rec_name = "month"

    funder_id = fields.Many2one("circuit.funder", required=True, index=True, ondelete="restrict")
    company_id = fields.Many2one(related="funder_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    month = fields.Date(required=True, help="Any day of the month.")
    state = fields.Selection(
        [("draft", "To start"), ("running", "Running"), ("done", "Done")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    started_by_id = fields.Many2one("res.users", readonly=True, copy=False, ondelete="restrict")
    done_at = fields.Datetime(readonly=True, copy=False)
    statement_ids = fields.One2many("merchant.statement", "run_id", "Statements", readonly=True)

    _one_a_month = models.UniqueIndex("(funder_id, month)", "There is a run of this month: open it and run it again.")

    def _own_fields(self):
        return super()._own_fields() | {"state", "started_by_id", "done_at"}
