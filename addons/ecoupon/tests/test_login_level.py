import base64
import re
import time
from datetime import timedelta
from unittest.mock import patch

from odoo import http
from odoo.tests import HttpCase, tagged

from odoo.addons.auth_totp.models.totp import hotp
from odoo.addons.base.models import res_users as base_users

from ..models.res_users import KEPT
from .entitlement_common import CODES, EntitlementCase, logged_in

SECRET = b"a secret of an authenticator"[:20]
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@tagged("post_install", "-at_install")
class TestReservedAccess(EntitlementCase):
    def access(self, user=None):
        """What a page of the reserved area is told."""
        return self.env["res.users"].with_user(user or self.citizen)._reserved_access(self.circuit)

    def test_ok(self):
        """R-000-12: who is entitled and has logged in strongly enough enters."""
        self.prove()
        self.entitle()

        with logged_in(self.citizen):
            self.assertEqual(self.access(), "ok")

    def test_login(self):
        """R-000-12: nobody enters without a login, nor outside a session of their own."""
        self.prove()
        self.entitle()

        self.assertEqual(self.access(), "login")
        with logged_in(None):
            self.assertEqual(self.access(self.env.ref("base.public_user")), "login")
        with logged_in(self.officer):
            self.assertEqual(self.access(), "login")

    def test_weak_login_is_refused_and_logged(self):
        """R-000-19: a login weaker than the programme's level is refused, and noted once in ten minutes."""
        self.prove()
        self.entitle()

        with logged_in(self.citizen, "password"):
            self.assertEqual([self.access(), self.access()], ["level", "level"])

        refusals = self.env["ecoupon.access.refusal"].search([("user_id", "=", self.citizen.id)])
        self.assertEqual(
            [(refusal.circuit_id, refusal.level, refusal.needed) for refusal in refusals],
            [(self.circuit, "password", "second_factor")],
        )

    def test_levels_by_programme(self):
        """R-000-19: the programme says which level it wants."""
        self.prove()
        self.entitle()
        told = {}
        for needed in ("password", "second_factor", "oidc"):
            self.circuit.reserved_level = needed
            for level in (None, "password", "second_factor", "oidc"):
                with logged_in(self.citizen, level):
                    told[needed, level] = self.access()

        refused = {pair for pair, answer in told.items() if answer == "level"}
        self.assertEqual(
            refused,
            {("second_factor", None), ("second_factor", "password")}
            | {("oidc", level) for level in (None, "password", "second_factor")},
        )
        self.assertEqual({answer for pair, answer in told.items() if pair not in refused}, {"ok"})

    def test_level_of_somebody_else(self):
        """R-000-19: what another user showed in the same browser does not count."""
        self.prove()
        self.entitle()

        with logged_in(self.citizen) as session:
            session[KEPT] = [self.officer.id, "oidc"]
            self.assertEqual(self.access(), "level")

    def test_provider(self):
        """R-000-19, B07: a login by SPID or CIE of level 2 is the strongest one, and proves the identity it tells."""
        self.entitle()
        self.circuit.reserved_level = "oidc"
        told = {"auth_method": "oidc", "mfa": "skip", "fiscal_code": CODES[0], "uid": self.citizen.id}
        answers = {}
        for acr in ("https://www.spid.gov.it/SpidL1", "https://www.spid.gov.it/SpidL2"):
            with (
                logged_in(self.citizen, None),
                patch.object(base_users.ResUsers, "_check_credentials", lambda *_args, acr=acr: {**told, "acr": acr}),
            ):
                self.citizen._check_credentials({"type": "oidc"}, {"interactive": True})
                answers[acr[-2:]] = (self.access(), self.anna.identity_proof)

        self.assertEqual(answers, {"L1": ("level", False), "L2": ("ok", "oidc")})

    def test_passkey(self):
        """R-000-19: a passkey counts as a second factor."""
        self.prove()
        self.entitle()
        told = {"auth_method": "passkey", "mfa": "skip", "uid": self.citizen.id}
        with (
            logged_in(self.citizen, None),
            patch.object(base_users.ResUsers, "_check_credentials", lambda *_args: told),
        ):
            self.citizen._check_credentials({"type": "passkey"}, {"interactive": True})
            self.assertEqual(self.access(), "ok")

    def test_refusals_are_not_kept_for_ever(self):
        """R-000-19: they go after a year, or after what the parameter says."""
        with logged_in(self.citizen, "password"):
            self.access()
        refusals = self.env["ecoupon.access.refusal"]
        refusal = refusals.search([("user_id", "=", self.citizen.id)])
        refusals._gc_refusals()
        self.assertTrue(refusal.exists())

        refusal.at -= timedelta(days=366)
        refusals._gc_refusals()

        self.assertFalse(refusal.exists())

    def test_identity(self):
        """R-000-15: the identity must be proven."""
        self.entitle()

        with logged_in(self.citizen):
            self.assertEqual(self.access(), "identity")

    def test_entitlement(self):
        """R-000-15: no entitlement today, no reserved area."""
        self.prove()
        self.entitle(day_from="2020-01-01", day_to="2020-12-31")

        with logged_in(self.citizen):
            self.assertEqual(self.access(), "entitlement")


@tagged("post_install", "-at_install")
class TestLoginLevel(HttpCase, EntitlementCase):
    def log_in(self, **totp):
        """Log the citizen in as a browser does.

        :param totp: fields of the second step
        :return: what the session keeps
        """
        self.submit("/web/login", login=self.citizen.login, password="anna-password")
        if totp:
            self.submit("/web/login/totp", **totp)
        return self.kept()

    def submit(self, url, **values):
        """Fill in a form of a page and send it."""
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.url_open(url).text)[1]
        self.url_open(url, data={**values, "csrf_token": token}, headers={"User-Agent": BROWSER})

    def kept(self):
        """What the session keeps, and whose it is."""
        session = http.root.session_store.get(self.opener.cookies["session_id"])
        return session.uid, session.get(KEPT)

    def token(self):
        """The number an authenticator shows."""
        return str(hotp(SECRET, int(time.time() / 30)))

    def use_authenticator(self):
        """The citizen has set up an authenticator."""
        self.citizen.sudo().totp_secret = base64.b32encode(SECRET).decode()
        self.env.flush_all()

    def test_password(self):
        """R-000-19: a password alone is the weakest level."""
        self.assertEqual(self.log_in(), (self.citizen.id, [self.citizen.id, "password"]))

    def test_second_factor(self):
        """R-000-19: password and the number of an authenticator are a second factor."""
        self.use_authenticator()

        kept = self.log_in(totp_token=self.token())

        self.assertEqual(kept, (self.citizen.id, [self.citizen.id, "second_factor"]))

    def test_half_a_login(self):
        """R-000-19: before the number is given nobody is logged in."""
        self.use_authenticator()

        self.assertIsNone(self.log_in()[0])

    def test_trusted_browser(self):
        """R-000-19: a browser that was trusted with the number stands for it at the next login."""
        self.use_authenticator()
        self.log_in(totp_token=self.token(), remember="1")
        self.url_open("/web/session/logout")

        self.assertEqual(self.log_in(), (self.citizen.id, [self.citizen.id, "second_factor"]))

    def test_logout_forgets(self):
        """R-000-19: the next login in the same browser starts from nothing."""
        self.use_authenticator()
        self.log_in(totp_token=self.token())
        self.url_open("/web/session/logout")
        self.citizen.sudo().totp_secret = False
        self.env.flush_all()

        self.assertEqual(self.log_in(), (self.citizen.id, [self.citizen.id, "password"]))
