"""A coupon and a card on one purchase in a browser: Odoo POS and the web till, with the way back."""

from uuid import uuid4

import pytest
from playwright.sync_api import expect
from support.pos_page import Till as PosTill
from support.server import OdooServer
from support.till_client import Till
from support.town import Town
from support.town_setup import PIN
from support.web_till import SCREENS, WebTill

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def threaded(tmp_path_factory):
    """A threaded server, which also serves the browser's websocket, on the database without demo data."""
    with OdooServer(tmp_path_factory.mktemp("coupons"), kind="test") as running:
        yield running


@pytest.fixture(scope="module")
def town(threaded):
    """Two shops, and cards without credit."""
    return Town(threaded, cards=8, merchants=2)


@pytest.fixture(scope="module")
def coupons(town):
    """Single-use coupons of 5.00 that no test has used yet."""
    return iter(town.add_coupons(10))


@pytest.fixture(autouse=True)
def sums_agree(town):
    """After every test: no account below zero, every sum and every hash chain right."""
    yield
    assert town.problems() == []


def states(town, instrument):
    """Kind and state of what was done with a coupon or a card, oldest first."""
    model = "family.card" if hasattr(instrument, "account") else "ecoupon.coupon"
    query = (
        "SELECT kind, state, amount::text FROM circuit_transaction WHERE instrument_model = %s AND instrument_id = %s"
        " ORDER BY id"
    )
    return town.sql(query, [model, instrument.id])


@pytest.fixture
def pos(town, new_page, threaded, login):
    """A function: open a shop's Odoo POS, its cashier signed in."""

    def open_it(**screen):
        merchant = town.merchants[0]
        page = new_page(threaded, **screen)
        login(page, merchant.login, merchant.password, f"/pos/ui/{merchant.config}")
        till = PosTill(page, bool(screen))
        till.open()
        return till

    return open_it


def show_coupon(till, coupon):
    """Choose the circuit and scan a coupon: nothing else is asked."""
    till.choose_method(0)
    till.page.locator(".circuit-identifier").fill(coupon.code)
    expect(till.page.locator(".circuit-coupon")).to_be_visible()
    expect(till.page.locator(".circuit-secret")).to_have_count(0)
    till.authorize()


def test_a_coupon_and_a_card_pay_one_sale_in_odoo_pos(town, coupons, pos, screenshot):
    """R-000-06, H16: 40.00, coupon 5.00, card 17.50, the rest otherwise; the ticket says what the coupon is. The card
    first keeps the coupon out; a return gives each its own part back."""
    coupon, late, card = next(coupons), next(coupons), town.next_card("100.00")
    till = pos()
    till.sell("40")

    show_coupon(till, coupon)
    expect(till.page.locator(".circuit-line-note")).to_contain_text("Five off")
    till.choose_method(0)
    expect(till.page.locator(".circuit-coupons")).to_contain_text("5")
    screenshot(till.page, "till-coupon-then-card")
    till.page.locator(".circuit-identifier").fill(card.code)
    till.type_pin(PIN)
    till.authorize()
    expect(till.page.locator(".circuit-line-note")).to_contain_text("COMMERCIO")
    till.choose_method(0)
    expect(till.page.locator(".modal-body")).to_contain_text("card")  # a coupon is too late now
    till.dismiss()
    till.choose_method(1)
    till.validate()

    ticket = till.page.locator(".pos-receipt")
    expect(ticket).to_contain_text(f"EC-***-{coupon.code[-4:]}")
    expect(ticket).to_contain_text("COMMERCIO")
    screenshot(till.page, "till-coupon-ticket")
    assert states(town, coupon) == [("payment", "captured", "5.00")]
    assert states(town, card) == [("payment", "captured", "17.50")]
    assert states(town, late) == []
    give_everything_back(till)
    assert states(town, coupon)[1:] == [("refund", "captured", "5.00")]
    assert states(town, card)[1:] == [("refund", "captured", "17.50")]
    assert town.sql("SELECT ecoupon_uses(%s)", [coupon.id]) == [(0,)]


def give_everything_back(till):
    """Return the last sale from the list of orders: coupon and card are proposed, each with its own part."""
    page = till.page
    page.get_by_role("button", name="New Order").click()
    page.get_by_role("button", name="Orders").click()
    page.locator(".pos-search-bar .filter").click()
    page.locator(".pos-search-bar .filter li", has_text="Paid").click()
    page.locator(".ticket-screen .order-row").first.click()
    page.locator('.ticket-screen .numpad button[value="1"]').click()
    page.locator(".ticket-screen .btn-primary.pay-order-button").click()
    pay = page.locator(".product-screen .pay-order-button")
    expect(pay.or_(page.locator(".payment-screen")).first).to_be_visible()
    if pay.is_visible():
        pay.click()
    lines = page.locator(".paymentline")
    expect(lines).to_have_count(2)
    # one after the other, each kept by the browser before it is asked for
    expect(page.locator(".circuit-line-note")).to_contain_text("Given back", timeout=20_000)
    till.choose_method(1)
    till.validate()


def test_a_coupon_is_taken_back_at_the_till(town, coupons, pos):
    """R-000-38: the line is removed before the sale is stored: the coupon can be used again."""
    coupon = next(coupons)
    till = pos(viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    till.sell("40")
    show_coupon(till, coupon)
    till.page.locator(".send_payment_reversal").click()
    expect(till.page.locator(".paymentline")).to_have_count(0)

    show_coupon(till, coupon)

    assert [state for _kind, state, _amount in states(town, coupon)] == ["voided", "authorized"]


@pytest.mark.parametrize("screen", ["phone", "desktop"])
def test_a_coupon_and_a_card_pay_one_purchase_at_the_web_till(
    screen, town, coupons, new_page, threaded, login, screenshot
):
    """R-000-06, H16: coupon, then the card for the rest, also when the page was loaded anew in between; what is still
    to collect counts both; the last two are taken back one after the other."""
    coupon, card, merchant = next(coupons), town.next_card("100.00"), town.merchants[1]
    width, height = SCREENS[screen]
    page = new_page(threaded, viewport={"width": width, "height": height})
    login(page, merchant.login, merchant.password, "/merchant/till")
    till = WebTill(page)

    till.fill("40", coupon.code, pin=None)
    expect(page.locator("[data-ref=coupon]")).to_be_visible()
    expect(page.locator("#till_secret")).to_be_hidden()
    page.click("[data-ref=submit]")
    till.paid("5.00")
    expect(page.locator("[data-ref=result_collect]")).to_contain_text("35.00")
    screenshot(page, f"web-till-coupon-{screen}")
    page.reload()
    expect(page.locator("[data-ref=order_left]")).to_contain_text("35.00")
    expect(page.locator("#till_amount")).to_have_value("40.00")
    page.fill("#till_identifier", card.code)
    page.fill("#till_secret", PIN)
    screenshot(page, f"web-till-coupon-card-{screen}")
    page.click("[data-ref=submit]")
    till.paid("17.50")
    expect(page.locator("[data-ref=result_collect]")).to_contain_text("17.50")
    expect(page.locator("[data-do=go_on]")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    till.reverse()
    till.reverse()
    expect(page.locator("[data-ref=result_title]")).to_contain_text("can be used again")

    assert states(town, coupon)[1:] == [("refund", "captured", "5.00")]
    assert states(town, card)[1:] == [("refund", "captured", "17.50")]
    assert town.sql("SELECT ecoupon_uses(%s)", [coupon.id]) == [(0,)]


def test_a_purchase_goes_on_after_a_card_that_never_arrived(town, coupons, new_page, threaded, login):
    """R-000-06, H16: the connection breaks while the card pays, and the page is loaded anew: still the same purchase."""
    coupon, card, merchant = next(coupons), town.next_card("100.00"), town.merchants[1]
    page = new_page(threaded, phone=True)
    login(page, merchant.login, merchant.password, "/merchant/till")
    till = WebTill(page)
    till.charge("40", coupon.code, pin=None)
    till.paid("5.00")
    page.click("[data-do=go_on]")
    for path in ("pay", "status"):
        page.route(f"**/merchant/till/{path}", lambda route: route.abort())
    page.fill("#till_identifier", card.code)
    page.fill("#till_secret", PIN)
    page.click("[data-ref=submit]")
    expect(till.asking).to_be_visible()

    # away before the line is back, or the old page may still get the answer
    page.goto("about:blank")
    page.unroute_all()
    page.goto(f"{threaded.url}/merchant/till")
    expect(till.refusal).to_be_visible()
    expect(page.locator("[data-ref=order_left]")).to_contain_text("35.00")
    expect(page.locator("#till_amount")).to_have_attribute("readonly", "")
    page.fill("#till_identifier", card.code)
    page.fill("#till_secret", PIN)
    page.click("[data-ref=submit]")

    till.paid("17.50")
    expect(page.locator("[data-ref=result_collect]")).to_contain_text("17.50")


def test_a_coupon_that_cannot_be_used_is_explained(town, coupons, new_page, threaded, login):
    """Must be shown 5: the sentence at the web till, and the code is marked to be typed again."""
    coupon, merchant = next(coupons), town.merchants[1]
    Till(threaded, town, town.merchants[0]).authorize(coupon, "40.00", order_ref=str(uuid4()))
    page = new_page(threaded, phone=True)
    login(page, merchant.login, merchant.password, "/merchant/till")
    till = WebTill(page)

    till.charge("40", coupon.code, pin=None)

    expect(till.refusal).to_be_visible()
    expect(page.locator("#till_identifier")).to_be_focused()
