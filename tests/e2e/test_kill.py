"""Odoo and PostgreSQL are killed under load, twenty times: what a till was told stays, and nothing is debited twice.

PostgreSQL is one of the test's own, with fsync: the shared one is never touched.
"""

import random
import re
import threading
import time
from collections import Counter
from decimal import Decimal
from functools import partial
from uuid import uuid4

import pytest
from support.cluster import Cluster
from support.server import OdooServer
from support.till_client import NoAnswerError, Till
from support.town import Town

pytestmark = pytest.mark.timeout(300)

SEED = 4
KILLS = ["odoo"] * 3 + ["worker"] * 7 + ["postgres"] * 7 + ["connection"] * 3
# what Odoo says while its database is gone, and nothing else
EXPECTED = [
    re.compile(
        r"server closed the connection|terminating connection|connection already closed|cursor already closed"
        r"|Connection refused|No such file or directory\n\s+Is the server running|the database system is "
        r"|connection to server .* failed|SSL connection has been closed|lost synchronization",
        re.I,
    )
]
CREDIT = "100000.00"


@pytest.fixture(scope="module")
def cluster():
    """A PostgreSQL server to be killed, with a copy of the template."""
    with Cluster() as one:
        one.copy("test")
        yield one


@pytest.fixture(scope="module")
def victim(cluster, tmp_path_factory):
    """A prefork server on it."""
    with OdooServer(tmp_path_factory.mktemp("kill"), workers=2, kind="test", expected=EXPECTED) as server:
        yield server


class Shop(threading.Thread):
    """A till that sells until it is told to stop, and repeats what was not answered with the same key."""

    def __init__(self, till, cards, seed, work):
        super().__init__(daemon=True)
        self.till, self.cards, self.draw, self.work = till, cards, random.Random(seed), work  # noqa: S311
        self.authorized, self.captured, self.voided, self.repeated = {}, {}, set(), 0
        self.failure = None

    def run(self):
        """Sell; every third purchase is given up."""
        try:
            while not self.work.over:
                self.sell()
        except Exception as error:
            self.failure = error

    def sell(self):
        """One purchase: authorised, then stored or given up."""
        key = str(uuid4())
        reply = self.insist(partial(self.till.authorize, self.draw.choice(self.cards), "20.00", key=key))
        self.authorized[key] = reply
        if self.draw.random() < 0.3:
            assert self.insist(partial(self.till.void, key))[key]["status"] == "voided"
            self.voided.add(key)
        elif self.draw.random() < 0.6:
            order = f"order-{key}"
            self.insist(partial(self.till.capture, "20.00", reply, order))
            self.captured[key] = order

    def insist(self, call):
        """Call until there is an answer."""
        end = time.monotonic() + 60
        while True:
            self.work.wait()
            try:
                answer = call()
            except NoAnswerError:
                assert time.monotonic() < end, "no answer for a minute"
                self.repeated += 1
                time.sleep(0.05)
            else:
                self.work.answered()
                return answer


class Work:
    """Lets the shops work, pauses them, and counts what they were answered."""

    def __init__(self):
        self.over, self._go, self._count, self._lock = False, threading.Event(), 0, threading.Lock()
        self._go.set()
        self.wait, self.resume, self.pause = self._go.wait, self._go.set, self._go.clear

    def answered(self):
        """An answer came."""
        with self._lock:
            self._count += 1

    def until(self, more, server, timeout=90):
        """Wait for so many more answers; a server that has ended itself is started again, as a service manager does
        (Odoo's first process gives up when it meets a database that is not there)."""
        goal, end = self._count + more, time.monotonic() + timeout
        while self._count < goal:
            if server.process.poll() is not None:
                server.restart()
            assert time.monotonic() < end, "the shops cannot work any more"
            time.sleep(0.01)


def quiet(server):
    """Wait until nothing that the shops asked for is still running."""
    end = time.monotonic() + 30
    while server.sql(
        "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND state <> 'idle'"
    ):
        assert time.monotonic() < end, "a transaction does not end"
        time.sleep(0.05)


def strike(kind, draw, server, cluster):
    """Kill, and bring back what does not come back by itself."""
    if kind == "odoo":
        server.kill()
        server.restart()
    elif kind == "worker":
        server.kill_worker(draw.randrange(8))
    elif kind == "postgres":
        cluster.kill()
        cluster.start()
    else:
        pids = server.sql(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " ORDER BY state = 'idle', pid"
        )
        cluster.kill_one(pids[0][0])
        time.sleep(0.2)
        cluster.wait()


def test_twenty_kills(victim, cluster):
    """Issue 4: no lost capture, no double debit, no negative lot, and the ledger is clean after each restart."""
    draw, work = random.Random(SEED), Work()  # noqa: S311
    town = Town(victim, cards=6, merchants=4)
    for card in town.cards:
        town.credit(card.account, CREDIT)
    shops = [
        Shop(Till(victim, town, merchant), town.cards, number, work) for number, merchant in enumerate(town.merchants)
    ]
    town.sql("CHECKPOINT")  # recovery shall replay what the shops do, not how the town was built
    for shop in shops:
        shop.start()

    for kind in draw.sample(KILLS, len(KILLS)):
        work.until(draw.randint(2, 10), victim)
        time.sleep(draw.uniform(0, 0.05))
        strike(kind, draw, victim, cluster)
        work.pause()
        quiet(victim)
        assert town.problems() == [], kind
        assert town.sql("SELECT id FROM stored_value_lot WHERE remaining < 0 OR remaining > amount") == [], kind
        work.resume()
    work.until(10, victim)
    work.over = True
    for shop in shops:
        shop.join(60)

    assert [shop.failure for shop in shops] == [None] * len(shops)
    agree(town, shops)


def agree(town, shops):
    """What the tills were told is what there is, to the cent."""
    told = {key: "authorized" for shop in shops for key in shop.authorized}
    told |= {key: "voided" for shop in shops for key in shop.voided}
    told |= {key: "captured" for shop in shops for key in shop.captured}
    assert dict(town.sql("SELECT key, state FROM circuit_transaction")) == told
    assert {reply["status"] for shop in shops for reply in shop.authorized.values()} <= {"authorized", "captured"}
    orders = sorted(order for shop in shops for order in shop.captured.values())
    stored = town.sql("SELECT uuid FROM pos_order WHERE uuid LIKE 'order-%%' AND state = 'paid' ORDER BY uuid")
    assert [order for (order,) in stored] == orders
    spent = sum(Decimal(10) for state in told.values() if state != "voided")
    assert sum(town.available(card.account) for card in town.cards) == len(town.cards) * Decimal(CREDIT) - spent
    counts = Counter(told.values())
    assert min(counts["authorized"], counts["voided"], counts["captured"]) > 10, counts
    assert sum(shop.repeated for shop in shops) > 10
