"""Tills that guess wait, over HTTP, on a server with several workers: each till for itself, whatever its address."""

from collections import Counter
from functools import partial

import pytest
from support.till_client import Client, together

LIMITS = {"guess_till": 10, "guess_merchant": 60, "guess_wait": 60, "guess_longest_wait": 900}


@pytest.fixture
def limits(busy_server, town):
    """The limits as they come, on all workers; afterwards none, and nothing remembered."""
    office = Client(busy_server.port, busy_server.db, "admin", "admin")
    office.call("circuit.circuit", "write", [town.circuit], LIMITS)
    town.sql("DELETE FROM circuit_refusal")
    yield
    office.call("circuit.circuit", "write", [town.circuit], {"guess_till": 0, "guess_merchant": 0})
    town.sql("DELETE FROM circuit_refusal")


def guesses(till, card, number):
    """Requests for a card that does not exist."""
    return [partial(till.authorize, card, "30.00", identifier=f"FC-2099-{900000 + n}") for n in range(number)]


def codes(replies):
    """How often each answer was given; raises what a call raised."""
    for reply in replies:
        if isinstance(reply, Exception):
            raise reply
    return Counter(reply.get("code", reply["status"]) for reply in replies)


def test_two_tills_behind_one_address_do_not_block_each_other(town, tills, limits):
    """Issue 4: one till guesses until it waits, on every worker; the other one, at the same address, sells."""
    guessing, selling = tills[:2]
    card = town.next_card("100.00")
    together(guesses(guessing, card, 30))

    waiting = codes(together(guesses(guessing, card, 12)))
    sold = codes(together([partial(selling.authorize, card, "10.00") for _sale in range(4)]))

    assert waiting == {"TOO_MANY": 12}
    assert sold == {"authorized": 4}
    assert guessing.authorize(card, "10.00")["code"] == "TOO_MANY"


def test_a_burst_of_parallel_guesses_gains_nothing(town, tills, limits):
    """Issue 4: requests sent at once are counted one after the other; the limit holds over four workers."""
    card = town.next_card("100.00")
    guesses(tills[0], card, 1)[0]()

    answers = codes(together(guesses(tills[0], card, 40)))

    assert answers == {"UNKNOWN_OR_PIN": LIMITS["guess_till"] - 1, "TOO_MANY": 41 - LIMITS["guess_till"]}
    assert town.sql("SELECT count(*) FROM circuit_refusal WHERE code = 'TOO_MANY'") == [(1,)]


def test_guesses_lock_no_card(town, tills, limits):
    """Issue 4: a shop that waits cannot spoil a citizen's card: wrong PINs sent while it waits are not looked at."""
    card = town.next_card("100.00")
    together(guesses(tills[0], card, 30))

    codes(together([partial(tills[0].authorize, card, "10.00", secret="99999") for _try in range(10)]))

    assert town.sql("SELECT pin_failures FROM family_card WHERE id = %s", [card.id]) == [(0,)]
    assert tills[1].authorize(card, "10.00")["status"] == "authorized"
