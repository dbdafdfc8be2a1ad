"""B7: a quarter credited on many cards through the run's own actions, against one bare SQL statement."""

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
    for cards in options.credit:
        facts = _worker(cards, options.quarters)
        runs += facts["runs"]
        problems += facts["problems"]
        lots, entries, messages = facts["counts"]
        expected = options.quarters * 3 * cards
        if not lots == entries == expected or messages != options.quarters * cards:
            problems.append(f"{cards} cards: {lots} lots, {entries} entries, {messages} messages, expected {expected}")
        peaks[cards] = facts["rss_peak"]
        size = f"_{cards}"
        metrics |= {
            f"limit_ratio{size}": load.spread([run["limit"] / run["credit"] for run in facts["runs"]]),
            f"rows_a_second{size}": load.spread([run["rows"] / run["credit"] for run in facts["runs"]]),
            f"limit_rows_a_second{size}": load.spread([run["rows"] / run["limit"] for run in facts["runs"]]),
            f"preview_seconds{size}": load.spread([run["preview"] for run in facts["runs"]]),
            f"credit_seconds{size}": load.spread([run["credit"] for run in facts["runs"]]),
            f"rss_peak_mb{size}": round(facts["rss_peak"] / 2**20, 1),
        }
    # judged at the largest size
    largest = max(options.credit)
    metrics["limit_ratio"] = metrics[f"limit_ratio_{largest}"]
    metrics["rss_ratio"] = round(peaks[largest] / peaks[min(options.credit)], 3)
    return metrics, runs, problems


def _worker(cards, quarters):
    name = database.create_copy("test")
    command = ["-m", "benchmarks.credit_worker", "--config", str(DEV / "odoo.conf"), "--database", name]
    try:
        done = subprocess.run(
            [sys.executable, *command, "--cards", str(cards), "--quarters", str(quarters)],
            text=True,
            capture_output=True,
            check=False,
            env=os.environ,
        )
    finally:
        database.drop(name)
    line = next((line for line in done.stdout.splitlines() if line.startswith("B7 ")), None)
    if done.returncode or not line:
        raise RuntimeError(f"crediting {cards} cards failed:\n{done.stderr[-4000:]}")
    return json.loads(line.removeprefix("B7 "))
