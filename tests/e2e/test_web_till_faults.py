"""What goes wrong at the web till in real life; whatever happens, one debit at most (R-004-83)."""

import json

import pytest
from playwright.sync_api import expect
from support.axe import violations
from support.web_till import FISCAL_CODE, PIN, WebTill


@pytest.fixture
def money(card_money):
    """A function: what the card holds, Decimal EUR."""
    return lambda: card_money(FISCAL_CODE)


def lose_reply(route):
    """The server does its work; its answer never arrives."""
    route.fetch()
    route.abort("connectionreset")


def test_a_lost_answer_is_asked_for(open_till, money):
    """R-004-83: the server debited, its answer never came: the till finds out by itself, one debit."""
    before = money()
    till = open_till()
    page = till.page
    page.route("**/merchant/till/pay", lose_reply)

    till.charge()

    till.paid("10,00")
    page.unroute("**/merchant/till/pay")
    assert money() == before - 10
    till.reverse()


def test_a_request_that_never_arrived_debits_nothing(open_till, money):
    """R-004-83: the till gives the key up for good, says so and keeps what was typed."""
    before = money()
    till = open_till()
    page = till.page
    sent = []
    page.route("**/merchant/till/pay", lambda route: (sent.append(route.request.post_data_json), route.abort()))

    till.charge()

    expect(till.refusal).to_contain_text("20,00")
    assert page.input_value("#till_amount") == "20"
    assert money() == before
    page.unroute("**/merchant/till/pay")
    late = page.evaluate(
        "body => fetch('/merchant/till/pay', {method: 'POST', headers: {'Content-Type': 'application/json'}, body})"
        ".then(answer => answer.json())",
        json.dumps(sent[0]),
    )
    assert late["result"]["code"] == "KEY_USED"
    assert money() == before


def test_no_answer_to_anything_until_the_connection_is_back(open_till, money):
    """R-004-82, R-004-83: nothing else is charged while nobody knows; then the truth is shown."""
    before = money()
    till = open_till()
    page = till.page
    page.route("**/merchant/till/pay", lose_reply)
    page.route("**/merchant/till/status", lambda route: route.abort())

    till.charge()
    expect(till.asking).to_be_visible()
    expect(page.locator("[data-ref=form]")).to_be_hidden()
    assert violations(page) == []
    kept = till.kept()
    assert FISCAL_CODE not in kept
    assert PIN not in kept

    page.unroute("**/merchant/till/status")
    page.locator("[data-ref=ask_again]").click()
    till.paid("10,00")
    assert money() == before - 10
    page.unroute("**/merchant/till/pay")
    till.reverse()


@pytest.mark.parametrize("arrives", [True, False])
def test_a_tab_closed_in_the_middle(open_till, money, arrives):
    """R-004-83: opened again, the till asks with the key it kept and tells what happened."""
    before = money()
    till = open_till()
    page = till.page
    page.route("**/merchant/till/pay", lose_reply if arrives else lambda route: route.abort())
    page.route("**/merchant/till/status", lambda route: route.abort())
    till.charge()
    expect(till.asking).to_be_visible()
    page.close()

    again = till.page.context.new_page()
    again.goto("/merchant/till")
    reopened = WebTill(again)
    if arrives:
        reopened.paid("10,00")
        assert money() == before - 10
        reopened.reverse()
    else:
        expect(reopened.refusal).to_contain_text("20,00")
        assert again.input_value("#till_amount").startswith("20")
        assert again.input_value("#till_secret") == ""
    assert money() == before


def test_a_lost_reversal_gives_back_once(open_till, money):
    """R-004-83, R-004-84: the same for taking back."""
    before = money()
    till = open_till()
    page = till.page
    till.charge()
    till.paid("10,00")
    page.route("**/merchant/till/reverse", lose_reply)
    till.reverse()
    assert money() == before
    assert till.pending() == 0


def test_offline_nothing_is_charged_and_nothing_is_queued(open_till, money):
    """R-004-82: a message, the form as it was; back online the same form charges once."""
    before = money()
    till = open_till()
    page = till.page
    till.fill()
    page.context.set_offline(True)
    expect(page.locator("[data-ref=offline]")).to_be_visible()
    page.click("[data-ref=submit]")
    expect(till.refusal).to_be_visible()
    assert violations(page) == []
    assert till.pending() == 0

    page.context.set_offline(False)
    expect(page.locator("[data-ref=offline]")).to_be_hidden()
    page.wait_for_timeout(1000)
    assert money() == before
    assert page.input_value("#till_identifier") == FISCAL_CODE
    page.click("[data-ref=submit]")
    till.paid("10,00")
    assert money() == before - 10
    till.reverse()


def test_a_double_tap_debits_once(open_till, money):
    """R-004-83: two taps, two clicks of a script in one instant, Enter held down: one operation."""
    before = money()
    till = open_till()
    page = till.page
    asked = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/till/pay") else None)
    till.fill()
    page.evaluate(
        "() => { const form = document.querySelector('[data-ref=form]');"
        " for (let tap = 0; tap < 5; tap++) { form.requestSubmit(); } }"
    )
    till.paid("10,00")
    assert len(asked) == 1
    assert money() == before - 10
    till.reverse()


@pytest.mark.parametrize("voids", [0, 6])
def test_the_same_key_many_times_at_once(open_till, money, voids):
    """R-004-83: repeated and given up in the same instant, the server tells every one of them the same truth."""
    before = money()
    till = open_till()
    sale = {"identifier": FISCAL_CODE, "secret": PIN, "documents": None, "amount": "20.00"}
    calls = [("pay", sale)] * 6 + [("void", {})] * voids
    answers = till.page.evaluate(
        "calls => { const key = crypto.randomUUID(); return Promise.all(calls.map(([question, params]) =>"
        " fetch(`/merchant/till/${question}`, {method: 'POST', headers: {'Content-Type': 'application/json'},"
        " body: JSON.stringify({jsonrpc: '2.0', method: 'call', params: {...params, key}})})"
        ".then(answer => answer.json()))) }",
        calls,
    )
    told = [answer["result"] for answer in answers]
    debited = round(before - money(), 2)
    if debited:
        assert debited == 10
        assert {one["receipt"]["reference"] for one in told if one["status"] == "captured"} == {
            told[0]["receipt"]["reference"]
        }
        assert all(one["status"] == "captured" for one in told)
    else:
        assert voids
        assert {one.get("code", one["status"]) for one in told} == {"KEY_USED", "voided"}
    till.page.reload()
    if debited:
        till.reverse()
    assert money() == before


def test_a_slow_answer_and_a_second_tab(open_till, money):
    """R-004-83: a second tab of the same telephone shows the same operation, and starts no other."""
    before = money()
    till = open_till()
    page = till.page
    page.route("**/merchant/till/pay", lose_reply)
    page.route("**/merchant/till/status", lambda route: route.abort())
    till.charge()
    expect(till.asking).to_be_visible()

    second = WebTill(page.context.new_page())
    second.page.goto("/merchant/till")
    second.paid("10,00")
    assert money() == before - 10
    second.reverse()
    assert money() == before
