import json
from uuid import uuid4

from odoo.tests import HttpCase, new_test_user

from odoo.addons.merchant_circuit.tests.common import SECRET, TillCase

PASSWORD = "shop-password"


class WebTillCase(TillCase, HttpCase):
    """A shop's portal user at the web till, over HTTP."""

    def login(self, merchant=None, name="web", **changes):
        """Sign a shop's portal user in.

        :return: res.users
        """
        user = new_test_user(
            self.env,
            f"{name}-till",
            **{"groups": "base.group_portal", "password": PASSWORD, "lang": "en_US", **changes},
        )
        user.sudo().merchant_id = merchant if merchant is not None else self.merchant
        self.authenticate(user.login, PASSWORD)
        return user

    def raw(self, question, **params):
        """One question as the page asks it; the whole JSON-RPC answer."""
        response = self.url_open(
            f"/merchant/till/{question}",
            data=json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}),
            headers={"Content-Type": "application/json"},
        )
        self.assertEqual(response.status_code, 200)
        self.env.invalidate_all()
        return response.json()

    def ask(self, question, **params):
        """One question, its answer."""
        return self.raw(question, **params)["result"]

    def sale(self, **changes):
        """A valid charge of 30.00."""
        return {
            "key": str(uuid4()),
            "identifier": "CARD",
            "secret": SECRET,
            "documents": None,
            "amount": "30.00",
            "excluded": None,
            "requested": None,
            **changes,
        }

    def pay(self, **changes):
        """Charge the test card."""
        return self.ask("pay", **self.sale(**changes))
