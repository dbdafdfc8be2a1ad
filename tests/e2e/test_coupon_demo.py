"""The coupon circuit of the demo as each of its people sees it, in Italian; the pictures of the documentation."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.timeout(300)
OPERATOR, REGION, MEMBER, ENTITLED = "gestore.lombardia", "regione", "libreria", "anna.bianchi"
#: Lists of the office: action, how many rows at least.
LISTS = [
    ("ecoupon.action_campaign", 20),
    ("ecoupon.action_coupon", 50),
    ("ecoupon.action_redemption", 50),
    ("ecoupon.action_position", 5),
    ("ecoupon.action_entitlement_list", 1),
    ("ecoupon.action_behaviour", 3),
    ("ecoupon_settlement.action_invoice_run", 1),
    ("ecoupon_settlement.action_invoice", 5),
]
ROWS = ".o_data_row, .o_group_header, .o_kanban_record:not(.o_kanban_ghost)"


@pytest.fixture
def signed_in(new_page, server, login):
    """A function: a page of one of the demo's people."""

    def open_page(who, address="/my", **options):
        page = new_page(server, **options)
        login(page, who, who, address)
        page.goto(address)
        return page

    return open_page


def test_the_catalogue_of_a_visitor(new_page, server, screenshot):
    """R-000-11: campaigns of the month, without a login."""
    page = new_page(server, phone=True)
    page.goto("/coupons")

    expect(page.locator("h1")).to_contain_text("Coupon")
    assert page.locator("main .card").count() > 5
    screenshot(page, "coupon-catalogue-phone")


def test_a_citizens_coupon(signed_in, screenshot):
    """R-000-05: the code to show at the till."""
    page = signed_in(ENTITLED, "/my/coupons", phone=True)
    page.locator(".o_ecoupon_own a").first.click()

    expect(page.locator(".o_ecoupon_text")).to_contain_text("EC-")
    screenshot(page, "coupon-code-phone")


def test_the_reserved_area(signed_in, screenshot):
    """R-000-12, R-000-16: wallet and extra discounts of an entitled citizen."""
    page = signed_in(ENTITLED, "/my/reserved", phone=True)

    expect(page.locator("h1")).to_contain_text("Area riservata")
    screenshot(page, "coupon-reserved-phone")


def test_a_members_situation_and_invoice(signed_in, screenshot):
    """R-000-26, R-000-24: what is owed both ways, and the month's invoice."""
    page = signed_in(MEMBER, "/merchant/coupons?period=quarter", viewport={"width": 1280, "height": 1100})
    expect(page.locator("#coupons_issued")).to_be_visible()
    screenshot(page, "coupon-member-desktop")

    page.goto("/merchant/invoices")
    page.locator("main a[href*='/merchant/invoices/']").first.click()
    expect(page.locator("h2").first).to_be_visible()
    screenshot(page, "coupon-invoice-desktop")


@pytest.mark.parametrize(("action", "rows"), LISTS, ids=[action for action, _rows in LISTS])
def test_lists_of_the_office(signed_in, screenshot, action, rows):
    """R-000-01, R-000-03: the operator finds the circuit's life in Italian, and every list opens without an error."""
    page = signed_in(OPERATOR, f"/odoo/action-{action}")

    expect(page.locator(ROWS).first).to_be_visible()
    assert page.locator(ROWS).count() >= min(rows, 5)
    expect(page.locator(".o_error_dialog")).to_have_count(0)
    screenshot(page, f"{action.partition('action_')[2].replace('_', '-')}-office-desktop")


def test_the_dashboard_of_the_region(server, signed_in, screenshot):
    """R-000-35: engagement and the watch on limited networks, drawn from answers without an error."""
    [(dashboard,)] = server.sql(
        "select res_id from ir_model_data where module = 'ecoupon_dashboard' and name = 'dashboard_coupon'"
    )
    page = signed_in(REGION, "/odoo", viewport={"width": 1280, "height": 1500})
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))

    page.goto(f"/odoo/dashboards?dashboard_id={dashboard}")

    expect(page.locator(".o-figure canvas").first).to_be_visible()
    page.wait_for_timeout(3000)  # the figures follow, and the charts come in slowly
    assert not errors
    expect(page.locator(".o_error_dialog")).to_have_count(0)
    screenshot(page, "coupon-dashboard-desktop")
