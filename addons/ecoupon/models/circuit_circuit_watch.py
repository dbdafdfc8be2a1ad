from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import format_amount


class CircuitCircuit(models.Model):
    """How much was paid in the last 12 months: a limited network is notified when it grows (PSD2)."""

    _name = "circuit.circuit"
    _inherit = ["circuit.circuit", "mail.activity.mixin"]

    volume_year = fields.Monetary(
        "Paid in the last 12 months",
        compute="_compute_volume",
        help="With coupons, wallets and cards of this circuit, reversals taken off.",
    )
    volume_limit = fields.Monetary("Threshold of notification", compute="_compute_volume")
    volume_percent = fields.Integer("Of the threshold (%)", compute="_compute_volume")
    volume_near = fields.Integer(
        "Tell from (%)", default=80, help="Share of the threshold from which a manager is told, once a year (PSD2)."
    )

    def _compute_volume(self):
        """By the transactions; no stored field changes with them."""
        self.env["circuit.transaction"].flush_model()
        for circuit in self:
            today = circuit._local_today()
            since = datetime.combine(today - relativedelta(years=1), time.min, tzinfo=ZoneInfo(circuit.tz))
            [(volume,)] = self.env.execute_query(
                SQL(
                    """
                    SELECT coalesce(sum(CASE t.kind WHEN 'refund' THEN -t.amount ELSE t.amount END), 0)
                      FROM circuit_transaction t JOIN circuit_agreement a ON a.id = t.agreement_id
                     WHERE a.circuit_id = %s AND t.state = 'captured' AND t.captured_at >= %s
                    """,
                    circuit.id,
                    since.astimezone(UTC).replace(tzinfo=None),
                )
            )
            limit = self.env["ecoupon.threshold"]._at("limited_network", today).amount
            circuit.volume_year = volume
            circuit.volume_limit = limit
            circuit.volume_percent = int(100 * float(volume) / limit) if limit else 0

    @api.model
    def _cron_watch_volume(self):
        """Scheduled, every week: tell a manager of each circuit that comes near the threshold, once in a year.

        :return: circuit.circuit that are near
        """
        near = self.search([("campaign_ids", "!=", False)]).filtered(
            lambda circuit: circuit.volume_percent >= circuit.volume_near
        )
        since = fields.Datetime.now() - relativedelta(years=1)
        for circuit in near:
            summary = self.env._("Limited network: near the threshold of notification")
            manager = self.env["res.users"].search(
                [
                    ("all_group_ids", "in", self.env.ref("merchant_circuit.group_manager").ids),
                    ("company_ids", "in", circuit.company_id.ids),
                    ("share", "=", False),
                ],
                order="id desc",
                limit=1,
            )
            told = [("res_model", "=", self._name), ("res_id", "=", circuit.id), ("summary", "=", summary)]
            activities = self.env["mail.activity"].with_context(active_test=False)  # also those that are done
            known = activities.search_count([*told, ("create_date", ">=", since)], limit=1)
            if manager and not known:
                circuit.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=manager.id,
                    summary=summary,
                    note=self.env._(
                        "%(volume)s were paid in the last 12 months, %(percent)s %% of %(limit)s. Ask the lawyers"
                        " whether the authority must be notified.",
                        volume=format_amount(self.env, circuit.volume_year, circuit.currency_id),
                        percent=circuit.volume_percent,
                        limit=format_amount(self.env, circuit.volume_limit, circuit.currency_id),
                    ),
                )
        return near
