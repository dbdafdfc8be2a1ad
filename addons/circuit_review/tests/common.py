from datetime import timedelta

from odoo import fields
from odoo.tools import SQL

from odoo.addons.merchant_circuit.tests.common import OfficeCase

SOON = {"merchants_count": 2, "failures_count": 3, "failures_share": 1}


class ReviewCase(OfficeCase):
    """Two shops, a card, an officer and an operator; low limits."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cases = cls.env["circuit.review.case"]
        cls.terms = cls.env["circuit.review.terms"].create(
            {"circuit_id": cls.circuit.id, "valid_from": "2020-01-01", "night_on": False, **SOON}
        )

    def look(self, days=0):
        """Look for patterns, some days later."""
        return self.cases._review_circuit(self.circuit, fields.Datetime.now() + timedelta(days=days))

    def round_trip(self):
        """The card pays at both shops within a minute.

        :return: circuit.transaction
        """
        replies = [self.authorize("2.00"), self.authorize("2.00", terminal=self.other_terminal)]
        for reply, terminal in zip(replies, (self.terminal, self.other_terminal), strict=True):
            self.capture(reply, "2.00", terminal=terminal)
        return self.transaction(replies[0]) | self.transaction(replies[1])

    def guess(self, times):
        """Codes are tried at the first shop's till."""
        for _time in range(times):
            self.authorize(identifier="NOBODY")

    def age(self, minutes):
        """Everything that happened so far happened earlier."""
        self.env.flush_all()
        for table, column in (("circuit_transaction", "authorized_at"), ("circuit_refusal", "at")):
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET %s = %s - make_interval(mins => %s)",
                    SQL.identifier(table),
                    SQL.identifier(column),
                    SQL.identifier(column),
                    minutes,
                )
            )
        self.env.invalidate_all()
