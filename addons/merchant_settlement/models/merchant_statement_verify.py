import hashlib
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import format_amount

from ..rules import chain

CHUNK = 100
# above so many lines it is not tried which of them was added
TRIED = 2000


class MerchantStatement(models.Model):
    """Was a cent of a statement changed after it was made, and which one? Each line is compared with its hash, its
    transaction and the stored-value ledger, each figure with the lines, each digest with all of it (R-004-96)."""

    _inherit = "merchant.statement"

    verified_at = fields.Datetime("Last tamper check", readonly=True, copy=False)
    defects = fields.Text(
        "Found changed", readonly=True, copy=False, help="What the last tamper check found; empty: nothing."
    )

    # ------------------------------------------------------------------ what people press

    def action_verify(self):
        """Button, and action of the list: check these statements and say what was found.

        :return: notification
        """
        self.check_access("read")
        sentences = self._verify()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger" if sentences else "success",
                "sticky": bool(sentences),
                "message": "\n".join(sentences)
                or self.env._(
                    "Statements checked: %s. Lines, transactions, ledger, totals and digests agree.", len(self)
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.model
    def _cron_verify(self):
        """Scheduled, every week: check all statements; what was changed leaves an activity with the controller.

        :return: merchant.statement found changed
        """
        # all of them, by thousands at a time
        statements = self.search([], order="id")  # pylint: disable=no-search-all
        statements._verify()
        changed = statements.filtered("defects")
        for statement in changed:
            statement.funder_id._tell_controller(
                statement, self.env._("Statement changed after it was made"), statement.defects
            )
        return changed

    def _verify(self):
        """Check these statements (all, when called on an empty set) and keep what was found with each.

        :return: list of sentences, one a defect, each naming its statement; empty when clean
        """
        self.env.flush_all()
        statements = self or self.search([], order="id")  # pylint: disable=no-search-all
        now = fields.Datetime.now()
        sentences = []
        for start in range(0, len(statements), CHUNK):
            chunk = statements[start : start + CHUNK]
            found = chunk._found_changed()
            for statement in chunk:
                defects = "\n".join(found.get(statement.id, [])) or False
                # sudo: only the check itself writes what it found
                if statement.sudo().defects != defects:
                    statement.sudo().defects = defects
                sentences += [f"{statement.name}: {sentence}" for sentence in found.get(statement.id, [])]
            chunk.sudo().verified_at = now
            self.env.flush_all()
            chunk.invalidate_recordset()
        return sentences

    # ------------------------------------------------------------------ what is compared

    def _found_changed(self):
        """What was changed in each of these statements.

        :return: dict of statement id to list of sentences
        """
        found = {}
        for row in self._verify_lines():
            sentence = self._line_sentence(row)
            if sentence:
                found.setdefault(row["statement_id"], []).append(sentence)
        rows = self.env.execute_query_dict(self._verify_query())
        sources = self._verify_sources()
        for row in rows:
            sentences = [
                *self._count_sentences(row),
                *self._figure_sentences(row, sources.get(row["id"], [])),
                *self._digest_sentences(row, sources.get(row["id"], [])),
            ]
            if sentences:
                found.setdefault(row["id"], []).extend(sentences)
        for statement in self.filtered(lambda statement: not statement._sent_file_kept()):
            sentence = self.env._("the PDF that is kept is not the one that was sent")
            found.setdefault(statement.id, []).append(sentence)
        return found

    def _sent_file_kept(self):
        """Whether the PDF is the very file that was sent; also True for what was not sent yet.

        :return: bool
        """
        return not self.pdf_digest or hashlib.sha256(self._sent_file()).hexdigest() == self.pdf_digest

    def _verify_lines(self):
        """Lines that do not agree with their hash, their transaction, the ledger or the statement carried in.

        :return: list of dict
        """
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT v.* FROM (
                    SELECT l.statement_id, l.sequence, l.kind, l.reference, l.origin_reference,
                           round(l.amount, 2)::text AS amount, round(x.amount, 2)::text AS moved,
                           round(ledger.amount, 2)::text AS ledger, round(before.total, 2)::text AS before,
                           l.hash = merchant_statement_line_hash(s.name, l.sequence, l.kind, l.transaction_id,
                               l.reference, l.captured_at, l.holder_mask, l.category_id, l.amount, l.origin_reference,
                               l.origin_month) AS intact,
                           l.hash = merchant_statement_line_hash(s.name, l.sequence, l.kind, l.transaction_id,
                               l.reference, l.captured_at, l.holder_mask, l.category_id, x.amount, l.origin_reference,
                               l.origin_month) AS was_moved,
                           l.kind = 'carried' OR (t.state = 'captured' AND t.merchant_id = s.merchant_id
                               AND t.funder_id = s.funder_id AND t.captured_at = l.captured_at
                               AND t.reference IS NOT DISTINCT FROM l.reference) AS same
                      FROM merchant_statement_line l
                      JOIN merchant_statement s ON s.id = l.statement_id
                      LEFT JOIN circuit_transaction t ON t.id = l.transaction_id
                      LEFT JOIN LATERAL (SELECT CASE t.kind WHEN 'refund' THEN -t.amount ELSE t.amount END AS amount
                                        ) AS x ON true
                      LEFT JOIN LATERAL (%s) AS ledger ON true
                      LEFT JOIN merchant_statement before ON l.kind = 'carried' AND before.name = l.origin_reference
                       AND before.company_id = s.company_id
                     WHERE l.statement_id = ANY(%s)
                ) AS v
                 WHERE v.intact IS NOT TRUE OR v.same IS NOT TRUE
                    OR (v.kind = 'carried' AND v.before IS DISTINCT FROM v.amount)
                    OR (v.kind <> 'carried' AND (v.moved, v.ledger) IS DISTINCT FROM (v.amount, v.amount))
                 ORDER BY v.statement_id, v.sequence
                """,
                self._verify_ledger(),
                self.ids,
            )
        )

    def _verify_ledger(self):
        """What else keeps the amount of a transaction ``t``: the stored-value ledger. Addons whose transactions have no
        account there say what keeps theirs.

        :return: SQL query of amount (EUR)
        """
        return SQL(
            "SELECT -sum(e.amount) AS amount FROM stored_value_entry e"
            " WHERE e.operation = t.key AND e.kind IN ('debit', 'give_back')"
        )

    def _line_sentence(self, row):
        """What is wrong with a line.

        :param dict row: as :meth:`_verify_lines` gives it
        :return: str
        """
        amounts = {name: self._verify_amount(row[name]) for name in ("amount", "moved", "ledger", "before")}
        said = {"line": row["sequence"], "reference": row["reference"] or row["origin_reference"] or "–", **amounts}
        if not row["intact"] and row["was_moved"]:
            return self.env._("line %(line)s, operation %(reference)s: says %(amount)s, was %(moved)s", **said)
        if not row["intact"]:
            return self.env._("line %(line)s, operation %(reference)s: was changed after it was written", **said)
        if row["kind"] == "carried":
            return self.env._(
                "line %(line)s: %(amount)s carried in, but statement %(reference)s now says %(before)s", **said
            )
        if not row["same"]:
            return self.env._(
                "line %(line)s, operation %(reference)s: its transaction was changed since (date, merchant, funder or"
                " state)",
                **said,
            )
        if row["moved"] != row["amount"]:
            return self.env._(
                "line %(line)s, operation %(reference)s: its transaction was changed since: it says %(moved)s, the"
                " statement %(amount)s",
                **said,
            )
        return self.env._(
            "line %(line)s, operation %(reference)s: says %(amount)s, but the stored-value ledger %(ledger)s", **said
        )

    def _verify_query(self):
        """Every statement with what its lines add up to and the statements of its chain.

        :return: SQL
        """
        return SQL(
            """
            SELECT s.id, s.name, s.company_id, s.merchant_id, s.funder_id, s.month, s.transaction_count, s.charged::text,
                   s.corrected::text, s.carried::text, s.total::text, s.stamp::text, s.stamp_borne_by, s.payable::text,
                   s.digest, l.hashes, l.sequences, l.transactions, l.charged::text AS lines_charged,
                   l.corrected::text AS lines_corrected, l.carried::text AS lines_carried,
                   m.name AS bill, m.amount_total::text AS billed, before.name AS before_name,
                   before.digest AS before_digest,
                   (SELECT b.digest FROM merchant_statement b
                     WHERE b.merchant_id = s.merchant_id AND b.funder_id = s.funder_id AND b.month < before.month
                     ORDER BY b.month DESC LIMIT 1) AS before_that,
                   number.value > 1 AND NOT EXISTS (
                       SELECT 1 FROM merchant_statement n WHERE n.company_id = s.company_id AND n.name = left(s.name, 11)
                          || lpad((number.value - 1)::text, greatest(4, length((number.value - 1)::text)), '0')) AS gap
              FROM merchant_statement s
              LEFT JOIN LATERAL (
                    SELECT array_agg(hash ORDER BY sequence) AS hashes, array_agg(sequence ORDER BY sequence) AS sequences,
                           count(transaction_id) AS transactions,
                           coalesce(sum(amount) FILTER (WHERE kind = 'payment'), 0) AS charged,
                           coalesce(sum(amount) FILTER (WHERE kind = 'correction'), 0) AS corrected,
                           coalesce(sum(amount) FILTER (WHERE kind = 'carried'), 0) AS carried
                      FROM merchant_statement_line WHERE statement_id = s.id
                   ) AS l ON true
              LEFT JOIN LATERAL (
                    SELECT b.name, b.month, b.digest FROM merchant_statement b
                     WHERE b.merchant_id = s.merchant_id AND b.funder_id = s.funder_id AND b.month < s.month
                     ORDER BY b.month DESC LIMIT 1
                   ) AS before ON true
              LEFT JOIN LATERAL (SELECT substring(s.name FROM '^EC/[0-9]{4}/[0-9]{2}/([0-9]{1,9})$')::integer AS value
                                ) AS number ON true
              LEFT JOIN account_move m ON m.id = s.move_id AND m.state = 'posted'
             WHERE s.id = ANY(%s) ORDER BY s.id
            """,
            self.ids,
        )

    def _verify_sources(self):
        """Sources of funds of these statements.

        :return: dict of statement id to list of (fund id, 0: none; Decimal EUR)
        """
        rows = self.env.execute_query(
            SQL(
                "SELECT statement_id, %s, amount::text FROM merchant_statement_source WHERE statement_id = ANY(%s)",
                self._source_key(),
                self.ids,
            )
        )
        sources = {}
        for statement, fund, amount in rows:
            sources.setdefault(statement, []).append((fund, Decimal(amount)))
        return sources

    # ------------------------------------------------------------------ what is said

    def _count_sentences(self, row):
        """Lines and numbers that are missing or too many."""
        sequences = row["sequences"] or []
        if row["gap"]:
            yield self.env._("the statement with the number before this one is missing")
        if row["transactions"] < row["transaction_count"]:
            yield self.env._(
                "lines are missing: %(there)s of %(count)s transactions are there. In no statement: %(candidates)s",
                there=row["transactions"],
                count=row["transaction_count"],
                candidates=self.browse(row["id"])._verify_candidates() or "–",
            )
        elif row["transactions"] > row["transaction_count"]:
            yield self.env._(
                "lines were added: %(there)s transactions are there, %(count)s when it was made",
                there=row["transactions"],
                count=row["transaction_count"],
            )
        missing = sorted(set(range(1, max(sequences, default=0) + 1)) - set(sequences))
        if missing:
            yield self.env._("line %s is missing", ", ".join(map(str, missing)))

    def _verify_candidates(self):
        """Captured payments of this merchant and month that are in no statement.

        :return: str, naming the first ten
        """
        self.ensure_one()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT t.reference, (CASE t.kind WHEN 'refund' THEN -t.amount ELSE t.amount END)::text
                  FROM circuit_transaction t
                  JOIN circuit_funder f ON f.id = t.funder_id
                  JOIN circuit_circuit c ON c.id = f.circuit_id
                 WHERE t.merchant_id = %s AND t.funder_id = %s AND t.state = 'captured'
                   AND date_trunc('month', t.captured_at AT TIME ZONE 'UTC' AT TIME ZONE c.tz)::date = %s
                   AND NOT EXISTS (SELECT 1 FROM merchant_statement_line l WHERE l.transaction_id = t.id)
                 ORDER BY t.captured_at LIMIT 10
                """,
                self.merchant_id.id,
                self.funder_id.id,
                self.month,
            )
        )
        return ", ".join(f"{reference} ({self._verify_amount(amount)})" for reference, amount in rows)

    def _figure_sentences(self, row, sources):
        """Figures that are not what the lines add up to."""
        value = {name: Decimal(row[name]) for name in ("charged", "corrected", "carried", "total", "stamp", "payable")}
        lines = {name: Decimal(row[f"lines_{name}"]) for name in ("charged", "corrected", "carried")}
        total = sum(lines.values(), Decimal())
        borne = value["stamp"] if row["stamp_borne_by"] == "body" else Decimal()
        expected = {**lines, "total": total, "payable": max(value["total"], Decimal()) + borne}
        for name, amount in expected.items():
            if value[name] != amount:
                yield self.env._(
                    "%(field)s: says %(said)s, must be %(amount)s",
                    field=self._fields[name]._description_string(self.env),
                    said=self._verify_amount(value[name]),
                    amount=self._verify_amount(amount),
                )
        split = sum((amount for _fund, amount in sources), Decimal())
        if split != value["total"]:
            yield self.env._(
                "the sources of funds add up to %(said)s, the statement to %(amount)s",
                said=self._verify_amount(split),
                amount=self._verify_amount(value["total"]),
            )
        if row["billed"] is not None and Decimal(row["billed"]) != value["payable"]:
            yield self.env._(
                "bill %(bill)s says %(said)s, the statement %(amount)s",
                bill=row["bill"],
                said=self._verify_amount(row["billed"]),
                amount=self._verify_amount(value["payable"]),
            )

    def _digest_sentences(self, row, sources):
        """A digest that does not fit the statement and the one before it."""
        hashes = row["hashes"] or []

        def digest(previous, hashes=hashes):
            return chain.statement_digest(
                chain.Statement(
                    previous or "",
                    row["name"],
                    row["merchant_id"],
                    row["funder_id"],
                    row["month"],
                    *(Decimal(row[name]) for name in ("charged", "corrected", "carried", "total", "stamp")),
                    row["stamp_borne_by"],
                    Decimal(row["payable"]),
                    tuple(sources),
                ),
                chain.lines_digest(hashes),
            )

        if row["digest"] == digest(row["before_digest"]):
            return
        if row["before_name"] and row["digest"] == digest(row["before_that"]):
            yield self.env._("statement %s was put in before it later", row["before_name"])
            return
        for position in range(len(hashes) if len(hashes) <= TRIED else 0):
            if row["digest"] == digest(row["before_digest"], hashes[:position] + hashes[position + 1 :]):
                yield self.env._("line %s was added after it was made", row["sequences"][position])
                return
        yield self.env._(
            "its digest no longer fits: number, merchant, month, figures, sources or lines were changed, or the"
            " statement before it (%s)",
            row["before_name"] or "–",
        )

    def _verify_amount(self, amount):
        """An amount as people read it.

        :param amount: Decimal or its text, EUR; None: nothing there
        :return: str
        """
        currency = self[:1].currency_id or self.env.company.currency_id
        return "–" if amount is None else format_amount(self.env, float(amount), currency)
