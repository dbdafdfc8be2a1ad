"""Odoo's own list export with texts that stay texts: a citizen may be called "=HYPERLINK(…)"."""

from odoo.addons.web.controllers.export import CSVExport, ExcelExport, GroupExportXlsxWriter

from ..rules.safe_sheet import safe_cell


class SafeXlsxWriter(GroupExportXlsxWriter):
    """Odoo's writer takes a text that begins with "=" for a formula; this one never does."""

    def write(self, row, column, cell_value, style=None):
        """Write one cell.

        :param int row: from 0
        :param int column: from 0
        :param cell_value: str, number, date or None
        :param style: format of the workbook
        :return: what the library says, nothing of use
        """
        if isinstance(cell_value, str) and cell_value:
            return self.worksheet.write_string(row, column, cell_value, style)
        return super().write(row, column, cell_value, style)


class SafeExcelExport(ExcelExport):
    """Lists exported as XLSX."""

    def from_group_data(self, fields, columns_headers, groups):
        """See the method of Odoo; only the writer differs."""
        with SafeXlsxWriter(fields, columns_headers, groups.count) as writer:
            row, column = 1, 0
            for name, group in groups.children.items():
                row, column = writer.write_group(row, column, name, group)
        return writer.value

    def from_data(self, fields, columns_headers, rows):
        """See the method of Odoo; only the writer differs."""
        with SafeXlsxWriter(fields, columns_headers, len(rows)) as writer:
            for row_index, row in enumerate(rows, 1):
                for column, value in enumerate(row):
                    writer.write_cell(row_index, column, value)
        return writer.value


class SafeCsvExport(CSVExport):
    """Lists exported as CSV."""

    def from_data(self, fields, columns_headers, rows):
        """See the method of Odoo, which knows three of the signs that begin a formula; here are the others."""
        safe = [
            [
                safe_cell(cell) if isinstance(cell, str) and not cell.startswith(("=", "-", "+")) else cell
                for cell in row
            ]
            for row in rows
        ]
        return super().from_data(fields, columns_headers, safe)
