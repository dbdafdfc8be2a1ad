from datetime import UTC, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from odoo import api, models
from odoo.tools import SQL

from ..rules.facts import Facts, Failure, Payment, Refund


class CircuitReviewCase(models.Model):
    """Reading the facts the rules look at, as plain values and without a name."""

    _inherit = "circuit.review.case"

    @api.model
    def _facts(self, circuit, since, merchants=None, instruments=None):
        """Facts of a circuit.

        :param circuit: circuit.circuit
        :param datetime since: UTC
        :param list merchants: ids of shops, for what happens at one shop
        :param list instruments: "model,id" of cards, for what one card does
        :return: Facts, in the circuit's local time
        """
        zone = ZoneInfo(circuit.tz)

        def local(at):
            return at.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)

        rows = self._transaction_rows(circuit, since, merchants, instruments)
        groups, minimums = self._of_instruments(rows, local)
        payments = tuple(
            Payment(
                row,
                local(at),
                shop,
                till or "",
                card,
                groups.get(card, card),
                Decimal(total),
                Decimal(amount),
                Decimal(left or 0),
                minimums.get((card, local(at).date())),
            )
            for row, at, shop, till, card, kind, total, amount, left in rows
            if kind == "payment"
        )
        refunds = tuple(
            Refund(row, local(at), shop, card) for row, at, shop, _till, card, kind, *_rest in rows if kind == "refund"
        )
        failures = tuple(
            Failure(row, local(at), shop, till or "", card or "")
            for row, at, shop, till, card in (self._failure_rows(circuit, since, merchants) if merchants else ())
        )
        return Facts(payments, refunds, failures)

    @api.model
    def _transaction_rows(self, circuit, since, merchants, instruments):
        self.env["circuit.transaction"].flush_model()
        return self.env.execute_query(
            SQL(
                "SELECT t.id, t.authorized_at, t.merchant_id, t.terminal, t.instrument_model || ',' || t.instrument_id,"
                " t.kind, t.eligible_total::text, t.amount::text, t.balance_after::text"
                " FROM circuit_transaction t JOIN circuit_agreement a ON a.id = t.agreement_id"
                " WHERE a.circuit_id = %s AND t.authorized_at >= %s AND t.instrument_id IS NOT NULL AND %s"
                " AND (t.state = 'captured' OR t.state = 'authorized' AND t.kind = 'payment')",
                circuit.id,
                since,
                SQL("t.merchant_id = ANY(%s)", merchants)
                if merchants
                else SQL("t.instrument_model || ',' || t.instrument_id = ANY(%s)", instruments),
            )
        )

    @api.model
    def _failure_rows(self, circuit, since, merchants):
        """Guesses at these shops: with a card of this circuit, or with one that does not exist where the shop belongs to
        this circuit first, so that none is counted twice."""
        return self.env.execute_query(
            SQL(
                "SELECT r.id, r.at, r.merchant_id, r.terminal, r.instrument_model || ',' || r.instrument_id"
                " FROM circuit_refusal r WHERE r.merchant_id = ANY(%s) AND r.guess AND r.at >= %s AND coalesce("
                " r.circuit_id, (SELECT min(a.circuit_id) FROM circuit_agreement a WHERE a.merchant_id = r.merchant_id"
                " AND a.state IN ('active', 'suspended'))) = %s",
                merchants,
                since,
                circuit.id,
            )
        )

    @api.model
    def _of_instruments(self, rows, local):
        """Household and minimum purchase of the cards, asked from the instruments themselves.

        :return: dict of card to group, dict of (card, local day) to Decimal
        """
        groups, minimums, days = {}, {}, {}
        for _row, at, _shop, _till, card, *_rest in rows:
            days.setdefault((card.split(",")[0], local(at).date()), {})[card] = at
        for (model, day), cards in days.items():
            # sudo: only what belongs together and the minimum leave the instrument, no name
            instrument = self.env[model].sudo()
            ids = {int(card.split(",")[1]): card for card in cards}
            fresh = [one for one, card in ids.items() if card not in groups]
            groups |= {ids[one]: group for one, group in instrument._circuit_group(fresh).items()}
            at = max(cards.values())
            minimums |= {(ids[one], day): value for one, value in instrument._circuit_minimum(list(ids), at).items()}
        return groups, minimums

    @api.model
    def _busy_instruments(self, circuit, since, shops):
        """Cards used at enough different shops to be worth a look.

        :return: list of "model,id"
        """
        return [
            card
            for (card,) in self.env.execute_query(
                SQL(
                    "SELECT t.instrument_model || ',' || t.instrument_id AS card FROM circuit_transaction t"
                    " JOIN circuit_agreement a ON a.id = t.agreement_id WHERE a.circuit_id = %s AND t.authorized_at >= %s"
                    " AND t.kind = 'payment' AND t.instrument_id IS NOT NULL GROUP BY card"
                    " HAVING count(DISTINCT t.merchant_id) >= %s ORDER BY card",
                    circuit.id,
                    since,
                    shops,
                )
            )
        ]

    @api.model
    def _busy_merchants(self, circuit, since):
        """Shops at which anything happened.

        :return: list of ids
        """
        return [
            shop
            for (shop,) in self.env.execute_query(
                SQL(
                    "SELECT t.merchant_id FROM circuit_transaction t JOIN circuit_agreement a ON a.id = t.agreement_id"
                    " WHERE a.circuit_id = %(circuit)s AND t.authorized_at >= %(since)s"
                    " UNION SELECT r.merchant_id FROM circuit_refusal r JOIN circuit_agreement a"
                    " ON a.merchant_id = r.merchant_id WHERE a.circuit_id = %(circuit)s AND r.guess AND r.at >= %(since)s"
                    " ORDER BY 1",
                    circuit=circuit.id,
                    since=since,
                )
            )
        ]

    @api.model
    def _open_at_night(self, circuit, activities):
        """Shops whose main activity sells at night.

        :return: frozenset of ids
        """
        agreements = self.env["circuit.agreement"].search(
            [("circuit_id", "=", circuit.id), ("activity_id", "in", activities.ids)]
        )
        return frozenset(agreements.merchant_id.ids)

    @api.model
    def _since(self, now, parameters):
        return now - timedelta(days=max(one.lookback_days for one in parameters))
