"""Pictures of codes as a camera sees them, for Chromium's fake video device."""

from PIL import Image, ImageFilter
from reportlab.graphics.barcode import qrencoder
from reportlab.graphics.barcode.code39 import Standard39

WIDTH, HEIGHT = 1280, 720
FRAMES = 10
NARROW, RATIO = 3, 2.5
MODULE = 10


def code39(text):
    """The bar code of the health card: its holder's fiscal code, without check digit, with quiet zones.

    Returns a greyscale picture.
    """
    code = Standard39(text, checksum=0)
    code.validate()
    code.encode()
    code.decompose()
    widths = {"b": NARROW, "B": round(NARROW * RATIO), "s": NARROW, "S": round(NARROW * RATIO), "i": NARROW}
    runs = [(one in "bB", widths[one]) for one in code.decomposed]
    height = 160
    picture = Image.new("L", (sum(width for _dark, width in runs) + 20 * NARROW, height + 40), 255)
    x = 10 * NARROW
    for dark, width in runs:
        if dark:
            picture.paste(0, (x, 20, x + width, 20 + height))
        x += width
    return picture


def qr(text):
    """The QR code of a card. Returns a greyscale picture."""
    code = qrencoder.QRCode(None, qrencoder.QRErrorCorrectLevel.M)
    code.addData(text)
    code.make()
    count = code.getModuleCount()
    picture = Image.new("L", (count + 8, count + 8), 255)
    for row in range(count):
        for column in range(count):
            if code.isDark(row, column):
                picture.putpixel((column + 4, row + 4), 0)
    return picture.resize((picture.width * MODULE, picture.height * MODULE), Image.NEAREST)


def film(picture, path, angle=2):
    """A film that holds a code in front of a table, a little crooked and not quite sharp.

    `path` is written as uncompressed YUV4MPEG2, which Chromium plays in a loop; returns it.
    """
    card = Image.new("L", (picture.width + 80, picture.height + 80), 235)
    card.paste(picture, (40, 40))
    card = card.rotate(angle, resample=Image.BICUBIC, expand=True, fillcolor=120)
    frame = Image.new("L", (WIDTH, HEIGHT), 120)
    frame.paste(card, ((WIDTH - card.width) // 2, (HEIGHT - card.height) // 2))
    light = frame.filter(ImageFilter.GaussianBlur(0.7)).tobytes()
    colour = bytes([128]) * (WIDTH * HEIGHT // 2)
    with path.open("wb") as out:
        out.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode())
        for _frame in range(FRAMES):
            out.write(b"FRAME\n" + light + colour)
    return path
