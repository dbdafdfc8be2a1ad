from odoo import fields, models


class EcouponRedemption(models.Model):
    """From a coupon spent to the invoices it is in."""

    _inherit = "ecoupon.redemption"

    invoice_item_ids = fields.One2many("ecoupon.invoice.item", "redemption_id", "Invoiced", readonly=True)
    invoice_count = fields.Integer("Number of invoices", compute="_compute_invoice_count")

    _sponsor_idx = models.Index("(sponsor_id) WHERE sponsor_id IS NOT NULL")

    def _compute_invoice_count(self):
        """Invoices of each redemption; no stored field changes with them."""
        # sudo: a number only
        items = self.env["ecoupon.invoice.item"].sudo()
        rows = items._read_group(
            [("redemption_id", "in", self.ids), ("move_id", "!=", False)],
            ["redemption_id"],
            ["move_id:count_distinct"],
        )
        counts = {redemption.id: count for redemption, count in rows}
        for redemption in self:
            redemption.invoice_count = counts.get(redemption.id, 0)

    def action_view_invoices(self):
        """Smart button: the invoices and credit notes these redemptions are in.

        :return: window action
        """
        action = self.env["ir.actions.act_window"]._for_xml_id("ecoupon_settlement.action_invoice")
        return action | {"domain": [("id", "in", self.invoice_item_ids.move_id.ids)], "context": {}}
