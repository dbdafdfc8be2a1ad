"""Leaves the HOOT test out as long as no addon has a JavaScript unit test."""

from pathlib import Path

ADDONS = Path(__file__).resolve().parents[2] / "addons"
collect_ignore = [] if list(ADDONS.glob("*/static/tests/unit/**/*.test.js")) else ["test_hoot.py"]
