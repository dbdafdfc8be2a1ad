"""A QR code as one path of an SVG picture: sharp at any size, and nothing to load."""

from reportlab.graphics.barcode import qrencoder

#: White modules around the code that readers want.
QUIET = 4


def modules(text: str) -> list[list[bool]]:
    """The dark modules of a QR code, row by row, with medium error correction.

    :param text: what it says
    """
    code = qrencoder.QRCode(None, qrencoder.QRErrorCorrectLevel.M)
    code.addData(text)
    code.make()
    size = range(code.getModuleCount())
    return [[bool(code.isDark(row, column)) for column in size] for row in size]


def svg_path(rows: list[list[bool]]) -> str:
    """Path that fills the dark modules, each run of them one rectangle, inside the quiet zone."""
    parts = []
    for y, row in enumerate(rows, QUIET):
        start = None
        for x, dark in enumerate([*row, False], QUIET):
            if dark and start is None:
                start = x
            elif not dark and start is not None:
                parts.append(f"M{start} {y}h{x - start}v1H{start}z")
                start = None
    return "".join(parts)


def side(rows: list[list[bool]]) -> int:
    """Side of the picture in modules, quiet zone included."""
    return len(rows) + 2 * QUIET
