from odoo import api, fields, models
from odoo.tools.misc import format_date


class CircuitTransactionReverse(models.TransientModel):
    """Says what a reversal does to the statement of its month, before and after that may be paid (R-004-84)."""

    _inherit = "circuit.transaction.reverse"

    statement_id = fields.Many2one("merchant.statement", compute="_compute_statement")
    statement_note = fields.Char("Statement of the shop", compute="_compute_statement")
    in_window = fields.Boolean(compute="_compute_statement")
    take_off = fields.Boolean(
        "Take it off this statement",
        compute="_compute_take_off",
        store=True,
        readonly=False,
        help="The statement is made again, and the shop signs it anew. Otherwise the reversal is a negative line of the"
        " next statement.",
    )

    @api.depends("transaction_id")
    @api.depends_context("lang")
    def _compute_statement(self):
        lines = self.env["merchant.statement.line"]
        for wizard in self:
            # sudo: whoever may reverse is told in which statement the payment is
            found = lines.sudo().search([("transaction_id", "=", wizard.transaction_id.id)], limit=1).statement_id
            wizard.statement_id = found
            wizard.in_window = bool(found) and found._in_window()
            wizard.statement_note = wizard._statement_note(found)

    @api.depends("transaction_id")
    def _compute_take_off(self):
        for wizard in self:
            wizard.take_off = wizard.in_window

    def _statement_note(self, statement):
        """What the reversal does to the statement.

        :param statement: merchant.statement, or none
        :return: str
        """
        if not statement:
            return self.env._("This payment is in no statement yet.")
        words = {**statement._state_words(), "day": format_date(self.env, statement.pay_from)}
        if statement._in_window():
            return self.env._("It is in %(statement)s (%(state)s), which may be paid from %(day)s on.", **words)
        return self.env._(
            "It is in %(statement)s (%(state)s), which does not change any more: the reversal is taken off the shop's"
            " next statement.",
            **words,
        )

    def action_reverse(self):
        """Button: reverse, and make the statement again where it is not too late.

        :return: dict, action
        """
        statement = self.statement_id if self.take_off and self.in_window else self.statement_id.browse()
        action = super().action_reverse()
        if statement:
            statement.with_env(self.env)._take_reversals(self.reason)
        # sudo: found by the statement, whoever reverses
        self.statement_id.sudo()._refresh_exceptions()
        return action
