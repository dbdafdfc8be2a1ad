"""./civic simulate: a municipality lives 2024 in a database of its own, watched by a naive oracle.

Exit code 0: oracle and Odoo agreed on every answer and every cent; 1: they did not, and the text says on what.
"""

import argparse
import sys
import time
from datetime import date, datetime

from support.odoo_process import load_registry

from . import report
from .tamper import WAYS, Tamper

START = datetime(2024, 1, 1)


def arguments(argv):
    """Parse the command line."""
    parser = argparse.ArgumentParser("./civic simulate", description=__doc__.splitlines()[0])
    parser.add_argument("--households", type=int, default=1000)
    parser.add_argument("--shops", type=int, default=60)
    parser.add_argument("--purchases", type=float, default=8, help="purchases a household makes a year, about (8)")
    parser.add_argument("--seed", type=int, default=1, help="another number is another year (1)")
    parser.add_argument("--year", type=int, choices=[2024], default=2024, help="the year of the notice")
    parser.add_argument("--until", type=date.fromisoformat, default=date(2024, 12, 31), help="last day to live")
    parser.add_argument(
        "--tamper-on", type=date.fromisoformat, help="day on which every way of spoiling is tried, seen and taken back"
    )
    parser.add_argument("--spoil", choices=WAYS, help="and one of them stays: the simulation must stop")
    parser.add_argument("--config", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--database", required=True, help=argparse.SUPPRESS)
    return parser.parse_args(argv)


def main(argv):
    """Live the year; returns the exit code."""
    options = arguments(argv)
    registry = load_registry(options.config, options.database)
    from odoo.api import SUPERUSER_ID, Environment

    from .driver import Driver
    from .year import DifferenceError, Year

    tamper = options.tamper_on and Tamper(options.tamper_on, options.spoil)
    # the process's own clock stands still while it simulates
    clock = lambda: time.clock_gettime(time.CLOCK_MONOTONIC)  # noqa: E731
    started = clock()
    with registry.cursor() as cursor:
        driver = Driver(Environment(cursor, SUPERUSER_ID, {}), START)
        try:
            year = Year(
                driver, options.seed, options.households, options.shops, options.purchases, options.until, tamper
            )
            built = clock()
            year.live()
        except DifferenceError as difference:
            print(difference, flush=True)
            return 1
        finally:
            driver.close()
    ended = clock()
    seconds = {
        "making the municipality": built - started,
        "living": ended - built,
        "of it checks": year.evening.seconds,
    }
    print(report.text(year, seconds), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
