from odoo import _, api, fields, models
from odoo.exceptions import UserError, ValidationError

TITLE_MAX = 80
TEXT_MAX = 600


class CircuitOffer(models.Model):
    """A further advantage that a merchant grants to card holders (R-004-104)."""

    _name = "circuit.offer"
    _description = "Advantage for card holders"
    _inherit = ["own.fields", "mail.thread"]
    _order = "date_from desc, id desc"

    name = fields.Char("Title", required=True, tracking=True)
    text = fields.Text("What the holder gets", tracking=True, help="Up to 600 characters.")
    agreement_id = fields.Many2one("circuit.agreement", required=True, index=True, ondelete="restrict")
    merchant_id = fields.Many2one(related="agreement_id.merchant_id", store=True, index=True)
    circuit_id = fields.Many2one(related="agreement_id.circuit_id", store=True, index=True)
    company_id = fields.Many2one(related="circuit_id.company_id", store=True, index=True)
    date_from = fields.Date(required=True, default=fields.Date.context_today, tracking=True)
    date_to = fields.Date(tracking=True, help="Last day; empty: until withdrawn.")
    state = fields.Selection(
        [
            ("waiting", "To be approved"),
            ("published", "Published"),
            ("refused", "Refused"),
            ("withdrawn", "Withdrawn"),
        ],
        default="published",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )

    _dates = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)", "The advantage ends before it begins."
    )

    @api.constrains("name", "text")
    def _check_length(self):
        for offer in self:
            if not (offer.name or "").strip() or len(offer.name) > TITLE_MAX or len(offer.text or "") > TEXT_MAX:
                raise ValidationError(
                    _(
                        "An advantage needs a title of at most %(title)s characters and a text of at most %(text)s.",
                        title=TITLE_MAX,
                        text=TEXT_MAX,
                    )
                )

    @api.model
    def _on(self, circuits, day):
        """Advantages that hold on a day.

        :param circuits: circuit.circuit
        :param date day: local day
        :return: circuit.offer
        """
        return self.search(
            [
                ("circuit_id", "in", circuits.ids),
                ("state", "=", "published"),
                ("date_from", "<=", day),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", day),
            ]
        )

    @api.model
    def _publish(self, merchant, vals, offer=None):
        """A merchant publishes or changes an advantage of its own; where the circuit wants it, staff approve first.

        :param merchant: res.partner, established by the server
        :param dict vals: name, text, date_from, date_to (dates or False), agreement_id (int)
        :param offer: circuit.offer of this merchant to change; None: a new one
        :return: circuit.offer
        :raise UserError: no agreement in force, or another merchant's
        :raise ValidationError: title, text or dates
        """
        agreement = merchant.agreement_ids.filtered(
            lambda line: line.state == "active" and line.id == vals["agreement_id"]
        )
        if not agreement or (offer and offer.merchant_id != merchant):
            raise UserError(_("Advantages are published by shops with an agreement in force."))
        values = {key: vals[key] for key in ("name", "text", "date_from", "date_to")}
        values["agreement_id"] = agreement.id
        values["state"] = "waiting" if agreement.circuit_id.moderate_offers else "published"
        if offer:
            offer.write(values)
            return offer
        return self.create(values)

    def action_approve(self):
        """Button: show the advantage in the public list."""
        self._decide("published")

    def action_refuse(self):
        """Button: do not show the advantage."""
        self._decide("refused")

    def _decide(self, state):
        """The public body or the operator moderates.

        :param str state: published or refused
        :raise AccessError: the user may not write on the advantage
        """
        self.check_access("write")
        self.sudo().state = state  # sudo: see write()

    def _own_fields(self):
        return super()._own_fields() | {"state"}

    def _own_refusal(self):
        return self.env._("An advantage is approved and refused with its buttons.")
