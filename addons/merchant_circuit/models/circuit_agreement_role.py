from datetime import UTC
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

ROLES = ("distribute", "accept", "issue")


class CircuitAgreement(models.Model):
    """What a member may do, and since when it has committed itself to it (R-000-02, R-000-03)."""

    _inherit = "circuit.agreement"

    signed_on = fields.Date(
        readonly=True, copy=False, tracking=True, help="Day on which the signed commitment was recorded (R-000-02)."
    )
    signatory = fields.Char("Signed by", tracking=True, help="Who signed the commitment for the member (R-000-02).")

    def action_sign(self):
        """Button: the agreement is signed and in force between its dates (R-001-03, R-000-02); a member without any
        place gets the one at its address.

        :raise UserError: it is not a draft
        """
        result = super().action_sign()
        # sudo: as in the method above; officers may not write the own fields
        for circuit, agreements in self.sudo().grouped("circuit_id").items():
            agreements.signed_on = circuit._local_today()
        self.merchant_id._ensure_place()
        return result

    def _own_fields(self):
        return super()._own_fields() | {"signed_on"}

    def _acts(self, role, at=None):
        """Whether the member may distribute, accept or issue at an instant: the commitment is signed, neither suspended
        nor ended, the local day lies within its dates, and the act is among those it is enabled for (R-000-02,
        R-000-03).

        :param str role: distribute, accept or issue
        :param datetime at: UTC instant; None: now
        :return: bool
        """
        return not self._obstacle(role, at)

    def _must_act(self, role, at=None):
        """Refuse an act of a member that may not do it now, saying why.

        :param str role: distribute, accept or issue
        :param datetime at: UTC instant; None: now
        :raise UserError: it may not
        """
        obstacle = self._obstacle(role, at)
        if obstacle:
            raise UserError(obstacle)

    def _obstacle(self, role, at=None):
        """Why a member may not do something at an instant.

        :param str role: distribute, accept or issue
        :param datetime at: UTC instant; None: now
        :return: str, empty when it may
        """
        if role not in ROLES:
            raise ValueError(role)
        self.ensure_one()
        # sudo: whoever asks for an act may not read the agreement, but is told its dates when it is refused
        agreement = self.sudo()
        name = agreement.merchant_id._shop_label()
        zone = ZoneInfo(agreement.circuit_id.tz)
        day = (at or fields.Datetime.now()).replace(tzinfo=UTC).astimezone(zone).date()
        if agreement.state == "draft":
            return self.env._("%s has not signed its commitment to the circuit yet.", name)
        if agreement.state == "suspended":
            return self.env._("%s: the agreement is suspended.", name)
        if day < agreement.date_from:
            return self.env._(
                "%(name)s: the agreement begins on %(day)s.", name=name, day=format_date(self.env, agreement.date_from)
            )
        if agreement.state == "ended" or (agreement.date_to and agreement.date_to < day):
            return self.env._("%s: the agreement has ended.", name)
        if not agreement[f"role_{role}"]:
            return {
                "distribute": self.env._("%s is not enabled to hand out coupons.", name),
                "accept": self.env._("%s is not enabled to accept cards and coupons.", name),
                "issue": self.env._("%s is not enabled to issue coupons.", name),
            }[role]
        return ""

    @api.model
    def _acting(self, circuit, role, at=None):
        """Members of a circuit that may do something at an instant.

        :param circuit: circuit.circuit
        :param str role: distribute, accept or issue
        :param datetime at: UTC instant; None: now
        :return: circuit.agreement
        """
        found = self.search([("circuit_id", "=", circuit.id), ("state", "=", "active"), (f"role_{role}", "=", True)])
        return found.filtered(lambda agreement: agreement._acts(role, at))
