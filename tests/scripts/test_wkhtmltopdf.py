"""The stand-in for wkhtmltopdf reads the command lines that Odoo writes."""

import runpy
from pathlib import Path

import pytest

program = runpy.run_path(str(Path(__file__).resolve().parents[2] / "scripts" / "wkhtmltopdf.py"))


def test_a_command_line_of_odoo():
    """Flags take no value, the session cookie is left out, the rest are options and files."""
    line = "--disable-local-file-access --cookie session_id secret --quiet --page-size A4 --margin-top 40.0 --dpi 90"
    options, files = program["parse"]([*line.split(), "--orientation", "Landscape", "a.html", "b.html", "out.pdf"])

    assert files == ["a.html", "b.html", "out.pdf"]
    assert "secret" not in str(options)
    assert program["millimetres"](options, "--margin-top") == 40
    assert program["page_size"](options) == (297, 210)


@pytest.mark.parametrize(
    ("options", "size"),
    [
        ({}, (210, 297)),
        ({"--page-size": "A5"}, (148, 210)),
        ({"--page-width": "86.0mm", "--page-height": "54.0mm", "--orientation": "Portrait"}, (86, 54)),
    ],
)
def test_paper(options, size):
    """R-004-14: a card has a size of its own."""
    assert program["page_size"](options) == size


def test_it_says_what_odoo_asks_for(capsys):
    """Odoo prints several documents, headers and footers only with the patched program."""
    program["main"](["--version"])
    assert "(with patched qt)" in capsys.readouterr().out
