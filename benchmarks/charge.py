"""B1: an authorisation through the till's own route, all rules and the PIN on, against the empty route."""

import itertools
import random

from . import load

PURCHASE = "30.00"


def ping(_client):
    """A request that does nothing."""
    return "/bench/ping", {}


def read(_client):
    """A request that reads one record."""
    return "/bench/read", {}


def authorise(town, zipf=False):
    """Requests for half of a purchase, each on a card drawn evenly, or by Zipf's law: the nth card 1/n as often.

    :return: function of a Till for `load.closed_loop`
    """
    draw = random.Random()
    shares = [1 / number if zipf else 1 for number in range(1, len(town.cards) + 1)]
    weights = list(itertools.accumulate(shares))

    def request(till):
        [card] = draw.choices(town.cards, cum_weights=weights)
        return till.path + "authorize", till.request(card, PURCHASE)

    return request


def word(reply):
    """Under which word an answer of the till is counted."""
    return reply.get("code") or reply["status"]


def measure(stage, options):
    """Interleave the empty route and the authorisation for each number of clients.

    :return: (metrics, runs): name to spread or number; list of dict of single runs
    """
    subjects = {
        "ping": (ping, None),
        "read": (read, None),
        "authorise": (authorise(stage.town, options.zipf), word),
    }
    for request, answer in subjects.values():
        load.closed_loop(stage.server, stage.tills[:4], request, 1, answer)
    runs = []
    for repetition in range(options.repetitions):
        for clients in options.clients:
            for name, (request, answer) in subjects.items():
                run = load.closed_loop(stage.server, stage.tills[:clients], request, options.seconds, answer)
                all_good(name, run)
                runs.append({"subject": name, "clients": clients, "repetition": repetition, **run._asdict()})
    return _metrics(runs, options), runs


def all_good(name, run):
    """Raise RuntimeError when an answer was anything but what was asked for."""
    good = {"ok", "authorized"}
    if set(run.answers) - good:
        raise RuntimeError(f"{name}: not every answer was good: {run.answers}")


def _metrics(runs, options):
    def pairs(subject, figure, clients=options.clients):
        floor = {(run["clients"], run["repetition"]): run for run in runs if run["subject"] == "ping"}
        return [
            figure(run) / figure(floor[run["clients"], run["repetition"]])
            for run in runs
            if run["subject"] == subject and run["clients"] in clients
        ]

    def cpu(run):
        return run["odoo_ms"] + run["postgres_ms"]

    def tps(run):
        return run["tps"]

    metrics = {
        "cpu_ratio": load.spread(pairs("authorise", cpu)),
        "tps_ratio": load.spread(pairs("authorise", tps)),
        "read_cpu_ratio": load.spread(pairs("read", cpu)),
        "read_tps_ratio": load.spread(pairs("read", tps)),
    }
    for clients in options.clients:
        metrics[f"cpu_ratio_c{clients}"] = load.spread(pairs("authorise", cpu, [clients]))
        metrics[f"tps_ratio_c{clients}"] = load.spread(pairs("authorise", tps, [clients]))
        for subject in ("ping", "authorise"):
            mine = [run for run in runs if run["subject"] == subject and run["clients"] == clients]
            for figure in ("tps", "odoo_ms", "postgres_ms", "p50", "p95", "p99"):
                metrics[f"{subject}_c{clients}_{figure}"] = load.spread([run[figure] for run in mine])
    return metrics
