"""B4: everybody charges the same account, against charges spread over all cards."""

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

    subjects = {"spread": charge.authorise(stage.town), "hot": hot}
    tills = stage.tills[:CLIENTS]
    for request in subjects.values():
        load.closed_loop(stage.server, tills, request, 1, charge.word)
    runs = []
    for repetition in range(options.repetitions):
        for name, request in subjects.items():
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
    hot = [run for run in runs if run["subject"] == "hot"]
    spread = [run for run in runs if run["subject"] == "spread"]
    pairs = list(zip(hot, spread, strict=True))
    metrics = {
        "tps_ratio": load.spread([one["tps"] / other["tps"] for one, other in pairs]),
        "max_over_p50": load.spread([run["slowest"] / run["p50"] for run in hot]),
        "spread_max_over_p50": load.spread([run["slowest"] / run["p50"] for run in spread]),
        "retries": sum(run["retries"] for run in hot),
    }
    for name, mine in (("hot", hot), ("spread", spread)):
        for figure in ("tps", "odoo_ms", "postgres_ms", "p50", "p95", "p99", "slowest"):
            metrics[f"{name}_{figure}"] = load.spread([run[figure] for run in mine])
    return metrics
