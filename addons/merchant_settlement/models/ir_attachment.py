from odoo import models
from odoo.exceptions import AccessError


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def write(self, vals):
        """Write files, but not the statements that were sent nor what came back signed.

        :raise AccessError: one of these is among them
        """
        self._refuse_kept()
        return super().write(vals)

    def unlink(self):
        """Delete files, but not the statements that were sent nor what came back signed.

        :raise AccessError: one of these is among them
        """
        self._refuse_kept()
        return super().unlink()

    def _refuse_kept(self):
        """Whoever may write a statement could otherwise put another file in its place (R-004-97)."""
        if self.env.su:
            return
        # sudo: what a file belongs to, whoever asks
        files = self.sudo()
        sent = files.filtered(lambda file: file.res_model == "merchant.statement" and file.res_field)
        signed = files.env["merchant.statement.signature"].search_count([("attachment_id", "in", files.ids)], limit=1)
        if sent or signed:
            raise AccessError(self.env._("What was sent and what came back signed is kept as it is."))
