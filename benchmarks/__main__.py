"""./civic bench run NAME...: runs benchmarks on a real server and judges them by targets.py."""

import argparse
import json
import os
import sys
from pathlib import Path

from support.cluster import Cluster

from . import (
    burst,
    charge,
    check,
    coupon,
    credit,
    function,
    hot,
    incumbent,
    memory,
    open_loop,
    opening,
    race,
    secrets_cost,
    settle,
    targets,
)
from .stage import Stage, machine

# on a server with a town
BENCHMARKS = {
    "B1": charge,
    "B2": function,
    "B3": incumbent,
    "B4": hot,
    "B5": race,
    "B10": open_loop,
    "B11": burst,
    "B13": secrets_cost,
    "B14": memory,
    "B15": coupon,
    "POS": opening,
}
# with databases and processes of their own
ALONE = {"B7": credit, "B8": settle}
# what a benchmark wants of Odoo beside our addons
NEEDS = {"B3": "pos_loyalty"}


def main(arguments):
    """Run what the command line asks for.

    :return: 0 when every target is met (or nothing is worse than the reference), 1 otherwise, 3 when the money is
        wrong (then nothing counts)
    """
    options = _options(arguments)
    if options.command == "list":
        for target in targets.TARGETS:
            print(f"{target.benchmark:4} {target.metric:18} {target.sign} {target.value:<6} {target.text}")
        return 0
    if options.command == "check" and options.figures:
        return _compare(json.loads(Path(options.figures).read_text(encoding="utf-8")))
    report = _measure(options)
    if options.json:
        Path(options.json).write_text(json.dumps(report, indent=1, default=str) + "\n", encoding="utf-8")
    if report["problems"]:
        lines = "\n".join(report["problems"][:20])
        print(f"The money is wrong; nothing above is a performance result:\n{lines}", file=sys.stderr)
        return 3
    print(json.dumps(report["machine"]))
    if options.command == "run":
        return int(any(result["missed"] for result in report["benchmarks"].values()))
    if options.renew:
        check.keep(report["benchmarks"], report["machine"])
        return 0
    return _compare(report)


def _measure(options):
    """Run the benchmarks on a PostgreSQL server of their own.

    :return: dict for the JSON file
    """
    report = {"benchmarks": {}}
    with Cluster() as cluster:
        cluster.copy()
        report["machine"] = machine()
        problems = _alone(options, report) + _in_town(options, report)
    report["machine"]["load_at_the_end"] = [round(value, 2) for value in os.getloadavg()]
    return {**report, "problems": problems}


def _compare(report):
    """Print what is worse than the reference; returns 1 when something is."""
    found = check.worse(check.read(), report["benchmarks"])
    print("\n".join(f"WORSE  {line}" for line in found) or "nothing is worse than benchmarks/reference.json")
    return int(bool(found))


def _alone(options, report):
    """Run the benchmarks that make their own databases; returns what is wrong with the money."""
    problems = []
    for name in [name for name in options.names if name in ALONE]:
        _announce(name, ALONE[name])
        metrics, runs, wrong = ALONE[name].measure(options)
        report["benchmarks"][name] = {"metrics": metrics, "runs": runs, "missed": _judge(name, metrics)}
        problems += wrong
    return problems


def _in_town(options, report):
    """Run the benchmarks that need a server with a town; returns what is wrong with the money."""
    names = [name for name in options.names if name in BENCHMARKS]
    if not names:
        return []
    addons = [NEEDS[name] for name in names if name in NEEDS]
    with Stage(options.workers, options.cards, addons=addons) as stage:
        report["machine"] |= {"workers": stage.workers, "cards": stage.cards, "merchants": stage.merchants}
        for name in names:
            _announce(name, BENCHMARKS[name])
            metrics, runs = BENCHMARKS[name].measure(stage, options)
            report["benchmarks"][name] = {"metrics": metrics, "runs": runs, "missed": _judge(name, metrics)}
        return stage.town.problems()


def _announce(name, benchmark):
    print(f"{name}: {benchmark.__doc__.partition(':')[2].strip()}", flush=True)


def _judge(name, metrics):
    """Print a benchmark's metrics and return how many targets it misses."""
    for metric, value in metrics.items():
        print(f"  {metric:28} {_text(value)}")
    missed = 0
    for target in targets.of(name):
        value = metrics[target.metric]
        measured = value["median"] if isinstance(value, dict) else value
        met = target.met(measured)
        missed += not met
        print(f"  {'met   ' if met else 'MISSED'} {target.text}: {_text(value)} (target {target.sign} {target.value})")
    sys.stdout.flush()
    return missed


def _text(value):
    if isinstance(value, dict):
        return f"{value['median']} ({value['low']} to {value['high']}, n={value['n']})"
    return str(value)


def _options(arguments):
    parser = argparse.ArgumentParser(prog="./civic bench", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("list", help="the targets")
    everything = [*BENCHMARKS, *ALONE]
    run = commands.add_parser("run", help="run benchmarks")
    run.add_argument("names", nargs="+", choices=everything, metavar="NAME", help=", ".join(everything))
    short = commands.add_parser("check", help="compare the CPU ratios of a short run with reference.json")
    short.add_argument("figures", nargs="?", help="compare this report of --json instead of running")
    short.add_argument("--renew", action="store_true", help="write reference.json anew")
    short.set_defaults(names=list(check.RATIOS))
    for command, defaults in ((run, {}), (short, check.PROFILE)):
        _run_options(command, defaults)
    return parser.parse_args(arguments)


def _run_options(command, defaults):
    command.add_argument("--json", help="file for all figures")
    command.add_argument("--seconds", type=float, default=4, help="length of one run (%(default)s)")
    command.add_argument("--repetitions", type=int, default=4, help="interleaved repetitions (%(default)s)")
    command.add_argument("--clients", type=_numbers, default=[1, 2, 4, 8], help="clients of B1 (1,2,4,8)")
    command.add_argument("--zipf", action="store_true", help="B1: few cards are used often, most seldom")
    command.add_argument("--races", type=int, default=1000, help="races of B5 (%(default)s)")
    command.add_argument("--burst", type=int, default=3500, help="families of B11 (%(default)s)")
    command.add_argument("--charges", type=int, default=10000, help="authorisations of B14 (%(default)s)")
    command.add_argument("--workers", type=int, default=2, help="workers of the server, 0: threads (%(default)s)")
    command.add_argument("--cards", type=int, default=2000, help="cards in the town (%(default)s)")
    command.add_argument("--credit", type=_numbers, default=[10000, 100000], help="cards of B7 (10000,100000)")
    command.add_argument("--quarters", type=int, default=4, choices=range(1, 5), help="quarters of B7 (%(default)s)")
    command.add_argument("--settle", type=_numbers, default=[100000, 1000000], help="payments of B8 (100000,1000000)")
    command.set_defaults(**defaults)


def _numbers(text):
    return [int(number) for number in text.split(",")]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
