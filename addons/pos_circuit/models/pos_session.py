from odoo import _, fields, models
from odoo.exceptions import UserError


class PosSession(models.Model):
    _inherit = "pos.session"

    def _get_closed_orders(self):
        if self.env.context.get("circuit_closing"):
            return self.env["pos.order"]  # nothing of the merchant's takings enters our books
        return super()._get_closed_orders()

    def _create_picking_at_end_of_session(self):
        """What a merchant sells is not in the public body's stock."""
        if self.config_id.merchant_id:
            return None
        return super()._create_picking_at_end_of_session()

    def _cannot_close_session(self, bank_payment_method_diffs=None):
        refused = super()._cannot_close_session(bank_payment_method_diffs)
        if refused or not self.config_id.merchant_id:
            return refused
        obstacle = self._circuit_obstacle()
        return {"successful": False, "message": obstacle, "redirect": False} if obstacle else refused

    def update_closing_control_state_session(self, notes):
        """Refuse before the session leaves the open state: its till could not be used any more.

        :raise UserError: accounting lacks something, or card payments are open
        """
        obstacle = self.config_id.merchant_id and self._circuit_obstacle()
        if obstacle:
            raise UserError(obstacle)
        return super().update_closing_control_state_session(notes)

    def _circuit_unbooked(self):
        """Captured transactions of this session that no journal entry holds yet.

        :return: circuit.transaction recordset (sudo)
        """
        # sudo: cashiers close their session and have no right on the transactions
        payments = self.env["pos.payment"].sudo().search([("session_id", "in", self.ids)])
        captured = payments.circuit_transaction_id.filtered(lambda tx: tx.state == "captured" and not tx.move_id)
        return captured._bookable()

    def _circuit_obstacle(self):
        """What stands in the way of closing this session.

        :return: sentence, or False when nothing does
        """
        return self._circuit_open_holds() or self._circuit_missing_account()

    def _circuit_open_holds(self):
        """Card payments that are neither confirmed nor given back. Nobody could confirm them once the session is
        closed; the scheduled job ends those whose time is over.

        :return: sentence naming them, or False when there are none
        """
        # sudo: as above
        held = (
            self.env["circuit.transaction"]
            .sudo()
            .search(
                [
                    ("session_ref", "in", [f"pos.session,{session_id}" for session_id in self.ids]),
                    ("channel", "=", "pos"),
                    ("state", "=", "authorized"),
                    ("expires_at", ">", fields.Datetime.now()),
                ]
            )
        )
        if not held:
            return False
        return _(
            "The session cannot be closed yet: card payments are open (%s). Finish their orders at the till, or give"
            " them back: menu of the till, Open card payments.",
            ", ".join(f"{hold.display_name}, {hold.holder_mask}" for hold in held),
        )

    def _circuit_missing_account(self):
        """What accounting still lacks before this session can be closed.

        :return: sentence, or False when nothing is missing
        """
        # sudo: cashiers have no right on funders and their accounts
        obstacle = self._circuit_unbooked().sudo()._booking_obstacle(fields.Date.context_today(self))
        return obstacle and _("The session cannot be closed yet. %s", obstacle)

    def _create_account_move(self, balancing_account=False, amount_to_balance=0, bank_payment_method_diffs=None):
        """A merchant's session books the circuit's side only: what the citizens' credit paid becomes a debt to the
        merchant, on the accounts of each funder (R-004-92)."""
        if not self.config_id.merchant_id:
            return super()._create_account_move(balancing_account, amount_to_balance, bank_payment_method_diffs)
        missing = self._circuit_missing_account()
        if missing:
            raise UserError(missing)
        closing = self.with_context(circuit_closing=True)
        data = super(PosSession, closing)._create_account_move(
            balancing_account, amount_to_balance, bank_payment_method_diffs
        )
        transactions = self._circuit_unbooked()._claim_unbooked()
        if transactions:
            lines = transactions._booking_lines()
            data["MoveLine"].create([{**line, "move_id": self.move_id.id} for line in lines])
            transactions._set_move(self.move_id)
        return data

    def _validate_session(self, balancing_account=False, amount_to_balance=0, bank_payment_method_diffs=None):
        """Every way to close ends here, the office's too.

        :raise UserError: card payments are open
        """
        held = self.config_id.merchant_id and self._circuit_open_holds()
        if held:
            raise UserError(held)
        result = super()._validate_session(balancing_account, amount_to_balance, bank_payment_method_diffs)
        if self.state == "closed" and self.config_id.merchant_id:
            # core leaves them "paid" when the entry has no line (a session without card payments);
            # sudo: core has just closed the session for this user
            self.sudo().order_ids.filtered(lambda order: order.state == "paid").write({"state": "done"})
        return result
