from datetime import datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from odoo import fields
from odoo.tests import TransactionCase

from odoo.addons.merchant_circuit.rules.till import Line, Terminal

from ..rules import coupon_code


class CouponTillCase(TransactionCase):
    """A circuit with an issuer A that accepts its own coupons, two shops B (books) and C (groceries) that accept those
    of others, and the tills of the three."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        env = cls.env
        cls.circuit = env["circuit.circuit"].create({"name": "Coupons of the test region"})
        cls.books = env["circuit.activity"].create({"name": "Test books", "code": "TESTBOOKS"})
        cls.grocery = env.ref("merchant_circuit.activity_grocery")
        cls.category = env.ref("merchant_circuit.category_commercio")
        cls.issuer, cls.bookshop, cls.shop = env["res.partner"].create(
            [{"name": name, "is_merchant": True} for name in ("Issuer A", "Books B", "Groceries C")]
        )
        cls.agreements = env["circuit.agreement"].create(
            [
                {
                    "circuit_id": cls.circuit.id,
                    "merchant_id": merchant.id,
                    "category_id": cls.category.id,
                    "activity_id": (cls.books if merchant == cls.bookshop else cls.grocery).id,
                    "date_from": "2020-01-01",
                    "role_issue": merchant == cls.issuer,
                    "role_distribute": merchant == cls.issuer,
                }
                for merchant in (cls.issuer, cls.bookshop, cls.shop)
            ]
        )
        cls.agreements.action_sign()
        cls.till = env["circuit.till"]
        cls.terminals = {
            merchant: Terminal(merchant.id, env.company.id, "pos", f"pos.config,{merchant.id}", "pos.session,1")
            for merchant in (cls.issuer, cls.bookshop, cls.shop)
        }

    @classmethod
    def campaign(cls, **values):
        """A published campaign: 5.00 off at every shop, unless said otherwise.

        :return: ecoupon.campaign
        """
        values = {
            "name": "Five off",
            "circuit_id": cls.circuit.id,
            "issuer_agreement_id": cls.agreements[0].id,
            "kind": "percent" if "percent" in values else "fixed",
            "amount": 0 if "percent" in values else 5,
            "accept": "all",
            "valid_from": datetime(2020, 1, 1),
            "valid_to": fields.Datetime.now() + timedelta(days=30),
            "state": "published",
            **values,
        }
        # sudo: a campaign is approved elsewhere; here it is what the till finds
        return cls.env["ecoupon.campaign"].sudo().create(values)

    @classmethod
    def coupon(cls, campaign=None, **values):
        """A coupon as a citizen holds it.

        :return: ecoupon.coupon
        """
        campaign = campaign or cls.campaign()
        nonce = coupon_code.new_nonce()
        code = coupon_code.encode("test secret", nonce)
        coupon = (
            cls.env["ecoupon.coupon"]
            .sudo()  # sudo: nobody writes coupons by hand
            .create(
                {
                    "campaign_id": campaign.id,
                    "company_id": campaign.company_id.id,
                    "nonce": nonce,
                    "digest": coupon_code.digest(code),
                    "issued_at": datetime(2020, 1, 1),
                    "taken_at": datetime(2020, 1, 1),
                    "valid_from": campaign.valid_from,
                    "expires_at": campaign.valid_to,
                    "uses": campaign.uses,
                    **values,
                }
            )
        )
        cls.env.flush_all()
        cls.codes = {**getattr(cls, "codes", {}), coupon.id: code}
        return coupon

    def code(self, coupon):
        """The code of a coupon of :meth:`coupon`."""
        return self.codes[coupon.id]

    def use(self, coupon, *lines, shop=None, **changes):
        """Show a coupon (or any identifier) at a till.

        :param lines: amounts, or pairs of amount and circuit.activity; 40.00 unless said otherwise
        :return: dict, the till's answer
        """
        rows = [line if isinstance(line, tuple) else (line, None) for line in lines or ("40.00",)]
        request = {
            "key": str(uuid4()),
            "identifier": coupon if isinstance(coupon, str) else self.code(coupon),
            "secret": "",
            "lines": [{"amount": amount, "activity_id": activity and activity.id} for amount, activity in rows],
            "requested": None,
            "order_ref": f"order {uuid4()}",
            **changes,
        }
        self.sent = request
        return self.till._authorize(self.terminals[shop or self.shop], request)

    def capture(self, reply, shop=None):
        """Capture what :meth:`use` authorised last.

        :return: circuit.transaction
        """
        lines = [Line(Decimal(line["amount"]), line["activity_id"]) for line in self.sent["lines"]]
        return self.env["circuit.transaction"]._capture(
            self.terminals[shop or self.shop], reply["key"], self.sent["order_ref"], Decimal(reply["amount"]), lines
        )

    def transaction(self, reply):
        """The record behind an answer."""
        return self.env["circuit.transaction"].search([("key", "=", reply["key"])])

    def refused(self, code, reply):
        """Assert a refusal.

        :return: its sentence
        """
        self.assertEqual((reply["status"], reply.get("code")), ("refused", code), reply)
        return reply["message"]
