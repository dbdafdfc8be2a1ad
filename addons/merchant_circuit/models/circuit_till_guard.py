from datetime import timedelta

from odoo import api, fields, models, tools
from odoo.tools import SQL

from ..rules.refusals import Code, Refusal
from ..rules.throttle import PACE_SECONDS, Limits, Tries, blocked_until, is_guess, loosest
from ..rules.till import fingerprint


class CircuitTill(models.AbstractModel):
    """What keeps a till from guessing: a record of every refusal, and waits that grow with it."""

    _inherit = "circuit.till"

    @api.model
    def _throttled(self, terminal, purchase=None):
        """Whether a till has to wait, asked before anything it sent is looked at.

        Counted are the refusals of this till and of its shop, never addresses: two tills behind one address do not
        know of each other, and no shop can make another one wait. A request that was authorised already, and whose
        answer was lost, gets its answer.

        :param Terminal terminal: who asks
        :param purchase: Purchase as parsed, or a Refusal
        :return: Refusal TOO_MANY with the instant from which the till may ask again, or None
        """
        limits = self._throttle_limits(terminal.merchant_id)
        at = fields.Datetime.now()
        [row] = self.env.execute_query(
            SQL(
                "SELECT * FROM circuit_tries(%s, %s, %s, %s, %s)",
                terminal.merchant_id,
                terminal.ref,
                at - timedelta(seconds=limits.window),
                limits.pace,
                at - timedelta(seconds=PACE_SECONDS),
            )
        )
        until = blocked_until(limits, Tries(*row), at)
        if until is None or self._was_authorised(terminal, purchase):
            return None
        return Refusal(Code.TOO_MANY, until=until)

    @api.model
    def _was_authorised(self, terminal, purchase):
        """Whether exactly this request was authorised before: it may not be used to try another card."""
        if purchase is None or isinstance(purchase, Refusal):
            return False
        rows = self.env.execute_query(
            SQL(
                "SELECT 1 FROM circuit_transaction WHERE key = %s AND merchant_id = %s AND fingerprint = %s",
                purchase.key,
                terminal.merchant_id,
                fingerprint(terminal, purchase),
            )
        )
        return bool(rows)

    @api.model
    @tools.ormcache("merchant_id")
    def _throttle_limits(self, merchant_id):
        """Limits of a shop; cleared whenever its circuits or agreements change.

        :return: Limits
        """
        agreements = self.env["circuit.agreement"].search(
            [("merchant_id", "=", merchant_id), ("state", "=", "active"), ("role_accept", "=", True)]
        )
        return loosest(
            Limits(
                till=circuit.guess_till,
                merchant=circuit.guess_merchant,
                window=circuit.guess_minutes * 60,
                first=circuit.guess_wait,
                longest=circuit.guess_longest_wait,
                pace=circuit.request_pace,
            )
            for circuit in agreements.circuit_id
        )

    @api.model
    def _refuse(self, terminal, refusal, instrument=None, handle=None):
        """Note a refusal and answer it.

        :param Terminal terminal: who asked
        :param Refusal refusal: what it is told
        :param instrument: model of the card that was shown, where it exists
        :param handle: answer of its ``_circuit_identify``
        :return: dict, the contract's answer
        """
        self._note_refusal(terminal, refusal.code, instrument, handle)
        return self._refused(refusal)

    @api.model
    def _note_refusal(self, terminal, code, instrument=None, handle=None):
        """Keep that a till was refused, in one statement of the same database transaction.

        A till that has to wait is noted once a minute: whoever goes on asking cannot fill the disk.

        :param Terminal terminal: who asked
        :param Code code: what it was told
        :param instrument: model of the card that was shown, where it exists
        :param handle: answer of its ``_circuit_identify``
        """
        at = fields.Datetime.now()
        known = handle is not None
        self.env.cr.execute(
            SQL(
                "INSERT INTO circuit_refusal (at, code, guess, merchant_id, circuit_id, channel, terminal,"
                " instrument_model, instrument_id, holder_mask, user_id, company_id)"
                " SELECT %(at)s, %(code)s, %(guess)s, %(merchant)s, %(circuit)s, %(channel)s, %(terminal)s,"
                " %(model)s, %(instrument)s, %(mask)s, %(user)s, %(company)s WHERE %(code)s <> %(wait)s OR NOT EXISTS"
                " (SELECT 1 FROM circuit_refusal WHERE merchant_id = %(merchant)s AND terminal = %(terminal)s"
                " AND code = %(wait)s AND at > %(minute)s)",
                at=at,
                code=str(code),
                guess=is_guess(code, known),
                merchant=terminal.merchant_id,
                circuit=handle.circuit_id if known else None,
                channel=terminal.channel,
                terminal=terminal.ref,
                model=instrument._name if known else None,
                instrument=handle.id if known else None,
                mask=handle.mask if known else None,
                user=self.env.uid,
                company=terminal.company_id,
                wait=str(Code.TOO_MANY),
                minute=at - timedelta(minutes=1),
            )
        )
        self.env["circuit.refusal"].invalidate_model(flush=False)
