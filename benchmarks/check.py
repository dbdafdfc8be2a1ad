"""Compares the ratios of a short run with those of the reference file: what became dearer, whatever the machine."""

import json
from pathlib import Path

REFERENCE = Path(__file__).with_name("reference.json")
# CPU ratios repeat within 15 % on a busy machine
TOLERANCE = 0.25
#: Ratios of CPU, which grow when the code gets slower; requests a second depend too much on who else is at work.
RATIOS = {"B1": ("cpu_ratio",), "B2": ("function_cpu_ratio",), "B4": ("cpu_ratio",)}
#: The options of the short run.
PROFILE = {"seconds": 1.5, "repetitions": 3, "clients": [1, 2], "cards": 200}


def worse(reference, benchmarks):
    """What became worse than the reference by more than the tolerance.

    :param dict reference: benchmark to dict of metric to number
    :param dict benchmarks: benchmark to {"metrics": …}, as a run reports them
    :return: list of sentences; also for a ratio that was not measured
    """
    found = []
    for name, ratios in reference.items():
        metrics = benchmarks.get(name, {}).get("metrics", {})
        for metric, before in ratios.items():
            value = _number(metrics.get(metric))
            if value is None:
                found.append(f"{name} {metric} was not measured")
            elif value > before * (1 + TOLERANCE):
                found.append(f"{name} {metric} is {value}, more than {before} and {TOLERANCE:.0%}")
    return found


def ratios_of(benchmarks):
    """What to keep of a run as the next reference.

    :return: dict as `worse` takes it
    """
    return {
        name: {metric: _number(benchmarks[name]["metrics"][metric]) for metric in metrics}
        for name, metrics in RATIOS.items()
    }


def read():
    """The reference file."""
    return json.loads(REFERENCE.read_text(encoding="utf-8"))["ratios"]


def keep(benchmarks, machine):
    """Write the reference file."""
    content = {"machine": machine, "ratios": ratios_of(benchmarks)}
    REFERENCE.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def _number(value):
    return value["median"] if isinstance(value, dict) else value
