from odoo import fields, models
from odoo.exceptions import UserError


class MerchantStatementBatchLine(models.TransientModel):
    """What became of one statement of a batch."""

    _name = "merchant.statement.batch.line"
    _description = "Outcome of a statement"
    _order = "outcome desc, id"

    batch_id = fields.Many2one("merchant.statement.batch", required=True, readonly=True, ondelete="cascade")
    statement_id = fields.Many2one("merchant.statement", required=True, readonly=True, ondelete="cascade")
    merchant_id = fields.Many2one(related="statement_id.merchant_id")
    currency_id = fields.Many2one(related="statement_id.currency_id")
    payable = fields.Monetary(related="statement_id.payable")
    exception_count = fields.Integer(related="statement_id.exception_count")
    outcome = fields.Selection([("done", "Done"), ("refused", "Not done")], readonly=True)
    message = fields.Text(readonly=True, help="What stands in the way.")

    def _run(self, step):
        """Take the step for this statement, or say why not.

        :param str step: check or approve
        """
        self.ensure_one()
        statement = self.statement_id
        try:
            with self.env.cr.savepoint():
                statement.action_check() if step == "check" else statement.action_approve()
        except UserError as error:
            self.write({"outcome": "refused", "message": str(error)})
        else:
            self.outcome = "done"
