from odoo.exceptions import AccessError
from odoo.tools import mute_logger

from ..rules.access import ALLOWED
from .common import PASSWORD, PosCircuitCase

# models of which a cashier sees rows, all of them harmless or their own
SECRET_PREFIXES = ("circuit.", "stored.value.", "family.", "sms.", "account.move", "account.account", "mail.")


class TestIsolation(PosCircuitCase):
    """Must be shown 5: a merchant's cashier and everything else in the database."""

    def setUp(self):
        super().setUp()
        self.citizen = self.env["res.partner"].create({"name": "Maria Bianchi", "email": "maria@example.org"})
        self.other_order = self.sell_elsewhere()
        self.authenticate(self.cashier.login, PASSWORD)

    def sell_elsewhere(self):
        """A sale at the other merchant's till."""
        uuid = "3c1b9a52-6c0f-4d0a-9f6e-2f6f3f0d7a11"
        order = self.order(
            uuid,
            [self.line(30.0)],
            [self.payment(30.0)],
            session_id=self.other_session.id,
            user_id=self.other_cashier.id,
        )
        return self.sync(order, self.other_cashier)

    def rpc(self, model, method, *args, **kwargs):
        """Plain JSON-RPC of the cashier: the result, or None when it was refused."""
        with mute_logger("odoo.http", "odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model"):
            answer = self.call(
                f"/web/dataset/call_kw/{model}/{method}",
                {"model": model, "method": method, "args": list(args), "kwargs": kwargs},
            )
        return answer.get("result")

    def test_no_model_beyond_the_list(self):
        """Every model of the registry: search and read are refused unless the list names it."""
        refused = 0
        for name, model in self.env.registry.items():
            if model._abstract or model._transient or name in ALLOWED["read"]:
                continue
            with self.subTest(model=name):
                records = self.env[name].with_user(self.cashier)
                for mode in ("read", "write", "create", "unlink"):
                    self.assertFalse(records.has_access(mode), mode)
                refused += 1
        self.assertGreater(refused, 150)

    def test_no_right_to_write_beyond_the_sale(self):
        """Whatever other modules grant."""
        for mode in ("write", "create", "unlink"):
            allowed = {
                name
                for name, model in self.env.registry.items()
                if not model._abstract
                and not model._transient
                and self.env[name].with_user(self.cashier).has_access(mode)
            }
            self.assertLessEqual(allowed, ALLOWED[mode], mode)

    def test_no_secret_model_is_on_the_list(self):
        """The list itself names nothing of citizens, money or accounting entries."""
        for name in ALLOWED["read"]:
            if name in ("mail.message.subtype",):
                continue
            self.assertFalse(name.startswith(SECRET_PREFIXES), name)

    def test_over_rpc_every_listed_model_shows_own_rows_only(self):
        """Search, read and count of partners, users, tills, sessions, orders, payments."""
        own = {
            "res.partner": {self.merchant.id, self.cashier.partner_id.id, self.company.partner_id.id},
            "res.users": {self.cashier.id},
            "pos.config": {self.config.id},
            "pos.session": {self.pos_session.id},
            "pos.order": set(),
            "pos.order.line": set(),
            "pos.payment": set(),
            "stock.picking": set(),
            "stock.move": set(),
            "discuss.channel": set(),
            "discuss.channel.member": set(),
        }
        for model, expected in own.items():
            with self.subTest(model=model):
                found = self.rpc(model, "search", [], context={"active_test": False})
                self.assertEqual(set(found), expected)
                self.assertEqual(self.rpc(model, "search_count", [], context={"active_test": False}), len(expected))

    def test_over_rpc_secret_models_are_refused(self):
        """Cards, households, ledger, transactions, accounting, messages."""
        names = [
            name
            for name, model in self.env.registry.items()
            if name.startswith((*SECRET_PREFIXES, "res.partner.bank", "ir.attachment", "account.journal"))
            and not model._abstract
            and name not in ALLOWED["read"]
        ]
        self.assertGreater(len(names), 10)
        for name in names:
            with self.subTest(model=name):
                self.assertFalse(self.rpc(name, "search_read", [], ["id"], limit=1))
                self.assertFalse(self.rpc(name, "search_count", []))

    def test_citizens_are_not_found_by_name(self):
        """Search, name search, mentions, read and the till's own list."""
        citizen = self.citizen.id
        self.assertEqual(self.rpc("res.partner", "search_read", [["name", "ilike", "bianchi"]], ["name"]), [])
        self.assertFalse(self.rpc("res.partner", "name_search", "Bianchi"))
        self.assertIsNone(self.rpc("res.partner", "read", [citizen], ["name"]))
        mentions = self.rpc("res.partner", "get_mention_suggestions", "Bianchi") or {}
        self.assertNotIn("Maria", str(mentions))
        loaded = self.rpc("pos.config", "get_limited_partners_loading", [self.config.id]) or []
        self.assertNotIn(citizen, {row[0] for row in loaded})
        data = self.rpc("pos.session", "load_data", [self.pos_session.id], [])
        self.assertNotIn("Maria Bianchi", str(data["res.partner"]))
        self.assertEqual({user["id"] for user in data["res.users"]}, {self.cashier.id})

    def test_citizens_are_not_found_through_chatter_routes(self):
        """The session has a chatter; its routes look partners up by address."""
        thread = {"thread_model": "pos.session", "thread_id": self.pos_session.id}
        with mute_logger("odoo.http"):
            found = self.call("/mail/partner/from_email", {**thread, "emails": ["maria@example.org"]})
            self.assertFalse(found.get("result"))
            asked = {**thread, "partner_ids": self.citizen.ids}
            told = self.call("/mail/thread/recipients/get_suggested_recipients", asked)
            self.assertNotIn("Maria Bianchi", str(told.get("result")))

    def test_other_merchants_records_refuse_every_method(self):
        """Till, session and order of the other merchant."""
        config, session, order = self.other_config.id, self.other_session.id, self.other_order.id
        calls = [
            ("pos.config", "read", [config], ["name", "access_token"]),
            ("pos.config", "write", [config], {"name": "x"}),
            ("pos.config", "write", [self.config.id], {"module_pos_restaurant": True}),
            ("pos.config", "open_ui", [config]),
            ("pos.config", "register_new_device_identifier", [config]),
            ("pos.config", "get_limited_partners_loading", [config]),
            ("pos.session", "read", [session], ["name", "access_token"]),
            ("pos.session", "load_data", [session], []),
            ("pos.session", "get_closing_control_data", [session]),
            ("pos.session", "get_cash_in_out_list", [session]),
            ("pos.session", "close_session_from_ui", [session]),
            ("pos.session", "update_closing_control_state_session", [session], ""),
            ("pos.session", "set_opening_control", [session], 0, ""),
            ("pos.session", "delete_opening_control_session", [session]),
            ("pos.session", "action_pos_session_closing_control", [session]),
            ("pos.session", "create", [{"config_id": config}]),
            ("pos.session", "write", [self.pos_session.id], {"state": "closed"}),
            ("pos.order", "read", [order], ["amount_total"]),
            ("pos.order", "write", [order], {"state": "cancel"}),
            ("pos.order", "action_pos_order_cancel", [order]),
            ("pos.order", "refund", [order]),
            ("pos.payment", "read", self.other_order.payment_ids.ids, ["amount"]),
            ("res.users", "read", [self.other_cashier.id], ["login"]),
            ("res.partner", "write", [self.merchant.id], {"is_merchant": False}),
            ("circuit.merchant.onboarding", "create", [{"partner_id": self.merchant.id}]),
            ("circuit.till", "_authorize", {}),
        ]
        for model, method, *args in calls:
            with self.subTest(call=f"{model}.{method}"):
                self.assertFalse(self.rpc(model, method, *args))
        self.env.invalidate_all()
        self.assertEqual(self.other_session.state, "opened")
        self.assertEqual(self.other_order.state, "paid")

    def test_sequences_are_those_of_the_own_till(self):
        """Numbers of other shops tell how much they sell."""
        found = set(self.rpc("ir.sequence", "search", []))
        self.assertEqual(found, set(self.cashier._circuit_sequences().ids))
        self.assertNotIn(self.other_config.order_seq_id.id, found)

    def test_another_merchants_address_is_not_found(self):
        """No session is opened there and no token leaks."""
        sessions = self.env["pos.session"].sudo().search_count([])
        for address in (
            f"/pos/ui/{self.other_config.id}",
            f"/pos/web?config_id={self.other_config.id}",
            "/pos/ui/999999",
            "/pos/ui/abc",
            "/pos/ui/99999999999999999999",
        ):
            with self.subTest(address=address), mute_logger("odoo.http"):
                self.assertEqual(self.url_open(address, allow_redirects=False).status_code, 404)
        self.assertEqual(self.env["pos.session"].sudo().search_count([]), sessions)

    def test_a_visitor_gets_no_tills_token(self):
        """The second screen of a till: core gives its token to whoever counts up numbers (POS, SEC)."""
        token = self.other_config.sudo().access_token
        self.assertTrue(token)
        own, other = (f"/pos_customer_display/{config.id}/x" for config in (self.config, self.other_config))

        self.assertEqual(self.url_open(own).status_code, 200)
        self.assertEqual(self.url_open(other).status_code, 404)
        self.authenticate(None, None)
        for address in (own, other, "/pos_customer_display/abc/x", "/pos_customer_display/999999999999/x"):
            with self.subTest(address=address):
                answer = self.url_open(address)
                self.assertEqual(answer.status_code, 404)
                self.assertNotIn(token, answer.text)

    def test_the_own_address_opens(self):
        """And carries the session of the own till."""
        response = self.url_open(f"/pos/ui/{self.config.id}", allow_redirects=False)
        self.assertEqual(response.status_code, 200)

    def test_there_is_no_backend(self):
        """Its addresses lead to the merchant's page."""
        for address in ("/odoo", "/web", "/odoo/contacts", "/odoo/action-point_of_sale.action_client_pos_menu"):
            response = self.url_open(address, allow_redirects=False)
            self.assertEqual((response.status_code, response.headers["Location"][-9:]), (303, "/merchant"), address)

    def test_everything_the_till_loads_is_there(self):
        """The white list is not too short: the own till loads its data."""
        session = self.pos_session.with_user(self.cashier)
        data = session.load_data([])
        for model in (
            "pos.config",
            "pos.payment.method",
            "product.template",
            "product.product",
            "res.company",
            "res.currency",
            "pos.category",
            "res.users",
            "uom.uom",
            "decimal.precision",
        ):
            self.assertTrue(data[model], model)
        self.assertEqual(data["pos.config"][0]["merchant_name"], "Alimentari Rossi")
        session.load_data_params()

    def test_another_users_rights_are_untouched(self):
        """The default deny is for merchant cashiers only."""
        self.assertTrue(self.env["res.partner"].search([("id", "=", self.citizen.id)]))
        with self.assertRaises(AccessError):
            self.env["res.partner"].with_user(self.cashier).browse(self.citizen.id).read(["name"])
