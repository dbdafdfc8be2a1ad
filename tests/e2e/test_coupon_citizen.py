"""Citizens and their coupons in a browser: found without login, taken with one press, spent at another shop's till; and
the reserved area, which opens to nobody who is not entitled."""

import base64
import hmac
import re
import struct
import time
from types import SimpleNamespace

import pytest
import requests
from playwright.sync_api import expect
from support.axe import violations
from support.citizen_facts import PASSWORD, SECRET
from support.server import OdooServer
from support.town import Town
from support.web_till import WebTill

pytestmark = pytest.mark.timeout(300)
WIDTHS = (360, 768, 1280)
TAKE = "Prendi il coupon"
ANNA, LUCA = "anna.coupons", "luca.coupons"
HERE = {"latitude": 45.47, "longitude": 9.19}


@pytest.fixture(scope="module")
def threaded(tmp_path_factory):
    """A threaded server on the database without demo data."""
    with OdooServer(tmp_path_factory.mktemp("citizen"), kind="test") as running:
        yield running


@pytest.fixture(scope="module")
def town(threaded):
    """Two shops with tills: what the issuer's coupons are spent at."""
    return Town(threaded, cards=1, merchants=2)


@pytest.fixture(scope="module")
def facts(town):
    """Ids of the campaigns, of the entitlement and of the citizens."""
    return SimpleNamespace(**town._build(f"build(env, {town.circuit})", "citizen_setup"))


@pytest.fixture
def area(town):
    """Address of the reserved area."""
    return f"/my/reserved/{town.circuit}"


def one_time_password():
    """What an authenticator application shows now (RFC 6238)."""
    digest = hmac.digest(base64.b32decode(SECRET), struct.pack(">Q", int(time.time() // 30)), "sha1")
    offset = digest[-1] & 15
    return f"{(struct.unpack_from('>I', digest, offset)[0] & 0x7FFFFFFF) % 10**6:06d}"


def second_factor(page):
    """Type what the authenticator application shows; the server takes each code once."""
    before = page.url
    for _attempt in range(3):
        page.fill("#totp_token", one_time_password())
        page.locator("form:has(#totp_token) button[type=submit]").click()
        page.wait_for_load_state()
        if "/web/login" not in page.url:
            return
        time.sleep(31 - time.time() % 30)
    raise AssertionError(f"not logged in at {before}: {page.locator('.alert').inner_text()}")


def sign_in(page, who):
    """Log in with password and second factor on the login page."""
    page.fill("input[name=login]", who)
    page.fill("input[name=password]", PASSWORD)
    page.click("form.oe_login_form button[type=submit]")
    second_factor(page)


@pytest.fixture(scope="module")
def sessions():
    """Cookies of who has logged in already."""
    return {}


@pytest.fixture
def browse(new_page, threaded, sessions):
    """A function: a page of a citizen who has logged in, or of a visitor."""

    def open_one(who=None, then="/my", **options):
        page = new_page(threaded, **options)
        if who and who not in sessions:
            page.goto("/web/login?redirect=/my")
            sign_in(page, who)
            sessions[who] = page.context.cookies()
        if who:
            page.context.add_cookies(sessions[who])
            page.goto(then)
        return page

    return open_one


@pytest.fixture
def till(new_page, threaded, town, login):
    """The web till of another shop than the issuer's."""
    merchant = town.merchants[1]
    page = new_page(threaded, phone=True)
    login(page, merchant.login, merchant.password, "/merchant/till")
    return WebTill(page)


def look_at(page, address, status=200):
    """No barrier and nothing that scrolls sideways, at any width."""
    page.set_viewport_size({"width": WIDTHS[0], "height": 800})
    assert page.goto(address).status == status
    page.wait_for_load_state("networkidle")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_timeout(300)  # what opens or closes with the width has come to rest
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{address} scrolls at {width}"
        assert violations(page) == [], f"{address} at {width}"
    assert page.locator("h1").count() == 1
    assert (
        page.locator("script:not([src]):not([type='application/json'])").evaluate_all(
            "nodes => nodes.filter((node) => node.closest('#wrap')).length"
        )
        == 0
    )


def code_on(page):
    """The code that a coupon's page shows."""
    return page.locator(".o_ecoupon_text").inner_text().strip()


def test_a_coupon_of_one_member_is_spent_at_another(browse, till, town, facts):
    """R-000-05, R-000-06, R-000-11: found without login, taken with one press, spent at a shop that did not issue it;
    the list says so."""
    page = browse(phone=True)
    page.goto("/coupons?q=aurora")
    page.get_by_role("link", name="Five off at Aurora").click()
    expect(page.locator("#wrap")).to_contain_text("Lo sconto è pagato da Bakery Aurora")
    page.get_by_role("link", name="Accedi e prendilo").click()
    sign_in(page, ANNA)
    page.get_by_role("button", name=TAKE).click()
    page.wait_for_url("**/my/coupons/*")
    code = code_on(page)

    till.charge("30", code, pin=None)
    till.paid("5.00")

    rows = town.sql(
        "SELECT t.merchant_id, t.amount::text, c.issuer_id = t.merchant_id FROM circuit_transaction t"
        " JOIN ecoupon_coupon c ON c.id = t.instrument_id AND t.instrument_model = 'ecoupon.coupon'"
        " WHERE c.holder_id = %s",
        [facts.people[ANNA]],
    )
    assert rows == [(town.merchants[1].id, "5.00", False)]
    page.goto("/my/coupons")
    expect(page.locator(".o_ecoupon_own")).to_contain_text(re.compile("Spes[oi]"))


def test_a_coupon_is_taken_with_the_keyboard_alone(browse, facts):
    """R-000-09: from the list to the code without a mouse."""
    page = browse(LUCA, "/coupons")
    page.get_by_role("link", name="Five off at Aurora").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/coupons/{facts.public}")
    for _press in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == TAKE:
            break
    page.keyboard.press("Enter")

    page.wait_for_url("**/my/coupons/*")
    assert code_on(page).startswith("EC-")


def test_near_me_keeps_the_position(browse, facts):
    """R-000-11: the nearest first, and the position is in no request."""
    page = browse(geolocation=HERE, permissions=["geolocation"])
    asked = []
    page.on("request", lambda request: asked.append(request.url + (request.post_data or "")))
    page.goto("/coupons")
    page.get_by_role("button", name="Vicino a me").click()

    expect(page.locator(".o_ecoupon_near_status")).to_contain_text("Prima i coupon più vicini")
    expect(page.locator(".o_ecoupon_distance").first).to_contain_text(re.compile(r"\d (m|km)"))
    assert not [address for address in asked if "45.47" in address or "9.19" in address]


def test_an_entitled_citizen_uses_an_extra_discount(browse, till, town, facts, area):
    """R-000-12, R-000-15, R-000-19: with the second factor, in the reserved area, at a shop's till; when the Region
    takes the name off, the till refuses what was taken before, and the area keeps the history."""
    page = browse(ANNA, area, phone=True)
    page.get_by_role("link", name="Quarter off for you").click()
    page.get_by_role("button", name=TAKE).click()
    page.wait_for_url("**/my/coupons/*")
    code = code_on(page)
    town.sql("UPDATE ecoupon_entitlement SET date_to = '2020-12-31' WHERE id = %s", [facts.entitlement])

    till.charge("40", code, pin=None)
    expect(till.refusal).to_be_visible()
    page.goto(area)
    expect(page.locator(".o_ecoupon_lacking")).to_contain_text("Oggi non hai diritto")
    page.get_by_role("link", name="La tua storia").click()
    expect(page.locator("h1")).to_contain_text("La tua storia")

    town.sql("UPDATE ecoupon_entitlement SET date_to = NULL WHERE id = %s", [facts.entitlement])
    till.charge("40", code, pin=None)
    till.paid("10.00")


def test_who_is_not_entitled_gets_in_by_no_route(browse, threaded, town, facts, area):
    """R-000-12: not by address, form, remote call or another interface, with the strongest login that there is."""
    page = browse(LUCA)
    for path in (area, f"{area}/coupons/{facts.extra}", f"{area}/code", f"{area}/rewards"):
        answer = page.goto(path)
        assert answer.status == 403
        assert "Quarter off" not in page.content()
    for path in (f"/coupons/{facts.extra}", f"/coupons/{facts.extra}/picture"):
        assert page.request.get(path).status == 404
    for path in ("/coupons", "/coupons.geojson", "/coupons.rss"):
        assert "Quarter off" not in page.request.get(path).text()
    page.goto(f"/coupons/{facts.public}")
    token = page.evaluate("document.querySelector('input[name=csrf_token]')?.value") or ""
    for path in (f"{area}/coupons/{facts.extra}", f"{area}/code", f"/coupons/{facts.extra}/take"):
        assert page.request.post(path, form={"csrf_token": token}).status in (400, 403, 404)
    for method, arguments in (("search_read", [[]]), ("read", [[facts.extra]]), ("_take", [[facts.extra]])):
        body = {"model": "ecoupon.campaign", "method": method, "args": arguments, "kwargs": {}}
        answer = page.request.post("/web/dataset/call_kw", data={"jsonrpc": "2.0", "params": body}).json()
        assert "error" in answer, method
    rpc = {
        "service": "object",
        "method": "execute_kw",
        "args": [threaded.db, 2, PASSWORD, "ecoupon.campaign", "search_read", [[]]],
    }
    answer = requests.post(f"{threaded.url}/jsonrpc", json={"jsonrpc": "2.0", "params": rpc}, timeout=30).json()
    assert "error" in answer
    answer = requests.post(f"{threaded.url}/json/2/ecoupon.campaign/search_read", json={}, timeout=30)
    assert answer.status_code in (401, 403)
    assert not town.sql(
        "SELECT 1 FROM ecoupon_coupon WHERE holder_id = %s AND campaign_id = %s", [facts.people[LUCA], facts.extra]
    )


def test_pages_of_visitors(browse, facts):
    """R-000-09: catalogue and campaign."""
    page = browse()
    for address in ("/coupons", "/coupons?q=nothing+like+this", "/coupons/page/1", f"/coupons/{facts.public}"):
        look_at(page, address)


@pytest.mark.timeout(600)
def test_pages_of_citizens(browse, town, facts, area):
    """R-000-09: one's own coupons, the reserved area and what it says to who may not enter."""
    page = browse(ANNA)
    page.goto(f"/coupons/{facts.public}")
    if page.get_by_role("button", name=TAKE).count():
        page.get_by_role("button", name=TAKE).click()
        page.wait_for_url("**/my/coupons/*")
    [(coupon,)] = town.sql("SELECT max(id) FROM ecoupon_coupon WHERE holder_id = %s", [facts.people[ANNA]])
    own = [f"/my/coupons/{coupon}", "/my/coupons"]
    for address in [*own, area, f"{area}/coupons/{facts.extra}", f"{area}/code"]:
        look_at(page, address)
    for part in ("movements", "movements/page/1", "rewards", "history"):
        look_at(page, f"{area}/{part}")
    page.goto("/my/coupons")
    page.fill("#add_code", "EC-0")
    page.locator("form[action='/my/coupons/add'] button").click()
    expect(page.locator("#add_error")).to_be_visible()
    assert violations(page) == []
    look_at(browse(LUCA), area, status=403)
