from odoo import api, models
from odoo.http import request

from ..rules import login_level

#: In the session: [user's id, level]. Who logs in anew begins anew.
KEPT = "civic_login"


class ResUsers(models.Model):
    """How strongly a session was opened: the reserved area asks for it (R-000-19, B07)."""

    _inherit = "res.users"

    def authenticate(self, credential, user_agent_env):
        """What an earlier login in this session has shown does not count for this one."""
        if request:
            request.session.pop(KEPT, None)
        return super().authenticate(credential, user_agent_env)

    def _check_credentials(self, credential, env):
        """Keep in the session what was shown. A module that logs people in by SPID or CIE answers with
        ``auth_method`` oidc, the provider's ``acr`` and the ``fiscal_code`` it tells."""
        found = super()._check_credentials(credential, env)
        # the user is self: before the second factor the answer's uid is that of the public user
        if request and self and (env or {}).get("interactive"):
            level = login_level.of(found.get("auth_method") or "", found.get("acr") or "")
            self._keep_login_level(level)
            if level == "oidc" and found.get("fiscal_code"):
                self.partner_id._prove_by_provider(found["fiscal_code"])
        return found

    def _keep_login_level(self, level):
        """Note in the session that this user has shown this much; more than that stays noted.

        :param str level: of ``rules.login_level.LEVELS``
        """
        self.ensure_one()
        uid, before = request.session.get(KEPT) or (None, None)
        request.session[KEPT] = [self.id, login_level.strongest(level, before if uid == self.id else None)]

    def _region_scope(self, path):
        """Domain of the record rules that keep a user of a Region to the circuits it promotes (R-000-31). A user whose
        contact belongs to no company, and whoever is of the office too, sees those of the own companies.

        :param str path: field that leads to the circuit's promoter
        :return: domain; of everything for any other user
        """
        self.ensure_one()
        if not self.has_group("ecoupon.group_region") or self.has_group("merchant_circuit.group_officer"):
            return [(1, "=", 1)]
        region = self.partner_id.commercial_partner_id
        return [(1, "=", 1)] if region == self.partner_id else [(path, "child_of", region.ids)]

    @api.model
    def _login_level(self):
        """How strongly the user of this request has logged in.

        :return: one of ``rules.login_level.LEVELS``; None: there is no session of this user
        """
        if not request or not self.env.uid or request.session.uid != self.env.uid:
            return None
        uid, level = request.session.get(KEPT) or (None, None)
        return login_level.strongest(level if uid == self.env.uid else None)

    @api.model
    def _reserved_access(self, circuit):
        """Whether the user of this request may enter the reserved area of a circuit (R-000-12, R-000-15, R-000-19).
        Every page and call of the reserved area asks this first. A login that is too weak is logged.

        :param circuit: circuit.circuit
        :return: "ok", or what is lacking: "login", "level", "identity" or "entitlement"
        """
        user, circuit = self.env.user, circuit.sudo()  # sudo: the citizen has no right on the circuit's settings
        level = None if user._is_public() else self._login_level()
        if level is None:
            return "login"
        if not login_level.reaches(level, circuit.reserved_level):
            self.env["ecoupon.access.refusal"]._note(user, circuit, level)
            return "level"
        if not user.partner_id._proven_code():
            return "identity"
        entitled = self.env["ecoupon.entitlement"]._holds(user.partner_id, circuit, circuit._local_day())
        return "ok" if entitled else "entitlement"
