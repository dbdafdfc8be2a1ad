import re

from odoo import api, fields, models
from odoo.tools import SQL

#: What calls itself a machine is not counted.
MACHINES = re.compile(r"bot|crawl|spider|slurp|preview|monitor|curl|wget|python-requests", re.IGNORECASE)


class EcouponView(models.Model):
    """How often the page of a campaign was opened, day by day: a number, not who opened it (R-000-35). Every opening
    adds a row, so that nobody waits for anybody; a scheduled job adds up the days that are over."""

    _name = "ecoupon.view"
    _description = "Openings of a campaign's page"
    _log_access = False
    _order = "day desc, id desc"

    campaign_id = fields.Many2one("ecoupon.campaign", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="campaign_id.company_id", store=True, index=True)
    day = fields.Date(required=True, readonly=True, help="Local day of the circuit.")
    count = fields.Integer("Openings", required=True, readonly=True)

    @api.model
    def _note(self, campaign, agent):
        """Count one opening of a campaign's page.

        :param campaign: ecoupon.campaign
        :param str agent: what the browser calls itself; looked at, not kept
        """
        if not agent or MACHINES.search(agent):
            return
        self.env.cr.execute(
            SQL(
                "INSERT INTO ecoupon_view (campaign_id, company_id, day, count) VALUES (%s, %s, %s, 1)",
                campaign.id,
                campaign.company_id.id,
                campaign.circuit_id._local_day(),
            )
        )

    @api.autovacuum
    def _gc_openings(self):
        """Add up the openings of the days that are over."""
        self.env.cr.execute(
            SQL(
                """WITH gone AS (
                       DELETE FROM ecoupon_view v USING (
                           SELECT campaign_id, day FROM ecoupon_view WHERE day < CURRENT_DATE - 1
                            GROUP BY campaign_id, day HAVING count(*) > 1) d
                        WHERE v.campaign_id = d.campaign_id AND v.day = d.day
                       RETURNING v.campaign_id, v.company_id, v.day, v.count)
                   INSERT INTO ecoupon_view (campaign_id, company_id, day, count)
                   SELECT campaign_id, company_id, day, sum(count) FROM gone GROUP BY campaign_id, company_id, day"""
            )
        )
