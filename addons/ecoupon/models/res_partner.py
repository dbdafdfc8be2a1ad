from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from odoo.addons.stored_value.tools import query_about_a_person

from ..rules import person

PROOF = frozenset({"identity_proof", "identity_proof_at"})


class ResPartner(models.Model):
    """Whose fiscal code somebody has checked: only then it opens what the Region reserved for it (R-000-15)."""

    _inherit = "res.partner"

    identity_proof = fields.Selection(
        [("office", "Seen by the office"), ("oidc", "SPID or CIE")],
        "Identity",
        readonly=True,
        copy=False,
        groups="merchant_circuit.group_officer,ecoupon.group_region",
        help="Empty: the fiscal code is what the person wrote. A change of the fiscal code empties it.",
    )
    identity_proof_at = fields.Datetime(
        "Identity proven on", readonly=True, copy=False, groups="merchant_circuit.group_officer,ecoupon.group_region"
    )

    # also when two prove one code at the same instant; hashed, for PostgreSQL's message tells what is there already
    _identity_once = models.UniqueIndex(
        "(md5(upper(regexp_replace(l10n_it_codice_fiscale, '[[:space:]*.:-]', '', 'g'))))"
        " WHERE identity_proof IS NOT NULL",
        "Another contact was proven to have this fiscal code.",
    )

    # ------------------------------------------------------------------ proof

    def action_identity_seen(self):
        """Button: the office has seen who this is, and that the fiscal code is theirs.

        :raises AccessError: not the office
        :raises UserError: no valid code, a company, or somebody else has this code
        """
        for partner in self:
            partner._check_identity_right()
            if partner.is_company:
                raise UserError(self.env._("Only people have an identity to prove."))
            partner._prove("office")

    def action_identity_withdraw(self):
        """Button: the identity counts as not proven, the reserved area is closed at once.

        :raises AccessError: not the office
        """
        for partner in self:
            partner._check_identity_right()
            partner._withdraw_proof()

    def _check_identity_right(self):
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group("merchant_circuit.group_officer"):
            raise AccessError(self.env._("Only the office says who somebody is."))

    def _prove(self, how):
        """Note that the fiscal code on file is this person's.

        :param str how: office or oidc
        :raises UserError: no valid code, or it is proven for somebody else
        """
        self.ensure_one()
        code = self._valid_code()
        if not code:
            raise UserError(self.env._("Write the person's fiscal code first: there is none, or it is not valid."))
        if self._proven_elsewhere(code):
            raise UserError(
                self.env._("Another contact was proven to have this fiscal code: merge the two, or correct one.")
            )
        # sudo: the proof is written by its actions only
        self.sudo().write({"identity_proof": how, "identity_proof_at": fields.Datetime.now()})
        body = {
            "office": self.env._("The office has seen the identity and the fiscal code %s.", person.mask(code)),
            "oidc": self.env._("SPID or CIE has proven the identity and the fiscal code %s.", person.mask(code)),
        }[how]
        self.sudo().message_post(body=body)  # sudo: whoever is proven may have no right on the chatter

    def _proven_elsewhere(self, code):
        """Whether another contact was proven to have a fiscal code.

        :param str code: normalised
        :return: bool
        """
        self.env["res.partner"].flush_model(["l10n_it_codice_fiscale", "identity_proof"])
        return bool(
            query_about_a_person(
                self.env,
                SQL(
                    "SELECT 1 FROM res_partner WHERE identity_proof IS NOT NULL AND id <> %s"
                    " AND upper(regexp_replace(l10n_it_codice_fiscale, '[[:space:]*.:-]', '', 'g')) = %s LIMIT 1",
                    self.id,
                    code,
                ),
            )
        )

    def _prove_by_provider(self, code):
        """An identity provider has told the fiscal code of whoever logs in. An empty code is filled in; another one
        than on file, or one proven for another contact, proves nothing.

        :param str code: as the provider tells it
        :return: bool: proven
        """
        self.ensure_one()
        if not person.is_valid(code or ""):
            return False
        code = person.validate(code)
        known = self._valid_code()
        if known and known != code:
            return False
        if known and self._proven_code():
            return True
        if self._proven_elsewhere(code):
            return False
        partner = self.sudo()  # sudo: the citizen's own contact, told by the provider
        if not known:
            partner.l10n_it_codice_fiscale = code
        partner._prove("oidc")
        return True

    def _withdraw_proof(self):
        proven = self.sudo().filtered("identity_proof")  # sudo: the proof is written by its actions only
        if proven:
            proven.write(dict.fromkeys(PROOF, False))
            for partner in proven:
                partner.message_post(body=self.env._("The identity is no longer proven."))

    def _valid_code(self):
        """The fiscal code on file, normalised; "" when there is none or it is no person's."""
        code = self.sudo().l10n_it_codice_fiscale or ""  # sudo: looked at, not shown
        return person.validate(code) if person.is_valid(code) else ""

    def _proven_code(self):
        """The fiscal code under which the lists know this person, "" while nobody has proven it.

        :return: str; never shown or logged
        """
        self.ensure_one()
        # sudo: the citizen's own code, to be hashed
        return self._valid_code() if self.sudo().identity_proof else ""

    # ------------------------------------------------------------------ guards

    @api.model
    def default_get(self, fields):
        """A caller does not suggest a proof by the context."""
        values = super().default_get(fields)
        return values if self.env.su else {name: value for name, value in values.items() if name not in PROOF}

    @api.model_create_multi
    def create(self, vals_list):
        """Make contacts; none of them is proven.

        :raises AccessError: a proof is among the values
        """
        if not self.env.su and any(vals.get(name) for vals in vals_list for name in PROOF):
            raise AccessError(self._proof_refusal())
        return super().create(vals_list)

    def write(self, vals):
        """Another fiscal code is another person to the lists: it has to be proven again, whoever writes it.

        :raises AccessError: another proof than on file is among the values
        """
        if not self.env.su and any(self._proof_differs(name, vals[name]) for name in PROOF & vals.keys()):
            raise AccessError(self._proof_refusal())
        if "l10n_it_codice_fiscale" not in vals:
            return super().write(vals)
        code = person.normalise(vals["l10n_it_codice_fiscale"] or "")
        self.filtered(lambda partner: partner._valid_code() != code)._withdraw_proof()
        return super().write(vals)

    def _proof_differs(self, name, value):
        """Whether a value would change a proof; merging contacts writes what the one that stays has already."""
        field = self._fields[name]
        # sudo: whoever writes may not see the field
        return any(field.convert_to_cache(value, partner) != partner[name] for partner in self.sudo())

    def _proof_refusal(self):
        return self.env._(
            "An identity is proven with its button. To merge two contacts, withdraw the proof of the one that goes away."
        )

    # ------------------------------------------------------------------ entitlements

    def _entitled_circuits(self, day):
        """Where this citizen is entitled on a day.

        :param date day: local day
        :return: circuit.circuit
        """
        self.ensure_one()
        keys = self.env["ecoupon.entitlement.key"].sudo()  # sudo: which circuits have lists is no secret
        circuits = keys.with_context(active_test=False).search([]).circuit_id  # pylint: disable=no-search-all
        entitlements = self.env["ecoupon.entitlement"]
        return circuits.filtered(lambda circuit: entitlements._holds(self, circuit, day)).with_env(self.env)

    def _entitlement_history(self, circuit):
        """What the Region's lists said of this citizen, newest first (R-000-33).

        :param circuit: circuit.circuit
        :return: list of dict, see ``ecoupon.entitlement._history``
        """
        self.ensure_one()
        return self.env["ecoupon.entitlement"]._history(self, circuit)
