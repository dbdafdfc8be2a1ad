from datetime import timedelta

from odoo import fields, http
from odoo.tests import HttpCase, new_test_user

from odoo.addons.ecoupon.tests.wallet_common import WalletCase


class CitizenCase(WalletCase, HttpCase):
    """A circuit with shops in two provinces, a public campaign and an extra discount, Anna who is entitled, and Luca
    who is not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        env = cls.env
        cls.milan, cls.brescia = env.ref("base.state_it_mi"), env.ref("base.state_it_bs")
        env["ecoupon.campaign"].sudo().search([]).write({"publish_to": fields.Datetime.now() - timedelta(days=1)})
        cls.issuer = env["res.partner"].create({"name": "Issuer A", "is_merchant": True})
        cls.commitment = env["circuit.agreement"].create(
            {
                "circuit_id": cls.circuit.id,
                "merchant_id": cls.issuer.id,
                "category_id": env.ref("merchant_circuit.category_commercio").id,
                "activity_id": env.ref("merchant_circuit.activity_grocery").id,
                "date_from": "2020-01-01",
                "role_issue": True,
                "role_distribute": True,
            }
        )
        cls.commitment.action_sign()
        cls.place_a, cls.place_b = env["circuit.place"].create(
            [
                {
                    "name": name,
                    "merchant_id": merchant.id,
                    "city": city,
                    "state_id": state.id,
                    "country_id": env.ref("base.it").id,
                    "latitude": latitude,
                    "longitude": 9.2,
                }
                for name, merchant, city, state, latitude in (
                    ("Counter A", cls.issuer, "Milano", cls.milan, 45.4),
                    ("Counter B", cls.bookshop, "Brescia", cls.brescia, 45.5),
                )
            ]
        )
        cls.public = cls.campaign(name="Five off", amount=5)
        cls.extra = cls.campaign(name="Quarter off books", percent=25, area="reserved", goods_ids=cls.books.ids)
        cls.luca = new_test_user(env, "luca-coupons", groups="base.group_portal", password="luca-password")

    @classmethod
    def campaign(cls, **values):
        """A published campaign of the issuer.

        :return: ecoupon.campaign with the rights of the system
        """
        return (
            cls.env["ecoupon.campaign"]
            .sudo()
            .create(
                {
                    "circuit_id": cls.circuit.id,
                    "issuer_agreement_id": cls.commitment.id,
                    "kind": "percent" if "percent" in values else "fixed",
                    "accept": "all",
                    "valid_from": "2020-01-01 00:00:00",
                    "valid_to": fields.Datetime.now() + timedelta(days=30),
                    "state": "published",
                    **values,
                }
            )
        )

    def log_in(self, user=None, level="second_factor"):
        """Browse as a citizen who has logged in so strongly, or as a visitor."""
        user = user or self.citizen
        password = "anna-password" if user == self.citizen else "luca-password"
        self.authenticate(user.login, password, session_extra={"civic_login": [user.id, level]})

    def get(self, path, status=200):
        """Open a page and look at its status.

        :return: str
        """
        answer = self.url_open(path, allow_redirects=False)
        self.assertEqual(answer.status_code, status, path)
        return answer.text

    def post(self, path, **data):
        """Send a form of ours.

        :return: requests.Response
        """
        return self.url_open(
            path, data={"csrf_token": http.Request.csrf_token(self), **data}, allow_redirects=False, method="POST"
        )

    def take(self, campaign=None, user=None):
        """A coupon as a citizen takes it.

        :return: ecoupon.coupon with the rights of the system
        """
        campaign = campaign or self.public
        return campaign.with_context(ecoupon_exchange=campaign.obtain == "exchanged")._take(
            (user or self.citizen).partner_id
        )
