import secrets
from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from odoo import _, api, fields, models, tools
from odoo.exceptions import AccessError, UserError

from odoo.addons.merchant_circuit.rules.till import Terminal

from ..rules import credential

#: What a key may be allowed to do; each is a field ``may_…`` and a scope of the OpenAPI document.
SCOPES = ("identify", "authorize", "capture", "void", "refund", "status")
MAX_KEYS = 20
MAX_NAME = 64
#: Requests a minute of a shop whose agreement has ended: it may still ask for its operations.
WITHOUT_CIRCUIT = 60


class KeyFacts(NamedTuple):
    """A key as the routes need it: plain values, kept in memory."""

    id: int
    merchant_id: int
    company_id: int
    name: str
    shop: str
    scopes: frozenset
    expires_at: datetime | None
    per_minute: int
    tz: str
    currency: str
    place_id: int | None = None

    def terminal(self, now):
        """Who asks, for ``circuit.till``.

        :param datetime now: naive UTC; its day in the circuit's zone is the session
        :return: Terminal
        """
        day = now.replace(tzinfo=UTC).astimezone(ZoneInfo(self.tz)).date()
        return Terminal(
            self.merchant_id,
            self.company_id,
            "api",
            f"circuit.api.key,{self.id}",
            f"api,{self.id},{day.isoformat()}",
            self.place_id,
        )


class CircuitApiKey(models.Model):
    """What lets a program charge for one merchant. Made and revoked by the methods below only."""

    _name = "circuit.api.key"
    _description = "API key of a merchant"
    _order = "id desc"

    name = fields.Char(required=True, readonly=True, help="What uses the key, e.g. the name of the web shop.")
    merchant_id = fields.Many2one("res.partner", required=True, readonly=True, index=True, ondelete="restrict")
    place_id = fields.Many2one(
        "circuit.place",
        readonly=True,
        ondelete="restrict",
        help="Where what the key charges is sold, e.g. the web shop; empty: the merchant's only place (R-000-04).",
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, string="Public body")
    prefix = fields.Char("Begins with", required=True, readonly=True, help="By this part people recognise a key.")
    digest = fields.Char(required=True, readonly=True, groups="base.group_system")
    may_identify = fields.Boolean("Identify", readonly=True, help="Ask what the till has to ask the citizen for.")
    may_authorize = fields.Boolean("Authorise", readonly=True, help="Hold a card's share of a purchase.")
    may_capture = fields.Boolean("Capture", readonly=True, help="Confirm what was authorised.")
    may_void = fields.Boolean("Void", readonly=True, help="Give a hold back.")
    may_refund = fields.Boolean("Refund payments", readonly=True, help="Give a confirmed payment back to the card.")
    may_status = fields.Boolean("Ask the status", readonly=True, help="Ask what became of a payment of the shop.")
    scopes = fields.Char(compute="_compute_scopes")
    expires_at = fields.Datetime("Expires", readonly=True, help="From then on every call with the key is refused.")
    revoked_at = fields.Datetime("Revoked", readonly=True)
    revoked_by = fields.Many2one("res.users", readonly=True)
    last_used_at = fields.Datetime("Last used", readonly=True, help="Within the last quarter of an hour or so.")
    state = fields.Selection(
        [("valid", "Valid"), ("expired", "Expired"), ("revoked", "Revoked")],
        compute="_compute_state",
        search="_search_state",
    )

    _digest_unique = models.UniqueIndex("(digest)")
    _some_scope = models.Constraint(
        "CHECK (may_identify OR may_authorize OR may_capture OR may_void OR may_refund OR may_status)",
        "An API key must allow something.",
    )

    _PARAMETER = "circuit_api.secret"

    @api.constrains("merchant_id", "place_id")
    def _check_place(self):
        """A key sells at a place of its own merchant."""
        self.env["circuit.place"]._check_merchant_of(self)

    # ------------------------------------------------------------------ what is shown

    @api.depends("revoked_at", "expires_at")
    def _compute_state(self):
        now = fields.Datetime.now()
        for key in self:
            expired = key.expires_at and key.expires_at <= now
            key.state = "revoked" if key.revoked_at else "expired" if expired else "valid"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        now = fields.Datetime.now()
        domains = {
            "revoked": [("revoked_at", "!=", False)],
            "expired": [("revoked_at", "=", False), ("expires_at", "<=", now)],
            "valid": [("revoked_at", "=", False), "|", ("expires_at", "=", False), ("expires_at", ">", now)],
        }
        return fields.Domain.OR([domains[state] for state in value if state in domains])

    @api.depends(lambda self: [f"may_{scope}" for scope in SCOPES])
    @api.depends_context("lang")
    def _compute_scopes(self):
        names = {scope: self._fields[f"may_{scope}"]._description_string(self.env) for scope in SCOPES}
        for key in self:
            key.scopes = ", ".join(names[scope] for scope in SCOPES if key[f"may_{scope}"])

    # ------------------------------------------------------------------ life

    @api.model
    def _issue(self, merchant, name, scopes, last_day=None, place=None):
        """Make a key. The caller has checked that the user may do so for this merchant.

        :param merchant: res.partner
        :param str name: what uses the key
        :param scopes: some of ``SCOPES``
        :param date last_day: local day at whose end it expires; None for the longest time the circuit allows
        :param place: circuit.place of this merchant where it sells; None: its only one
        :return: (circuit.api.key, the key's text, which nothing keeps)
        :raise UserError: the shop has no agreement, the name, the end or the scopes make no sense, or it has too many
        """
        circuit = self._circuit_of(merchant)
        if not circuit:
            raise UserError(_("%s has no agreement in force: it cannot charge cards.", merchant._shop_label()))
        name = " ".join(str(name or "").split())
        scopes = set(scopes) & set(SCOPES)
        zone = ZoneInfo(circuit.tz)
        today = fields.Datetime.now().replace(tzinfo=UTC).astimezone(zone).date()
        latest = today + timedelta(days=circuit.api_key_days) if circuit.api_key_days else None
        last_day = last_day or latest
        if not name or len(name) > MAX_NAME:
            raise UserError(_("Give the key a name of at most %s characters: what will use it?", MAX_NAME))
        if not scopes:
            raise UserError(_("Choose at least one thing that the key may do."))
        if last_day and last_day < today:
            raise UserError(_("The key would have expired already: choose a later day."))
        if latest and last_day > latest:
            raise UserError(_("A key of this circuit lasts at most %s days.", circuit.api_key_days))
        # sudo: nobody writes keys but these methods; the caller has checked the merchant
        keys = self.sudo()
        if keys.search_count([("merchant_id", "=", merchant.id), ("state", "in", ["valid"])]) >= MAX_KEYS:
            raise UserError(_("The shop has %s valid keys: revoke those it does not use any more.", MAX_KEYS))
        text = credential.generate()
        key = keys.create(
            {
                "name": name,
                "merchant_id": merchant.id,
                "company_id": circuit.company_id.id,
                "place_id": place and place.id,
                "prefix": credential.prefix(text),
                "digest": credential.digest(self._secret(), text),
                "expires_at": last_day and self._end_of(last_day, zone),
                **{f"may_{scope}": scope in scopes for scope in SCOPES},
            }
        )
        return key.with_env(self.env), text

    @staticmethod
    def _end_of(day, zone):
        """The instant at which a local day ends.

        :param date day: the day
        :param ZoneInfo zone: where
        :return: naive UTC datetime
        """
        return datetime.combine(day + timedelta(days=1), time.min, zone).astimezone(UTC).replace(tzinfo=None)

    @api.model
    def _circuit_of(self, merchant):
        """The circuit whose rules a merchant's keys follow: that of its oldest agreement in force.

        :param merchant: res.partner
        :return: circuit.circuit with the rights of the system, empty when there is none
        """
        # sudo: the shop's own agreements
        agreements = merchant.sudo().agreement_ids.filtered(lambda line: line.state in ("active", "suspended"))
        return agreements.sorted("id")[:1].circuit_id

    def action_revoke(self):
        """Button: the keys are refused from now on.

        :raise AccessError: not the public body's staff
        """
        self.check_access("read")
        if not self.env.user.has_group("merchant_circuit.group_officer"):
            raise AccessError(_("Only the staff of the public body revoke a shop's keys here."))
        self._revoke()

    def _revoke(self):
        """End keys; the caller has checked that the user may."""
        # sudo: as in _issue
        self.filtered(lambda key: not key.revoked_at).sudo().write(
            {"revoked_at": fields.Datetime.now(), "revoked_by": self.env.uid}
        )

    # ------------------------------------------------------------------ who asks

    @api.model
    def _ensure_secret(self):
        """Draw the server's secret, once. It is our own parameter because Odoo draws a new ``database.secret`` when a
        database is copied or restored under another name, and every key would die with the old one."""
        # sudo: the secret is for the server only
        parameters = self.env["ir.config_parameter"].sudo()
        if not parameters.get_param(self._PARAMETER):
            parameters.set_param(self._PARAMETER, secrets.token_hex(32))

    @api.model
    def _secret(self):
        # sudo: the secret is for the server only
        return self.env["ir.config_parameter"].sudo().get_param(self._PARAMETER)

    @api.model
    def _check(self, header, now):
        """Who asks, from memory: a keyed hash and a look into a dict.

        :param str header: text of the Authorization header, or None
        :param datetime now: naive UTC
        :return: KeyFacts, or None when the key is missing, unknown, expired or revoked
        """
        text = credential.from_header(header)
        facts = text and self._valid().get(credential.digest(self._secret(), text))
        return facts if facts and not (facts.expires_at and facts.expires_at <= now) else None

    @api.model
    @tools.ormcache()
    def _valid(self):
        """All keys that are not revoked, by digest; forgotten whenever a key, a circuit or an agreement changes.

        One entry for all: entries by what a stranger sends would push others out of the memory.

        :return: dict of digest to KeyFacts
        """
        # sudo: the digest decides; nothing of another key leaves here
        keys = self.sudo().search([("revoked_at", "=", False)])
        facts = {}
        for key in keys:
            circuit = self._circuit_of(key.merchant_id)
            facts[key.digest] = KeyFacts(
                id=key.id,
                merchant_id=key.merchant_id.id,
                company_id=key.company_id.id,
                name=key.name,
                shop=key.merchant_id._shop_label(),
                scopes=frozenset(scope for scope in SCOPES if key[f"may_{scope}"]),
                expires_at=key.expires_at or None,
                per_minute=circuit.api_per_minute or WITHOUT_CIRCUIT,
                tz=circuit.tz or "Europe/Rome",
                currency=key.company_id.currency_id.name,
                place_id=self.env["circuit.place"]
                .sudo()
                ._of_till(key.merchant_id.id, key.place_id.id),  # sudo: as above
            )
        return facts

    @api.model_create_multi
    def create(self, vals_list):
        """The servers keep the keys in memory: make them look again."""
        keys = super().create(vals_list)
        self.env.registry.clear_cache()
        return keys

    def write(self, vals):
        """The servers keep the keys in memory: make them look again."""
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        """The servers keep the keys in memory: make them look again."""
        self.env.registry.clear_cache()
        return super().unlink()
