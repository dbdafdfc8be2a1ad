from odoo import models
from odoo.exceptions import UserError

from odoo.addons.stored_value.tools import write_csv

from ..rules import sheet

#: Coupons of one PDF.
ON_PAPER = 600


class EcouponBatch(models.Model):
    """The codes of a batch on paper, or in a file for the printer. Whoever has them can spend them: each download is
    noted on the batch."""

    _inherit = "ecoupon.batch"

    def _coupons(self):
        """Coupons of the batch that are not cancelled, in the order in which they were made.

        :return: ecoupon.coupon
        """
        self.ensure_one()
        domain = [("batch_ref", "=", self.name), ("cancelled_at", "=", False)]
        return self.env["ecoupon.coupon"].search(domain, order="id")

    def _codes(self):
        """Their codes, for whoever prints the batch.

        :return: list of EC-XXXX-XXXX-XXXX-XXXX
        :raise UserError: there is nothing to print
        """
        self.ensure_one()
        self.check_access("write")
        if self.state != "done":
            raise UserError(self.env._("Only codes that are made and not cancelled can be printed."))
        return self.sudo()._coupons()._codes()  # sudo: an operating manager reads batches, not who holds a coupon

    def _sheet(self, first=1):
        """Pages of coupons to cut out, from a coupon on.

        :param int first: number of the first one
        :return: bytes, PDF of 600 coupons at most
        :raise UserError: there is none from this number on
        """
        codes = self._codes()[max(0, first - 1) :][:ON_PAPER]
        if not codes:
            raise UserError(self.env._("The batch has no coupon number %s.", first))
        self._note_download(first, first + len(codes) - 1)
        return sheet.draw(codes, self._words(), first)

    def _csv(self):
        """Codes for the printer's own layout.

        :return: bytes
        """
        codes = self._codes()
        self._note_download(1, len(codes))
        return write_csv([self.env._("Code")], [[code] for code in codes])

    def _note_download(self, first, last):
        self.message_post(body=self.env._("Codes %(first)s–%(last)s downloaded.", first=first, last=last))

    def _words(self):
        """What each coupon says.

        :return: rules.sheet.Words
        """
        campaign = self.campaign_id
        return sheet.Words(
            title=campaign.name,
            worth=f"-{campaign.worth_text}",
            shop=campaign.issuer_id._shop_label(),
            until=self.env._("until %s", campaign._until(campaign.valid_to)),
            foot=f"{campaign.circuit_id.name} – {self.name}",
        )

    def action_csv(self):
        """Button: download the codes."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": f"/ecoupon/batch/{self.id}.csv", "target": "self"}

    def action_print(self):
        """Button: the first sheet of coupons; the next ones have their own address."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": f"/ecoupon/batch/{self.id}.pdf", "target": "self"}
