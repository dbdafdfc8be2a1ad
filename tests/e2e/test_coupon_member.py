"""A member's coupons in a browser: the open page follows each coupon that is spent anywhere, and shows nobody else's."""

import re

import pytest
from playwright.sync_api import expect
from support.axe import violations
from support.server import OdooServer
from support.town import Town
from support.web_till import WebTill

pytestmark = pytest.mark.timeout(300)
WIDTHS = (360, 768, 1280)
#: Less than the page waits before it asks by itself: what comes sooner was told by the bus, in milliseconds.
TOLD = 12_000
POLLED = 40_000


@pytest.fixture(scope="module")
def threaded(tmp_path_factory):
    """A threaded server, which also serves the browser's websocket, on the database without demo data."""
    with OdooServer(tmp_path_factory.mktemp("members"), kind="test") as running:
        yield running


@pytest.fixture(scope="module")
def town(threaded):
    """Two shops, the first of which issues coupons."""
    return Town(threaded, cards=1, merchants=2)


@pytest.fixture(scope="module")
def coupons(town):
    """Single-use coupons of 5.00 of the first shop that no test has used yet, under a commission of 3 %."""
    [(agreement,)] = town.sql(
        "UPDATE circuit_agreement SET role_issue = true WHERE merchant_id = %s AND circuit_id = %s RETURNING id",
        [town.merchants[0].id, town.circuit],
    )
    town.shell(
        f"env['ecoupon.commission'].create({{'circuit_id': {town.circuit}, 'date_from': '2020-01-01', 'rate': 3}})\n"
        "env.cr.commit()"
    )
    return iter(town.add_coupons(6, name="Five off everywhere", issuer_agreement_id=agreement))


@pytest.fixture
def member(new_page, threaded, town, login):
    """A function: a page of one of the shops, signed in."""

    def open_it(number, address, before=None, **options):
        page = new_page(threaded, **options)
        if before:
            before(page)
        shop = town.merchants[number]
        if before or address != "/merchant/coupons":
            login(page, shop.login, shop.password, address)
        else:
            # the page asks once more when it hears the bus: from then on nothing is missed
            with page.expect_response("**/merchant/coupons/live*"):
                login(page, shop.login, shop.password, address)
        return page

    return open_it


def figure(page, label):
    """A figure of the page by what it is called."""
    return page.locator("dl > div", has=page.get_by_text(label, exact=True)).locator("dd")


def amount(page, label):
    """A figure as a number."""
    return float(re.search(r"[\d.]+", figure(page, label).inner_text())[0])


def test_both_members_see_a_coupon_spent_at_once(member, coupons):
    """R-000-26, R-000-21: spent at a till elsewhere, the open pages of issuer and acceptor change by themselves within
    seconds, without being loaded again; taken back, they change back."""
    issuer, acceptor = member(0, "/merchant/coupons"), member(1, "/merchant/coupons")
    for page in (issuer, acceptor):
        page.evaluate("window.loadedOnce = true")
    till = WebTill(member(1, "/merchant/till", phone=True))
    owes, owed = amount(issuer, "You owe other shops"), amount(acceptor, "You are owed")

    till.charge("30", next(coupons).code, pin=None)
    till.paid("5.00")

    expect(figure(issuer, "You owe other shops")).to_contain_text(f"{owes + 5:.2f}", timeout=TOLD)
    expect(figure(acceptor, "You are owed")).to_contain_text(f"{owed + 5:.2f}", timeout=TOLD)
    expect(issuer.locator(".o_member_coupons_status")).not_to_be_empty()

    till.reverse()

    expect(figure(issuer, "You owe other shops")).to_contain_text(f"{owes:.2f}", timeout=TOLD)
    expect(figure(acceptor, "You are owed")).to_contain_text(f"{owed:.2f}", timeout=TOLD)
    assert [page.evaluate("window.loadedOnce") for page in (issuer, acceptor)] == [True, True]


def test_without_the_bus_the_page_asks_by_itself(member, coupons):
    """R-000-26: where no websocket gets through, the figures still come."""

    def cut(page):
        page.route("**/bus/websocket_worker_bundle*", lambda route: route.abort())

    issuer = member(0, "/merchant/coupons", before=cut)
    owes = amount(issuer, "You owe other shops")
    till = WebTill(member(1, "/merchant/till", phone=True))

    till.charge("30", next(coupons).code, pin=None)
    till.paid("5.00")

    expect(figure(issuer, "You owe other shops")).to_contain_text(f"{owes + 5:.2f}", timeout=POLLED)


def test_nothing_of_another_member(member, town, coupons):
    """R-000-27: no model answers a member's remote call, and ids of another member are not found."""
    next(coupons)
    page = member(1, "/merchant/coupons")
    for name in ("redemption", "position", "figure", "campaign", "coupon", "commission"):
        body = {"model": f"ecoupon.{name}", "method": "search_read", "args": [[]], "kwargs": {}}
        answer = page.request.post("/web/dataset/call_kw", data={"jsonrpc": "2.0", "params": body}).json()
        assert "error" in answer, name
    [(campaign,)] = town.sql(
        "SELECT max(id) FROM ecoupon_campaign WHERE issuer_id = %s AND circuit_id = %s",
        [town.merchants[0].id, town.circuit],
    )
    token = page.evaluate("odoo.csrf_token")
    answer = page.request.post(f"/merchant/coupons/hand-out/{campaign}", form={"csrf_token": token})
    assert answer.status == 404
    assert "Five off everywhere" not in page.request.get("/merchant/coupons/campaigns").text()


def test_pages_fit_and_have_no_barrier(member, coupons):
    """R-000-09, R-000-26: any width, no sideways scrolling, no violation; periods are chosen with the keyboard."""
    next(coupons)
    page = member(0, "/merchant/coupons")
    for address in (
        "/merchant/coupons?period=quarter",
        "/merchant/coupons/campaigns",
        "/merchant/coupons/campaigns/new",
    ):
        page.goto(address)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            page.wait_for_timeout(300)  # what opens or closes with the width has come to rest
            assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{address} scrolls at {width}"
            assert violations(page) == [], f"{address} at {width}"
    page.goto("/merchant/coupons")
    page.get_by_role("link", name="Quarter").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**period=quarter**")
