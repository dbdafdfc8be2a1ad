"""One-time codes against tills in a hurry, over HTTP on a server with several workers; and the page that shows them."""

import hashlib
import re
import sys
import time
from collections import Counter
from functools import partial
from uuid import uuid4

import pytest
from support.server import ROOT
from support.till_client import together

sys.path.insert(0, str(ROOT / "tests" / "rules"))
from rules_loader import load

code = load("merchant_circuit", "one_time_code")

ZXING = "/web/static/lib/zxing-library/zxing-library.js"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
READ = """async () => {
    const picture = new XMLSerializer().serializeToString(document.querySelector(".o_code_picture"));
    const image = new Image(400, 400);
    await new Promise((done, failed) => {
        Object.assign(image, { onload: done, onerror: failed });
        image.src = "data:image/svg+xml;base64," + btoa(unescape(encodeURIComponent(picture)));
    });
    return (await new ZXing.BrowserQRCodeReader().decodeFromImageElement(image)).getText();
}"""


@pytest.fixture
def issue(town):
    """A function that issues a code of a card as the page does, with the server's secret or another one."""

    def new(card, seconds=60, secret=None):
        nonce = code.new_nonce()
        [(mine,)] = town.sql("SELECT value FROM ir_config_parameter WHERE key = 'family_card.pin_secret'")
        town.sql(
            "SELECT family_card_issue_code(%s, 2, %s, date_trunc('second', now() AT TIME ZONE 'UTC'), %s,"
            " now() AT TIME ZONE 'UTC', 1000)",
            [card.id, code.digest(nonce), seconds],
        )
        return code.encode(secret or mine, nonce)

    return new


def outcomes(replies):
    """How often each status or refusal code was answered; raises what a call raised."""
    for reply in replies:
        if isinstance(reply, Exception):
            raise reply
    return Counter(reply.get("code", reply["status"]) for reply in replies)


def pay(till, card, text, total="20.00", **changes):
    """A purchase with a code and no PIN."""
    return till.authorize(card, total, identifier=text, secret="", **changes)


# ---------------------------------------------------------------------- tills


def test_twenty_uses_at_once_pay_once(town, tills, issue):
    """R-004-83, R-004-75: one code at two tills by twenty requests: exactly one succeeds, no wrong PIN is counted."""
    card = town.next_card("500.00")
    before = town.available(card.account)  # another test may have credited the whole town
    text = issue(card)

    answers = outcomes(together([partial(pay, tills[n % 2], card, text) for n in range(20)]))

    assert answers == {"authorized": 1, "CODE_EXPIRED": 19}
    assert town.available(card.account) == before - 10
    assert town.sql("SELECT pin_failures FROM family_card WHERE id = %s", [card.id]) == [(0,)]
    [(used, by_code)] = town.sql(
        "SELECT count(used_at), bool_and(t.by_code) FROM family_card_code o JOIN circuit_transaction t"
        " ON t.id = o.transaction_id WHERE o.card_id = %s",
        [card.id],
    )
    assert (used, by_code) == (1, True)
    assert town.problems() == []


def test_the_same_request_at_once_gets_one_answer(town, tills, issue):
    """R-004-83: ten times the same key and code: one debit, ten equal answers, also when the code has long ended."""
    card, key = town.next_card("500.00"), str(uuid4())
    before = town.available(card.account)  # another test may have credited the whole town
    text = issue(card)

    replies = together([partial(pay, tills[0], card, text, key=key) for _n in range(10)])

    assert outcomes(replies) == {"authorized": 10}
    town.sql("UPDATE family_card_code SET expires_at = expires_at - interval '1 hour' WHERE card_id = %s", [card.id])
    assert pay(tills[0], card, text, key=key) == replies[0]
    assert pay(tills[1], card, text, key=key)["code"] == "KEY_CONFLICT"
    assert town.available(card.account) == before - 10


def test_a_code_ends_at_its_instant(town, tills, issue):
    """R-004-74: a purchase below the minimum does not spend it, so the tills see it end; nothing pays afterwards."""
    card = town.next_card("500.00")
    before = town.available(card.account)  # another test may have credited the whole town
    text = issue(card, seconds=3)
    [(ends,)] = town.sql(
        "SELECT extract(epoch FROM max(expires_at)) FROM family_card_code WHERE card_id = %s", [card.id]
    )
    seen = set()
    while time.time() < float(ends) + 1:
        start = time.time()
        answer = pay(tills[0], card, text, total="5.00")["code"]
        if time.time() < float(ends):
            assert answer == "MIN_SPEND"
        elif start >= float(ends):
            assert answer == "CODE_EXPIRED"
        seen.add(answer)
    assert seen == {"MIN_SPEND", "CODE_EXPIRED"}
    assert outcomes(together([partial(pay, till, card, text) for till in tills])) == {"CODE_EXPIRED": 2}
    assert town.available(card.account) == before


def test_codes_of_another_installation_are_forged(town, tills, issue):
    """R-004-74: the right nonce under another secret, and the right code with a changed letter."""
    card = town.next_card("100.00")
    foreign, genuine = issue(card, secret="another installation"), issue(card)
    changed = genuine[:20] + ("A" if genuine[20] != "A" else "B") + genuine[21:]

    assert [pay(tills[0], card, text)["code"] for text in (foreign, changed)] == ["CODE_EXPIRED"] * 2
    assert pay(tills[0], card, genuine)["status"] == "authorized"


def test_a_suspended_or_locked_card_pays_with_no_code(town, tills, issue):
    """R-004-59, R-004-74: locked is locked."""
    card = town.next_card("100.00")
    text = issue(card)
    town.sql("UPDATE family_card SET pin_failures = 3 WHERE id = %s", [card.id])

    assert pay(tills[0], card, text)["code"] == "PIN_LOCKED"


# ------------------------------------------------------------------- the page


def stored(sql, text):
    """Seconds for which the code is stored; fails for any other text."""
    secret = sql("SELECT value FROM ir_config_parameter WHERE key = 'family_card.pin_secret'")[0][0]
    digest = hashlib.sha256(code.decode(secret, text)).hexdigest()
    [(seconds,)] = sql(
        "SELECT extract(epoch FROM expires_at - issued_at)::int FROM family_card_code WHERE digest = %s", [digest]
    )
    return seconds


@pytest.fixture
def citizen(phone, login, sql):
    """The page of Mario Rossi's card on a telephone whose clock the test may move."""
    [(card,)] = sql("select id from family_card where fiscal_code = 'RSSMRA85T10A562S'")
    login(phone, "mario.rossi", "mario.rossi", "/my/card")
    phone.clock.install()
    phone.locator(f"a[href='/my/card/{card}/code']").click()
    phone.wait_for_selector(".o_code_shown")
    return phone


def test_the_page_shows_counts_down_and_renews(citizen, sql, screenshot):
    """R-004-71, R-004-74: a reader reads it off the screen; it leaves the screen when it ends; one press, a new one."""
    citizen.add_script_tag(url=ZXING)
    first = citizen.evaluate(READ)
    assert stored(sql, first) == 60
    assert int(citizen.inner_text(".o_code_left")) > 50
    screenshot(citizen, "portal-code-phone", full_page=True)

    citizen.clock.fast_forward(41_000)
    assert 10 < int(citizen.inner_text(".o_code_left")) < 20
    citizen.clock.fast_forward(20_000)
    citizen.wait_for_selector(".o_code_shown", state="detached")
    assert citizen.locator(".o_code_picture").count() == 0

    citizen.locator(".o_code_panel button").tap()
    citizen.wait_for_selector(".o_code_shown")
    second = citizen.evaluate(READ)
    assert second != first
    assert stored(sql, second) == 60


def test_the_page_works_with_the_keyboard_and_says_what_happens(citizen):
    """R-000-09: the button keeps the focus, what changes is said, axe finds nothing, shown and ended."""
    said = citizen.locator(".o_code_said[aria-live=polite]")
    assert "60" in said.inner_text()
    citizen.evaluate(AXE.read_text(encoding="utf-8"))
    rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}
    find = "(rules) => axe.run(document, rules).then((found) => found.violations.map((one) => one.id))"
    assert citizen.evaluate(find, rules) == []

    citizen.focus(".o_code_panel button")
    with citizen.expect_response("**/code"):
        citizen.keyboard.press("Enter")
    citizen.wait_for_function("document.activeElement.matches('.o_code_panel button')")
    citizen.clock.fast_forward(61_000)
    citizen.wait_for_selector(".o_code_shown", state="detached")
    assert "60" not in said.inner_text()
    citizen.wait_for_timeout(500)  # colours fade
    assert citizen.evaluate(find, rules) == []
    assert citizen.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_its_script_the_form_shows_a_code(phone, login):
    """R-000-09: an old telephone, or a script that did not load."""
    login(phone, "mario.rossi", "mario.rossi", "/my/card")
    phone.route(re.compile(r"\.js(\?|$)"), lambda route: route.abort())
    phone.locator("a[href$='/code']").first.click()
    phone.wait_for_selector(".o_code_panel button")
    assert phone.locator(".o_code_picture").count() == 0
    phone.locator(".o_code_panel button").click()
    phone.wait_for_selector(".o_code_picture")


def test_no_connection_is_said(citizen):
    """R-000-09: nothing spins for ever; the button tries again."""
    citizen.context.set_offline(True)
    citizen.locator(".o_code_panel button").tap()
    citizen.wait_for_selector(".o_code_shown", state="detached")
    assert citizen.locator(".o_code_ended").is_visible()
    citizen.context.set_offline(False)
    citizen.locator(".o_code_panel button").tap()
    citizen.wait_for_selector(".o_code_shown")
