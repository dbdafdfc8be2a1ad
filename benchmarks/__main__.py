"""./civic bench run NAME...: runs benchmarks on a real server and judges them by targets.py."""

import argparse
import json
import os
import sys
from pathlib import Path

from support.cluster import Cluster

from . import charge, credit, hot, opening, race, targets
from .stage import Stage, machine

# on a server with a town
BENCHMARKS = {"B1": charge, "B4": hot, "B5": race, "POS": opening}
# with databases and processes of their own
ALONE = {"B7": credit}


def main(arguments):
    """Run what the command line asks for.

    :return: 0 when every target is met, 1 when one is missed, 3 when the money is wrong (then nothing counts)
    """
    options = _options(arguments)
    if options.command == "list":
        for target in targets.TARGETS:
            print(f"{target.benchmark}  {target.metric:14} {target.sign} {target.value:<6} {target.text}")
        return 0
    report = {"benchmarks": {}, "machine": {}}
    with Cluster() as cluster:
        cluster.copy()
        report["machine"] |= machine()
        problems = _alone(options, report) + _in_town(options, report)
    report["machine"]["load_at_the_end"] = [round(value, 2) for value in os.getloadavg()]
    report["problems"] = problems
    if problems:
        print("The money is wrong; there is no performance result:\n" + "\n".join(problems[:20]), file=sys.stderr)
        return 3
    missed = sum(_judge(name, result) for name, result in report["benchmarks"].items())
    if options.json:
        Path(options.json).write_text(json.dumps(report, indent=1, default=str) + "\n", encoding="utf-8")
    print(json.dumps(report["machine"]))
    return int(bool(missed))


def _alone(options, report):
    """Run the benchmarks that make their own databases; returns what is wrong with the money."""
    problems = []
    for name in [name for name in options.names if name in ALONE]:
        _announce(name, ALONE[name])
        metrics, runs, wrong = ALONE[name].measure(options)
        report["benchmarks"][name] = {"metrics": metrics, "runs": runs}
        problems += wrong
    return problems


def _in_town(options, report):
    """Run the benchmarks that need a server with a town; returns what is wrong with the money."""
    names = [name for name in options.names if name in BENCHMARKS]
    if not names:
        return []
    with Stage(options.workers, options.cards) as stage:
        report["machine"] |= {"workers": stage.workers, "cards": stage.cards, "merchants": stage.merchants}
        for name in names:
            _announce(name, BENCHMARKS[name])
            metrics, runs = BENCHMARKS[name].measure(stage, options)
            report["benchmarks"][name] = {"metrics": metrics, "runs": runs}
        return stage.town.problems()


def _announce(name, benchmark):
    print(f"{name}: {benchmark.__doc__.partition(':')[2].strip()}", flush=True)


def _judge(name, result):
    """Print a benchmark's metrics and return how many targets it misses."""
    for metric, value in result["metrics"].items():
        print(f"  {metric:28} {_text(value)}")
    missed = 0
    for target in targets.of(name):
        value = result["metrics"][target.metric]
        measured = value["median"] if isinstance(value, dict) else value
        met = target.met(measured)
        missed += not met
        print(f"  {'met   ' if met else 'MISSED'} {target.text}: {_text(value)} (target {target.sign} {target.value})")
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
    run.add_argument("names", nargs="+", choices=sorted(everything), metavar="NAME", help=", ".join(everything))
    run.add_argument("--json", help="file for all figures")
    run.add_argument("--seconds", type=float, default=4, help="length of one run (%(default)s)")
    run.add_argument("--repetitions", type=int, default=4, help="interleaved repetitions (%(default)s)")
    run.add_argument("--clients", type=_numbers, default=[1, 2, 4], help="clients of B1 (1,2,4)")
    run.add_argument("--races", type=int, default=1000, help="races of B5 (%(default)s)")
    run.add_argument("--workers", type=int, default=2, help="workers of the server (%(default)s)")
    run.add_argument("--cards", type=int, default=2000, help="cards in the town (%(default)s)")
    run.add_argument("--credit", type=_numbers, default=[10000, 100000], help="cards of B7 (10000,100000)")
    run.add_argument("--quarters", type=int, default=4, choices=range(1, 5), help="quarters of B7 (%(default)s)")
    return parser.parse_args(arguments)


def _numbers(text):
    return [int(number) for number in text.split(",")]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
