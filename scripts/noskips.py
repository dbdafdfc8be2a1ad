"""noskips.py REPORT: exit 1 when a JUnit report holds a skipped test; what is skipped proves nothing."""

import sys
from pathlib import Path
from xml.etree import ElementTree


def skipped(report):
    """Return "test: reason" of every skipped test of a JUnit report given as text."""
    return [
        f"{case.get('classname')}.{case.get('name')}: {skip.get('message')}"
        for case in ElementTree.fromstring(report).iter("testcase")  # noqa: S314 - a report that pytest has just written
        for skip in case.iter("skipped")
    ]


def main(arguments):
    """Judge the given reports; returns 1 when one has skipped tests."""
    found = [
        line for name in arguments if Path(name).exists() for line in skipped(Path(name).read_text(encoding="utf-8"))
    ]
    for line in found:
        print(f"skipped: {line}", file=sys.stderr)
    if found:
        print(f"[civic] {len(found)} test(s) skipped: a skipped test fails the run", file=sys.stderr)
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
