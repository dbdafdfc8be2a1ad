"""Files to download around the import of the registry."""

import csv
import io

from odoo import http
from odoo.http import content_disposition, request

from ..rules.registry_file import safe_cell

TEMPLATE = [
    [
        "Codice famiglia",
        "Codice fiscale",
        "Cognome",
        "Nome",
        "Data di nascita",
        "Parentela",
        "Indirizzo",
        "CAP",
        "Comune",
        "Dal",
        "Al",
        "Data decesso",
    ],
    [
        "F0001",
        "RSSMRA85T10A562S",
        "Rossi",
        "Mario",
        "10/12/1985",
        "intestatario",
        "Via Roma 1",
        "85012",
        "",
        "",
        "",
        "",
    ],
    ["F0001", "", "Rossi", "Anna", "20/03/2024", "figlia", "Via Roma 1", "85012", "", "20/03/2024", "", ""],
]


def _csv(name, rows):
    """A CSV download that Excel opens as it is: UTF-8 with its mark, semicolons, and no cell is a formula."""
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=";").writerows([safe_cell(str(cell or "")) for cell in row] for row in rows)
    headers = [("Content-Type", "text/csv; charset=utf-8"), ("Content-Disposition", content_disposition(name))]
    return request.make_response(stream.getvalue().encode("utf-8-sig"), headers)


class FamilyRegistryFiles(http.Controller):
    @http.route("/family-card/registry/template.csv", type="http", auth="user", methods=["GET"])
    def registry_template(self):
        """The columns that the import understands, with two invented people."""
        request.env["family.registry.import"].check_access("read")
        return _csv("anagrafe.csv", TEMPLATE)

    @http.route(
        '/family-card/registry/<model("family.registry.import"):record>/errors.csv',
        type="http",
        auth="user",
        methods=["GET"],
    )
    def registry_errors(self, record):
        """Errors and warnings of one file."""
        record.check_access("read")
        _ = request.env._
        labels = {
            name: dict(request.env["family.registry.import.line"]._fields[name]._description_selection(request.env))
            for name in ("kind", "column_name")
        }
        rows = [[_("Row"), _("Kind"), _("Column"), _("Person"), _("What is wrong")]]
        rows += [
            [
                line.row,
                labels["kind"].get(line.kind),
                labels["column_name"].get(line.column_name),
                line.name,
                line.message,
            ]
            for line in record.problem_ids
        ]
        return _csv("errors.csv", rows)
