"""POS: the data a till loads when it opens, for a merchant's cashier against Odoo's POS manager on the same till."""

import statistics
import time

from support.till_client import Client

from . import load

ROUNDS = 12


def measure(stage, options):
    """Load the data of one till in turns as each of the two users.

    :return: (metrics, runs)
    """
    cashier = stage.tills[0]
    # a POS user without a merchant sees no merchant's till, and would load next to nothing
    login = stage.stock_user("opening", "group_pos_manager")
    stock = Client(stage.server.port, stage.server.db, login, login)
    users, runs = {"cashier": cashier, "stock": stock}, []
    for turn in range(ROUNDS + 2):
        for name, client in users.items():
            start = time.perf_counter()
            data = client.call("pos.session", "load_data", [cashier.merchant.session], [])
            took = 1000 * (time.perf_counter() - start)
            if turn > 1:  # the first turns fill the caches
                runs.append({"subject": name, "turn": turn, "ms": took, "rows": sum(map(len, data.values()))})
    times = {name: [run["ms"] for run in runs if run["subject"] == name] for name in users}
    metrics = {f"{name}_ms": load.spread(values) for name, values in times.items()}
    metrics |= {f"{name}_rows": next(run["rows"] for run in runs if run["subject"] == name) for name in users}
    metrics["open_ratio"] = round(statistics.median(times["cashier"]) / statistics.median(times["stock"]), 3)
    return metrics, runs
