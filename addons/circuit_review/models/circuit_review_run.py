from datetime import UTC
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.tools import SQL, split_every

from ..rules import patterns

MERCHANT_CHUNK = 100
INSTRUMENT_CHUNK = 1000


class CircuitReviewCase(models.Model):
    """Looking for patterns, and keeping what was found once."""

    _inherit = "circuit.review.case"

    @api.model
    def _cron_review(self):
        """Scheduled: look at the payments of every circuit.

        :return: circuit.review.case, the new ones
        """
        new = self.browse()
        for circuit in self.env["circuit.circuit"].search([("state", "in", ("running", "stopped"))]):
            new |= self._review_circuit(circuit)
        return new

    @api.model
    def _review_circuit(self, circuit, now=None):
        """Look at a circuit's payments, some shops and some cards at a time. Looking again finds nothing new: facts of a
        decided case are not looked at for the same pattern, those of an open one join it.

        :param circuit: circuit.circuit
        :param datetime now: UTC
        :return: circuit.review.case, the new ones
        """
        now = now or fields.Datetime.now()
        periods = circuit._review_periods()
        parameters = [terms._parameters() for terms, _from, _to in periods]
        since = self._since(now, parameters)
        new = self.browse()
        shops = min(one.merchants_count for one in parameters)
        chunks = [
            (patterns.BY_INSTRUMENT, {"instruments": list(chunk)})
            for chunk in split_every(INSTRUMENT_CHUNK, self._busy_instruments(circuit, since, shops))
        ] + [
            (patterns.BY_MERCHANT, {"merchants": list(chunk)})
            for chunk in split_every(MERCHANT_CHUNK, self._busy_merchants(circuit, since))
        ]
        for rules, scope in chunks:
            facts = self._facts(circuit, since, **scope)
            judged = self._judged(circuit, rules)
            found = []
            for (terms, first, last), own in zip(periods, parameters, strict=True):
                open_at_night = self._open_at_night(circuit, terms.night_activity_ids)
                for kind, rule in rules.items():
                    fresh = _without(facts._replace(open_at_night=open_at_night), *judged[kind])
                    found += [
                        finding
                        for finding in patterns.find(fresh, own, {kind: rule})
                        if first <= finding.last.date() < last
                    ]
            new |= self._keep(circuit, found)
            if self.env.context.get("cron_id"):
                self.env["ir.cron"]._commit_progress(1)
        return new

    @api.model
    def _judged(self, circuit, rules):
        """Facts of decided cases, by kind: they do not come back.

        :return: dict of kind to (ids of transactions, ids of refusals)
        """
        self.flush_model()
        judged = {}
        for kind in rules:
            ids = []
            for table, column in (
                ("circuit_review_case_transaction_rel", "transaction_id"),
                ("circuit_review_case_refusal_rel", "refusal_id"),
            ):
                rows = self.env.execute_query(
                    SQL(
                        "SELECT r.%s FROM %s r JOIN circuit_review_case c ON c.id = r.case_id"
                        " WHERE c.circuit_id = %s AND c.kind = %s AND c.state IN ('cleared', 'confirmed')",
                        SQL.identifier(column),
                        SQL.identifier(table),
                        circuit.id,
                        kind,
                    )
                )
                ids.append({one for (one,) in rows})
            judged[kind] = tuple(ids)
        return judged

    @api.model
    def _keep(self, circuit, found):
        """Make a case of what is new, let what is known join its open case.

        :param circuit: circuit.circuit
        :param list found: of Finding
        :return: circuit.review.case, the new ones
        """
        subjects = {}
        for finding in found:
            subjects.setdefault(finding.subject, []).append(finding)
        open_cases = self.search(
            [("circuit_id", "=", circuit.id), ("state", "in", ("new", "review")), ("subject", "in", list(subjects))]
        ).grouped("subject")
        new = self.browse()
        for subject, findings in subjects.items():
            case = open_cases.get(subject)
            if not case:
                new |= self._open_case(circuit, findings)
            else:
                case._grow(findings)
        return new

    @api.model
    def _open_case(self, circuit, findings):
        strongest = max(findings, key=lambda finding: (finding.score, finding.last))
        model, _comma, instrument = strongest.instrument.partition(",")
        case = self.create(
            {
                "kind": strongest.kind,
                "subject": strongest.subject,
                "circuit_id": circuit.id,
                "merchant_id": strongest.merchant or False,
                "terminal": strongest.till,
                "instrument_model": model,
                "instrument_id": int(instrument or 0),
                **self._case_facts(circuit, findings),
            }
        )
        if circuit.review_user_id:
            # no mail for each: the activity is in the list of whoever looks at them
            case.with_context(mail_activity_quick_update=True).activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=circuit.review_user_id.id,
                summary=self.env._("Look at this case"),
            )
        return case

    def _grow(self, findings):
        """Let facts found later join an open case; nothing is written when there are none."""
        self.ensure_one()
        transactions = {one for finding in findings for one in finding.payments}
        refusals = {one for finding in findings for one in finding.failures}
        if transactions <= set(self.transaction_ids.ids) and refusals <= set(self.refusal_ids.ids):
            return
        values = self._case_facts(self.circuit_id, findings)
        values["transaction_ids"] = [(4, one) for one in transactions]
        values["refusal_ids"] = [(4, one) for one in refusals]
        values["first_at"] = min(values["first_at"], self.first_at)
        values["last_at"] = max(values["last_at"], self.last_at)
        if values["score"] < self.score:
            del values["score"], values["figures"]
        self.write(values)

    @api.model
    def _case_facts(self, circuit, findings):
        """What a case says about its facts, out of findings about one subject."""
        zone = ZoneInfo(circuit.tz)

        def utc(at):
            return at.replace(tzinfo=zone).astimezone(UTC).replace(tzinfo=None)

        strongest = max(findings, key=lambda finding: (finding.score, finding.last))
        return {
            "score": strongest.score,
            "figures": strongest.figures,
            "first_at": utc(min(finding.first for finding in findings)),
            "last_at": utc(max(finding.last for finding in findings)),
            "transaction_ids": [(6, 0, sorted({one for finding in findings for one in finding.payments}))],
            "refusal_ids": [(6, 0, sorted({one for finding in findings for one in finding.failures}))],
        }


def _without(facts, transactions, refusals):
    """Facts that nobody has judged yet."""
    return facts._replace(
        payments=tuple(row for row in facts.payments if row.id not in transactions),
        refunds=tuple(row for row in facts.refunds if row.id not in transactions),
        failures=tuple(row for row in facts.failures if row.id not in refusals),
    )
