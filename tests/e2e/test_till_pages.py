"""Our dialogs in Odoo POS: no barrier, usable without a mouse, on every screen (R-000-09, R-004-70)."""

import pytest
from playwright.sync_api import expect
from support.axe import violations

expect.set_options(timeout=20_000)

FISCAL_CODE, PIN, MASKED = "DROFMN42C44Z999U", "60418", "DRO***********9U"
DIALOG = ".o_dialog"


def look_at(page, what):
    """Nothing for axe to find in the dialog, and nothing cut off."""
    page.wait_for_timeout(400)  # the dialog slides in
    assert violations(page, DIALOG) == [], what
    box, screen = page.locator(f"{DIALOG} .modal-content").bounding_box(), page.viewport_size
    assert box["x"] >= 0, what
    assert box["y"] >= 0, what
    assert box["x"] + box["width"] <= screen["width"], what
    assert box["y"] + box["height"] <= screen["height"] + 1, what


@pytest.mark.parametrize("screen", ["desktop", "tablet", "phone"])
def test_dialogs_of_the_card(open_pos, screen, server):
    """R-000-09, R-004-76: card and PIN, a refusal with its way out, a one-time code, open payments."""
    till = open_pos(screen)
    page = till.page
    till.sell("20")
    till.choose_method(0)
    expect(page.locator(".circuit-identifier")).to_be_visible()
    look_at(page, "card and PIN")

    page.locator(".circuit-identifier").fill(FISCAL_CODE)
    till.type_pin(PIN)
    page.locator(".circuit-less").click()
    page.locator(".circuit-amount").fill("15")
    page.locator(".circuit-confirm").click()
    expect(page.locator(".circuit-possible")).to_be_visible()
    look_at(page, "a refusal")

    page.locator(".circuit-identifier").fill("CC1." + "A" * 52)
    expect(page.locator(".circuit-one-time")).to_be_visible()
    expect(page.locator(".circuit-secret")).to_have_count(0)
    look_at(page, "a one-time code")

    page.locator(".circuit-identifier").fill(FISCAL_CODE)
    till.type_pin(PIN)
    page.locator(".circuit-amount").fill("")
    page.locator(".circuit-confirm").click()
    till.expect_paid_by_card(MASKED)
    page.context.close()

    page = open_pos(screen).page
    expect(page.locator(".circuit-hold")).to_be_visible()
    look_at(page, "open payments")
    page.locator(".circuit-hold-void").click()
    expect(page.locator(".circuit-holds")).to_have_count(0)


def test_a_sale_with_the_keyboard_alone(open_pos):
    """R-004-70: code, Enter, PIN, Enter; a refusal's button has the focus; Escape leaves the dialog."""
    till = open_pos()
    page, press = till.page, till.page.keyboard.press
    till.sell("20")
    till.choose_method(0)
    expect(page.locator(".circuit-identifier")).to_be_focused()
    page.keyboard.type(FISCAL_CODE)
    press("Enter")
    expect(page.locator(".circuit-secret")).to_be_focused()
    page.keyboard.type(PIN)
    press("Tab")
    expect(page.locator(".circuit-less")).to_be_focused()
    press("Enter")
    press("Tab")
    press("Shift+Tab")
    page.locator(".circuit-amount").focus()
    page.keyboard.type("15")
    press("Enter")
    expect(page.locator(".circuit-possible")).to_be_focused()
    press("Enter")
    till.expect_paid_by_card(MASKED)

    page.locator(".send_payment_reversal").click()
    expect(page.locator(".paymentline")).to_have_count(0)
    till.choose_method(0)
    expect(page.locator(".circuit-identifier")).to_be_focused()
    press("Escape")
    expect(page.locator(".circuit-popup")).to_have_count(0)
    expect(page.locator(".paymentline")).to_have_count(0)
