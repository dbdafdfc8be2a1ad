from datetime import timedelta
from unittest.mock import patch
from uuid import uuid4

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..models.circuit_api_key import MAX_KEYS, SCOPES
from ..rules import credential
from .common import CARD, ApiCase


@tagged("post_install", "-at_install")
class TestKey(ApiCase):
    def test_only_a_digest_of_the_key_is_kept(self):
        """SEC: whoever reads the table cannot call."""
        self.env.flush_all()
        self.env.cr.execute("SELECT row_to_json(k)::text FROM circuit_api_key k WHERE id = %s", [self.key.id])
        [(row,)] = self.env.cr.fetchall()

        self.assertNotIn(self.text.rsplit("_", 1)[1], row)
        self.assertIn(self.key.prefix, self.text)
        self.assertEqual(self.key.sudo().digest, credential.digest(self.keys._secret(), self.text))

    def test_without_a_valid_key_nothing_is_answered(self):
        """SEC: missing, malformed, unknown: all the same."""
        strange = ["", self.text[:-1], self.text[:-1] + ("a" if self.text[-1] != "a" else "b"), "cck_", "x" * 5000]
        for text in strange:
            with self.subTest(text[:12]):
                response = self.call("GET", "/key", text=text)
                self.assertProblem(response, 401, "UNAUTHORIZED")
                self.assertTrue(response.headers["WWW-Authenticate"].startswith("Bearer"))
        self.assertProblem(self.call("GET", "/key", text="", Authorization=f"Basic {self.text}"), 401, "UNAUTHORIZED")

    def test_an_expired_key_is_refused(self):
        """SEC: from the instant it ends."""
        key, text = self.keys._issue(self.merchant, "Short", ["status"])
        key.sudo().expires_at = fields.Datetime.now() + timedelta(hours=1)
        self.assertEqual(self.call("GET", "/key", text=text).status_code, 200)

        with freeze_time(fields.Datetime.now() + timedelta(hours=1)):
            self.assertIsNone(self.keys._check(f"Bearer {text}", fields.Datetime.now()))

    def test_a_key_ends_with_its_last_day_where_the_shop_is(self):
        """SEC: the circuit's zone decides where the day ends."""
        with freeze_time("2024-06-30 12:00:00"):
            day, _text = self.keys._issue(self.merchant, "One day", ["status"], fields.Date.to_date("2024-06-30"))
            year, _text = self.keys._issue(self.merchant, "One year", ["status"])

        self.assertEqual(day.expires_at, fields.Datetime.to_datetime("2024-06-30 22:00:00"))
        self.assertEqual(year.expires_at, fields.Datetime.to_datetime("2025-06-30 22:00:00"))

    def test_a_revoked_key_is_refused_at_once(self):
        """SEC: and for good."""
        self.key.with_user(self.officer).action_revoke()

        self.assertProblem(self.call("GET", "/key"), 401, "UNAUTHORIZED")
        self.assertEqual((self.key.state, self.key.revoked_by), ("revoked", self.officer))

    def test_a_key_does_what_its_scopes_say(self):
        """SEC: each scope opens its own calls and no other."""
        unknown = str(uuid4())
        calls = {
            "identify": ("POST", "/identify", {"identifier": "CARD"}),
            "authorize": ("POST", "/authorizations", CARD),
            "capture": ("POST", f"/authorizations/{unknown}/capture", {"order_ref": "x", "amount": "1.00"}),
            "void": ("POST", f"/authorizations/{uuid4()}/void", None),
            "refund": ("POST", "/refunds", {"origin_key": unknown, "amount": "1.00"}),
            "status": ("GET", f"/authorizations/{unknown}", None),
        }
        for allowed in SCOPES:
            _key, text = self.keys._issue(self.merchant, allowed, [allowed])
            for scope, (method, path, body) in calls.items():
                with self.subTest(key=allowed, call=scope):
                    response = self.call(method, path, body, text, Idempotency_Key=str(uuid4()))
                    if scope == allowed:
                        self.assertIn(response.status_code, (200, 201, 404))
                    else:
                        self.assertProblem(response, 403, "FORBIDDEN")

    def test_a_stopped_circuit_and_an_ended_agreement_refuse(self):
        """R-004-60, R-001-03: a key is no way around them."""
        self.circuit.sudo().state = "stopped"
        self.assertEqual(self.pay().json()["code"], "CIRCUIT_STOPPED")
        self.circuit.sudo().state = "running"
        self.agreement.sudo().state = "ended"
        self.assertEqual(self.pay().json()["code"], "NO_AGREEMENT")

    def test_a_key_that_makes_no_sense_is_not_made(self):
        """Bad input: one sentence, nothing half made."""
        today = fields.Date.today()
        wrong = (
            ("", SCOPES),
            ("x" * 65, SCOPES),
            ("Shop", [], None),
            ("Shop", ["everything"], None),
            ("Shop", SCOPES, today - timedelta(days=2)),
            ("Shop", SCOPES, today + timedelta(days=367)),
        )
        count = self.keys.search_count([])
        for values in wrong:
            with self.subTest(values), self.assertRaises(UserError):
                self.keys._issue(self.merchant, *values)
        with self.assertRaises(UserError):
            self.keys._issue(self.env["res.partner"].create({"name": "No shop"}), "Shop", SCOPES)
        self.assertEqual(self.keys.search_count([]), count)

    def test_a_shop_has_a_limited_number_of_keys(self):
        """Bad input: a loop does not fill the table."""
        for number in range(MAX_KEYS - 1):
            self.keys._issue(self.merchant, f"Shop {number}", ["status"])

        with self.assertRaises(UserError):
            self.keys._issue(self.merchant, "One more", ["status"])

    def test_staff_make_a_key_and_see_it_once(self):
        """R-004-70: with the wizard; the key travels in the action only."""
        wizard = (
            self.env["circuit.api.key.new"]
            .with_user(self.officer)
            .create({"merchant_id": self.merchant.id, "name": "Till of the market"})
        )

        action = wizard._make()

        text = action["context"]["default_key"]
        facts = self.call("GET", "/key", text=text).json()
        self.assertEqual(facts["scopes"], ["authorize", "capture", "identify", "status", "void"])
        self.assertEqual(self.keys.search([("name", "=", "Till of the market")]).create_uid, self.officer)

    def test_the_password_is_asked_before(self):
        """SEC: an unattended desk makes no key."""
        wizard = self.env["circuit.api.key.new"].create({"merchant_id": self.merchant.id, "name": "Shop"})

        with self.assertRaises(UserError):
            wizard.action_create()  # outside of a session there is nobody to ask

        self.assertFalse(self.keys.search([("name", "=", "Shop")]))

    def test_only_staff_revoke_in_the_office(self):
        """Default deny."""
        employee = new_test_user(self.env, "api-employee", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.key.with_user(employee).action_revoke()

    def test_keys_stay_where_they_are_used(self):
        """SEC: a digest in memory is that of the table; other keys do not disturb it."""
        with patch.object(type(self.env["ir.config_parameter"]), "get_param", lambda *_rest: "another secret"):
            self.assertIsNone(self.keys._check(f"Bearer {self.text}", fields.Datetime.now()))
        self.assertEqual(self.keys._check(f"bearer  {self.text}", fields.Datetime.now()).id, self.key.id)

    def test_states_are_searched(self):
        """Views: valid, expired and revoked keys."""
        self.other_key._revoke()
        old, _text = self.keys._issue(self.merchant, "Old", ["status"])
        old.sudo().expires_at = fields.Datetime.now() - timedelta(hours=1)
        mine = self.key | self.other_key | old
        for state, expected in {"valid": self.key, "expired": old, "revoked": self.other_key}.items():
            with self.subTest(state):
                self.assertEqual(self.keys.search([("id", "in", mine.ids), ("state", "=", state)]), expected)
