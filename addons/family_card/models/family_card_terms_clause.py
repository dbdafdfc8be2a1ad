from odoo import api, fields, models

from odoo.addons.merchant_circuit.rules.refusals import Code


class FamilyCardTerms(models.Model):
    """Where the notice writes the rules a till refuses by, as shopkeeper and holder are told (R-004-76)."""

    _inherit = "family.card.terms"

    _CLAUSES = {
        "clause_start": (Code.NOT_YET,),
        "clause_end": (Code.ENDED, Code.CIRCUIT_STOPPED),
        "clause_suspension": (Code.SUSPENDED, Code.CLOSED),
        "clause_minimum": (Code.MIN_SPEND,),
        "clause_share": (Code.OWN_SHARE, Code.WRONG_SHARE),
        "clause_limit": (Code.ACCOUNT_LIMIT, Code.NO_CREDIT),
        "clause_account": (Code.NO_ACCOUNT,),
        "clause_exclusion": (Code.EXCLUDED_MERCHANT,),
        "clause_shops": (Code.NO_AGREEMENT,),
    }

    clause_start = fields.Char(
        "Clause on the first day",
        default=lambda self: self._default_clause("4"),
        help="Told when credit cannot be spent yet. Notice §4 (R-004-33).",
    )
    clause_end = fields.Char(
        "Clause on the end",
        default=lambda self: self._default_clause("2.2"),
        help="Told when the programme has ended or the circuit is stopped. Notice §2.2 (R-004-60).",
    )
    clause_suspension = fields.Char(
        "Clause on suspension",
        default=lambda self: self._default_clause("4"),
        help="Told when the card is suspended or closed. Notice §4 (R-004-59).",
    )
    clause_minimum = fields.Char(
        "Clause on the minimum",
        default=lambda self: self._default_clause("4"),
        help="Told when a purchase is below the minimum. Notice §4 (R-004-77).",
    )
    clause_share = fields.Char(
        "Clause on the own share",
        default=lambda self: self._default_clause("4"),
        help="Told when the card is asked for more than its share. Notice §4 (R-004-78).",
    )
    clause_limit = fields.Char(
        "Clause on the limit",
        default=lambda self: self._default_clause("4"),
        help="Told when the account does not hold enough. Notice §4 (R-004-76).",
    )
    clause_account = fields.Char(
        "Clause on the accounts",
        default=lambda self: self._default_clause("3"),
        help="Told when the card has no account for this kind of shop. Notice §3 (R-004-43).",
    )
    clause_exclusion = fields.Char(
        "Clause on exclusions",
        default=lambda self: self._default_clause("4"),
        help="Told when shop or goods are excluded. Notice §4 (R-004-79).",
    )
    clause_shops = fields.Char(
        "Clause on the shops",
        default=lambda self: self._default_clause("1"),
        help="Told when the shop has no agreement in force. Notice §1 (R-004-90).",
    )

    @api.model
    def _default_clause(self, paragraph):
        """Name of a paragraph of the notice, in the language of whoever writes the terms."""
        return self.env._("Notice §%s", paragraph)

    @api.model
    def _clause_fields(self):
        """Names of the fields that say where a rule is written."""
        return list(self._CLAUSES)

    def _clauses(self):
        """Clause of every refusal that has one.

        :return: dict of refusal code to text
        """
        self.ensure_one()
        return {code: self[name] for name, codes in self._CLAUSES.items() for code in codes if self[name]}
