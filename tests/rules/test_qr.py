"""The picture of a QR code."""

import re

from hypothesis import given
from hypothesis import strategies as st
from rules_loader import load

qr = load("merchant_circuit", "qr")

texts = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", min_size=52, max_size=52).map("CC1.{}".format)


@given(texts)
def test_the_path_draws_exactly_the_dark_modules(text):
    """R-004-71: nothing else, and inside the quiet zone."""
    rows = qr.modules(text)
    drawn = set()
    for x, y, width, back in re.findall(r"M(\d+) (\d+)h(\d+)v1H(\d+)z", qr.svg_path(rows)):
        assert x == back
        drawn |= {(int(x) + step, int(y)) for step in range(int(width))}

    dark = {(x + qr.QUIET, y + qr.QUIET) for y, row in enumerate(rows) for x, on in enumerate(row) if on}
    assert drawn == dark
    assert qr.side(rows) == len(rows) + 8


@given(texts)
def test_a_one_time_code_stays_coarse(text):
    """R-004-71: 29 modules a side, so that a cheap reader gets it off a small screen."""
    rows = qr.modules(text)

    assert len(rows) == 29
    assert {len(row) for row in rows} == {29}
