from odoo import models


class MailingMailing(models.Model):
    """A mailing to citizens who agreed reaches those who still do, whoever sends it and whatever its filter says."""

    _inherit = "mailing.mailing"

    def _get_recipients_domain(self):
        domain = super()._get_recipients_domain()
        if self.mailing_model_real != "ecoupon.consent":
            return domain
        # sudo: the newsletter behind the mailing says of which circuit
        newsletter = self.env["ecoupon.newsletter"].sudo().search([("mailing_id", "=", self.id)], limit=1)
        return domain & newsletter._recipients_domain()

    def _get_unsubscribe_url(self, email_to, res_id):
        return self._consent_url(res_id) or super()._get_unsubscribe_url(email_to, res_id)

    def _get_unsubscribe_oneclick_url(self, email_to, res_id):
        return self._consent_url(res_id) or super()._get_unsubscribe_oneclick_url(email_to, res_id)

    def _consent_url(self, res_id):
        """Address that withdraws the consent behind a mail.

        :param int res_id: its document
        :return: str, or None for other mailings
        """
        if self.mailing_model_real != "ecoupon.consent":
            return None
        consent = self.env["ecoupon.consent"].sudo().browse(res_id).exists()  # sudo: goes into the citizen's own mail
        return consent._stop_url() if consent else None
