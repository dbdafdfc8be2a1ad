from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.stored_value.tools import to_decimal

OPEN = ("draft", "sent", "signed", "checked")

# what the lines of statements say: statement, kind, operation, amount
FROM_LINES = """
SELECT l.statement_id, 'reversed', l.transaction_id, abs(l.amount)::text
  FROM merchant_statement_line l
 WHERE l.statement_id = ANY(%(ids)s) AND l.kind = 'correction'
UNION ALL
SELECT l.statement_id, 'above', l.transaction_id, l.amount::text
  FROM merchant_statement_line l
  JOIN merchant_statement s ON s.id = l.statement_id
  JOIN settlement_terms t ON t.id = s.terms_id
 WHERE l.statement_id = ANY(%(ids)s) AND l.kind = 'payment' AND l.amount > t.review_above
UNION ALL
SELECT l.statement_id, 'reversed_since', l.transaction_id, sum(r.amount)::text
  FROM merchant_statement_line l
  JOIN circuit_transaction r ON r.origin_id = l.transaction_id AND r.kind = 'refund' AND r.state = 'captured'
  LEFT JOIN merchant_statement_line rl ON rl.transaction_id = r.id
 WHERE l.statement_id = ANY(%(ids)s) AND l.kind = 'payment' AND rl.statement_id IS DISTINCT FROM l.statement_id
 GROUP BY l.statement_id, l.transaction_id
UNION ALL
SELECT l.statement_id, 'unbooked', NULL, sum(abs(l.amount))::text
  FROM merchant_statement_line l JOIN circuit_transaction x ON x.id = l.transaction_id
 WHERE l.statement_id = ANY(%(ids)s) AND x.move_id IS NULL
 GROUP BY l.statement_id
"""
# cases of the addon that looks for patterns, where it is installed
FROM_CASES = """
SELECT l.statement_id, c.id, sum(l.amount)::text
  FROM merchant_statement_line l
  JOIN circuit_review_case_transaction_rel r ON r.transaction_id = l.transaction_id
  JOIN circuit_review_case c ON c.id = r.case_id AND c.state <> 'cleared'
 WHERE l.statement_id = ANY(%(ids)s)
 GROUP BY l.statement_id, c.id
"""


class MerchantStatement(models.Model):
    """What somebody should look at before a statement is paid (R-001-22)."""

    _inherit = "merchant.statement"

    exception_ids = fields.One2many("settlement.exception", "statement_id", "Exceptions", readonly=True)
    stop_count = fields.Integer(
        "In the way", readonly=True, copy=False, help="Exceptions to be settled before the statement is approved."
    )

    def write(self, vals):
        """Look for exceptions as soon as the merchant has signed."""
        result = super().write(vals)
        if vals.get("state") == "signed":
            self._refresh_exceptions()
        return result

    def _refresh_exceptions(self):
        """Look again: list what is new, mark as settled what is not there any more."""
        # sudo: written by the statements themselves, whoever makes them look
        exceptions = self.env["settlement.exception"].sudo()
        now = fields.Datetime.now()
        facts = self._exception_facts()
        known = {row._fact_key(): row for row in exceptions.search([("statement_id", "in", self.ids)])}
        exceptions.create([vals for key, vals in facts.items() if key not in known])
        for key, row in known.items():
            if key not in facts and not row.settled_at:
                row.settled_at = now
            elif key in facts and (row.settled_at or to_decimal(row.amount) != Decimal(facts[key]["amount"])):
                row.write({"settled_at": False, "amount": facts[key]["amount"]})
        open_rows = exceptions.search([("statement_id", "in", self.ids), ("settled_at", "=", False)])
        by_statement = open_rows.grouped("statement_id")
        for statement in self.sudo():  # sudo: as above
            rows = by_statement.get(statement, open_rows.browse())
            counts = {"exception_count": len(rows), "stop_count": len(rows.filtered("stops"))}
            if counts != {name: statement[name] for name in counts}:
                statement.write(counts)

    def _exception_facts(self):
        """What there is to look at now.

        :return: dict, (statement, kind, operation, subject) → values of settlement.exception
        """
        self.env.flush_all()
        rows = [
            (statement, kind, operation, None, None, amount)
            for statement, kind, operation, amount in self.env.execute_query(SQL(FROM_LINES, ids=self.ids))
        ]
        if "circuit.review.case" in self.env:
            rows += [
                (statement, "suspicious", None, "circuit.review.case", case, amount)
                for statement, case, amount in self.env.execute_query(SQL(FROM_CASES, ids=self.ids))
            ]
        for statement in self.sudo():  # sudo: facts of merchants, whoever looks
            rows += [(statement.id, *rest) for rest in statement._merchant_facts()]
        return {
            (statement, kind, operation or 0, subject or 0): {
                "statement_id": statement,
                "kind": kind,
                "transaction_id": operation,
                "res_model": model,
                "res_id": subject,
                "amount": amount or "0",
            }
            for statement, kind, operation, model, subject, amount in rows
        }

    def _merchant_facts(self):
        """What is the matter with the merchant or with the signature.

        :return: list of (kind, operation, model, record, amount)
        """
        self.ensure_one()
        facts = []
        if self.late:
            facts.append(("late", None, None, None, None))
        if not self._payee_bank():
            facts.append(("no_iban", None, "res.partner", self.merchant_id.id, None))
        if not self._payee_fiscal_code():
            facts.append(("no_fiscal_code", None, "res.partner", self.merchant_id.id, None))
        agreements = self.env["circuit.agreement"].search(
            [
                ("merchant_id", "=", self.merchant_id.id),
                ("circuit_id", "=", self.circuit_id.id),
                ("state", "=", "suspended"),
            ]
        )
        facts += [
            ("suspended", None, "circuit.agreement", agreement.id, None)
            for agreement in agreements
            if not agreement.payable
        ]
        return facts

    def action_exceptions(self):
        """Button: look again and list what was found.

        :return: dict, action
        """
        self.check_access("read")
        self._refresh_exceptions()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id("merchant_settlement.action_exception"),
            "domain": [("statement_id", "in", self.ids)],
            "context": {},
        }

    def action_unbooked(self):
        """The operations of this statement that are not in the books.

        :return: dict, action
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Not booked yet"),
            "res_model": "circuit.transaction",
            "view_mode": "list,form",
            "domain": [("id", "in", self.line_ids.transaction_id.ids), ("move_id", "=", False)],
        }

    @api.model
    def _cron_refresh_exceptions(self):
        """Scheduled: look again at every statement that is not approved yet."""
        self.search([("state", "in", OPEN)])._refresh_exceptions()
