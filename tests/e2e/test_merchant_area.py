"""The pages of the circuit as shopkeepers and citizens use them: any screen, with and without a position."""

import pytest
from playwright.sync_api import expect

CASHIER = "alimentari"
SCREENS = {"phone": (390, 844), "pos terminal": (360, 640), "tablet": (820, 1180), "pc": (1280, 800)}
AREA = [f"/merchant{page}" for page in ("/transactions?period=month", "/offers", "/shop", "/agreement", "/help", "")]
FITS = "document.documentElement.scrollWidth <= window.innerWidth"


@pytest.fixture
def directory(sql):
    """Address of the demo's public list."""
    [(circuit,)] = sql("select circuit_id from family_card_program where code like %s", ["CORLETO%"])
    return f"/circuit/{circuit}/merchants"


@pytest.mark.parametrize("screen", SCREENS)
def test_the_merchants_area_fits_every_screen(server, new_page, login, screen):
    """R-004-70, R-004-95, R-001-26: till and operations in a plain browser, on telephone, tablet, PC and terminal."""
    page = new_page(server)
    width, height = SCREENS[screen]
    page.set_viewport_size({"width": width, "height": height})
    login(page, CASHIER, CASHIER)

    for address in AREA:
        page.goto(address)
        assert page.evaluate(FITS), (screen, address)
    page.locator("a[href^='/pos/ui/']").first.click()
    register = page.locator(".open-register-btn")
    expect(register.or_(page.locator("article.product")).first).to_be_visible(timeout=20_000)


def asked(page):
    """Questions of the overview from now on, as a list that grows."""
    found = []
    page.on("request", lambda request: found.append(request.url) if "/merchant/live" in request.url else None)
    return found


def test_the_overview_shows_what_happens_while_it_is_open(server, new_page, login, sql):
    """R-004-95: a new operation appears by itself; hidden pages ask nothing."""
    page = new_page(server)
    page.clock.install()
    login(page, CASHIER, CASHIER, "/merchant")
    page.wait_for_load_state("networkidle")
    found = asked(page)
    page.evaluate(
        "() => { Object.defineProperty(document, 'hidden', { value: true, configurable: true });"
        " document.dispatchEvent(new Event('visibilitychange')); }"
    )
    page.clock.run_for(60_000)
    assert found == []

    sql(
        "insert into circuit_transaction (key, kind, state, reference, merchant_id, channel, purchase_total, amount,"
        " authorized_at, company_id, currency_id, agreement_id, category_id, holder_mask)"
        " select gen_random_uuid()::text, 'payment', 'captured', 'LIVE01', t.merchant_id, 'web', 40, 20,"
        " now() at time zone 'UTC', t.company_id, t.currency_id, t.agreement_id, t.category_id, 'TST***01'"
        " from circuit_transaction t join res_users u on u.merchant_id = t.merchant_id where u.login = %s limit 1"
        " returning id",
        [CASHIER],
    )
    page.evaluate("() => { delete document.hidden; document.dispatchEvent(new Event('visibilitychange')); }")
    page.clock.run_for(16_000)
    expect(page.locator("a[href='/merchant/transactions/LIVE01']")).to_be_visible()
    expect(page.locator(".o_merchant_live_status")).not_to_be_empty()
    sql("delete from circuit_transaction where reference = 'LIVE01' returning id")


def test_the_area_is_used_with_the_keyboard_alone(server, new_page, login):
    """R-004-95, R-000-09: from the overview to an operation and to other days, without a mouse."""
    page = new_page(server)
    login(page, CASHIER, CASHIER, "/merchant?trend=months")
    page.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".o_merchant_trend table")).to_be_visible()
    page.locator("a[href='/merchant/transactions?period=month']").last.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/merchant/transactions?period=month")
    page.locator("summary").first.focus()
    page.keyboard.press("Enter")
    page.locator("#filter_from").fill("2020-01-01")
    page.keyboard.press("Enter")
    page.wait_for_url("**from=2020-01-01**")
    page.locator("ul[aria-label] a.stretched-link").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".o_merchant_receipt")).to_be_visible()


def test_the_shop_writes_what_the_public_reads(server, new_page, login):
    """R-004-91, R-004-92: hours on a telephone; the page that the sticker leads to shows them."""
    page = new_page(server, phone=True)
    login(page, "edicola", "edicola", "/merchant/shop")
    page.locator("#shop_hours").fill("Lun-Sab 6-13")
    page.locator("#shop_website").fill("javascript:alert(1)")
    page.locator("#wrap form button[type=submit]").click()
    expect(page.locator(".alert-danger")).to_be_visible()
    page.locator("#shop_website").fill("")
    page.locator("#wrap form button[type=submit]").click()
    expect(page.locator(".alert-success")).to_be_visible()

    visitor = new_page(server)
    visitor.goto(page.locator("#wrap a[href*='/merchant/'][href^='/circuit/']").first.get_attribute("href"))
    expect(visitor.locator("#wrap")).to_contain_text("Lun-Sab 6-13")


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_the_public_list_fits_and_is_used_by_keyboard(server, new_page, directory, width):
    """R-001-13, R-004-91: no login, no sideways scrolling, search and send with the keyboard alone."""
    page = new_page(server)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(directory)
    assert page.evaluate(FITS)

    page.locator("#directory_query").focus()
    page.keyboard.type("alimentari roma")
    page.keyboard.press("Enter")
    expect(page.locator("article")).to_have_count(1)
    expect(page.locator("article h3")).to_have_text("Alimentari Rossi")
    expect(page.locator("article")).to_contain_text("Sconto 10% sul pane")


def test_the_nearest_shop_comes_first(server, new_page, directory):
    """R-004-91: near me, computed in the browser."""
    page = new_page(server)
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"latitude": 40.37745, "longitude": 16.0469})
    page.goto(directory)

    page.locator(".o_circuit_near").click()

    expect(page.locator("article h3").first).to_have_text("Autofficina Petrone")
    expect(page.locator(".o_circuit_distance").first).to_have_text("0 m")


def test_without_a_position_the_list_stays(server, new_page, directory):
    """R-004-91: a visitor who does not tell the position keeps the list as it was and is told so."""
    page = new_page(server)
    page.context.clear_permissions()
    page.goto(directory)
    before = page.locator("article h3").all_text_contents()

    page.locator(".o_circuit_near").click()

    expect(page.locator(".o_circuit_near_status")).not_to_be_empty()
    assert page.locator("article h3").all_text_contents() == before


def test_a_citizen_reports_a_shop_and_the_office_sees_it(server, new_page, login, directory):
    """R-004-93, R-004-94: from the public list on a telephone to the desk; the demo's phone call is incomplete."""
    page = new_page(server, phone=True)
    page.goto(directory)
    page.locator("a[href$='/report']").click()
    page.locator("#complaint_merchant").select_option(label="Il Quaderno")
    page.locator("#complaint_subject").fill("Card rifiutata")
    page.locator("#complaint_body").fill("Ieri alle 18 la card non è stata accettata.")
    page.locator("#complaint_name").fill("Paola Esposito")
    page.locator("#complaint_phone").fill("+39 313 0000001")
    page.locator("#wrap form button[type=submit]").click()
    expect(page.locator(".alert-success")).to_contain_text("REP/")

    office = new_page(server)
    login(office, "ufficio", "ufficio")
    office.goto("/odoo/action-merchant_circuit.action_complaint")
    expect(office.locator(".o_list_table")).to_contain_text("Card rifiutata")
    expect(office.locator(".o_list_table")).to_contain_text("Card non accettata")
