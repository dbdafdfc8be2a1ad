from odoo import api, fields, models
from odoo.tools import email_normalize

from odoo.addons.family_card.rules.periods import local_day

from ..rules import sign_code

#: So many mails are queued between two commits.
BATCH = 100


class MerchantStatement(models.Model):
    """Reminders of statements that were not signed (R-004-98)."""

    _inherit = "merchant.statement"

    @api.model
    def _cron_remind(self):
        """Daily job: write to the merchants whose statements are due and not signed."""
        now = fields.Datetime.now()
        unsigned = self.search([("state", "=", "sent"), ("due_on", "!=", False)], order="id")
        due = unsigned.filtered(
            lambda line: sign_code.reminder_due(
                local_day(now, line.circuit_id.tz), line.due_on, line.terms_id.reminder_days, line.reminded_on
            )
        )
        for start in range(0, len(due), BATCH):
            batch = due[start : start + BATCH]
            for statement in batch:
                statement._remind(local_day(now, statement.circuit_id.tz))
            self.env["ir.cron"]._commit_progress(len(batch), remaining=len(due) - start - len(batch))

    def _remind(self, day):
        """Queue a reminder; a merchant without a mail address sees it in the portal only.

        :param date day: local day
        """
        self.ensure_one()
        self.reminded_on = day
        merchant = self.merchant_id
        address = email_normalize(merchant.email or merchant.commercial_partner_id.email or "")
        if address:
            self.env.ref("merchant_settlement.mail_template_reminder").send_mail(
                self.id, email_values={"email_to": address}
            )
