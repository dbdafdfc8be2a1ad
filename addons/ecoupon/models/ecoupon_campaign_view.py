from odoo import api, fields, models
from odoo.tools import format_amount, html_escape

from .ecoupon_campaign_life import FIXED_STATES


class EcouponCampaign(models.Model):
    """What the office sees of a campaign besides its terms: what it is worth in a word, who decides on it, and what
    stands in the way of publishing it."""

    _inherit = "ecoupon.campaign"

    worth_text = fields.Char("Worth", compute="_compute_worth_text")
    is_fixed = fields.Boolean(compute="_compute_is_fixed")
    can_decide = fields.Boolean(compute="_compute_can_decide")
    obstacles = fields.Html(compute="_compute_obstacles", help="What stands in the way of publishing it.")

    @api.depends("kind", "amount", "percent", "max_discount", "currency_id")
    def _compute_worth_text(self):
        for campaign in self:
            percent, most = f"{campaign.percent:g}", campaign.max_discount
            if campaign.kind == "fixed":
                campaign.worth_text = format_amount(self.env, campaign.amount, campaign.currency_id)
            elif most:
                most = format_amount(self.env, most, campaign.currency_id)
                campaign.worth_text = self.env._("%(percent)s %%, at most %(amount)s", percent=percent, amount=most)
            else:
                campaign.worth_text = f"{percent} %"

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
