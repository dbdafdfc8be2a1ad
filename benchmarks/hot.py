"""B4: everybody charges the same account, or at the same till of one shop, against charges spread over all."""

from . import charge, load

CLIENTS = 8
FORTUNE = "99999999.00"


def measure(stage, options):
    """Interleave charges on one account with charges on all of them.

    :return: (metrics, runs)
    """
    card = stage.town.cards[0]
    stage.town.credit(card.account, FORTUNE, expires="30 years")

    def hot(till):
        return till.path + "authorize", till.request(card, charge.PURCHASE)

    spread, tills = charge.authorise(stage.town), stage.tills[:CLIENTS]
    subjects = {"spread": (tills, spread), "hot": (tills, hot), "shop": (tills[:1] * CLIENTS, spread)}
    for tills, request in subjects.values():
        load.closed_loop(stage.server, tills, request, 1, charge.word)
    runs = []
    for repetition in range(options.repetitions):
        for name, (tills, request) in subjects.items():
            retries = stage.retries()
            run = load.closed_loop(stage.server, tills, request, options.seconds, charge.word)
            if set(run.answers) != {"authorized"}:
                raise RuntimeError(f"{name}: not every answer was good: {run.answers}")
            runs.append(
                {
                    "subject": name,
                    "clients": CLIENTS,
                    "repetition": repetition,
                    "retries": stage.retries() - retries,
                    **run._asdict(),
                }
            )
    return _metrics(runs), runs


def _metrics(runs):
    by = {name: [run for run in runs if run["subject"] == name] for name in ("spread", "hot", "shop")}

    def ratios(name, figure):
        return load.spread(
            [figure(one) / figure(other) for one, other in zip(by[name], by["spread"], strict=True)],
        )

    metrics = {
        "tps_ratio": ratios("hot", lambda run: run["tps"]),
        "cpu_ratio": ratios("hot", lambda run: run["odoo_ms"] + run["postgres_ms"]),
        "shop_tps_ratio": ratios("shop", lambda run: run["tps"]),
        "max_over_p50": load.spread([run["slowest"] / run["p50"] for run in by["hot"]]),
        "spread_max_over_p50": load.spread([run["slowest"] / run["p50"] for run in by["spread"]]),
        "retries": sum(run["retries"] for run in runs),
    }
    for name, mine in by.items():
        for figure in ("tps", "odoo_ms", "postgres_ms", "p50", "p95", "p99", "slowest"):
            metrics[f"{name}_{figure}"] = load.spread([run[figure] for run in mine])
    return metrics
