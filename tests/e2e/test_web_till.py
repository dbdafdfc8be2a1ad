"""The till of shops without a point of sale, on telephone, tablet and desktop."""

import re

import pytest
from playwright.sync_api import expect
from support.axe import violations
from support.web_till import FISCAL_CODE, MASKED, PIN, SCREENS

VOUCHER = "GRCNNA58C54Z999E"
FITS = "document.documentElement.scrollWidth <= window.innerWidth"


@pytest.fixture
def money(card_money):
    """A function: what the card holds, Decimal EUR."""
    return lambda: card_money(FISCAL_CODE)


@pytest.mark.parametrize("screen", SCREENS)
def test_a_sale_and_its_reversal_on_every_screen(open_till, money, screen, screenshot):
    """R-004-70, R-001-26, R-001-15, R-004-81, R-004-84: three inputs, a receipt, and the last operation back."""
    before = money()
    till = open_till(screen)
    page = till.page
    screenshot(page, f"web-till-{screen.replace(' ', '-')}")
    assert page.evaluate(FITS)
    assert violations(page) == []

    till.charge()
    till.paid("10,00")
    expect(page.locator("[data-ref=result_collect]")).to_contain_text("10,00")
    expect(page.locator("[data-ref=receipt]")).to_contain_text(MASKED)
    expect(page.locator("[data-ref=receipt]")).to_contain_text("Edicola Il Balcone")
    assert money() == before - 10
    assert page.evaluate(FITS)
    assert violations(page) == []
    screenshot(page, f"web-till-receipt-{screen.replace(' ', '-')}")
    assert FISCAL_CODE not in page.content()

    till.reverse()
    assert money() == before
    assert violations(page) == []


def test_a_refusal_says_why_and_what_is_possible(open_till, money):
    """R-004-76 to R-004-78: one sentence, and a button with the amount that would be possible."""
    before = money()
    till = open_till()
    page = till.page

    till.charge(pin="11111")
    expect(till.refusal).to_be_visible()
    assert page.locator("#till_secret").evaluate("node => node === document.activeElement && node.value === ''")
    assert violations(page) == []

    page.locator("[data-ref=more] summary").click()
    page.fill("#till_requested", "15")
    till.charge()
    possible = page.locator("[data-ref=refusal_possible]")
    expect(possible).to_contain_text("10,00")
    assert money() == before
    possible.click()
    till.paid("10,00")
    assert money() == before - 10
    till.reverse()


def test_a_part_that_the_card_does_not_pay(open_till, money):
    """R-001-11: cigarettes among the newspapers; the receipt speaks of the whole purchase."""
    before = money()
    till = open_till()
    page = till.page
    page.locator("[data-ref=more] summary").click()
    page.fill("#till_excluded", "6")
    till.charge("26,00")
    till.paid("10,00")
    expect(page.locator("[data-ref=result_collect]")).to_contain_text("16,00")
    till.reverse()
    assert money() == before


def test_documents_instead_of_the_pin(open_till):
    """R-001-12, B09: a shop of vouchers is asked for documents, and the cashier of a point of sale may use it."""
    till = open_till(user="supermercato")
    page = till.page
    expect(page.locator("#till_secret")).to_be_hidden()

    till.charge("12", code=VOUCHER, pin=None)
    expect(till.refusal).to_be_visible()
    page.check("#till_health_card")
    page.check("#till_identity")
    page.click("[data-ref=submit]")
    till.paid("12,00")
    till.reverse()


def test_keyboard_alone(open_till, money):
    """R-004-70, R-000-09: a sale, its reversal and the next sale without mouse or touch."""
    before = money()
    till = open_till("desktop")
    page = till.page
    keys = page.keyboard
    assert page.evaluate("document.activeElement.id") == "till_identifier"
    keys.type(f"*{FISCAL_CODE.lower()}*")
    keys.press("Enter")
    assert page.evaluate("document.activeElement.id") == "till_amount"
    keys.type("20,00")
    keys.press("Enter")
    assert page.evaluate("document.activeElement.id") == "till_secret"
    keys.type(PIN)
    keys.press("Enter")
    till.paid("10,00")
    expect(page.locator("#result_title")).to_be_focused()
    expect(till.reverse_button).to_be_visible()

    for _step in range(8):
        keys.press("Tab")
        if page.evaluate("document.activeElement.dataset.do") == "reverse":
            break
    keys.press("Enter")
    expect(page.locator("#till_reason")).to_be_focused()
    keys.press("ArrowDown")
    keys.press("Tab")
    keys.press("Enter")
    expect(page.locator("[data-ref=receipt]")).to_have_class(re.compile("refund"))
    assert money() == before
    keys.press("Tab")
    keys.press("Enter")
    expect(page.locator("#till_identifier")).to_be_focused()


def test_the_page_opens_without_a_connection(open_till):
    """R-001-26, R-004-82: kept by the browser, it says that nothing can be charged; and it holds no data."""
    till = open_till()
    page = till.page
    page.wait_for_function("navigator.serviceWorker.ready.then(() => true)")
    page.context.set_offline(True)
    page.goto("/merchant/till")
    expect(page.locator("[data-ref=offline]")).to_be_visible()
    expect(page.locator("[data-view=closed]")).to_be_visible()
    kept = page.evaluate(
        "caches.keys().then(names => Promise.all(names.map(name => caches.open(name).then(cache => cache.keys()))))"
        ".then(lists => lists.flat().map(request => new URL(request.url).pathname))"
    )
    assert "/merchant/till" in kept
    assert all(re.match(r"/merchant/till$|/web/assets/|/circuit_web_till/static/", path) for path in kept), kept
    page.context.set_offline(False)
    expect(page.locator("#till_identifier")).to_be_visible()


def test_it_opens_in_well_under_a_second(open_till):
    """R-001-26: a small page of its own; bytes and milliseconds are printed for the report."""
    till = open_till()
    page = till.page
    page.wait_for_function("navigator.serviceWorker.ready.then(() => true)")
    times = []
    for _round in range(5):
        page.goto("/merchant/till")
        expect(page.locator("#till_identifier")).to_be_visible()
        times.append(page.evaluate("Math.round(performance.getEntriesByName('till-ready')[0].startTime)"))
    loaded = page.evaluate(
        "performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation'))"
        ".map(entry => [new URL(entry.name).pathname, entry.decodedBodySize])"
    )
    size = sum(bytes_ for _path, bytes_ in loaded)
    print(f"web till: opens in {sorted(times)} ms, {size} bytes in {len(loaded)} files")
    assert sorted(times)[2] < 1000
    assert size < 100_000, loaded
