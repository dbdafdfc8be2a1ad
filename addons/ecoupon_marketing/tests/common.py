from datetime import timedelta
from uuid import uuid4

from odoo import fields

from odoo.addons.ecoupon.tests.till_common import CouponTillCase
from odoo.addons.mail.tests.common import MockEmail


class PromotionCase(CouponTillCase, MockEmail):
    """The circuit of the coupon tests with two citizens, one of whom agreed to newsletters."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.consents = cls.env["ecoupon.consent"]
        cls.anna, cls.bruno = cls.env["res.partner"].create(
            [{"name": "Anna", "email": "anna@example.org"}, {"name": "Bruno", "email": "bruno@example.org"}]
        )
        cls.five = cls.campaign(name="Five off books")
        cls.consent = cls.consents._give(cls.circuit, cls.anna)
        cls.newsletter = cls.env["ecoupon.newsletter"].create(
            {
                "name": "Coupons of the month",
                "circuit_id": cls.circuit.id,
                "intro": "<p>Good news.</p>",
                "campaign_ids": cls.five.ids,
                "lang": "en_US",
            }
        )

    def deliver(self):
        """Send the newsletter and let Odoo's queue do its work.

        :return: mails that left: list of dict
        """
        self.newsletter.action_send()
        mailing = self.newsletter.sudo().mailing_id
        with self.mock_mail_gateway():
            mailing.action_send_mail()
            self.env["mail.mail"].sudo().search([("mailing_id", "=", mailing.id)]).send()
        return self._mails

    def click(self, partner=None, campaign=None, after=timedelta(0)):
        """Somebody follows the link of a campaign in the mail.

        :return: link.tracker.click
        """
        campaign = campaign or self.five
        mailing = self.newsletter.sudo().mailing_id
        consent = self.consents._of(self.circuit, partner or self.anna)
        trace = self.env["mailing.trace"].search(
            [("mass_mailing_id", "=", mailing.id), ("res_id", "=", consent.id)], limit=1
        )
        link = self.env["link.tracker"].search(
            [("mass_mailing_id", "=", mailing.id), ("url", "=like", f"%/coupons/{campaign.id}")]
        )
        click = self.env["link.tracker.click"].add_click(link.code, mailing_trace_id=trace.id, ip="192.0.2.9")
        click.flush_recordset()
        self.env.cr.execute(
            "UPDATE link_tracker_click SET create_date = create_date + %s WHERE id = %s", (after, click.id)
        )
        return click

    def take(self, partner=None, campaign=None):
        """A citizen takes a coupon.

        :return: ecoupon.coupon
        """
        return self.coupon(
            campaign or self.five,
            holder_id=(partner or self.anna).id,
            taken_at=fields.Datetime.now() + timedelta(seconds=1),
        )

    def spend(self, coupon, discount="5.00", origin=None):
        """A redemption, as the till's own transaction writes it.

        :return: ecoupon.redemption
        """
        now = fields.Datetime.now()
        campaign = coupon.campaign_id
        company = {"company_id": campaign.company_id.id, "currency_id": campaign.currency_id.id}
        kind = "refund" if origin else "payment"
        # sudo: nobody writes either by hand
        transaction = (
            self.env["circuit.transaction"]
            .sudo()
            .create(
                {
                    "key": str(uuid4()),
                    "kind": kind,
                    "state": "captured",
                    "channel": "pos",
                    "merchant_id": self.shop.id,
                    "amount": float(discount),
                    "authorized_at": now,
                    **company,
                }
            )
        )
        return (
            self.env["ecoupon.redemption"]
            .sudo()
            .create(
                {
                    "transaction_id": transaction.id,
                    "origin_id": origin and origin.id,
                    "kind": kind,
                    "at": now,
                    "day": now.date(),
                    "circuit_id": campaign.circuit_id.id,
                    "campaign_id": campaign.id,
                    "coupon_id": coupon.id,
                    "issuer_id": campaign.issuer_id.id,
                    "acceptor_id": self.shop.id,
                    "area": campaign.area,
                    "discount": -float(discount) if origin else float(discount),
                    **company,
                }
            )
        )

    def results(self):
        """Sums of the report.

        :return: dict
        """
        self.env.flush_all()
        names = ["sent", "opened", "clicked", "taken", "spent", "discount"]
        [row] = self.env["ecoupon.promotion.report"]._read_group(
            [("newsletter_id", "=", self.newsletter.id)], [], [f"{name}:sum" for name in names]
        )
        return dict(zip(names, row, strict=True))
