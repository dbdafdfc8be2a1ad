from odoo import api, fields, models


class CircuitCircuit(models.Model):
    """The operator of a circuit is dated: exactly one at any date (R-000-01)."""

    _inherit = "circuit.circuit"

    operator_ids = fields.One2many("circuit.operator", "circuit_id", string="Operators")
    operator_id = fields.Many2one(compute="_compute_operator", inverse="_inverse_operator", store=True, readonly=False)

    @api.depends("operator_ids.operator_id", "operator_ids.date_from")
    def _compute_operator(self):
        """Who runs the circuit today; the scheduled job follows the calendar."""
        for circuit in self:
            if circuit.operator_ids:
                circuit.operator_id = circuit._operator_at(circuit._local_today())
            else:
                circuit.operator_id = circuit.operator_id

    def _inverse_operator(self):
        """Whoever is named without a date runs the circuit from today on."""
        for circuit in self:
            operator, today = circuit.operator_id, circuit._local_today()
            current = circuit._operator_at(today) if circuit.operator_ids else operator.browse()
            if operator == current:
                continue
            line = circuit.operator_ids.filtered(lambda line, today=today: line.date_from == today)
            if line:
                line.operator_id = operator
            else:
                self.env["circuit.operator"].create(
                    {"circuit_id": circuit.id, "date_from": today, "operator_id": operator.id}
                )

    def _operator_at(self, day):
        """Who runs the circuit on a day (R-000-01). The first operator, once it has begun, counts from the
        beginning; one who begins later runs nothing yet.

        :param date day: local day of the circuit
        :return: res.partner, empty when the public body runs it by itself
        """
        self.ensure_one()
        lines = self.operator_ids.sorted("date_from")
        if not lines:
            return self.operator_id  # named before operators had dates
        begun = lines.filtered(lambda line: line.date_from <= self._local_today())
        return (lines.filtered(lambda line: line.date_from <= day)[-1:] or begun[:1]).operator_id

    @api.model
    def _cron_operator(self):
        """Scheduled: operators that begin today take over, and the record rules with them."""
        circuits = self.search([("operator_ids", "!=", False)])
        circuits._compute_operator()
        circuits.flush_recordset(["operator_id"])
