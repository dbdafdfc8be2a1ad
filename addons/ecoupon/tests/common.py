from datetime import timedelta

from odoo import fields
from odoo.tests import TransactionCase, new_test_user


class CouponCase(TransactionCase):
    """A circuit "Lombardia": its operator, issuer A in Milan, B that hands out, C that accepts; a fixed and a
    percentage campaign, published; and Anna."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        env = cls.env
        italy = env.ref("base.it")
        cls.milan, cls.turin = (
            env["res.country.state"].search([("country_id", "=", italy.id), ("code", "=", code)])
            for code in ("MI", "TO")
        )
        cls.company_of_operator = env["res.partner"].create({"name": "Gestore s.r.l.", "is_company": True})
        cls.circuit = env["circuit.circuit"].create(
            {
                "name": "Lombardia",
                "operator_id": cls.company_of_operator.id,
                "territory_state_ids": [(6, 0, cls.milan.ids)],
            }
        )
        cls.category = env.ref("merchant_circuit.category_commercio")
        cls.grocery = env.ref("merchant_circuit.activity_grocery")
        cls.books = env["circuit.activity"].create({"name": "Test books", "code": "TESTBOOKS"})
        cls.a, cls.b, cls.c = (cls.member(name, name in "A", name in "AB") for name in "ABC")
        cls.issuer, cls.distributor, cls.acceptor = (one.merchant_id for one in (cls.a, cls.b, cls.c))
        cls.shops = env["circuit.place"].create(
            [
                {
                    "name": f"Shop of {one.merchant_id.name}",
                    "merchant_id": one.merchant_id.id,
                    "city": "Milano",
                    "state_id": cls.milan.id,
                    "country_id": italy.id,
                }
                for one in (cls.a, cls.b, cls.c)
            ]
        )
        cls.anna = new_test_user(env, "anna_coupons", groups="base.group_portal").partner_id
        cls.operator = new_test_user(env, "coupon_operator", groups="merchant_circuit.group_operator")
        cls.operator.partner_id.parent_id = cls.company_of_operator
        cls.fixed = cls.campaign(name="Five off", publish=True)
        cls.percent = cls.campaign(name="Fifteen percent off", kind="percent", percent=15, amount=0, publish=True)

    @classmethod
    def member(cls, name, issues=False, distributes=False, **values):
        """A member with a signed commitment that accepts.

        :return: circuit.agreement
        """
        agreement = cls.env["circuit.agreement"].create(
            {
                "circuit_id": cls.circuit.id,
                "merchant_id": cls.env["res.partner"].create({"name": name, "is_merchant": True}).id,
                "category_id": cls.category.id,
                "activity_id": cls.grocery.id,
                "date_from": "2020-01-01",
                "role_issue": issues,
                "role_distribute": distributes,
                **values,
            }
        )
        agreement.action_sign()
        return agreement

    @classmethod
    def campaign(cls, publish=False, **values):
        """A campaign of A: 5.00 off at every shop, unless said otherwise.

        :param bool publish: proposed and approved
        :return: ecoupon.campaign
        """
        campaign = cls.env["ecoupon.campaign"].create(
            {
                "name": "Five off",
                "circuit_id": cls.circuit.id,
                "issuer_agreement_id": cls.a.id,
                "amount": 5,
                "accept": "all",
                "valid_from": "2020-01-01 00:00:00",
                "valid_to": fields.Datetime.now() + timedelta(days=30),
                **values,
            }
        )
        if publish:
            campaign.action_publish()
        return campaign
