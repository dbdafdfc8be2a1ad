from odoo.exceptions import AccessError
from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import mute_logger

from .entitlement_common import EntitlementCase


@tagged("post_install", "-at_install")
class TestReservedRpc(HttpCase, EntitlementCase):
    """What a citizen can ask the server for beside the pages: nothing of the reserved area."""

    def rpc(self, model, method, *args, **kwargs):
        """Call a method as a browser's console can."""
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        return self.make_jsonrpc_request(f"/web/dataset/call_kw/{model}/{method}", params)

    def test_no_model_for_citizens(self):
        """R-000-12: no model of coupons, wallets or entitlements is open to citizens or to who has not logged in."""
        models = [name for name in self.env.registry if name.startswith("ecoupon.")]
        self.assertIn("ecoupon.entitlement", models)

        for user in (self.citizen, self.env.ref("base.public_user")):
            for name in models:
                for right in ("read", "write", "create", "unlink"):
                    with self.subTest(model=name, right=right):
                        self.assertFalse(self.env[name].with_user(user).has_access(right))

    def test_no_call_for_citizens(self):
        """R-000-12, R-000-15: not entitled or not, a citizen reads and changes nothing by remote calls."""
        self.prove()
        entitlement = self.entitle()
        delivered = self.env["ecoupon.entitlement.list"].create({"circuit_id": self.circuit.id})
        self.authenticate(self.citizen.login, "anna-password")
        calls = (
            ("ecoupon.entitlement", "search_read", [], ["person_hash"]),
            ("ecoupon.entitlement", "read", entitlement.ids),
            ("ecoupon.entitlement.event", "search_read", []),
            ("ecoupon.entitlement.list", "action_apply", delivered.ids),
            ("ecoupon.entitlement.key", "search_read", [], ["secret"]),
            ("ecoupon.entitlement.key.new", "create", {"circuit_id": self.circuit.id, "name": "mine"}),
            ("ecoupon.campaign", "search_read", [["area", "=", "reserved"]]),
            ("ecoupon.coupon", "search_read", []),
            ("ecoupon.wallet", "search_read", []),
            ("ecoupon.access.refusal", "search_read", []),
            ("res.users", "_reserved_access", self.circuit.ids),
            ("res.users", "_login_level"),
            ("res.users", "_keep_login_level", self.citizen.ids, "oidc"),
            ("ecoupon.entitlement", "_holds", self.anna.id, self.circuit.id, "2026-06-15"),
            ("res.partner", "_prove", self.anna.ids, "office"),
            ("res.partner", "action_identity_seen", self.anna.ids),
            ("res.partner", "read", self.anna.ids, ["identity_proof"]),
            ("res.partner", "write", self.anna.ids, {"identity_proof": "oidc"}),
        )
        for model, method, *args in calls:
            with (
                self.subTest(model=model, method=method),
                mute_logger("odoo.http"),
                self.assertRaisesRegex(JsonRpcException, r"^odoo\.exceptions\.AccessError$"),
            ):
                self.rpc(model, method, *args)

    def test_staff_without_the_right(self):
        """R-000-12: an employee of neither the office nor the Region reads none of it."""
        clerk = self.env["res.users"].create(
            {"name": "Clerk", "login": "clerk", "group_ids": [(6, 0, self.env.ref("base.group_user").ids)]}
        )

        with self.assertRaises(AccessError):
            self.entitle().with_user(clerk).read(["person_hash"])
        with self.assertRaises(AccessError):
            self.anna.with_user(clerk).read(["identity_proof"])
