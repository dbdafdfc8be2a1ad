from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class CircuitOperator(models.Model):
    """Who runs a circuit from a day on: one at any date, never the promoter itself (R-000-01)."""

    _name = "circuit.operator"
    _description = "Operator of a circuit"
    _order = "circuit_id, date_from desc"
    _rec_name = "operator_id"

    circuit_id = fields.Many2one("circuit.circuit", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="circuit_id.company_id", store=True, index=True)
    date_from = fields.Date(
        "From", required=True, default=fields.Date.context_today, help="It runs the circuit until the next one begins."
    )
    operator_id = fields.Many2one(
        "res.partner", ondelete="restrict", help="Empty: from this day on the public body runs the circuit by itself."
    )
    act = fields.Char(help="Contract or award, e.g. its number and date.")

    _one_a_day = models.Constraint("UNIQUE (circuit_id, date_from)", "Another operator begins on this day.")

    @api.constrains("operator_id", "circuit_id")
    def _check_operator(self):
        """Operator and promoter are two (R-000-01).

        :raise ValidationError: they are the same, or parts of the same body
        """
        for line in self.filtered("operator_id"):
            bodies = line.operator_id | line.operator_id.commercial_partner_id
            if bodies & (line.circuit_id.promoter_id | line.circuit_id.promoter_id.commercial_partner_id):
                raise ValidationError(
                    self.env._("The operator of a circuit must be somebody else than its promoter (R-000-01).")
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Name operators from today on; who ran the circuit in the past is history.

        :raise UserError: it would begin in the past of a circuit that had an operator
        """
        lines = super().create(vals_list + self._undated(vals_list))
        for line in lines:
            if line.circuit_id.operator_ids - lines:
                line._check_future()
            line._tell()
        return lines[: len(vals_list)]

    @api.model
    def _undated(self, vals_list):
        """Lines of whoever was named before operators had dates: they run the circuit until the first line begins.

        :return: list of dict
        """
        wanted = {vals.get("circuit_id"): fields.Date.to_date(vals.get("date_from") or date.min) for vals in vals_list}
        return [
            {
                "circuit_id": circuit.id,
                "date_from": circuit.create_date.date(),
                "operator_id": circuit.operator_id.id,
            }
            for circuit in self.env["circuit.circuit"].browse(filter(None, wanted)).exists()
            if circuit.operator_id and not circuit.operator_ids and wanted[circuit.id] > circuit._local_today()
        ]

    def write(self, vals):
        """Change who runs the circuit from today or a later day on.

        :raise UserError: it began before today, or would
        """
        decisive = vals.keys() & {"circuit_id", "date_from", "operator_id"}
        if decisive:
            self._check_future()
        result = super().write(vals)
        if decisive:
            self._check_future()
            self._tell()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_only_future(self):
        self._check_future()

    def _check_future(self):
        """What was is not rewritten.

        :raise UserError: one of them begins before today
        """
        for line in self:
            if line.date_from < line.circuit_id._local_today():
                raise UserError(
                    self.env._(
                        "%s: who ran the circuit in the past cannot be changed. Add a line that begins today or later.",
                        line.circuit_id.name,
                    )
                )

    def _tell(self):
        """Keep in the circuit's history who runs it from when on."""
        for line in self:
            name = line.operator_id.display_name or self.env._("the public body itself")
            line.circuit_id._note(self.env._("Run from %(day)s on by: %(name)s", day=line.date_from, name=name))
