from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL


class SmsOutbox(models.Model):
    """Text messages that the local channel took: read by staff, written by the channel only."""

    _name = "sms.outbox"
    _description = "SMS Outbox"
    _order = "sent_at DESC, id DESC"
    _rec_name = "number"

    uuid = fields.Char("UUID", required=True, readonly=True, help="The queued message this came from.")
    number = fields.Char(required=True, readonly=True)
    partner_id = fields.Many2one("res.partner", "Recipient", readonly=True, index="btree_not_null")
    body = fields.Text("Text", required=True, readonly=True, help="Secrets such as a PIN are shown as dots.")
    secret_body = fields.Text(
        string="Complete Text",
        readonly=True,
        groups="base.group_system",
        help="The text with its secret; removed after the retention time.",
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    state = fields.Selection(
        [("recorded", "Recorded"), ("expired", "Secret Removed")],
        required=True,
        readonly=True,
        default="recorded",
    )
    sent_at = fields.Datetime(required=True, readonly=True, index=True)

    _uuid_unique = models.UniqueIndex("(uuid)", "A message is recorded only once.")

    @api.model
    def _record(self, messages):
        """Keep the messages that ``sms.sms`` hands over; a known one is left alone.

        :param messages: list of (uuid of the ``sms.sms``, complete text).
        """
        if not messages:
            return
        self.env["sms.sms"].flush_model()
        rows = SQL(", ").join(SQL("(%s, %s)", uuid, content) for uuid, content in messages)
        self.env.cr.execute(
            SQL(
                """
            INSERT INTO sms_outbox (uuid, number, partner_id, body, secret_body, company_id, state, sent_at,
                                    create_uid, write_uid, create_date, write_date)
            SELECT s.uuid, s.number, s.partner_id, coalesce(s.body, ''),
                   CASE WHEN s.has_secret THEN m.content END,
                   coalesce(s.company_id, %(company)s), 'recorded', %(now)s, %(uid)s, %(uid)s, %(now)s, %(now)s
              FROM (VALUES %(rows)s) AS m(uuid, content)
              JOIN sms_sms s ON s.uuid = m.uuid
            ON CONFLICT (uuid) DO NOTHING
            """,
                rows=rows,
                company=self.env.company.id,
                uid=self.env.uid,
                now=fields.Datetime.now(),
            )
        )
        self.invalidate_model()

    @api.model
    def _secret_limit(self):
        """Return the UTC time before which secrets are no longer kept."""
        return fields.Datetime.now() - timedelta(hours=self._retention("secret_retention_hours"))

    @api.model
    def _retention(self, name):
        # sudo: a retention time is no secret, and the clean-up may run for any user.
        return int(self.env["ir.config_parameter"].sudo().get_param(f"sms_gateway.{name}"))

    @api.autovacuum
    def _gc_outbox(self):
        """Remove old secrets and old messages after the configured times."""
        self.search([("sent_at", "<", self._secret_limit()), ("secret_body", "!=", False)]).write(
            {"secret_body": False, "state": "expired"}
        )
        limit = fields.Datetime.now() - timedelta(days=self._retention("outbox_retention_days"))
        self.search([("sent_at", "<", limit)]).unlink()
