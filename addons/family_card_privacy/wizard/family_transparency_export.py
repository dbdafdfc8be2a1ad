import base64
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from odoo.addons.stored_value.tools import write_csv, write_xlsx

from ..rules import privacy


class FamilyTransparencyExport(models.TransientModel):
    """Figures of a programme for publication: no names, codes that nobody outside can trace, small groups left out
    (R-004-101, R-004-48)."""

    _name = "family.transparency.export"
    _description = "Figures without names"

    program_id = fields.Many2one(
        "family.card.program",
        "Programme",
        required=True,
        default=lambda self: self.env["family.card"]._default_program(),
    )
    content = fields.Selection(
        [("totals", "Totals by period and account"), ("beneficiaries", "One row a household, under a code")],
        required=True,
        default="totals",
    )
    file_format = fields.Selection([("xlsx", "XLSX"), ("csv", "CSV")], "Format", required=True, default="xlsx")
    least_people = fields.Integer(
        "Smallest group told",
        compute="_compute_least_people",
        help="Rows with fewer households are shown without figures; see the privacy terms.",
    )
    data = fields.Binary(readonly=True, attachment=False)
    file_name = fields.Char(readonly=True)

    @api.depends("program_id")
    def _compute_least_people(self):
        for wizard in self:
            company = wizard.program_id.company_id or self.env.company
            wizard.least_people = self.env["family.privacy.terms"]._in_force(company).least_people

    def action_export(self):
        """Button: make the file and download it.

        :raises AccessError: not a manager
        :raises UserError: nothing was credited yet
        """
        self.ensure_one()
        if not self.env.user.has_group("family_card.group_manager"):
            raise AccessError(self.env._("A manager publishes figures."))
        self.program_id.check_access("read")
        cells = self._cells()
        if not cells:
            raise UserError(self.env._("Nothing was credited in this programme yet."))
        headers, rows = self._totals(cells) if self.content == "totals" else self._beneficiaries(cells)
        write = write_xlsx if self.file_format == "xlsx" else write_csv
        name = f"{self.program_id.code}-{self.content}.{self.file_format}".replace("/", "-")
        self.write({"data": base64.b64encode(write(headers, rows)), "file_name": name})
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/data/{name}?download=true",
            "target": "download",
        }

    def _cells(self):
        """What each household had, from the entries themselves.

        :return: list of rules.privacy.Cell
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT coalesce(p.code, l.memo, ''), coalesce(s.code, ''), c.household_id,
                       coalesce(sum(e.amount) FILTER (WHERE e.kind IN ('credit', 'adjustment')), 0)::text,
                       coalesce(-sum(e.amount) FILTER (WHERE e.kind IN ('debit', 'give_back')), 0)::text,
                       coalesce(-sum(e.amount) FILTER (WHERE e.kind = 'expiry'), 0)::text,
                       sum(e.amount)::text
                  FROM stored_value_entry e
                  JOIN stored_value_lot l ON l.id = e.lot_id
                  LEFT JOIN family_card_period p ON p.id = l.period_id
                  JOIN stored_value_account a ON a.id = e.account_id
                  JOIN family_card c ON c.id = a.card_id
                  LEFT JOIN family_card_scheme_line s ON s.id = a.scheme_line_id
                 WHERE c.program_id = %s
                 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
                """,
                self.program_id.id,
            )
        )
        code = self.program_id.code
        return [
            privacy.Cell(code, period, account, household, *map(Decimal, amounts))
            for period, account, household, *amounts in rows
        ]

    def _totals(self, cells):
        _ = self.env._
        headers = [_("Programme"), _("Period"), _("Account"), _("Households"), _("Credited"), _("Spent"), _("Expired")]
        few = _("fewer than %s", self.least_people)
        rows = [
            [*group[:3], few if group.beneficiaries is None else group.beneficiaries, *group[4:]]
            for group in privacy.grouped(cells, self.least_people)
        ]
        return [*headers, _("Residual")], rows

    def _beneficiaries(self, cells):
        """One row a household; too few households are not told one by one.

        :raises UserError: fewer households than the smallest group
        """
        _ = self.env._
        # sudo: the secret of the codes is nobody's to read
        secret = self.env["ir.config_parameter"].sudo().get_param("database.secret")
        scope = f"transparency:{self.program_id.id}"
        sums = {}
        for cell in cells:
            before = sums.get(cell.beneficiary, (Decimal(0),) * 4)
            sums[cell.beneficiary] = tuple(map(sum, zip(before, cell[4:], strict=True)))
        if len(sums) < self.least_people:
            raise UserError(
                _("There are fewer than %s households: the list would tell who they are.", self.least_people)
            )
        rows = [[privacy.pseudonym(secret, scope, number), *amounts] for number, amounts in sums.items()]
        return [_("Household"), _("Credited"), _("Spent"), _("Expired"), _("Residual")], sorted(rows)
