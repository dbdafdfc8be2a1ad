from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.stored_value.tools import query_about_a_person

from ..rules import person


class EcouponEntitlement(models.Model):
    """A person's right to the reserved area, from a policy, between two days. The person is a keyed hash of the fiscal
    code: who never logs in is never known here (R-000-15, R-000-31 … R-000-33)."""

    _name = "ecoupon.entitlement"
    _description = "Entitlement"
    _order = "id desc"
    _rec_name = "policy_id"

    circuit_id = fields.Many2one("circuit.circuit", required=True, readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    key_id = fields.Many2one("ecoupon.entitlement.key", required=True, readonly=True, ondelete="restrict")
    person_hash = fields.Char(
        "Hash of the person", required=True, readonly=True, help="HMAC-SHA-256 of the fiscal code."
    )
    policy_id = fields.Many2one("ecoupon.policy", required=True, readonly=True, index=True, ondelete="restrict")
    date_from = fields.Date("From", required=True, readonly=True)
    date_to = fields.Date("To", readonly=True, help="Last day; empty: until the Region says so.")
    removed_at = fields.Datetime("Taken off", readonly=True, help="Taken off by a later list; it holds no longer.")
    list_id = fields.Many2one("ecoupon.entitlement.list", "Delivered with", readonly=True, ondelete="restrict")

    _person_idx = models.Index("(person_hash, circuit_id)")
    _once = models.UniqueIndex(
        "(circuit_id, key_id, person_hash, policy_id, date_from) WHERE removed_at IS NULL",
        "This person has the same entitlement already.",
    )
    _dates = models.Constraint("CHECK (date_to IS NULL OR date_to >= date_from)", "It ends before it begins.")

    @api.model
    def _holds(self, partner, circuit, day, policies=None):
        """Whether a citizen is entitled on a day: the identity was proven, and a list of the Region names the fiscal
        code (R-000-15, B08).

        :param partner: res.partner
        :param circuit: circuit.circuit
        :param date day: local day of the circuit
        :param policies: ecoupon.policy: one of these; None or empty: any
        :return: bool
        """
        persons = self._persons(partner, circuit)
        if not persons:
            return False
        self.flush_model()
        query = SQL(
            """SELECT 1 FROM ecoupon_entitlement
                WHERE circuit_id = %s AND (key_id, person_hash) IN %s AND removed_at IS NULL
                  AND date_from <= %s AND (date_to IS NULL OR date_to >= %s) %s LIMIT 1""",
            circuit.id,
            persons,
            day,
            day,
            SQL("AND policy_id IN %s", tuple(policies.ids)) if policies else SQL(),
        )
        return bool(query_about_a_person(self.env, query))

    @api.model
    def _persons(self, partner, circuit):
        """Who a citizen is in the lists of a circuit, one hash a key.

        :param partner: res.partner
        :param circuit: circuit.circuit
        :return: tuple of (key's id, hash); empty while the identity is not proven
        """
        code = partner._proven_code()
        if not code:
            return ()
        keys = self.env["ecoupon.entitlement.key"]._secrets(circuit.id)
        return tuple((key_id, person.keyed_hash(secret, code)) for key_id, secret in keys)
