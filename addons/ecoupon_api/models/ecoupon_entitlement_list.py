from odoo import api, models

from odoo.addons.ecoupon.models.ecoupon_entitlement_words import row_sentence
from odoo.addons.ecoupon.rules import entitlement_rows

#: Fields of a person in a request, as the titles of a file.
TITLES = ("fiscal_code", "hash", "key", "check", "policy", "from", "to", "action")
MOST_ERRORS = 200


class EcouponEntitlementList(models.Model):
    """A list that a system of the Region delivers in a request (R-000-31)."""

    _inherit = "ecoupon.entitlement.list"

    @api.model
    def _deliver(self, circuit, wish, reference, digest):
        """Read and apply a list, as a whole or not at all.

        :param circuit: circuit.circuit
        :param dict wish: mode, people, and maybe policy_id
        :param str reference: key of the request
        :param str digest: of its content
        :return: (ecoupon.entitlement.list, empty where there are mistakes; list of (index of a person, sentence))
        """
        record = self.create({"circuit_id": circuit.id, "mode": wish["mode"], "policy_id": wish.get("policy_id")})
        rows = [(number, [one.get(title) for title in TITLES]) for number, one in enumerate(wish["people"])]
        found, problems = entitlement_rows.parse(TITLES, rows, record._reading_terms())
        if problems:
            record.unlink()
            return self.browse(), [(one.row, row_sentence(self.env, one)) for one in problems[:MOST_ERRORS]]
        own = record.sudo()  # sudo: written by the list's own actions only
        own.write(
            {
                "channel": "api",
                "reference": reference,
                "name": reference,
                "file_digest": digest,
                "row_count": len(found),
                "state": "checked",
            }
        )
        own._stage(found)
        record.action_apply()
        return record, []

    def _told(self):
        """What a caller is told of a list.

        :return: dict
        """
        self.ensure_one()
        told = {"key": self.reference, "circuit": str(self.circuit_id.id), "status": self.state, "rows": self.row_count}
        if self.state == "applied":
            told |= {"added": self.added_count, "changed": self.changed_count, "removed": self.removed_count}
            told["applied_at"] = f"{self.applied_at:%Y-%m-%dT%H:%M:%SZ}"
        elif self.job_stopped:
            told["status"] = "stopped"
        return told
