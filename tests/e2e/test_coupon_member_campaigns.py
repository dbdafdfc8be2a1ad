"""A member's campaigns in a browser: proposed in its area, refused in the back office; the desk that hands out."""

import re
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect
from support.axe import violations
from support.member_setup import MANAGER
from support.server import OdooServer
from support.town import Town
from support.web_till import WebTill

pytestmark = pytest.mark.timeout(300)
WIDTHS = (360, 768, 1280)
CAMPAIGNS = "/merchant/coupons/campaigns"


@pytest.fixture(scope="module")
def threaded(tmp_path_factory):
    """A threaded server on the database without demo data."""
    with OdooServer(tmp_path_factory.mktemp("campaigns"), kind="test") as running:
        yield running


@pytest.fixture(scope="module")
def town(threaded):
    """Two shops with tills: the first issues, the second accepts."""
    return Town(threaded, cards=1, merchants=2)


@pytest.fixture(scope="module")
def facts(town):
    """Id of the campaign that the first shop hands out."""
    return SimpleNamespace(**town._build(f"build(env, {town.circuit}, {town.merchants[0].id})", "member_setup"))


@pytest.fixture
def visit(new_page, threaded, town, facts, login):
    """A function: a page of the issuing shop (0) or of the accepting one (1)."""

    def open_one(number, address, **options):
        page = new_page(threaded, **options)
        merchant = town.merchants[number]
        login(page, merchant.login, merchant.password, address)
        return page

    return open_one


def look_at(page):
    """No barrier and nothing that scrolls sideways, at any width."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_timeout(300)  # what opens or closes with the width has come to rest
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{page.url} scrolls at {width}"
        assert violations(page) == [], f"{page.url} at {width}"


def test_a_campaign_is_proposed_and_refused(visit, new_page, threaded, login):
    """R-000-03: what was typed stays in the form when something is wrong; the operator refuses in the back office, and
    the member reads why."""
    page = visit(0, CAMPAIGNS)
    page.get_by_role("link", name="New campaign").click()
    page.get_by_label("Name").fill("Ten off in spring")
    page.get_by_label("Worth").fill("10,00")
    page.get_by_label("First day").fill(str(date.today() + timedelta(days=9)))
    page.get_by_label("Last day").fill(str(date.today() + timedelta(days=2)))
    page.get_by_role("button", name="Propose").click()
    expect(page.get_by_role("alert")).to_contain_text("the last one cannot be before the first")
    expect(page.get_by_label("Name")).to_have_value("Ten off in spring")
    look_at(page)
    page.get_by_label("Last day").fill(str(date.today() + timedelta(days=40)))
    page.get_by_role("button", name="Propose").click()
    expect(page.get_by_role("status").filter(has_text="operator")).to_be_visible()
    card = page.locator("li.card", has=page.get_by_role("heading", name="Ten off in spring"))
    expect(card).to_contain_text("To be approved")

    office = new_page(threaded)
    office.set_default_timeout(60_000)  # the back office comes for the first time
    login(office, MANAGER, MANAGER, "/odoo/action-ecoupon.action_campaign")
    refuse(office, "Ten off in spring", "Say which goods.")

    page.goto(CAMPAIGNS)
    expect(card).to_contain_text("Refused")
    expect(card).to_contain_text("Say which goods.")
    look_at(page)


def refuse(office, campaign, reason):
    """Refuse a proposed campaign in the back office."""
    office.locator(".o_kanban_record, .o_data_row", has_text=campaign).first.click()
    office.get_by_role("button", name="Refuse").click()
    office.locator(".modal [name=reason] :is(textarea, input)").first.fill(reason)
    office.locator(".modal-footer .btn-primary").first.click()
    expect(office.locator(".modal")).to_have_count(0)
    expect(office.locator("[role=alert]", has_text=reason)).to_be_visible()


def test_the_desk_hands_out(visit, town, facts, screenshot):
    """R-000-03, R-000-04: one press gives a code with its QR, which is spent at another shop."""
    page = visit(0, CAMPAIGNS, phone=True)
    page.get_by_role("button", name="Hand one out").click()
    expect(page.get_by_role("img", name="QR code of the coupon")).to_be_visible()
    screenshot(page, "member-desk-phone")
    look_at(page)
    code = page.locator(".font-monospace").inner_text().strip()
    assert re.fullmatch(r"EC(-[0-9A-Z]{4}){4}", code)

    till = WebTill(visit(1, "/merchant/till", phone=True))
    till.charge("30", code, pin=None)
    till.paid("7.00")

    handed = "SELECT count(*), min(distributor_id) FROM ecoupon_coupon WHERE campaign_id = %s"
    assert town.sql(handed, [facts.desk]) == [(1, town.merchants[0].id)]
