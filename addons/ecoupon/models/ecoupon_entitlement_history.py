from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.stored_value.tools import query_about_a_person


class EcouponEntitlement(models.Model):
    """What is told of entitlements: their state, their ends, and to the citizen the own history."""

    _inherit = "ecoupon.entitlement"

    event_ids = fields.One2many("ecoupon.entitlement.event", "entitlement_id", readonly=True)
    state = fields.Selection(
        [("coming", "To come"), ("running", "In force"), ("ended", "Ended"), ("removed", "Taken off")],
        compute="_compute_state",
        search="_search_state",
    )

    @api.depends("date_from", "date_to", "removed_at", "circuit_id")
    def _compute_state(self):
        for entitlement in self:
            day = entitlement.circuit_id._local_day()
            if entitlement.removed_at:
                entitlement.state = "removed"
            elif entitlement.date_to and entitlement.date_to < day:
                entitlement.state = "ended"
            else:
                entitlement.state = "coming" if entitlement.date_from > day else "running"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        found = []
        # sudo: only the circuits' time zones are looked at
        for circuit in self.env["circuit.circuit"].sudo().search([]):  # pylint: disable=no-search-all
            day, mine = circuit._local_day(), [("circuit_id", "=", circuit.id)]
            ended = [("removed_at", "=", False), ("date_to", "!=", False), ("date_to", "<", day)]
            lasting = [("removed_at", "=", False), "|", ("date_to", "=", False), ("date_to", ">=", day)]
            domains = {
                "removed": [("removed_at", "!=", False)],
                "ended": ended,
                "coming": [*lasting, ("date_from", ">", day)],
                "running": [*lasting, ("date_from", "<=", day)],
            }
            found += [fields.Domain(mine) & fields.Domain(domains[state]) for state in value if state in domains]
        return fields.Domain.OR(found)

    @api.model
    def _cron_ends(self):
        """Scheduled: log the entitlements that ended; they hold no longer already (R-000-31)."""
        self.flush_model()
        # sudo: nobody's own rights matter here
        for circuit in self.env["circuit.circuit"].sudo().search([]):  # pylint: disable=no-search-all
            self.env.cr.execute(
                SQL(
                    """INSERT INTO ecoupon_entitlement_event (entitlement_id, company_id, at, kind, date_from, date_to)
                       SELECT e.id, e.company_id, %s, 'ended', e.date_from, e.date_to FROM ecoupon_entitlement e
                        WHERE e.circuit_id = %s AND e.removed_at IS NULL AND e.date_to < %s AND NOT EXISTS (
                           SELECT 1 FROM ecoupon_entitlement_event v
                            WHERE v.entitlement_id = e.id AND v.kind = 'ended' AND v.date_to = e.date_to)""",
                    fields.Datetime.now(),
                    circuit.id,
                    circuit._local_day(),
                )
            )
        self.env["ecoupon.entitlement.event"].invalidate_model()

    @api.model
    def _history(self, partner, circuit):
        """What the lists said of a citizen, newest first; readable also after the last entitlement ended (R-000-33).

        :param partner: res.partner whose identity is proven; of anybody else nothing is told
        :param circuit: circuit.circuit
        :return: list of dict: at (naive UTC), kind, policy_id, policy (in the user's language), date_from, date_to
        """
        persons = self._persons(partner, circuit)
        if not persons:
            return []
        self.env.flush_all()
        query = SQL(
            """SELECT v.at, v.kind, e.policy_id, v.date_from, v.date_to
                 FROM ecoupon_entitlement e JOIN ecoupon_entitlement_event v ON v.entitlement_id = e.id
                WHERE e.circuit_id = %s AND (e.key_id, e.person_hash) IN %s ORDER BY v.id DESC""",
            circuit.id,
            persons,
        )
        names = ("at", "kind", "policy_id", "date_from", "date_to")
        rows = [dict(zip(names, row, strict=True)) for row in query_about_a_person(self.env, query)]
        # sudo: the names of the policies that entitled this citizen
        policies = self.env["ecoupon.policy"].sudo().browse({row["policy_id"] for row in rows})
        name_of = {policy.id: policy.name for policy in policies}
        return [{**row, "policy": name_of[row["policy_id"]]} for row in rows]
