"""Printed coupons: pages of A4 with twenty-four of them, each a QR code and what it is worth (R-000-05)."""

import io
from collections.abc import Iterable
from typing import NamedTuple

from reportlab.graphics.barcode import qrencoder
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import registerFont, stringWidth
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen.canvas import Canvas

COLUMNS, ROWS = 3, 8
A_PAGE = COLUMNS * ROWS
CELL_WIDTH, CELL_HEIGHT = 66 * mm, 34 * mm
LEFT, TOP = 6 * mm, 12 * mm
QR_SIDE = 24 * mm
QUIET = 2
TEXT_LEFT = QR_SIDE + 5 * mm


class Words(NamedTuple):
    """What every coupon of a sheet says, in the language of the sheet."""

    title: str
    worth: str
    shop: str
    until: str
    foot: str
    """Beneath each page."""


def draw(codes: Iterable[str], words: Words, first: int) -> bytes:
    """A sheet of coupons to cut out.

    :param codes: as shown, EC-XXXX-XXXX-XXXX-XXXX
    :param words: the same on every coupon
    :param first: number of the first coupon in its batch
    :returns: PDF
    """
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=A4, pageCompression=1)
    canvas.setTitle(words.title)
    font = _font()
    for at, code in enumerate(codes):
        place = at % A_PAGE
        if at and not place:
            canvas.showPage()
        if not place:
            canvas.setFont(font, 7)
            canvas.drawString(LEFT, 6 * mm, words.foot)
        _coupon(canvas, font, place, code, words, first + at)
    canvas.showPage()
    canvas.save()
    return target.getvalue()


def _font():
    """A font with all letters where the system has one, else the PDF's own."""
    try:
        registerFont(TTFont("DejaVuSans", "DejaVuSans.ttf"))
    except TTFError:
        return "Helvetica"
    return "DejaVuSans"


def _coupon(canvas, font, place, code, words, number):
    left = LEFT + place % COLUMNS * CELL_WIDTH
    bottom = A4[1] - TOP - (place // COLUMNS + 1) * CELL_HEIGHT
    canvas.setDash(1, 2)
    canvas.setLineWidth(0.4)
    canvas.rect(left, bottom, CELL_WIDTH, CELL_HEIGHT)
    canvas.setDash()
    _qr(canvas, left + 2 * mm, bottom + CELL_HEIGHT - QR_SIDE - 2 * mm, code.replace("-", ""))
    right = left + CELL_WIDTH - 2 * mm
    line = bottom + CELL_HEIGHT - 6 * mm
    for text, size in ((words.worth, 12), (words.title, 8), (words.shop, 7), (words.until, 7), (f"n. {number}", 6)):
        canvas.setFont(font, size)
        canvas.drawString(left + TEXT_LEFT, line, _fit(text, font, size, right - left - TEXT_LEFT))
        line -= 4.6 * mm
    canvas.setFont(font, 9)
    canvas.drawString(left + 3 * mm, bottom + 2.5 * mm, code)


def _fit(text, font, size, width):
    """A text that fits its place, shortened where it must be."""
    if stringWidth(text, font, size) <= width:
        return text
    while text and stringWidth(f"{text}…", font, size) > width:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _qr(canvas, left, bottom, text):
    """A QR code as one filled path: runs of dark modules are rectangles."""
    code = qrencoder.QRCode(None, qrencoder.QRErrorCorrectLevel.M)
    code.addData(text)
    code.make()
    size = code.getModuleCount()
    module = QR_SIDE / (size + 2 * QUIET)
    path = canvas.beginPath()
    for row in range(size):
        start = None
        for column in range(size + 1):
            dark = column < size and code.isDark(row, column)
            if dark and start is None:
                start = column
            elif not dark and start is not None:
                path.rect(
                    left + (start + QUIET) * module,
                    bottom + QR_SIDE - (row + 1 + QUIET) * module,
                    (column - start) * module,
                    module,
                )
                start = None
    canvas.drawPath(path, stroke=0, fill=1)
