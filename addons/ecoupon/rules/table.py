"""A spreadsheet or a text with separators as numbered rows of cells, told by its content and never by its name."""

import csv
import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import openpyxl

_DELIMITERS = ";,\t|"
_UNPACKED = 30  # a spreadsheet unpacks to some ten times its size; a bomb to a thousand times
_SPARE = 10 * 1024 * 1024  # small sheets pack better than large ones
# Documents that are no table, told by how they begin.
_OTHER = (b"%pdf", b"<", b"{\\rtf")


class FileError(ValueError):
    """The file as a whole cannot be read: a code, and what to show with it."""

    def __init__(self, code, *values):
        super().__init__(code)
        self.code, self.values = code, values


class Limits(NamedTuple):
    """Largest file: ``size`` in bytes, ``rows`` without the header."""

    size: int
    rows: int


class Formula(str):
    """A cell whose content is computed."""

    __slots__ = ()


def read(content: bytes, limits: Limits, known: Callable[[Sequence[str]], int]) -> tuple[list[str], list]:
    """The cells of a file; blank rows are passed over.

    :param content: the file
    :param limits: what is too much
    :param known: how many titles of a header are understood; decides between separators
    :return: (titles, list of (number of the row as people count, cells))
    :raises FileError: ``empty``, ``too_large``, ``too_many_rows``, ``old_excel``, ``macros``, ``not_a_sheet``,
        ``binary``, ``encoding`` or ``broken_quotes``
    """
    if not content.strip():
        raise FileError("empty")
    if len(content) > limits.size:
        raise FileError("too_large", limits.size // 1024)
    if content.startswith(b"PK\x03\x04"):
        return _numbered(_sheet(content, limits), limits)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileError("old_excel")
    if content.lstrip(b"\xef\xbb\xbf \t\r\n")[:8].lower().startswith(_OTHER):
        raise FileError("binary")
    return _numbered(_text(_decode(content), known), limits)


def _numbered(rows: Iterator[list], limits: Limits):
    numbered = (
        (number, cells)
        for number, cells in enumerate(rows, start=1)
        if any(str(cell).strip() for cell in cells if cell is not None)
    )
    _first, header = next(numbered, (0, None))
    if header is None:
        raise FileError("empty")
    header = ["" if title is None else str(title).strip() for title in header]
    while not header[-1]:
        header.pop()
    found = []
    for pair in numbered:
        if len(found) == limits.rows:
            raise FileError("too_many_rows", limits.rows)
        found.append(pair)
    if not found:
        raise FileError("empty")
    return header, found


def _decode(content: bytes) -> str:
    """UTF-8 with or without its mark, UTF-16 with its mark, else Windows-1252."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\x00" in content:
        raise FileError("binary")
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileError("encoding")


def _text(text, known):
    line = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(_DELIMITERS, key=lambda mark: known([title.strip().strip('"') for title in line.split(mark)]))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        yield from reader
    except csv.Error as error:
        raise FileError("broken_quotes", reader.line_num) from error


def _sheet(content, limits):
    """Rows of the first sheet; short ones are filled up, for a sheet does not store empty cells at the end."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if "xl/workbook.xml" not in archive.namelist():
                raise FileError("not_a_sheet")
            if any(name.lower().endswith("vbaproject.bin") for name in archive.namelist()):
                raise FileError("macros")
            # zipfile never unpacks more than an entry says of itself
            if sum(entry.file_size for entry in archive.infolist()) > len(content) * _UNPACKED + _SPARE:
                raise FileError("too_large", limits.size // 1024)
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False)
        sheet = book.worksheets[0]
        # what a sheet says of its own extent may be wrong; reset, the rows themselves decide
        sheet.reset_dimensions()
        width = 0
        for row in sheet.iter_rows():
            cells = [Formula(cell.value) if cell.data_type == "f" else cell.value for cell in row]
            while cells and cells[-1] is None:
                cells.pop()
            width = width or len(cells)
            yield cells + [None] * (width - len(cells))
    except FileError:
        raise
    # a damaged or hostile file makes the reader fail in many ways; all mean the same to the user
    except Exception as error:
        raise FileError("not_a_sheet") from error
