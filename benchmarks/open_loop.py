"""B10: customers who come when they like (Poisson), the answer timed from the instant at which they came."""

import random
import time

from . import charge, load

CONNECTIONS = 16
RATES = (10, 25, 50)


def arrivals(request, rate, seconds, answer):
    """A client's share of a Poisson process of `rate` requests a second over all connections.

    Who comes while the answer before is still out waits, and the wait counts.

    :return: plan for `load.measure`
    """

    def plan(client):
        draw = random.Random()
        due = start = time.perf_counter()
        while (due := due + draw.expovariate(rate / CONNECTIONS)) < start + seconds:
            time.sleep(max(0, due - time.perf_counter()))
            word, _seconds = load.ask(client, request, answer)
            yield word, time.perf_counter() - due

    return plan


def measure(stage, options):
    """The empty route and the authorisation at the same rates, and at half of what the closed loop reaches.

    :return: (metrics, runs)
    """
    tills = [stage.tills[number % len(stage.tills)] for number in range(CONNECTIONS)]
    subjects = {"ping": (charge.ping, None), "authorise": (charge.authorise(stage.town), charge.word)}
    request, answer = subjects["authorise"]
    closed = load.closed_loop(stage.server, tills[:8], request, options.seconds, answer)
    half, runs = closed.tps / 2, []
    for repetition in range(options.repetitions):
        for rate in (*RATES, half):
            for name, (request, answer) in subjects.items():
                run = load.measure(stage.server, tills, arrivals(request, rate, options.seconds, answer))
                charge.all_good(name, run)
                runs.append({"subject": name, "rate": rate, "repetition": repetition, **run._asdict()})
    return _metrics(runs, half, closed), runs


def _metrics(runs, half, closed):
    def of(subject, rate, figure):
        return [run[figure] for run in runs if run["subject"] == subject and run["rate"] == rate]

    pairs = [
        mine / floor
        for rate in RATES
        for mine, floor in zip(of("authorise", rate, "p95"), of("ping", rate, "p95"), strict=True)
    ]
    metrics = {
        "p95_ratio": load.spread(pairs),
        "p99_at_half": load.spread(of("authorise", half, "p99")),
        "closed_loop_tps": round(closed.tps, 1),
    }
    for rate in RATES:
        for subject in ("ping", "authorise"):
            for figure in ("p50", "p95", "p99"):
                metrics[f"{subject}_{rate}_{figure}"] = load.spread(of(subject, rate, figure))
    return metrics
