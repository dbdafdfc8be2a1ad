from odoo import fields, models
from odoo.tools import SQL


class CircuitCircuit(models.Model):
    """Who pays the shops for coupons of others: the clearing, which the issuers fill (R-000-20)."""

    _inherit = "circuit.circuit"

    clearing_funder_id = fields.Many2one("circuit.funder", "Clearing of coupons", readonly=True, copy=False)

    def _clearing_funder(self):
        """The circuit's clearing, made when the first campaign is published whose coupons others accept.

        :return: circuit.funder
        """
        self.ensure_one()
        if not self.clearing_funder_id:
            # two tills may spend the first coupons at once
            self.env.cr.execute(SQL("SELECT FROM circuit_circuit WHERE id = %s FOR NO KEY UPDATE", self.id))
            self.invalidate_recordset(["clearing_funder_id"])
        if not self.clearing_funder_id:
            # sudo: a till's user may write neither funders nor circuits
            # in the language of the public body: its first caller may speak another one
            own = self.sudo().with_context(lang=self.company_id.partner_id.lang or self.env.lang)
            own.clearing_funder_id = own.env["circuit.funder"].create(
                {"name": own.env._("Clearing of coupons"), "kind": "clearing", "circuit_id": self.id}
            )
        return self.clearing_funder_id
