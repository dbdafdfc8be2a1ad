from odoo import models

#: Provinces of Lombardy by their plates.
LOMBARDY = ("BG", "BS", "CO", "CR", "LC", "LO", "MB", "MI", "MN", "PV", "SO", "VA")


class CircuitCircuit(models.Model):
    """Where the goods of a circuit of coupons are bought or used, and on which terms one joins it."""

    _inherit = "circuit.circuit"

    def action_territory_lombardy(self):
        """Button: the territory is Lombardy with its twelve provinces (R-000-29)."""
        self.check_access("write")
        provinces = self.env["res.country.state"].search(
            [("country_id.code", "=", "IT"), ("code", "in", LOMBARDY)], order="name"
        )
        self.territory_state_ids = provinces

    def _join_terms(self, day=None):
        """The published terms of joining in force on a day, the same for everybody (R-000-37).

        :param date day: local day of the circuit; None: today
        :return: ecoupon.join.terms, empty where none has begun
        """
        self.ensure_one()
        return self.env["ecoupon.join.terms"].search(
            [("circuit_id", "=", self.id), ("date_from", "<=", day or self._local_today())],
            order="date_from desc",
            limit=1,
        )

    def _join_url(self):
        """Address of the page where a company asks to join, relative to the site.

        :return: str
        """
        self.ensure_one()
        return f"{self._public_url()}/join"

    def action_join_page(self):
        """Button: look at the page where companies ask to join."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": self._join_url(), "target": "new"}
