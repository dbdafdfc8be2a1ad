"""Closed-loop load: each client is a process that waits for its answer before it asks again."""

import multiprocessing
import statistics
import time
from collections import Counter
from typing import NamedTuple

from support.till_client import NoAnswerError

from .cpu import Meter

_fork = multiprocessing.get_context("fork")


class Run(NamedTuple):
    """What one run measured. CPU in ms a request, latencies in ms."""

    requests: int
    wall: float
    tps: float
    odoo_ms: float
    postgres_ms: float
    p50: float
    p95: float
    p99: float
    slowest: float
    answers: dict

    @property
    def cpu_ms(self):
        """CPU of Odoo and PostgreSQL together, ms a request."""
        return self.odoo_ms + self.postgres_ms


def closed_loop(server, clients, request, seconds, answer=None):
    """Load the server with requests, each client one after the other, and measure it.

    :param clients: logged-in support.till_client.Client objects, one a process
    :param request: function of a client giving (path, parameters) of its next request
    :param seconds: how long
    :param answer: function of a result giving the word under which it is counted; "ok" when None
    :return: Run
    :raise RuntimeError: a client died
    """
    return measure(server, clients, _repeat(lambda client: ask(client, request, answer), seconds))


def work_loop(server, clients, work, seconds):
    """As `closed_loop`, for pieces of work of several requests.

    :param work: function of a client that does one piece and gives the word under which it is counted
    """

    def timed(client):
        start = time.perf_counter()
        try:
            word = work(client)
        except NoAnswerError:
            word = "no answer"
        return word, time.perf_counter() - start

    return measure(server, clients, _repeat(timed, seconds))


def _repeat(piece, seconds):
    def plan(client):
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            yield piece(client)

    return plan


def ask(client, request, answer=None):
    """One request.

    :return: (word, seconds)
    """
    frame = client.frame(*request(client))
    start = time.perf_counter()
    try:
        reply, _headers = client.exchange(frame)
        word = (answer(reply["result"]) if answer else "ok") if "result" in reply else "error"
    except NoAnswerError:
        word = "no answer"
    return word, time.perf_counter() - start


def measure(server, clients, plan):
    """Let each client do its plan in a process of its own, all at once.

    :param plan: function of a client giving (word, seconds) of each answer
    :return: Run
    :raise RuntimeError: a client died
    """
    gate = _fork.Barrier(len(clients) + 1)
    pipes, processes = [], []
    for client in clients:
        here, there = _fork.Pipe(duplex=False)
        process = _fork.Process(target=_client, args=(client, plan, gate, there), daemon=True)
        process.start()
        there.close()
        pipes.append(here)
        processes.append(process)
    gate.wait(60)
    with Meter(server) as meter:
        try:
            parts = [pipe.recv() for pipe in pipes]
        except EOFError as error:
            raise RuntimeError("a client of the load generator died") from error
    for process in processes:
        process.join()
    return _summary(parts, meter)


def _client(client, plan, gate, pipe):
    latencies, answers = [], Counter()
    gate.wait(60)
    for word, seconds in plan(client):
        latencies.append(seconds * 1000)
        answers[word] += 1
    pipe.send((latencies, answers))
    pipe.close()


def _summary(parts, meter):
    latencies = sorted(latency for part, _answers in parts for latency in part)
    answers = sum((answers for _part, answers in parts), Counter())
    count = len(latencies)
    return Run(
        requests=count,
        wall=meter.wall,
        tps=count / meter.wall,
        odoo_ms=1000 * meter.odoo / count,
        postgres_ms=1000 * meter.postgres / count,
        p50=_quantile(latencies, 0.5),
        p95=_quantile(latencies, 0.95),
        p99=_quantile(latencies, 0.99),
        slowest=latencies[-1],
        answers=dict(answers),
    )


def _quantile(ordered, share):
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)]


def spread(values):
    """Median and quartiles of measured values, rounded.

    :return: dict with median, low (25 %), high (75 %) and n
    """
    values = sorted(values)
    low, _median, high = statistics.quantiles(values, n=4) if len(values) > 1 else values * 3
    return {
        "median": round(statistics.median(values), 3),
        "low": round(low, 3),
        "high": round(high, 3),
        "n": len(values),
    }
