from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

from babel.numbers import format_decimal

from odoo import api, fields, models
from odoo.tools import babel_locale_parse, format_amount, format_date, format_datetime, html_escape

from odoo.addons.stored_value.tools import to_decimal

from ..rules.last_moment import last_day
from .ecoupon_campaign_life import FIXED_STATES


class EcouponCampaign(models.Model):
    """What the office sees of a campaign besides its terms: what it is worth in a word, who decides on it, and what
    stands in the way of publishing it."""

    _inherit = "ecoupon.campaign"

    worth_text = fields.Char("Worth", compute="_compute_worth_text")
    last_day = fields.Date("Last day", compute="_compute_last_day", help="Last day on which its coupons are accepted.")
    is_fixed = fields.Boolean(compute="_compute_is_fixed")
    can_decide = fields.Boolean(compute="_compute_can_decide")
    obstacles = fields.Html(compute="_compute_obstacles", help="What stands in the way of publishing it.")

    @api.depends("kind", "amount", "percent", "max_discount", "currency_id")
    def _compute_worth_text(self):
        for campaign in self:
            percent, most = campaign._percent_text(), campaign.max_discount
            if campaign.kind == "fixed":
                campaign.worth_text = format_amount(self.env, campaign.amount, campaign.currency_id)
            elif most:
                most = format_amount(self.env, most, campaign.currency_id)
                campaign.worth_text = self.env._("%(percent)s %%, at most %(amount)s", percent=percent, amount=most)
            else:
                campaign.worth_text = f"{percent} %"

    def _percent_text(self):
        """The percentage as the reader writes it, e.g. "12,5"."""
        return format_decimal(to_decimal(self.percent), locale=babel_locale_parse(self.env.lang))

    @api.depends("valid_to", "circuit_id")
    def _compute_last_day(self):
        for campaign in self:
            end = campaign.valid_to and campaign.valid_to - timedelta(microseconds=1)
            campaign.last_day = end and campaign.circuit_id._local_day(end)

    def _until(self, at):
        """An end as people read it.

        :param datetime at: naive UTC, the first instant after
        :return: str, empty for none
        """
        self.ensure_one()
        return self._until_of(self.circuit_id, at)

    def _since(self, at):
        """A beginning as people read it, empty for none."""
        self.ensure_one()
        return self._moment_of(self.circuit_id, at)

    @api.model
    def _until_of(self, circuit, at):
        """An end on the clock of a circuit: the last day, or the minute.

        :param circuit: circuit.circuit
        :param datetime at: naive UTC, the first instant after
        :return: str, empty for none
        """
        local = at and at.replace(tzinfo=UTC).astimezone(ZoneInfo(circuit.tz)).replace(tzinfo=None)
        day = local and last_day(local)
        return format_date(self.env, day) if day else self._moment_of(circuit, at)

    @api.model
    def _moment_of(self, circuit, at):
        """An instant on the clock of a circuit, to the minute; empty for none."""
        return format_datetime(self.env, at, tz=circuit.tz, dt_format="short") if at else ""

    @api.depends("state")
    def _compute_is_fixed(self):
        for campaign in self:
            campaign.is_fixed = campaign.state in FIXED_STATES

    @api.depends("circuit_id")
    @api.depends_context("uid")
    def _compute_can_decide(self):
        for campaign in self:
            campaign.can_decide = campaign.circuit_id._decides_on_campaigns(self.env.user)

    @api.depends("state")
    def _compute_obstacles(self):
        """Only of a saved campaign that is still to be published."""
        for campaign in self:
            problems = []
            if campaign._origin and campaign.state in ("draft", "proposed", "refused"):
                problems = campaign._origin._problems()
            campaign.obstacles = "<br/>".join(str(html_escape(problem)) for problem in problems) or False


class CircuitCircuit(models.Model):
    _inherit = "circuit.circuit"

    def _decides_on_campaigns(self, user):
        """Whether a user approves, refuses and stops the campaigns of this circuit: its managers, and whoever works for
        its operator (R-000-01).

        :param user: res.users
        :return: bool
        """
        return bool(self) and (user.has_group("merchant_circuit.group_manager") or self._is_run_by(user))
