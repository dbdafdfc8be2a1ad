from odoo import _, api, fields, models
from odoo.exceptions import ValidationError

from ..rules import ateco, directory


class ResPartner(models.Model):
    _inherit = "res.partner"

    is_merchant = fields.Boolean("Merchant of a circuit", index="btree_not_null")
    shop_name = fields.Char("Sign over the door", help="Name shown on receipts, messages and the public list.")
    shop_phone = fields.Char("Phone for customers", help="Shown in the public list; the other numbers never are.")
    in_directory = fields.Boolean(
        "In the public list", default=True, help="Shown with its advantages while an agreement is in force (R-004-91)."
    )
    ateco = fields.Char(
        "ATECO code", help="Suggests activity and macro-category of a new agreement; staff decide (R-004-42, A26)."
    )
    agreement_ids = fields.One2many("circuit.agreement", "merchant_id")
    circuit_transaction_count = fields.Integer(
        compute="_compute_circuit_transaction_count",
        groups="merchant_circuit.group_officer,merchant_circuit.group_operator",
    )

    @api.constrains("ateco")
    def _check_ateco(self):
        for partner in self.filtered("ateco"):
            try:
                ateco.normalise(partner.ateco)
            except ValueError:
                raise ValidationError(_("“%s” is not an ATECO code: write it as 47.11.40.", partner.ateco)) from None

    @api.constrains("partner_latitude", "partner_longitude")
    def _check_coordinates(self):
        for partner in self.filtered("is_merchant"):
            place = (partner.partner_latitude, partner.partner_longitude)
            if any(place) and not directory.coordinates(*place):
                raise ValidationError(
                    _(
                        "The place of %s is not on the map: latitude goes from -90 to 90, longitude from -180 to 180.",
                        partner.name,
                    )
                )

    def _compute_circuit_transaction_count(self):
        counts = dict(
            self.env["circuit.transaction"]._read_group(
                [("merchant_id", "in", self.ids), ("state", "=", "captured")], ["merchant_id"], ["__count"]
            )
        )
        for partner in self:
            partner.circuit_transaction_count = counts.get(partner, 0)

    def _shop_label(self):
        """Name a citizen knows the shop by.

        :return: the sign over the door, else the partner's name
        """
        self.ensure_one()
        return self.shop_name or self.name or ""

    def action_circuit_transactions(self):
        """Button: the merchant's transactions."""
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("merchant_circuit.action_transaction"),
            "domain": [("merchant_id", "in", self.ids)],
        }

    def write(self, vals):
        """Tills keep the shop's name in memory, record rules an operator's company: make them look again."""
        result = super().write(vals)
        # sudo: only whether there are users; the writer may not read them
        if vals.keys() & {"parent_id", "is_company"} and self.sudo().user_ids:
            self.env.registry.clear_cache()
        if vals.keys() & {"shop_name", "name"} and any(self.mapped("is_merchant")):
            self.env.registry.clear_cache()
        return result
