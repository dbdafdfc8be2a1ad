"""Wallets over HTTP, many tills at once, on a server with several workers: spent once, rewarded within the limits."""

from collections import Counter
from functools import partial
from uuid import uuid4

import pytest
from support.till_client import Client, together

pytestmark = pytest.mark.timeout(300)


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


def left(town, wallet):
    """What is left in a wallet, as text."""
    [(amount,)] = town.sql(
        "SELECT sum(balance)::numeric(12,2)::text FROM stored_value_account WHERE wallet_id = %s", [wallet.id]
    )
    return amount


def test_two_tills_and_one_code(town, tills):
    """R-000-16: the same code at two tills at once, five times: one is paid, the other one is told that it was used."""
    _behaviour, wallets = town.add_wallets(1)
    codes = wallets[0].codes[:5]
    for code in codes:
        replies = together([partial(till.authorize, wallets[0], "1.00", identifier=code) for till in tills])

        assert outcomes(replies) == {"authorized": 1, "CODE_EXPIRED": 1}
    assert left(town, wallets[0]) == f"{10 - len(codes)}.00"


def test_many_tills_and_one_wallet(town, tills):
    """R-000-16: many purchases of 4.00 at once from a wallet of 10.00: 4.00, 4.00 and the 2.00 that are left."""
    _behaviour, wallets = town.add_wallets(1)

    replies = together(
        partial(tills[number % 2].authorize, wallets[0], "4.00", identifier=code)
        for number, code in enumerate(wallets[0].codes)
    )

    assert len(replies) > 5
    assert outcomes(replies) == {"authorized": 3, "NO_CREDIT": len(replies) - 3}
    assert sorted(reply["amount"] for reply in replies if "amount" in reply) == ["2.00", "4.00", "4.00"]
    assert left(town, wallets[0]) == "0.00"


def test_the_same_request_ten_times_is_one_purchase(town, tills):
    """R-000-16: ten equal answers and one debit; void gives all of it back."""
    _behaviour, wallets = town.add_wallets(1)
    ask = partial(tills[0].authorize, wallets[0], "4.00", key=str(uuid4()), identifier=wallets[0].codes[0])

    replies = together([ask] * 10)

    assert outcomes(replies) == {"authorized": 10}
    assert all(reply == replies[0] for reply in replies)
    assert left(town, wallets[0]) == "6.00"
    tills[0].void(replies[0]["key"])
    assert left(town, wallets[0]) == "10.00"


def test_budget_and_times_hold_however_many_record_at_once(town, busy_server):
    """R-000-17, B05: 12 rewards at once for three citizens, four of them in the budget, two a year for each."""
    behaviour, wallets = town.add_wallets(3, budget=70, most_times=2)
    clients = [Client(busy_server.port, busy_server.db, "admin", "admin") for _number in range(12)]

    def record(number):
        values = {
            "behaviour_id": behaviour,
            "partner_id": wallets[number % 3].partner,
            "reference": f"at once {number}",
            "day": "2022-01-01",
        }
        return clients[number].call("ecoupon.reward", "create", [values])

    together([partial(record, number) for number in range(12)])

    rows = town.sql(
        "SELECT partner_id, count(*), sum(amount)::int FROM ecoupon_reward WHERE behaviour_id = %s GROUP BY 1",
        [behaviour],
    )
    assert sum(amount for _partner, _count, amount in rows) == 70
    assert max(count for _partner, count, _amount in rows) <= 3
    [(credited,)] = town.sql(
        "SELECT sum(l.amount)::int FROM stored_value_lot l JOIN ecoupon_reward r ON r.lot_id = l.id"
        " WHERE r.behaviour_id = %s",
        [behaviour],
    )
    assert credited == 70
