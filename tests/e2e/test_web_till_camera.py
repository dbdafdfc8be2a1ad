"""Codes in front of the lens of the web till: films for Chromium's fake camera."""

import re
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import expect
from support.axe import violations
from support.camera import code39, film, qr
from support.web_till import FISCAL_CODE, PIN, WebTill

CAMERA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]


@pytest.fixture
def camera_till(server, browser, chromium, login, tmp_path):
    """A function that opens the till on a telephone in front of whose lens a picture is held."""
    running = []

    def open_one(picture, angle=2):
        path = film(picture, tmp_path / "code.y4m", angle)
        arguments = ["--no-sandbox", "--disable-gpu", *CAMERA, f"--use-file-for-fake-video-capture={path}"]
        camera = browser.browser_type.launch(executable_path=chromium, args=arguments)
        running.append(camera)
        page = camera.new_page(base_url=server.url, locale="it-IT", viewport={"width": 390, "height": 844})
        login(page, "edicola", "edicola", "/merchant/till")
        page.locator("[data-do=scan]").click()
        return WebTill(page)

    yield open_one
    for camera in running:
        camera.close()


def test_the_citizens_telephone_in_front_of_the_shops(camera_till, phone, login, sql):
    """R-004-71, R-004-73: the one-time code as it is on one screen, read by the other's camera; no PIN is asked."""
    [(card,)] = sql("select id from family_card where fiscal_code = 'RSSMRA85T10A562S'")
    login(phone, "mario.rossi", "mario.rossi", f"/my/card/{card}/code")
    phone.wait_for_selector(".o_code_shown")
    shown = Image.open(BytesIO(phone.locator(".o_code_picture").screenshot())).convert("L")
    shown.thumbnail((560, 560))

    till = camera_till(shown)
    page = till.page
    expect(page.locator("[data-ref=one_time]")).to_be_visible(timeout=20_000)
    expect(page.locator("#till_secret")).to_be_hidden()
    page.fill("#till_amount", "20")
    page.keyboard.press("Enter")
    till.paid("10,00")

    by_code = (
        "select by_code from circuit_transaction where channel = 'web' and kind = 'payment' order by id desc limit 1"
    )
    assert sql(by_code) == [(True,)]
    till.reverse()


@pytest.mark.parametrize("kind", ["Code 39", "QR"])
def test_the_camera_reads(camera_till, sql, card_money, kind):
    """R-001-16, R-004-73: a film of the health card's bar code, and of the card's QR code, in front of the lens."""
    before = card_money(FISCAL_CODE)
    [(number,)] = sql("select number from family_card where fiscal_code = %s", [FISCAL_CODE])
    shown = FISCAL_CODE if kind == "Code 39" else number
    till = camera_till(code39(shown) if kind == "Code 39" else qr(shown))
    page = till.page
    expect(page.locator("#till_identifier")).to_have_value(shown, timeout=20_000)
    expect(page.locator("[data-ref=scanner]")).to_be_hidden()
    expect(page.locator("#till_amount")).to_be_focused()
    page.fill("#till_amount", "20")
    page.fill("#till_secret", PIN)
    page.click("[data-ref=submit]")
    till.paid("10,00")
    till.reverse()
    assert card_money(FISCAL_CODE) == before


def test_without_a_camera_the_till_says_so(open_till):
    """R-001-16: permission refused, or no camera: a sentence, and the code is typed."""
    till = open_till()
    page = till.page
    page.locator("[data-do=scan]").click()
    expect(page.locator("[data-ref=scanner_message]")).to_have_text(re.compile("."))
    expect(page.locator("[data-ref=scanner]")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(page.locator("[data-ref=scanner]")).to_be_hidden()
    till.charge(pin="11111")
    expect(till.refusal).to_be_visible()
