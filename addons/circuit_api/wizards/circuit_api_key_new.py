from odoo import _, fields, models

from odoo.addons.base.models.res_users import check_identity

from ..models.circuit_api_key import SCOPES


class CircuitApiKeyNew(models.TransientModel):
    _name = "circuit.api.key.new"
    _description = "Make an API key"

    merchant_id = fields.Many2one("res.partner", required=True, domain=[("is_merchant", "=", True)])
    place_id = fields.Many2one(
        "circuit.place",
        domain="[('merchant_id', '=', merchant_id)]",
        help="Where what the key charges is sold; empty: the merchant's only place (R-000-04).",
    )
    name = fields.Char(required=True, help="What uses the key, e.g. the name of the web shop.")
    expires_on = fields.Date("Last day", help="Empty: as long as the circuit allows.")
    may_identify = fields.Boolean("Identify", default=True, help="Ask what the till has to ask the citizen for.")
    may_authorize = fields.Boolean("Authorise", default=True, help="Hold a card's share of a purchase.")
    may_capture = fields.Boolean("Capture", default=True, help="Confirm what was authorised.")
    may_void = fields.Boolean("Void", default=True, help="Give a hold back.")
    may_refund = fields.Boolean("Refund payments", help="Give a confirmed payment back to the card.")
    may_status = fields.Boolean("Ask the status", default=True, help="Ask what became of a payment of the shop.")

    @check_identity
    def action_create(self):
        """Button: make the key, after the user's own password, and show it once."""
        return self._make()

    def _make(self):
        """Make the key.

        :return: action that shows it
        :raise UserError: see ``circuit.api.key._issue``
        """
        self.ensure_one()
        self.env["circuit.api.key"].check_access("read")
        self.merchant_id.check_access("read")
        key, text = self.env["circuit.api.key"]._issue(
            self.merchant_id,
            self.name,
            [scope for scope in SCOPES if self[f"may_{scope}"]],
            self.expires_on,
            self.place_id,
        )
        return {
            "type": "ir.actions.act_window",
            "name": _("The new API key"),
            "res_model": "circuit.api.key.show",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_key": text, "default_name": key.name},
        }
