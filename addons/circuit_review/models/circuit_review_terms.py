from odoo import _, api, fields, models
from odoo.exceptions import ValidationError

from ..rules.facts import Parameters

OWN = Parameters()
#: smallest and largest value that makes sense, by the end of the field's name
BOUNDS = {
    "count": (2, 1000),
    "cards": (2, 50),
    "times": (1, 100),
    "minutes": (1, 1440),
    "hours": (1, 240),
    "days": (1, 365),
    "share": (0, 100),
    "band": (0, 100),
    "from": (0, 23),
    "to": (0, 23),
}


class CircuitReviewTerms(models.Model):
    """From which day on which patterns of a circuit are listed, and where their limits are."""

    _name = "circuit.review.terms"
    _description = "Limits of suspicious patterns"
    _order = "circuit_id, valid_from desc"
    _rec_name = "valid_from"

    circuit_id = fields.Many2one("circuit.circuit", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="circuit_id.company_id", store=True, index=True)
    valid_from = fields.Date(
        required=True,
        default=fields.Date.context_today,
        help="Patterns that end on this day or later are judged by these limits, earlier ones by those before.",
    )
    merchants_on = fields.Boolean(
        "Many shops within minutes", default=OWN.merchants_on, help="One card at many shops: copied, or handed round."
    )
    merchants_count = fields.Integer(
        "Shops", default=OWN.merchants_count, help="Different shops from which it is listed."
    )
    merchants_minutes = fields.Integer("Within minutes", default=OWN.merchants_minutes, help="Between first and last.")
    split_on = fields.Boolean(
        "Purchase in pieces",
        default=OWN.split_on,
        help="Several purchases of one card at one shop, each barely above the minimum.",
    )
    split_count = fields.Integer("Purchases", default=OWN.split_count, help="Number from which it is listed.")
    split_minutes = fields.Integer("Within minutes (pieces)", default=OWN.split_minutes, help="Between first and last.")
    split_band = fields.Integer(
        "Above the minimum by (%)",
        default=OWN.split_band,
        help="Purchases up to so much above the minimum are looked at.",
    )
    maximum_on = fields.Boolean(
        "Always the maximum", default=OWN.maximum_on, help="A shop whose payments empty the accounts of the cards."
    )
    maximum_count = fields.Integer(
        "Emptied accounts", default=OWN.maximum_count, help="Number from which it is listed."
    )
    maximum_days = fields.Integer(
        "Within days (maximum)", default=OWN.maximum_days, help="Length of the time looked at."
    )
    maximum_share = fields.Integer(
        "Share of the payments (%)",
        default=OWN.maximum_share,
        help="Least share of the shop's payments. At the end of a quarter one in five is usual.",
    )
    household_on = fields.Boolean(
        "One household's cards at one shop",
        default=OWN.household_on,
        help="Several cards of a household used together, again and again: somebody keeps them.",
    )
    household_cards = fields.Integer(
        "Cards together", default=OWN.household_cards, help="Different cards of a household."
    )
    household_minutes = fields.Integer(
        "Together is within minutes", default=OWN.household_minutes, help="Between the first and the last card."
    )
    household_times = fields.Integer("Times", default=OWN.household_times, help="Number from which it is listed.")
    household_days = fields.Integer(
        "Within days (household)", default=OWN.household_days, help="Between first and last."
    )
    failures_on = fields.Boolean(
        "Codes tried at a till", default=OWN.failures_on, help="Unknown cards and wrong PINs at one till."
    )
    failures_count = fields.Integer(
        "Failed attempts", default=OWN.failures_count, help="Number from which it is listed."
    )
    failures_hours = fields.Integer("Within hours", default=OWN.failures_hours, help="Length of the time looked at.")
    failures_share = fields.Integer(
        "Share of all attempts (%)",
        default=OWN.failures_share,
        help="Least share of failed attempts among all, so that a busy till is not listed.",
    )
    night_on = fields.Boolean("Payments at night", default=OWN.night_on, help="Payments while shops are closed.")
    night_from = fields.Integer("From hour", default=OWN.night_from, help="Local time, 0 to 23.")
    night_to = fields.Integer("To hour", default=OWN.night_to, help="Local time, 0 to 23; this hour is day again.")
    night_count = fields.Integer("Payments", default=OWN.night_count, help="Number from which it is listed.")
    night_days = fields.Integer("Within days (night)", default=OWN.night_days, help="Length of the time looked at.")
    night_activity_ids = fields.Many2many(
        "circuit.activity", string="Open at night", help="Shops of these main activities may well sell at night."
    )
    refunds_on = fields.Boolean("Many refunds", default=OWN.refunds_on, help="A shop that gives back a lot.")
    refunds_count = fields.Integer("Refunds", default=OWN.refunds_count, help="Number from which it is listed.")
    refunds_days = fields.Integer(
        "Within days (refunds)", default=OWN.refunds_days, help="Length of the time looked at."
    )
    refunds_share = fields.Integer(
        "Share of refunds (%)", default=OWN.refunds_share, help="Least share of refunds among payments and refunds."
    )

    _day_unique = models.Constraint("UNIQUE (circuit_id, valid_from)", "There are limits from this day on already.")

    @api.constrains(*Parameters._fields)
    def _check_bounds(self):
        for terms in self:
            for name in Parameters._fields:
                low, high = BOUNDS.get(name.rpartition("_")[2], (None, None))
                if low is not None and not low <= terms[name] <= high:
                    raise ValidationError(
                        _(
                            "%(field)s must be between %(low)s and %(high)s.",
                            field=terms._fields[name]._description_string(self.env),
                            low=low,
                            high=high,
                        )
                    )

    def _parameters(self):
        """These limits as the rules want them.

        :return: Parameters; as they come where the circuit has none
        """
        return Parameters(**{name: self[name] for name in Parameters._fields}) if self else Parameters()
