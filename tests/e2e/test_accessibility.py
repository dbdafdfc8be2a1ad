"""Every page for citizens passes axe and fits a telephone, a tablet and a desk (R-000-09)."""

import pytest
from support.axe import violations

WIDTHS = (360, 768, 1280)
PUBLIC = ("/family-card", "/family-card/{program}", "/family-card/help", "/family-card/help/merchant")
OTHERS = ("/family-card/balance", "/circuit/{circuit}/merchants", "/circuit/{circuit}/report")
AREA = (
    "/my/card",
    "/my/card/{card}/movements",
    "/my/card/{card}/why",
    "/my/card/{card}/code",
    "/my/card/apply/{program}",
)
STEPS = ("person", "members", "declarations", "documents", "summary")


def check(page, address):
    """Look at one page at every width."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(address)
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{address} scrolls at {width}"
        assert violations(page) == [], f"{address} at {width}"
        assert page.locator("h1").count() == 1, address
        assert page.title() not in ("", "Odoo"), address


@pytest.fixture(scope="module")
def ids(server):
    """What the addresses name: the programme of the Family Card, its circuit, Mario Rossi's card."""
    [(program, circuit)] = server.sql("select id, circuit_id from family_card_program where code like %s", ["CORLETO%"])
    [(card,)] = server.sql("select id from family_card where fiscal_code = 'RSSMRA85T10A562S'")
    return {"program": program, "circuit": circuit, "card": card}


@pytest.mark.parametrize("address", PUBLIC + OTHERS)
def test_public_pages(page, ids, address):
    """R-000-09: no login, no barrier."""
    check(page, address.format(**ids))


@pytest.mark.timeout(300)
def test_citizens_area(page, login, ids):
    """R-000-09: credit, movements, explanation, application."""
    login(page, "mario.rossi", "mario.rossi", "/my/card")
    for address in AREA:
        check(page, address.format(**ids))


@pytest.mark.timeout(300)
def test_state_of_an_application(page, login, server):
    """R-000-09: with its checks."""
    login(page, "elena.marino", "elena.marino", "/my/card")
    [(application,)] = server.sql("select id from family_card_application where state = 'filed' order by id limit 1")
    check(page, f"/my/card/application/{application}")


@pytest.mark.timeout(300)
def test_steps_of_the_application(page, login, ids):
    """R-000-09: every step, also with its errors, which are announced and lead to their fields."""
    login(page, "pietro.lauria", "pietro.lauria", "/my/card")
    page.goto(f"/my/card/apply/{ids['program']}")
    page.locator("form .btn-primary").click()
    base = page.url.rsplit("/", 1)[0]
    for step in STEPS:
        check(page, f"{base}/{step}")
    page.goto(f"{base}/person")
    page.fill("#field_fiscal_code", "ABC")
    page.locator("button[value=next].btn-primary").click()
    assert page.locator("#form_errors[role=alert]").evaluate("node => node === document.activeElement")
    assert page.get_attribute("#field_fiscal_code", "aria-invalid") == "true"
    described = page.get_attribute("#field_fiscal_code", "aria-describedby").split()
    assert all(page.locator(f"#{one}").is_visible() for one in described)
    assert violations(page) == []
    page.locator("#form_errors a").first.click()
    assert page.evaluate("document.activeElement.id || location.hash.slice(1)").startswith("field_")
    page.goto(f"{base}/members")
    page.locator("button[value=add]").click()
    assert violations(page) == []


SHOP_AREA = (
    "/merchant",
    "/merchant?trend=months",
    "/merchant/transactions?period=quarter",
    "/merchant/transactions?from=2020-01-01&kind=refund",
    "/merchant/transactions/{operation}",
    "/merchant/offers",
    "/merchant/offers/new",
    "/merchant/shop",
    "/merchant/agreement",
    "/merchant/help",
    "/merchant/api",
)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("shop", ["alimentari", "edicola"])
def test_merchants_area(page, login, server, shop):
    """R-000-09, R-004-95: every page of the shop's area, of a cashier's login and of a portal user's."""
    rows = server.sql(
        "select t.reference from circuit_transaction t join res_users u on u.merchant_id = t.merchant_id"
        " where u.login = %s and t.reference is not null order by t.kind desc, t.id limit 1",
        [shop],
    )
    operation = rows[0][0] if rows else None
    login(page, shop, shop, "/merchant")
    for address in SHOP_AREA:
        if operation or "{operation}" not in address:
            check(page, address.format(operation=operation))


def test_page_of_a_shop(page, server):
    """R-000-09, R-004-92: where the window sticker leads."""
    [(circuit, code)] = server.sql(
        "select a.circuit_id, p.shop_code from circuit_agreement a join res_partner p on p.id = a.merchant_id"
        " join circuit_offer o on o.merchant_id = p.id where a.state = 'active' and o.state = 'published' limit 1"
    )
    check(page, f"/circuit/{circuit}/merchant/shop-{code}")


def test_web_till(page, login):
    """R-000-09: the till of shops without a point of sale; its other states are looked at in test_web_till.py."""
    login(page, "edicola", "edicola", "/merchant/till")
    check(page, "/merchant/till")


def test_form_is_filled_in_with_the_keyboard_alone(page, login, ids):
    """R-000-09: the focus goes from field to field in their order, and Enter continues."""
    login(page, "pietro.lauria", "pietro.lauria", "/my/card")
    page.goto(f"/my/card/apply/{ids['program']}")
    page.locator("form .btn-primary").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/person")
    page.focus("#field_name")
    order = []
    for _field in range(6):
        order.append(page.evaluate("document.activeElement.name"))
        page.keyboard.press("Tab")
    assert order == ["name", "fiscal_code", "birth_date", "street", "phone", "email"]
    for field, text in (
        ("fiscal_code", "LRAPTR58C21Z999Q"),
        ("street", "Vico Fontana 4, Corleto"),
        ("phone", "3130000102"),
    ):
        page.focus(f"#field_{field}")
        page.keyboard.press("Control+A")
        page.keyboard.type(text)
    page.keyboard.press("Enter")
    page.wait_for_url("**/members")
