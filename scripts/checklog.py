"""Judges an Odoo log: checklog.py [--install] LOG...  Exit 1 and the offending records when the log is not clean.

Not clean is
  * ERROR or CRITICAL from anybody;
  * WARNING that comes from, or speaks of, an addon of this repository;
  * with --install (only our own addons are installed or updated on a ready database): WARNING from anybody.
"""

import argparse
import re
import sys
from pathlib import Path

RECORD = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \d+ (?P<level>[A-Z]+) (?P<db>\S+) (?P<logger>\S+): (?P<text>.*)$"
)
# Reason beside each: keep this list tiny.
ALLOWED = (
    # Odoo retries the whole request when PostgreSQL reports a serialization failure; the retry is the normal path.
    re.compile(r"odoo\.sql_db: bad query:.*could not serialize access", re.S),
)


def records(text):
    """Yield (level, logger, whole text) of each record; lines without a header belong to the record before."""
    current = None
    for line in text.splitlines():
        match = RECORD.match(line)
        if match:
            if current:
                yield tuple(current)
            current = [match["level"], match["logger"], f"{match['logger']}: {match['text']}"]
        elif current:
            current[2] += f"\n{line}"
        elif line.strip():
            # what a program prints before Odoo's logging is up, such as a traceback
            current = ["RAW", "", line]
    if current:
        yield tuple(current)


def is_bad(level, logger, text, addons, install=False):
    """Tell whether one record makes the log unclean; `addons` are the names of our addons."""
    if any(allowed.search(text) for allowed in ALLOWED):
        return False
    if level in ("ERROR", "CRITICAL"):
        return True
    if level == "RAW":
        return "Traceback (most recent call last)" in text
    if level != "WARNING":
        return False
    names = "|".join(map(re.escape, addons))
    return install or bool(
        addons
        and (
            re.search(rf"odoo\.addons\.({names})\b", text)
            or re.search(rf"addons/({names})/|\bmodule ({names})\b", text)
        )
    )


def unclean(text, addons, install=False):
    """Return the texts of the records that make a log unclean."""
    return [
        f"{level} {whole}" for level, logger, whole in records(text) if is_bad(level, logger, whole, addons, install)
    ]


def main(arguments):
    """Judge the given files; returns 1 when one is not clean."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--install", action="store_true")
    parser.add_argument("logs", nargs="+", type=Path)
    options = parser.parse_args(arguments)
    addons = [path.parent.name for path in (Path(__file__).resolve().parents[1] / "addons").glob("*/__manifest__.py")]
    bad = [
        f"{log.name}: {record}"
        for log in options.logs
        if log.exists()
        for record in unclean(log.read_text(errors="replace"), addons, options.install)
    ]
    for record in bad:
        print(record[:2000], file=sys.stderr)
    if bad:
        print(f"[civic] {len(bad)} warning(s) or error(s) in Odoo's log, see above", file=sys.stderr)
    return int(bool(bad))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
