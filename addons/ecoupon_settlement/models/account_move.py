from odoo import api, fields, models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    """Invoices of coupons are as the coupons spent say: they are corrected by reversing those."""

    _inherit = "account.move"

    ecoupon_run_id = fields.Many2one(
        "ecoupon.invoice.run", "Coupons of", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    ecoupon_item_ids = fields.One2many("ecoupon.invoice.item", "move_id", "Coupons", readonly=True)
    ecoupon_item_count = fields.Integer("Number of coupons", compute="_compute_ecoupon_item_count")

    def _compute_ecoupon_item_count(self):
        """Coupons of each invoice; no stored field changes with them."""
        # sudo: a number only
        items = self.env["ecoupon.invoice.item"].sudo()
        rows = items._read_group([("move_id", "in", self.ids)], ["move_id"], ["redemption_id:count_distinct"])
        counts = {move.id: count for move, count in rows}
        for move in self:
            move.ecoupon_item_count = counts.get(move.id, 0)

    @api.depends("ecoupon_run_id")
    def _compute_show_reset_to_draft_button(self):
        """No button that would only refuse."""
        result = super()._compute_show_reset_to_draft_button()
        self.filtered("ecoupon_run_id").show_reset_to_draft_button = False
        return result

    def action_ecoupon_items(self):
        """Smart button: the coupons of this invoice.

        :return: window action
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("ecoupon_settlement.action_invoice_item")
        return action | {"domain": [("move_id", "=", self.id)], "context": {}}

    def button_draft(self):
        """Invoices of coupons stay as they were posted.

        :raise UserError: one of these is the invoice of coupons
        """
        self._refuse_invoice_of_coupons()
        return super().button_draft()

    def button_cancel(self):
        """As :meth:`button_draft`.

        :raise UserError: one of these is the invoice of coupons
        """
        self._refuse_invoice_of_coupons()
        return super().button_cancel()

    def _reverse_moves(self, default_values_list=None, cancel=False):
        """Credit notes follow from coupons that are reversed.

        :raise UserError: one of these is the invoice of coupons
        """
        self._refuse_invoice_of_coupons()
        return super()._reverse_moves(default_values_list, cancel)

    def _refuse_invoice_of_coupons(self):
        """An invoice of coupons changes with its coupons only.

        :raise UserError: naming it
        """
        # sudo: accountants need not see coupons to be told
        found = self.sudo().filtered(lambda move: move.ecoupon_run_id and move.state == "posted")[:1]
        if found:
            raise UserError(
                self.env._(
                    "%s is made of coupons that were spent and stays as it is. Reverse the coupon's operation: the next"
                    " month's run makes the credit note.",
                    found.name,
                )
            )

    # ------------------------------------------------------------------ the issuer's own pages

    @api.model
    def _issuer_domain(self, merchant):
        """Invoices of coupons that a member may see.

        :param merchant: res.partner
        :return: domain
        """
        return [("ecoupon_run_id", "!=", False), ("state", "=", "posted"), ("partner_id", "=", merchant.id)]

    @api.model
    def _issuer_has_invoices(self):
        """Whether the member the user works for may get invoices of coupons: it issues some, or has one.

        :return: bool
        """
        merchant = self.env.user.merchant_id
        # sudo: members have no right on the models; only whether there is one leaves here
        issues = [("merchant_id", "=", merchant.id), ("role_issue", "=", True)]
        return bool(
            merchant
            and (
                self.env["circuit.agreement"].sudo().search_count(issues, limit=1)
                or self.sudo().search_count(self._issuer_domain(merchant), limit=1)
            )
        )
