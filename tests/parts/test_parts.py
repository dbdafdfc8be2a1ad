"""What `./civic test` ran outside this pytest — lint, and the addons' tests inside Odoo — counts in its closing line.

CIVIC_PARTS holds "lint=0 addons=1": the parts and their exit codes. The addons' tests are read from the report that
their own pytest wrote a moment ago.
"""

import os
from pathlib import Path
from xml.etree import ElementTree

import pytest
from support import leaks
from support.server import DEV

PARTS = dict(part.split("=") for part in os.environ.get("CIVIC_PARTS", "").split())
REPORT = DEV / "reports" / "addons.xml"


def cases(report):
    """Return [(test, what went wrong or None)] of a JUnit report; what was skipped went wrong."""
    if not Path(report).exists():
        return []
    return [
        (
            f"{case.get('classname')}.{case.get('name')}",
            next(
                (f"{bad.tag}: {bad.get('message')}" for bad in case if bad.tag in ("failure", "error", "skipped")), None
            ),
        )
        for case in ElementTree.parse(report).iter("testcase")  # noqa: S314 - a report that pytest has just written
    ]


@pytest.mark.parametrize("part", ["lint", "addons"])
def test_the_part_passed(part):
    assert PARTS.get(part) == "0", f"{part} failed: see what it said further up"


@pytest.mark.parametrize(("name", "problem"), [pytest.param(*case, id=case[0]) for case in cases(REPORT)])
def test_in_odoo(name, problem):
    assert problem is None, f"{name} did not pass inside Odoo: see further up"


@pytest.mark.parametrize("log", sorted(path.name for path in (DEV / "logs").glob("*.log")))
def test_no_log_of_the_run_tells_a_secret(log):
    """R-004-74, R-004-101: installation, demo and the addons' tests write no PIN and no full fiscal code."""
    assert leaks.in_text((DEV / "logs" / log).read_text(errors="replace")) == []
