from odoo import api, fields, models

from odoo.addons.stored_value.tools import read_committed

from ..rules.refusals import Code, Refusal

#: Kinds whose holder has proven who they are when the code was made …
PROVEN = frozenset({"one_time_code", "wallet_code"})
#: … and those that nobody proves anything for.
BEARER = frozenset({"coupon", "wallet_code"})


class CircuitTill(models.AbstractModel):
    """What a till has to ask the citizen for, before there is a purchase."""

    _inherit = "circuit.till"

    @api.model
    def _lookup(self, terminal, identifier):
        """Which checks the till must make for what was typed or scanned. Looks at the text and at the shop's
        programmes only, never at cards or persons: neither the answer nor its time tells whether somebody has a card.
        What is no identifier counts as a guess (R-004-70).

        :param Terminal terminal: who asks
        :param str identifier: fiscal code, card number or scanned code
        :return: dict: status ``ready``, kind (``fiscal_code``, ``card_number``, ``one_time_code``,
            ``coupon`` or ``wallet_code``) and checks (list
            of ``pin`` and ``documents``), or refused
        """
        read_committed(self.env)
        if refusal := self._throttled(terminal):
            return self._refuse(terminal, refusal)
        text = identifier.strip(" *\t\r\n").upper()
        kinds = filter(None, (self.env[name]._circuit_kind(text) for name in self._instruments()))
        kind = next(kinds, None)
        if kind is None:
            return self._refuse(terminal, Refusal(Code.BAD_IDENTIFIER))
        checks = self._checks(terminal.merchant_id, fields.Datetime.now())
        if kind in PROVEN:
            checks -= {"pin"}  # the holder has proven it when the code was made
        if kind in BEARER:
            checks = frozenset()
        return {"status": "ready", "kind": kind, "checks": sorted(checks)}
