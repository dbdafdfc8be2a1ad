from odoo import fields, models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    """The bill of a statement goes the way of its statement."""

    _inherit = "account.move"

    statement_ids = fields.One2many("merchant.statement", "move_id", "Statement of the merchant", readonly=True)

    def button_draft(self):
        """Bills of statements stay as they were approved.

        :raise UserError: a bill of a statement
        """
        self._refuse_bill_of_statement()
        return super().button_draft()

    def button_cancel(self):
        """Bills of statements stay as they were approved.

        :raise UserError: a bill of a statement
        """
        self._refuse_bill_of_statement()
        return super().button_cancel()

    def _reverse_moves(self, default_values_list=None, cancel=False):
        """Bills of statements are taken back with their statement only.

        :raise UserError: a bill of a statement
        """
        self._refuse_bill_of_statement()
        return super()._reverse_moves(default_values_list, cancel)

    def _refuse_bill_of_statement(self):
        """A bill changes with its statement only.

        :raise UserError: one of these is the bill of a statement
        """
        # sudo: accountants need not see statements to be told which one it is
        statement = self.sudo().statement_ids[:1]
        if statement:
            raise UserError(
                self.env._(
                    "This is the bill of statement %s. Send the statement back, and the bill is taken back with it.",
                    statement.name,
                )
            )

    def action_statement(self):
        """Button: open the statement.

        :return: dict, action
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "merchant.statement",
            "res_id": self.statement_ids[:1].id,
            "view_mode": "form",
        }
