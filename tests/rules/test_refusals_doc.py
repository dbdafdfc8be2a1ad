"""docs/refusals.md names every refusal code once."""

import re
from pathlib import Path

from rules_loader import load

refusals = load("merchant_circuit", "refusals")
PAGE = Path(__file__).resolve().parents[2] / "docs" / "refusals.md"


def test_every_code_is_explained_once():
    """R-004-76: a shop's help desk finds what the till said."""
    codes = re.findall(r"^\| `([A-Z_]+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)

    assert sorted(codes) == sorted(code.value for code in refusals.Code)
