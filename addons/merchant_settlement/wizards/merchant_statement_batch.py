from odoo import api, fields, models
from odoo.exceptions import UserError


class MerchantStatementBatch(models.TransientModel):
    """Checks or approves many statements; each by itself, and what stands in the way of one is told beside it."""

    _name = "merchant.statement.batch"
    _description = "Check or approve statements"

    step = fields.Selection([("check", "Check"), ("approve", "Approve")], required=True, readonly=True)
    line_ids = fields.One2many("merchant.statement.batch.line", "batch_id", "Statements", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    total = fields.Monetary(compute="_compute_figures")
    done_count = fields.Integer("Done", compute="_compute_figures")
    refused_count = fields.Integer("Not done", compute="_compute_figures")
    finished = fields.Boolean(readonly=True)

    @api.depends("line_ids.outcome")
    def _compute_figures(self):
        for batch in self:
            batch.total = sum(batch.line_ids.mapped("payable"))
            batch.done_count = len(batch.line_ids.filtered(lambda line: line.outcome == "done"))
            batch.refused_count = len(batch.line_ids.filtered(lambda line: line.outcome == "refused"))

    def action_run(self):
        """Button: one statement after the other; a refused one is left as it was and does not stop the others.

        :return: dict, action that shows the outcome of each
        """
        self.ensure_one()
        if not self.finished:
            statements = self.line_ids.statement_id
            # all at once, in one order: two batches at a time cannot wait for each other
            statements._claim_for(self.step)
            for line in self.line_ids:
                line._run(self.step)
            self.finished = True
        return self._action()

    def _action(self):
        """Open this batch.

        :return: dict, action
        """
        return {
            "type": "ir.actions.act_window",
            "name": dict(self._fields["step"]._description_selection(self.env))[self.step],
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    @api.model
    def _open(self, statements, step):
        """Begin a batch.

        :param statements: merchant.statement
        :param str step: check or approve
        :return: dict, action
        :raise UserError: none chosen, or of several companies
        """
        if not statements:
            raise UserError(self.env._("Choose the statements first."))
        if len(statements.company_id) > 1:
            raise UserError(self.env._("Choose statements of one company only."))
        return self.create(
            {
                "step": step,
                "company_id": statements.company_id.id,
                "line_ids": [fields.Command.create({"statement_id": statement.id}) for statement in statements],
            }
        )._action()
