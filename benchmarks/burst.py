"""B11: all families of a town at the tills in the same instant."""

from . import charge, load

CONNECTIONS = 32


def measure(stage, options):
    """Send the burst between two closed loops that say what the server can do.

    :return: (metrics, runs)
    """
    request = charge.authorise(stage.town)
    tills = [stage.tills[number % len(stage.tills)] for number in range(CONNECTIONS)]
    share = options.burst // CONNECTIONS

    def burst(client):
        for _time in range(share):
            yield load.ask(client, request, charge.word)

    before = load.closed_loop(stage.server, tills[:8], request, options.seconds, charge.word)
    run = load.measure(stage.server, tills, burst)
    after = load.closed_loop(stage.server, tills[:8], request, options.seconds, charge.word)
    capacity = (before.tps + after.tps) / 2
    metrics = {
        "drain_ratio": round(run.wall * capacity / run.requests, 3),
        "errors": run.requests - run.answers.get("authorized", 0),
        "requests": run.requests,
        "seconds": round(run.wall, 1),
        "slowest_ms": round(run.slowest),
    }
    named = {"before": before, "burst": run, "after": after}
    return metrics, [{"subject": name, **one._asdict()} for name, one in named.items()]
