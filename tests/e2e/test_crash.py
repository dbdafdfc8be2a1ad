"""The server dies at the worst moment: never two debits, never a lost one, and the till finds out."""

import threading
import time
from functools import partial
from uuid import uuid4

import pytest
from support.till_client import Client, NoAnswerError, together

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(autouse=True)
def sums_agree(town):
    """After every test the ledger is clean."""
    yield
    assert town.problems() == []


def insist(call, stop=None):
    """Call until there is an answer, as a till does with the same key; None when stopped before."""
    while stop is None or not stop.is_set():
        try:
            return call()
        except NoAnswerError:
            time.sleep(0.1)
    return None


def test_killed_between_authorise_and_capture(busy_server, town, tills):
    """Issue 2: after the restart the hold is there; the sale captures it, or it expires and nothing is lost."""
    sold, given_up = town.next_card("100000.00"), town.next_card("100000.00")
    before = town.available(sold.account)
    sale = tills[0].authorize(sold, "30.00")
    hold = tills[0].authorize(given_up, "30.00")

    busy_server.kill()
    with pytest.raises(NoAnswerError):
        tills[0].status(sale["key"])
    busy_server.restart()

    assert tills[0].status(sale["key"]) == sale
    order = f"order-{sale['key']}"
    tills[0].capture("30.00", sale, order)
    tills[0].capture("30.00", sale, order)  # the reply may have been lost too
    assert tills[0].status(sale["key"])["status"] == "captured"
    assert town.sql("SELECT count(*) FROM pos_order WHERE uuid = %s", [order]) == [(1,)]
    assert town.available(sold.account) == before - 15

    town.sql(
        "UPDATE circuit_transaction SET expires_at = now() AT TIME ZONE 'UTC' - interval '1 minute' WHERE key = %s",
        [hold["key"]],
    )
    office = Client(busy_server.port, busy_server.db, "admin", "admin")
    [job] = office.call("ir.cron", "search", [["cron_name", "like", "never captured"]])
    office.call("ir.cron", "method_direct_trigger", [job])
    assert tills[0].status(hold["key"])["status"] == "expired"
    assert town.available(given_up.account) == before
    with pytest.raises(NoAnswerError, match=hold["reference"]):
        tills[0].capture("30.00", hold, f"order-{hold['key']}")


def test_killed_again_and_again_while_charging(busy_server, town, tills):
    """Issue 2: whoever repeats with the same key until there is an answer has paid exactly once."""
    cards = [town.next_card("100000.00") for _card in range(3)]
    before = sum(town.available(card.account) for card in cards)
    answered, stop = {}, threading.Event()

    def shop(till, card):
        while not stop.is_set():
            key = str(uuid4())
            reply = insist(partial(till.authorize, card, "20.00", key=key))
            answered[key] = reply["status"]

    threads = [threading.Thread(target=shop, args=(till, card)) for till in tills for card in cards]
    for thread in threads:
        thread.start()
    for pause in (0.7, 0.9):
        time.sleep(pause)
        busy_server.kill()
        busy_server.restart()
    time.sleep(0.3)
    stop.set()
    for thread in threads:
        thread.join(60)

    accounts = [card.account for card in cards]
    kept = dict(town.sql("SELECT key, state FROM circuit_transaction WHERE account_id = ANY(%s)", [accounts]))
    assert len(answered) > 30
    assert kept == answered
    assert sum(town.available(card.account) for card in cards) == before - 10 * len(answered)


def test_killed_while_sales_are_stored(busy_server, town, tills):
    """A sale and its card payment are captured together or not at all, whatever the moment."""
    card = town.next_card("100000.00")
    before, sales = town.available(card.account), {}
    for number in range(8):
        reply = tills[number % 2].authorize(card, "30.00")
        sales[reply["key"]] = (tills[number % 2], reply)

    def store(till):  # a till stores its sales one after the other
        for key, (other, reply) in sales.items():
            if other is till:
                till.capture("30.00", reply, f"order-{key}")

    killer = threading.Timer(0.25, busy_server.kill)
    killer.start()
    together(partial(store, till) for till in tills)
    killer.join()
    states = dict(town.sql("SELECT key, state FROM circuit_transaction WHERE account_id = %s", [card.account]))
    stored = {
        order for (order,) in town.sql("SELECT uuid FROM pos_order WHERE uuid LIKE 'order-%%' AND state = 'paid'")
    }
    assert {key: f"order-{key}" in stored for key in sales} == {key: states[key] == "captured" for key in sales}

    busy_server.restart()
    for key, (till, reply) in sales.items():
        insist(partial(till.capture, "30.00", reply, f"order-{key}"))
    assert {tills[0].status(key)["status"] for key, (till, _reply) in sales.items() if till is tills[0]} == {"captured"}
    assert town.sql("SELECT count(*) FROM pos_order WHERE uuid = ANY(%s)", [[f"order-{key}" for key in sales]]) == [
        (8,)
    ]
    assert town.available(card.account) == before - 15 * 8
