"""B8: the statements of a month made through the run's own action, against bare SQL over the same payments."""

import json
import os
import subprocess
import sys

from support import database
from support.server import DEV

from . import load


def measure(options):
    """Measure each size on a database and in a process of its own.

    :return: (metrics, runs, problems): name to spread or number; list of dict; what is wrong with the money
    """
    metrics, runs, problems, peaks = {}, [], [], {}
    for transactions in options.settle:
        facts = _worker(transactions, options.repetitions)
        runs += facts["runs"]
        problems += facts["problems"]
        peaks[transactions] = facts["rss_peak"]
        size = f"_{transactions}"
        metrics |= {
            f"aggregate_ratio{size}": load.spread([run["settle"] / run["aggregate"] for run in facts["runs"]]),
            f"lines_ratio{size}": load.spread([run["settle"] / run["lines"] for run in facts["runs"]]),
            f"settle_seconds{size}": load.spread([run["settle"] for run in facts["runs"]]),
            f"aggregate_seconds{size}": load.spread([run["aggregate"] for run in facts["runs"]]),
            f"lines_seconds{size}": load.spread([run["lines"] for run in facts["runs"]]),
            f"queries_a_statement{size}": max(run["queries"] / run["merchants"] for run in facts["runs"]),
            f"rss_peak_mb{size}": round(facts["rss_peak"] / 2**20, 1),
        }
    # judged at the largest size
    largest = max(options.settle)
    for name in ("aggregate_ratio", "lines_ratio", "queries_a_statement"):
        metrics[name] = metrics[f"{name}_{largest}"]
    metrics["rss_ratio"] = round(peaks[largest] / peaks[min(options.settle)], 3)
    return metrics, runs, problems


def _worker(transactions, repetitions):
    name = database.create_copy("test")
    command = ["-m", "benchmarks.settle_worker", "--config", str(DEV / "odoo.conf"), "--database", name]
    try:
        done = subprocess.run(
            [sys.executable, *command, "--transactions", str(transactions), "--repetitions", str(repetitions)],
            text=True,
            capture_output=True,
            check=False,
            env=os.environ,
        )
    finally:
        database.drop(name)
    line = next((line for line in done.stdout.splitlines() if line.startswith("B8 ")), None)
    if done.returncode or not line:
        raise RuntimeError(f"settling {transactions} payments failed:\n{done.stderr[-4000:]}")
    return json.loads(line.removeprefix("B8 "))
