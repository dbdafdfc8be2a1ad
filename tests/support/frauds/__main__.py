"""./civic review: what the rules that list suspicious patterns find in synthetic years with planted frauds."""

import argparse
import sys
import time

from .measure import facts, measure, table, total


def main(argv):
    """Measure and print; returns the exit code."""
    parser = argparse.ArgumentParser("./civic review", description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3], help="one year each (1 2 3)")
    parser.add_argument("--households", type=int, default=1000)
    parser.add_argument("--payments", type=int, default=50000, help="a year, about (50000)")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="LIMIT=NUMBER",
        help="another limit, e.g. split_count=2 (repeatable)",
    )
    options = parser.parse_args(argv)
    limits = facts.Parameters()._replace(
        **{name: int(value) for name, _sign, value in (one.partition("=") for one in options.set)}
    )
    started = time.monotonic()
    years = [measure(seed, limits, households=options.households, payments=options.payments) for seed in options.seeds]
    print(table(total(years)))
    print(f"\n{len(years)} years of {options.payments} payments, {time.monotonic() - started:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
