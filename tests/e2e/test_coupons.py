"""Coupons over HTTP, many at once, on a server with several workers: spent as often as they may be, never once more."""

from collections import Counter
from functools import partial
from uuid import uuid4

import pytest
from support.till_client import Client, together

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def coupons(town):
    """Single-use coupons of 5.00 that no test has used yet."""
    return iter(town.add_coupons(20))


@pytest.fixture(autouse=True)
def sums_agree(town):
    """After every test: no account below zero, every sum and every hash chain right."""
    yield
    assert town.problems() == []


def outcomes(replies):
    """How often each status or refusal code was answered; raises what a call raised."""
    for reply in replies:
        if isinstance(reply, Exception):
            raise reply
    return Counter(reply.get("code", reply["status"]) for reply in replies)


def uses(town, coupon):
    """How often a coupon is used now."""
    return town.sql("SELECT ecoupon_uses(%s)", [coupon.id])[0][0]


def release(town, office, key):
    """Let the time of a hold pass and run the scheduled job that ends it."""
    town.sql(
        "UPDATE circuit_transaction SET expires_at = now() AT TIME ZONE 'UTC' - interval '1 minute' WHERE key = %s",
        [key],
    )
    xmlid = [["module", "=", "merchant_circuit"], ["model", "=", "ir.cron"], ["name", "like", "hold"]]
    for row in office.call("ir.model.data", "search_read", xmlid, fields=["res_id"]):
        office.call("ir.cron", "method_direct_trigger", [row["res_id"]])


def test_forty_tills_and_one_coupon(town, tills, coupons):
    """R-000-38: 40 simultaneous redemptions of one single-use coupon at two shops: one succeeds."""
    coupon = next(coupons)

    replies = together(partial(tills[number % 2].authorize, coupon, "40.00") for number in range(40))

    assert outcomes(replies) == {"authorized": 1, "COUPON_SPENT": 39}
    assert uses(town, coupon) == 1


def test_forty_tills_and_a_coupon_for_three_times(town, tills):
    """R-000-38: a coupon that may be used three times is used three times."""
    [coupon] = town.add_coupons(1, uses=3)

    replies = together(partial(tills[number % 2].authorize, coupon, "40.00") for number in range(40))

    assert outcomes(replies) == {"authorized": 3, "COUPON_SPENT": 37}
    assert uses(town, coupon) == 3


def test_the_same_request_ten_times_is_one_use(town, tills, coupons):
    """R-000-38: ten equal answers."""
    coupon = next(coupons)

    replies = together([partial(tills[0].authorize, coupon, "40.00", key=str(uuid4()))] * 10)

    assert outcomes(replies) == {"authorized": 10}
    assert all(reply == replies[0] for reply in replies)
    assert uses(town, coupon) == 1


def test_two_coupons_at_once_on_one_purchase(town, tills, coupons):
    """R-000-13: where only one counts, only one is used, however close they come."""
    for _time in range(5):
        order = str(uuid4())
        pair = [next(coupons), next(coupons)]

        replies = together(partial(tills[0].authorize, coupon, "40.00", order_ref=order) for coupon in pair)

        assert outcomes(replies) == {"authorized": 1, "COUPON_STACK": 1}


def test_a_void_and_the_end_of_a_hold_give_the_use_back(town, tills, coupons, busy_server):
    """R-000-38: the sale was given up; the till died and nobody captured."""
    coupon = next(coupons)
    till, office = tills[0], Client(busy_server.port, busy_server.db, "admin", "admin")
    till.void(till.authorize(coupon, "40.00")["key"])
    held = till.authorize(coupon, "40.00")
    assert (held["status"], till.authorize(coupon, "40.00")["code"]) == ("authorized", "COUPON_SPENT")

    release(town, office, held["key"])

    assert till.authorize(coupon, "40.00")["status"] == "authorized"
    assert uses(town, coupon) == 1


def test_a_coupon_then_a_card_on_one_order_and_back(town, tills, coupons):
    """R-000-06, H16: 40.00 less 5.00, the card pays half of 35.00; the return of the coupon is authorised."""
    coupon, card, till, order = next(coupons), town.next_card("100.00"), tills[0], str(uuid4())

    first = till.authorize(coupon, "40.00", order_ref=order)
    second = till.authorize(card, "40.00", order_ref=order)
    till.capture("40.00", [first, second], order)

    assert (first["amount"], second["amount"]) == ("5.00", "17.50")
    states = "SELECT state, count(*) FROM circuit_transaction WHERE order_ref = %s GROUP BY state"
    assert town.sql(states, [order]) == [("captured", 2)]
    assert till.authorize(coupon, "40.00")["code"] == "COUPON_SPENT"

    back = till.refund(first["key"], "5.00", f"back {order}")
    assert (back["status"], back["amount"], back["balance"]) == ("authorized", "5.00", None)


def test_the_coupon_comes_before_the_minimum_of_the_card(town, tills, coupons):
    """H16: 12.00 with a coupon of 5.00 leaves 7.00, under the card's minimum of 10.00; a card first keeps the coupon
    out."""
    card, till, orders = town.next_card("100.00"), tills[0], [str(uuid4()), str(uuid4())]

    till.authorize(next(coupons), "12.00", order_ref=orders[0])
    late = till.authorize(card, "12.00", order_ref=orders[0])
    till.authorize(card, "12.00", order_ref=orders[1])
    first = till.authorize(next(coupons), "12.00", order_ref=orders[1])

    assert (late["code"], late["limit"]) == ("MIN_SPEND", "10.00")
    assert first["code"] == "COUPON_FIRST"


def test_guessing_coupons_is_throttled(town, tills, busy_server):
    """R-000-38: whoever tries codes waits, and the office sees it."""
    office = Client(busy_server.port, busy_server.db, "admin", "admin")
    town.sql("DELETE FROM circuit_refusal")
    office.call("circuit.circuit", "write", [town.circuit], {"guess_till": 10, "guess_merchant": 60})
    try:
        guesses = [
            partial(tills[1].authorize, town.cards[0], "40.00", identifier=f"EC-0000-0000-0000-{number:04d}")
            for number in range(30)
        ]
        answers = outcomes(together(guesses))
        noted = town.sql("SELECT count(*) FROM circuit_refusal WHERE code = 'COUPON_UNKNOWN' AND guess")
    finally:
        office.call("circuit.circuit", "write", [town.circuit], {"guess_till": 0, "guess_merchant": 0})
        town.sql("DELETE FROM circuit_refusal")

    assert answers == {"COUPON_UNKNOWN": 10, "TOO_MANY": 20}
    assert noted == [(10,)]
