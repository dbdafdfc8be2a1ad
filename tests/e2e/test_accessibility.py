"""Every page of ours passes axe and fits a telephone, a tablet and a desk (R-000-09)."""

import json

import pytest
from support.axe import violations
from support.pages import ALSO, ENTITLED, MEMBER, NO_PAGE, PAGES, ROUTES
from support.server import manifests
from support.waiting import at_rest

WIDTHS = (360, 768, 1280)
ADDRESSES = [(who, address) for who, addresses in [*PAGES.values(), *ALSO] for address in addresses]
STEPS = ("person", "members", "declarations", "documents", "summary")


def check(page, address):
    """Look at one page at every width."""
    page.set_viewport_size({"width": WIDTHS[0], "height": 800})
    reply = page.goto(address)
    assert reply.status == 200, address
    at_rest(page)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_timeout(300)  # what opens or closes with the width has come to rest
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{address} scrolls at {width}"
        assert violations(page) == [], f"{address} at {width}"
        assert page.locator("h1").count() == 1, address
        assert page.title() not in ("", "Odoo"), address


@pytest.fixture(scope="module")
def ids(server):
    """What the addresses name: the programme of the Family Card, its circuit, Mario Rossi's card, a shop's things, the
    circuit of coupons with two campaigns and a coupon of Anna Bianchi."""
    [(program, circuit)] = server.sql("select id, circuit_id from family_card_program where code like %s", ["CORLETO%"])
    [(card,)] = server.sql("select id from family_card where fiscal_code = 'RSSMRA85T10A562S'")
    [(application,)] = server.sql("select id from family_card_application where state = 'filed' order by id limit 1")
    [(shop, code)] = server.sql(
        "select p.id, p.shop_code from res_partner p join res_users u on u.merchant_id = p.id where u.login = 'alimentari'"
    )
    [(sale,)] = server.sql(
        "select reference from circuit_transaction where merchant_id = %s and state = 'captured' order by id limit 1",
        [shop],
    )
    statements = server.sql(
        "select name from merchant_statement where merchant_id = %s and state <> 'draft' order by state = 'sent' desc, id limit 1",
        [shop],
    )
    campaigns = "select max(id) from ecoupon_campaign where state = 'published' and obtain = 'taken' and area = %s"
    [(campaign,)], [(extra,)] = server.sql(campaigns, ["public"]), server.sql(campaigns, ["reserved"])
    [(coupons,)] = server.sql("select circuit_id from ecoupon_campaign where id = %s", [campaign])
    [(coupon,)] = server.sql(
        "select min(c.id) from ecoupon_coupon c join res_users u on u.partner_id = c.holder_id where u.login = %s",
        [ENTITLED],
    )
    [(invoice,)] = server.sql(
        "select min(m.id) from account_move m join res_users u on u.merchant_id = m.partner_id"
        " where m.ecoupon_run_id is not null and u.login = %s",
        [MEMBER],
    )
    [(offer,)] = server.sql("select id from circuit_offer where merchant_id = %s order by id limit 1", [shop])
    return {
        "program": program,
        "circuit": circuit,
        "card": card,
        "application": application,
        "shop": code,
        "sale": sale,
        "offer": offer,
        "campaign": campaign,
        "extra": extra,
        "coupons": coupons,
        "coupon": coupon,
        "invoice": invoice,
        "statement": "".join(name.replace("/", "-") for (name,) in statements),
    }


@pytest.fixture(scope="module")
def cookies(server):
    """A function: the cookies of a login, made once."""
    known = {}

    def sign_in(login):
        if login not in known:
            session = server.session(login, login)
            known[login] = [{"name": one.name, "value": one.value, "url": server.url} for one in session.cookies]
        return known[login]

    return sign_in


def test_every_route_is_a_page_that_is_looked_at_or_none(server):
    """R-000-09: whoever adds a page adds it to the list."""
    printed = server.shell(ROUTES % (list(manifests.manifests()),))
    routes = set(json.loads(printed.split("ROUTES", 1)[1]))

    assert routes == PAGES.keys() | NO_PAGE.keys()


@pytest.mark.parametrize(("who", "address"), ADDRESSES, ids=[" ".join(one) for one in ADDRESSES])
def test_page(page, ids, cookies, who, address):
    """R-000-09: no barrier, whoever opens it."""
    if who:
        page.context.add_cookies(cookies(who))
    check(page, address.format(**ids))


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
