"""Many tills at once, over HTTP, on a server with several workers: the money is right whatever comes first."""

import contextlib
import threading
import time
from collections import Counter
from decimal import Decimal
from functools import partial
from uuid import uuid4

import pytest
from support.till_client import Client, NoAnswerError, together

pytestmark = pytest.mark.timeout(300)

_OVERDUE = "UPDATE circuit_transaction SET expires_at = now() AT TIME ZONE 'UTC' - interval '1 minute' WHERE key = %s"


@pytest.fixture(scope="module")
def office(busy_server):
    """The administrator over HTTP."""
    return Client(busy_server.port, busy_server.db, "admin", "admin")


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


def run_cron(office, xmlid):
    """Run a scheduled action now, in a worker of the busy_server."""
    module, name = xmlid.split(".")
    [row] = office.call(
        "ir.model.data", "search_read", [["module", "=", module], ["name", "=", name]], fields=["res_id"]
    )
    # another test's run of the same job is no error here
    with contextlib.suppress(NoAnswerError):
        office.call("ir.cron", "method_direct_trigger", [row["res_id"]])


@contextlib.contextmanager
def customers(*tasks):
    """Run tasks over and over in threads while the block runs; afterwards the list yielded holds (start, result)."""
    stop, results = threading.Event(), []

    def work(task):
        while not stop.is_set():
            start = time.monotonic()
            try:
                answer = task()
            except Exception as error:
                answer = error
            results.append((start, answer))

    threads = [threading.Thread(target=work, args=(task,), daemon=True) for task in tasks]
    for thread in threads:
        thread.start()
    try:
        yield results
    finally:
        stop.set()
        for thread in threads:
            thread.join(30)


# -------------------------------------------------------------------- charges


def test_fifty_charges_of_20_on_100(town, tills):
    """R-004-75, H15: exactly five of fifty succeed and nothing is left."""
    card = town.next_card("100.00")
    replies = together(partial(tills[number % 2].authorize, card, "40.00", requested="20.00") for number in range(50))
    assert outcomes(replies)["authorized"] == 5
    assert set(outcomes(replies)) <= {"authorized", "ACCOUNT_LIMIT", "NO_CREDIT"}
    assert town.available(card.account) == Decimal("0.00")


def test_the_same_key_ten_times_is_one_debit(town, tills):
    """Issue 2: ten equal answers, one debit."""
    card = town.next_card("100.00")
    call = partial(tills[0].authorize, card, "30.00", key=str(uuid4()))
    replies = together([call] * 10)
    assert outcomes(replies) == {"authorized": 10}
    assert all(reply == replies[0] for reply in replies)
    assert town.available(card.account) == Decimal("85.00")


def test_one_key_with_different_purchases(town, tills):
    """The first one counts, the others learn that the key is taken."""
    card, key = town.next_card("100.00"), str(uuid4())
    replies = together(partial(tills[0].authorize, card, f"{30 + number}.00", key=key) for number in range(8))
    assert outcomes(replies) == {"authorized": 1, "KEY_CONFLICT": 7}
    [granted] = [reply for reply in replies if reply["status"] == "authorized"]
    assert town.available(card.account) == Decimal("100.00") - Decimal(granted["amount"])


def test_one_key_at_two_cards(town, tills):
    """A key belongs to one purchase even where the two calls wait for different accounts."""
    cards, key = [town.next_card("100.00"), town.next_card("100.00")], str(uuid4())
    replies = together(partial(tills[0].authorize, cards[number % 2], "30.00", key=key) for number in range(8))
    assert outcomes(replies) == {"authorized": 4, "KEY_CONFLICT": 4}
    assert sorted(town.available(card.account) for card in cards) == [Decimal("85.00"), Decimal("100.00")]


def test_one_key_at_two_shops(town, tills):
    """Another shop's key is refused and tells nothing."""
    card, key = town.next_card("100.00"), str(uuid4())
    replies = together(partial(tills[number % 2].authorize, card, "30.00", key=key) for number in range(8))
    assert outcomes(replies) == {"authorized": 4, "KEY_CONFLICT": 4}
    assert town.available(card.account) == Decimal("85.00")


def test_two_tills_want_the_last_25(town, tills):
    """H15: 25.00 left, 20.00 asked at two tills; the loser is told what is left."""
    card = town.next_card("25.00")
    replies = together(partial(till.authorize, card, "40.00", requested="20.00") for till in tills)
    assert outcomes(replies) == {"authorized": 1, "ACCOUNT_LIMIT": 1}
    [refused] = [reply for reply in replies if reply["status"] == "refused"]
    assert refused["limit"] == "5.00"


def test_two_tills_at_the_cap_of_the_quarter(town, tills):
    """A05: 100.00 on the account, 25.00 of them of this quarter; however many ask, 25.00 are spent, and what is given
    back can be spent again."""
    [card], period = town.add_program("CAP", 1, per_quarter_category_cap=True)
    town.credit(card.account, "75.00")
    town.credit(card.account, "25.00", period=period)

    replies = together(partial(tills[number % 2].authorize, card, "20.00") for number in range(12))

    assert outcomes(replies) == {"authorized": 3, "ACCOUNT_LIMIT": 9}
    paid = [reply for reply in replies if reply["status"] == "authorized"]
    assert sorted(reply["amount"] for reply in paid) == ["10.00", "10.00", "5.00"]
    assert town.available(card.account) == Decimal("75.00")
    again = together(
        [partial(tills[0].void, reply["key"]) for reply in paid]
        + [partial(tills[1].void, reply["key"]) for reply in paid]
        + [partial(till.authorize, card, "20.00") for till in tills * 4]
    )
    spent = sum(Decimal(reply["amount"]) for reply in again[6:] if reply["status"] == "authorized")
    assert spent <= Decimal("25.00")
    assert town.available(card.account) == Decimal("100.00") - spent


def test_two_tills_and_the_last_cents_below_the_minimum(town, tills):
    """A09: with 5.50 left the minimum holds for both; when one purchase of 10.00 has left 0.50, it is waived."""
    [card], _period = town.add_program("WAIVED", 1, min_spend_waived_below_balance=True)
    town.credit(card.account, "5.50")

    assert outcomes(together(partial(till.authorize, card, "4.00") for till in tills)) == {"MIN_SPEND": 2}
    replies = together(
        partial(till.authorize, card, total) for till, total in zip(tills, ("10.00", "4.00"), strict=True)
    )
    assert replies[0]["amount"] == "5.00"
    assert outcomes(replies[1:]).keys() <= {"MIN_SPEND", "authorized"}
    assert tills[0].authorize(card, "4.00").get("code") in (None, "NO_CREDIT")
    assert town.available(card.account) == Decimal("0.00")


def test_a_lost_reply_is_asked_again(town, tills):
    """Issue 2: the till closes the line after sending, then repeats with the same key: one debit."""
    card, key = town.next_card("100.00"), str(uuid4())
    frame = tills[0].frame(tills[0].path + "authorize", tills[0].request(card, "30.00", key))
    for _try in range(3):
        tills[0].send(frame).close()
    reply = tills[0].authorize(card, "30.00", key)
    assert reply["status"] == "authorized"
    assert tills[0].status(key) == reply
    assert town.available(card.account) == Decimal("85.00")


# ---------------------------------------------------- charges against the rest


@pytest.mark.parametrize("delay", [0, 0.004, 0.02])
def test_a_void_that_overtakes_the_charge(town, tills, delay):
    """Whoever comes first: after the void nothing is held and the key is dead."""
    card, key = town.next_card("100.00"), str(uuid4())

    def void():
        time.sleep(delay)
        return tills[0].void(key)[key]

    replies = together([partial(tills[0].authorize, card, "30.00", key=key), void])
    assert outcomes(replies[:1]).keys() <= {"authorized", "KEY_USED"}
    assert replies[1]["status"] == "voided"
    assert tills[0].status(key)["status"] == "voided"
    assert tills[0].authorize(card, "30.00", key)["code"] == "KEY_USED"
    assert town.available(card.account) == Decimal("100.00")


def test_refunds_voids_and_expiry_at_once(town, tills, office):
    """R-004-84: together never more than was paid goes back, and a captured payment cannot be voided."""
    card = town.next_card("100.00")
    paid = tills[0].authorize(card, "40.00")
    order = f"order-{paid['key']}"
    tills[0].capture("40.00", paid, order)
    late = tills[0].authorize(card, "30.00")
    town.sql(_OVERDUE, [late["key"]])
    replies = together(
        [partial(tills[0].refund, paid["key"], "8.00", order_ref=f"return-{number}") for number in range(5)]
        + [partial(lambda key: tills[0].void(key)[key], paid["key"])] * 2
        + [partial(run_cron, office, "merchant_circuit.cron_expire_holds")]
    )
    refunds = [reply for reply in replies[:5] if reply["status"] == "authorized"]
    assert sorted(reply["amount"] for reply in refunds) == ["4.00", "8.00", "8.00"]
    assert outcomes(replies[:5])["ALREADY_REFUNDED"] == 2
    assert outcomes(replies[5:7]) == {"captured": 2}
    run_cron(office, "merchant_circuit.cron_expire_holds")
    assert tills[0].status(late["key"])["status"] == "expired"
    assert town.available(card.account) == Decimal("80.00")


def test_capture_and_expiry_of_the_same_hold(town, tills, office):
    """Either the sale is stored and the card has paid, or neither."""
    for _race in range(3):
        card = town.next_card("100.00")
        reply = tills[0].authorize(card, "30.00")
        order = f"order-{reply['key']}"
        town.sql(_OVERDUE, [reply["key"]])
        together(
            [
                partial(tills[0].capture, "30.00", reply, order),
                partial(run_cron, office, "merchant_circuit.cron_expire_holds"),
            ]
        )
        stored = bool(town.sql("SELECT 1 FROM pos_order WHERE uuid = %s AND state = 'paid'", [order]))
        assert tills[0].status(reply["key"])["status"] == ("captured" if stored else "expired")
        assert town.available(card.account) == Decimal("85.00" if stored else "100.00")


def test_credit_expires_while_it_is_being_spent(town, tills, office):
    """R-004-55, R-004-56: nothing is spent after the instant, nothing is lost before it."""
    card = town.next_card()
    town.credit(card.account, "20000.00", expires="1.5 seconds")
    with customers(
        *[partial(till.authorize, card, "20.00") for till in tills],
        partial(run_cron, office, "stored_value.cron_expire"),
    ) as results:
        time.sleep(2.5)
    charges = outcomes([reply for _start, reply in results if reply is not None])
    run_cron(office, "stored_value.cron_expire")
    [(balance, expired)] = town.sql(
        "SELECT a.balance::text, (SELECT -sum(amount)::text::numeric FROM stored_value_entry"
        " WHERE account_id = a.id AND kind = 'expiry')::text FROM stored_value_account a WHERE a.id = %s",
        [card.account],
    )
    assert set(charges) == {"authorized", "NO_CREDIT"}
    assert Decimal(balance) == 0
    assert Decimal(expired) == Decimal(20000) - 10 * charges["authorized"]
    [(late,)] = town.sql(
        "SELECT count(*) FROM circuit_transaction t JOIN stored_value_lot l USING (account_id)"
        " WHERE t.account_id = %s AND t.authorized_at >= l.expires_at",
        [card.account],
    )
    assert late == 0


def test_a_suspended_card_pays_nothing_more(town, tills, office):
    """R-004-59: from the moment the office is told that the card is suspended, no till takes it."""
    card = town.next_card("1000.00")
    with customers(*[partial(till.authorize, card, "20.00") for till in tills]) as results:
        time.sleep(0.5)
        change = office.call(
            "family.card.state.change",
            "create",
            {"card_ids": [[6, 0, [card.id]]], "target": "suspended", "reason": "holder_death"},
        )
        office.call("family.card.state.change", "action_apply", [change])
        suspended = time.monotonic()
        time.sleep(0.3)
    before = outcomes([reply for start, reply in results if start < suspended])
    after = outcomes([reply for start, reply in results if start >= suspended])
    assert before["authorized"] > 0
    assert set(after) == {"SUSPENDED"}
    spent = 10 * before["authorized"]
    assert town.available(card.account) == Decimal(1000) - spent


# ------------------------------------------------------------------------ PIN


def test_pins_cannot_be_guessed_in_parallel(town, tills):
    """R-004-74: two tries are answered however many come at once, the third after the wait; then not even the right
    PIN opens."""
    card = town.next_card("100.00")
    guesses = [partial(tills[n % 2].authorize, card, "30.00", secret=f"{90000 + n}") for n in range(20)]
    assert outcomes(together(guesses)) == {"UNKNOWN_OR_PIN": 2, "PIN_WAIT": 18}
    town.sql("UPDATE family_card SET pin_failed_at = pin_failed_at - interval '30 seconds' WHERE id = %s", [card.id])
    assert outcomes(together(guesses)) == {"UNKNOWN_OR_PIN": 1, "PIN_LOCKED": 19}
    right = [partial(tills[n % 2].authorize, card, "30.00") for n in range(5)]
    assert outcomes(together(guesses[:5] + right)) == {"PIN_LOCKED": 10}
    assert town.available(card.account) == Decimal("100.00")


def test_a_good_pin_among_wrong_ones(town, tills):
    """The right PIN starts the count again; between two good ones at most three wrong are answered."""
    card = town.next_card("500.00")
    wrong = [partial(tills[0].authorize, card, "20.00", secret=f"{90000 + n}") for n in range(12)]
    right = [partial(tills[1].authorize, card, "20.00") for _n in range(4)]
    answers = outcomes(together(wrong + right))
    assert answers["UNKNOWN_OR_PIN"] <= 3 * (answers["authorized"] + 1)
    assert town.available(card.account) == Decimal(500) - 10 * answers["authorized"]


# ------------------------------------------------------- all cards at once


def test_holds_and_credit_expire_at_once(town, tills, office):
    """Both scheduled jobs go through the same accounts in different orders without blocking each other."""
    cards = [town.next_card("100.00") for _card in range(8)]
    held = [tills[0].authorize(card, "30.00") for card in reversed(cards)]
    for card in cards:
        town.credit(card.account, "10.00", expires="0.2 seconds")
    for reply in held:
        town.sql(_OVERDUE, [reply["key"]])
    time.sleep(1.3)  # Odoo's clock has whole seconds
    jobs = ("merchant_circuit.cron_expire_holds", "stored_value.cron_expire")
    together(partial(run_cron, office, job) for job in jobs)
    assert {tills[0].status(reply["key"])["status"] for reply in held} == {"expired"}
    assert {town.available(card.account) for card in cards} == {Decimal("100.00")}
    [(unbooked,)] = town.sql(
        "SELECT count(*) FROM stored_value_lot WHERE remaining > 0 AND expires_at <= now() AT TIME ZONE 'UTC'"
    )
    assert unbooked == 0


def test_a_credit_run_while_the_shops_sell(town, tills, office):
    """R-004-49: two runs of the same quarter at once credit it once, and no till notices."""
    cards = [town.next_card("9000.00") for _card in range(4)]
    [period] = office.call(
        "family.card.period", "search", [["program_id", "=", town.program]], order="date_start desc", limit=1
    )
    run = office.call("family.card.credit.run", "create", {"program_id": town.program, "period_id": period})
    calls = [partial(tills[number % 2].authorize, card, "20.00") for number, card in enumerate(cards)]
    with customers(*calls) as results:
        together([partial(office.call, "family.card.credit.run", "action_run", [run])] * 2)
    charges = outcomes([reply for _start, reply in results])
    assert set(charges) == {"authorized"}
    state = office.call("family.card.credit.run", "read", [run], ["state", "card_count"])[0]
    [(active,)] = town.sql(
        "SELECT count(*) FROM family_card WHERE state = 'active' AND program_id = %s", [town.program]
    )
    assert (state["state"], state["card_count"]) == ("done", active)
    credited = {
        account: amount
        for account, amount in town.sql(
            "SELECT account_id, sum(amount)::text FROM stored_value_entry WHERE kind = 'credit' AND operation LIKE 'period:%%'"
            " GROUP BY account_id"
        )
    }
    assert {Decimal(credited[card.account]) for card in cards} == {Decimal("56.25")}


# ------------------------------------------------------------------ the server


def test_nobody_waits_for_a_retry(busy_server, town, tills):
    """A hot account makes no serialization failure: Odoo would sleep for seconds inside the worker."""
    card = town.next_card("1000.00")
    before = busy_server.log.read_text(errors="replace").count("tries left")
    replies = together(partial(tills[number % 2].authorize, card, "20.00") for number in range(40))
    assert outcomes(replies) == {"authorized": 40}
    assert busy_server.log.read_text(errors="replace").count("tries left") == before
