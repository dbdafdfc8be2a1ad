"""What Odoo asks of wkhtmltopdf, done by headless Chromium, on machines that have no wkhtmltopdf.

For development and tests only: Debian no longer packages wkhtmltopdf. The Docker image brings the real program, and a
real one on PATH is preferred. Bodies are printed one after the other; header and footer are laid over each page.
"""

import io
import os
import re
import resource
import sys
import urllib.parse
from pathlib import Path

from playwright.sync_api import sync_playwright
from pypdf import PdfReader, PdfWriter, Transformation

FLAGS = {
    "--disable-local-file-access",
    "--quiet",
    "--header-line",
    "--footer-line",
    "--disable-smart-shrinking",
}
SIZES = {"A3": (297, 420), "A4": (210, 297), "A5": (148, 210), "A6": (105, 148), "Letter": (215.9, 279.4)}
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
POINTS = 72 / 25.4


def parse(arguments):
    """Options and files of a command line.

    :return: (dict of option to its last value, list of files)
    """
    options, files, rest = {}, [], list(arguments)
    while rest:
        word = rest.pop(0)
        if word in FLAGS:
            options[word] = True
        elif word == "--cookie":
            del rest[:2]  # the session stays here: nothing that we print has to be fetched with it
        elif word.startswith("--"):
            options[word] = rest.pop(0)
        else:
            files.append(word)
    return options, files


def millimetres(options, name):
    """Value of an option in mm, 0 when it is not given."""
    return float(re.sub(r"[^0-9.]", "", str(options.get(name, ""))) or 0)


def page_size(options):
    """Width and height of the paper in mm."""
    width, height = SIZES.get(options.get("--page-size", "A4"), SIZES["A4"])
    if "--page-width" in options:
        width, height = millimetres(options, "--page-width"), millimetres(options, "--page-height")
    return (height, width) if options.get("--orientation", "").lower() == "landscape" else (width, height)


class Printer:
    """A browser page that prints files."""

    def __init__(self, page, options):
        self.page, self.options = page, options
        self.width, self.height = page_size(options)
        self.top, self.bottom, self.left, self.right = (
            millimetres(options, f"--margin-{side}") for side in ("top", "bottom", "left", "right")
        )

    def pdf(self, address, height, top, bottom):
        """Print one address.

        :return: pypdf.PdfReader
        """
        self.page.goto(address, wait_until="load", timeout=60000)
        self.page.evaluate("document.fonts.ready")
        margin = {"top": f"{top}mm", "bottom": f"{bottom}mm", "left": f"{self.left}mm", "right": f"{self.right}mm"}
        content = self.page.pdf(print_background=True, width=f"{self.width}mm", height=f"{height}mm", margin=margin)
        return PdfReader(io.BytesIO(content))

    def overlay(self, page, body, number, count):
        """Lay header and footer over a printed page, with the page numbers that Odoo's script asks for."""
        query = urllib.parse.urlencode(
            {"page": number, "topage": count, "frompage": 1, "sitepage": number, "sitepages": count, "webpage": body}
        )
        for option, height, low in (
            ("--header-html", self.top, self.height - self.top),
            ("--footer-html", self.bottom, 0),
        ):
            if option in self.options and height:
                strip = self.pdf(f"{Path(self.options[option]).as_uri()}?{query}", height, 0, 0)
                page.merge_transformed_page(strip.pages[0], Transformation().translate(0, low * POINTS))

    def document(self, bodies):
        """All bodies in one document.

        :return: pypdf.PdfWriter
        """
        writer = PdfWriter()
        for body in bodies:
            pages = self.pdf(Path(body).as_uri(), self.height, self.top, self.bottom).pages
            for number, page in enumerate(pages, 1):
                self.overlay(page, body, number, len(pages))
                writer.add_page(page)
        writer.compress_identical_objects()
        return writer


def main(arguments):
    """Print the bodies named on a command line into its last file."""
    if "--version" in arguments:
        print("wkhtmltopdf 0.12.6 (with patched qt) [Chromium in its place]")
        return
    # Odoo caps the address space of its processes; Chromium reserves more than that.
    resource.setrlimit(resource.RLIMIT_AS, (resource.getrlimit(resource.RLIMIT_AS)[1],) * 2)
    options, files = parse(arguments)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=ARGUMENTS)
        page = browser.new_page()
        document = Printer(page, options).document(files[:-1])
        browser.close()
    document.write(files[-1])


if __name__ == "__main__":
    main(sys.argv[1:])
