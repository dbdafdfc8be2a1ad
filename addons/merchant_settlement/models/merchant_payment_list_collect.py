from odoo import fields, models
from odoo.exceptions import UserError

from ..rules.cents import cents


class MerchantPaymentList(models.Model):
    """How approved statements come into a list."""

    _inherit = "merchant.payment.list"

    def action_collect(self):
        """Button: take every approved statement that may be paid; say of the others why not.

        :raise UserError: the list was confirmed
        """
        self.ensure_one()
        self.check_access("write")
        self._lock()
        self._need("draft", self.env._("Make another list."))
        domain = [("state", "=", "approved"), ("company_id", "=", self.company_id.id)]
        if self.funder_id:
            domain.append(("funder_id", "=", self.funder_id.id))
        statements = self.env["merchant.statement"].search(domain, order="month, name, id")
        obstacles = statements._payment_obstacles(self.date, again=False)
        found = statements.filtered(lambda statement: statement not in obstacles)
        self._add(found)
        left = "\n".join(sentence for sentences in obstacles.values() for sentence in sentences)
        # sudo: what was left out is a field of the actions
        self.sudo().left_out = left or False
        if not found and not left:
            raise UserError(self.env._("There is no approved statement to pay."))

    def _add(self, statements):
        """Take statements in that may be paid.

        :param statements: merchant.statement, checked by ``_payment_obstacles``
        """
        self.ensure_one()
        if not statements:
            return
        self._need("draft", self.env._("Make another list."))
        # sudo: lines, state and figures are fields of the actions
        found = self.sudo()
        statements = statements.sudo()
        vals_list = []
        for number, statement in enumerate(statements, found.last_number + 1):
            bank = statement._payee_bank()
            vals_list.append(
                {
                    "list_id": found.id,
                    "statement_id": statement.id,
                    "reference": f"{found.name}-{number}",
                    "bank_id": bank.id,
                    "iban": bank.sanitized_acc_number,
                    "amount": float(cents(statement.payable)),
                    "cause": statement._payment_cause(),
                }
            )
        found.env["merchant.payment.line"].create(vals_list)
        found.last_number += len(vals_list)
        statements.write({"state": "paying"})
        found._prepared()
        found._recount()

    def _default_vals(self, statements):
        """Values of a new list for some statements.

        :param statements: merchant.statement of one company
        :return: dict
        """
        return {"company_id": statements.company_id.id, "date": fields.Date.context_today(self)}
