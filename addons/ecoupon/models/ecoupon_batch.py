from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.stored_value.tools import read_committed

#: Codes of one batch at most, made in the request itself, made in one database transaction.
MOST, AT_ONCE, CHUNK = 100_000, 1_000, 2_000


class EcouponBatch(models.Model):
    """Codes to be printed: who finds one may spend it. Codes are made of the server's secret each time they are shown,
    so the file is nowhere stored (R-000-05, R-000-38)."""

    _name = "ecoupon.batch"
    _description = "Batch of printed codes"
    _inherit = ["own.fields", "mail.thread"]
    _order = "id desc"

    name = fields.Char(required=True, readonly=True, copy=False, default="/")
    campaign_id = fields.Many2one(
        "ecoupon.campaign",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("obtain", "=", "printed"), ("state", "=", "published")],
    )
    circuit_id = fields.Many2one(related="campaign_id.circuit_id", store=True, index=True)
    company_id = fields.Many2one(related="circuit_id.company_id", store=True, index=True)
    count = fields.Integer("Codes", required=True, default=100)
    made_count = fields.Integer("Made", readonly=True, copy=False, required=True, default=0)
    percent = fields.Integer("Progress", compute="_compute_percent")
    state = fields.Selection(
        [("draft", "Draft"), ("going", "Going on"), ("done", "Made"), ("cancelled", "Cancelled")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    state_reason = fields.Char("Why cancelled", readonly=True, copy=False)
    problem = fields.Char("Why it stopped", readonly=True, copy=False)
    note = fields.Char("Where they go", help="Printer, newspaper, event.")

    _count = models.Constraint(
        f"CHECK (count BETWEEN 1 AND {MOST} AND made_count BETWEEN 0 AND count)",
        "A batch has between 1 and 100,000 codes.",
    )

    @api.depends("made_count", "count")
    def _compute_percent(self):
        for batch in self:
            batch.percent = 100 * batch.made_count // batch.count if batch.count else 0

    @api.constrains("campaign_id")
    def _check_campaign(self):
        """Printed codes belong to whoever finds them.

        :raise ValidationError: coupons of the campaign are got in another way
        """
        for batch in self:
            if batch.campaign_id.obtain != "printed":
                raise ValidationError(
                    self.env._("Coupons of “%s” are not printed: choose another campaign.", batch.campaign_id.name)
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Number the batches."""
        for vals in vals_list:
            if vals.get("name", "/") == "/":
                vals["name"] = self.env["ir.sequence"].sudo().next_by_code("ecoupon.batch")  # sudo: a counter
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_draft(self):
        if self.filtered(lambda batch: batch.state != "draft"):
            raise UserError(self.env._("Its codes may be in people's hands. Cancel the coupons instead."))

    def write(self, vals):
        """Write; what was begun keeps campaign and number.

        :raise UserError: codes are being made
        """
        if vals.keys() & {"campaign_id", "count"} and self.filtered(lambda batch: batch.state != "draft"):
            raise UserError(self.env._("The codes are being made: number and campaign stay."))
        return super().write(vals)

    def _own_fields(self):
        return super()._own_fields() | {"name", "made_count", "state", "state_reason", "problem"}

    def action_make(self):
        """Button: make the codes; many of them in the background. Pressed twice, or killed and pressed again, it makes
        what is missing.

        :raise UserError: the campaign has not so many left
        """
        self.ensure_one()
        self.check_access("write")
        if self.state not in ("draft", "going"):
            raise UserError(self.env._("The codes of this batch are made."))
        self.campaign_id._must_be("published")
        left, todo = self.campaign_id.left_count, self.count - self.made_count
        if 0 <= left < todo:
            raise UserError(self.campaign_id._none_sentence("NONE_LEFT", left))
        self.sudo().state = "going" if self.made_count < self.count else "done"  # sudo: written by its own actions
        if self.count - self.made_count <= AT_ONCE:
            self._job_make()
        else:
            self.with_delay(
                description=self.env._("Codes of %s", self.name), identity_key=f"batch-{self.id}"
            )._job_make()

    def _job_make(self):
        """Job: make what is missing, some thousand at a time; each part is there for good with its count."""
        self.ensure_one()
        while True:
            read_committed(self.env)
            self.env.flush_all()
            # two jobs on the same batch queue here
            self.env.cr.execute(
                "SELECT made_count, count, state FROM ecoupon_batch WHERE id = %s FOR UPDATE", [self.id]
            )
            made, count, state = self.env.cr.fetchone()
            if state == "cancelled":
                return
            todo = min(CHUNK, count - made)
            values = {"made_count": made + todo, "state": "done" if made + todo == count else "going", "problem": False}
            try:
                if todo:
                    self.campaign_id.with_context(ecoupon_locked=True)._make_printed(todo, self.name)
            except UserError as refusal:  # the campaign has none left, or was stopped: what was made stays
                values = {"state": "going" if made else "draft", "problem": refusal.args[0]}
            self.invalidate_recordset()
            self.sudo().write(values)  # sudo: as above
            self.env.flush_all()
            if values["problem"] or values["state"] == "done":
                return
