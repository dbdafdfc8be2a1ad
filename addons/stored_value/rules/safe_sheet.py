"""Spreadsheets in which no text is ever computed as a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

import xlsxwriter

# What a spreadsheet program takes for the beginning of a formula; the full-width signs are those of some locales.
_STARTERS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_BOM = "\ufeff"
_WIDEST = 50


def is_risky(text: str) -> bool:
    """Whether a spreadsheet program may compute a text instead of showing it.

    :param text: content of a cell
    :returns: also True when only blanks stand before the sign
    """
    return text.startswith(_STARTERS) or text.lstrip(" ").startswith(_STARTERS)


def safe_cell(text: str) -> str:
    """A text that a spreadsheet program shows as it is when it opens a CSV file.

    :param text: any text, e.g. the name of a person
    :returns: the text, with an apostrophe before it when it could be taken for a formula
    """
    return "'" + text if is_risky(text) else text


def write_csv(
    headers: Sequence[str], rows: Iterable[Sequence], above: Sequence[Sequence] = (), below: Sequence[Sequence] = ()
) -> bytes:
    """A CSV file: UTF-8 with its mark, semicolons as Italian spreadsheets expect them, no text that is a formula.

    :param headers: titles of the columns
    :param rows: cells: text, Decimal, int, date, datetime, bool or None
    :param above: rows before the titles, such as what was chosen; an empty row follows them
    :param below: rows after an empty one at the end, such as totals
    :returns: content of the file; numbers with a point, dates in ISO form
    """
    target = io.StringIO()
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    for row in (*_with_gap(above, after=True), headers, *rows, *_with_gap(below, after=False)):
        writer.writerow([_csv_cell(value) for value in row])
    return (_BOM + target.getvalue()).encode()


def _with_gap(rows, after):
    """Rows and an empty one that sets them apart; nothing when there are none."""
    if not rows:
        return []
    return [*rows, []] if after else [[], *rows]


def _csv_cell(value) -> str:
    if value is None or value is False:
        return ""
    if isinstance(value, str):
        return safe_cell(value)
    return value.isoformat(" ") if isinstance(value, datetime) else str(value)


def write_xlsx(
    headers: Sequence[str],
    rows: Iterable[Sequence],
    sheet: str = "Sheet1",
    above: Sequence[Sequence] = (),
    below: Sequence[Sequence] = (),
) -> bytes:
    """A workbook of one sheet: bold frozen titles, a filter, numbers as numbers, texts as texts.

    :param headers: titles of the columns
    :param rows: cells: text, Decimal (shown with two decimals), int, date, datetime (without zone), bool or None
    :param sheet: name of the sheet
    :param above: rows before the titles, such as what was chosen; an empty row follows them
    :param below: rows after an empty one at the end, such as totals; the filter leaves them alone
    :returns: content of the file
    """
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    page = book.add_worksheet(sheet)
    formats = {
        Decimal: book.add_format({"num_format": "#,##0.00"}),
        datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        date: book.add_format({"num_format": "yyyy-mm-dd"}),
        # Without it the text would become a formula as soon as somebody edits the cell.
        "quoted": book.add_format({"quote_prefix": True}),
    }
    bold = book.add_format({"bold": True, "bg_color": "#e9ecef"})
    widths = [len(title) + 4 for title in headers]
    first = 0
    for first, row in enumerate(_with_gap(above, after=True), 1):
        for column, value in enumerate(row):
            _xlsx_cell(page, first - 1, column, value, formats)
    for column, title in enumerate(headers):
        page.write_string(first, column, title, bold)
    last = first
    for last, row in enumerate(rows, first + 1):
        for column, value in enumerate(row):
            _xlsx_cell(page, last, column, value, formats)
            if column < len(widths):
                widths[column] = max(widths[column], min(len(str(value or "")) + 2, _WIDEST))
    for number, row in enumerate(_with_gap(below, after=False), last + 1):
        for column, value in enumerate(row):
            _xlsx_cell(page, number, column, value, formats)
    for column, width in enumerate(widths):
        page.set_column(column, column, width)
    if headers:
        page.freeze_panes(first + 1, 0)
        page.autofilter(first, 0, last, len(headers) - 1)
    book.close()
    return target.getvalue()


def _xlsx_cell(page, row, column, value, formats):
    """Write one value with the type it has; a text is never guessed to be anything else."""
    if value is None or value is False or value == "":
        return
    if isinstance(value, str):
        text = value[: page.xls_strmax]
        page.write_string(row, column, text, formats["quoted"] if is_risky(text) else None)
    elif isinstance(value, datetime):
        page.write_datetime(row, column, value, formats[datetime])
    elif isinstance(value, date):
        page.write_datetime(row, column, value, formats[date])
    elif isinstance(value, bool):
        page.write_boolean(row, column, value)
    else:
        page.write_number(row, column, value, formats[Decimal] if isinstance(value, Decimal) else None)
