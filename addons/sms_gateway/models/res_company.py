from odoo import fields, models

from ..tools import SmsApiOutbox


class ResCompany(models.Model):
    _inherit = "res.company"

    sms_channel = fields.Selection(
        selection=[
            ("outbox", "Outbox on this machine"),
            ("standard", "Odoo's standard SMS service"),
        ],
        string="SMS Channel",
        default="outbox",
        required=True,
        help="Where text messages go. The outbox keeps them in this database and "
        "sends nothing; the standard service sends them over the internet.",
    )

    def _get_sms_api_class(self):
        """Return the provider class of this company's channel."""
        self.ensure_one()
        if self.sms_channel == "outbox":
            return SmsApiOutbox
        return super()._get_sms_api_class()
