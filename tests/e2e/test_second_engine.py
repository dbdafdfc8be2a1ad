"""The pages of citizens and members in Firefox, the second engine (R-000-10); Chromium looks at every page elsewhere."""

import json
import os
import subprocess

import pytest
from support.server import DEV, ROOT

pytestmark = pytest.mark.timeout(300)
CITIZEN, ENTITLED, HOLDER, MEMBER = "luca.ferri", "anna.bianchi", "mario.rossi", "libreria"
#: Width of the window, and whether it is a touch screen.
SCREENS = ((360, True), (768, True), (1280, False))
#: Whoever opens it, and the address; {names} are filled in by `ids`.
PAGES = [
    ("", "/web/login"),
    ("", "/coupons"),
    ("", "/coupons/{campaign}"),
    ("", "/circuit/{circuit}/join"),
    ("", "/circuit/{circuit}/merchants"),
    ("", "/family-card"),
    ("", "/family-card/balance"),
    (CITIZEN, "/my"),
    (CITIZEN, "/my/coupons"),
    (ENTITLED, "/my/reserved/{circuit}"),
    (ENTITLED, "/my/reserved/{circuit}/coupons/{extra}"),
    (ENTITLED, "/my/reserved/{circuit}/movements"),
    (ENTITLED, "/my/reserved/{circuit}/rewards"),
    (ENTITLED, "/my/reserved/{circuit}/code"),
    (HOLDER, "/my/card"),
    (HOLDER, "/my/card/{card}/movements"),
    (MEMBER, "/merchant"),
    (MEMBER, "/merchant/coupons"),
    (MEMBER, "/merchant/coupons/campaigns"),
    (MEMBER, "/merchant/transactions"),
]
#: What Odoo's own pages show, which have no heading of ours.
ODOOS = {"/web/login": "form.oe_login_form", "/my": ".o_portal_my_home"}


@pytest.fixture(scope="module")
def ids(server):
    """What the addresses name: the coupon circuit, two of its campaigns, Mario Rossi's card."""
    found = "select max(id) from ecoupon_campaign where state = 'published' and obtain = 'taken' and area = %s"
    [(campaign,)], [(extra,)] = server.sql(found, ["public"]), server.sql(found, ["reserved"])
    [(circuit,)] = server.sql("select circuit_id from ecoupon_campaign where id = %s", [campaign])
    [(card,)] = server.sql("select id from family_card where fiscal_code = 'RSSMRA85T10A562S'")
    return {"campaign": campaign, "extra": extra, "circuit": circuit, "card": card}


@pytest.fixture(scope="module")
def firefox(server):
    """A function: visit pages of the server with one Firefox; returns what each shows (see firefox.mjs)."""

    def visit(visits):
        done = subprocess.run(
            [os.environ["NODE"], ROOT / "tests" / "e2e" / "firefox.mjs"],
            input=json.dumps([{**one, "address": server.url + one["address"]} for one in visits]),
            capture_output=True,
            text=True,
            check=False,
            timeout=240,
        )
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    return visit


@pytest.fixture(scope="module")
def seen(firefox, ids):
    """What every page shows on every screen: one Firefox opens them all."""
    folder = DEV / "reports" / "firefox"
    folder.mkdir(parents=True, exist_ok=True)
    keys = [(who, address, width) for who, address in PAGES for width, _touch in SCREENS]
    touch = dict(SCREENS)
    visits = [
        {
            "address": address.format(**ids),
            "login": who,
            "width": width,
            "mobile": touch[width],
            "shows": ODOOS.get(address, "h1"),
            "screenshot": str(folder / f"{address.strip('/').replace('/', '-')}-{width}.png"),
        }
        for who, address, width in keys
    ]
    return dict(zip(keys, firefox(visits), strict=True))


@pytest.mark.parametrize(("who", "address"), PAGES, ids=[" ".join(one).strip() for one in PAGES])
def test_page_in_firefox(seen, who, address):
    """R-000-10: the page with its main heading, no script that fails, nothing that scrolls sideways: telephone, tablet
    and desk."""
    for width, _touch in SCREENS:
        shown = seen[who, address, width]
        assert shown["errors"] == [], width
        assert shown["status"] == 200, width
        assert "/web/login" not in shown["address"] or address == "/web/login"
        assert shown["innerWidth"] == width
        assert shown["scrollWidth"] <= width, f"scrolls at {width}"
        if address not in ODOOS:
            assert len([heading for heading in shown["headings"] if heading]) == 1, width
            assert shown["title"] not in ("", "Odoo"), width


def test_citizen_takes_a_coupon_in_firefox(firefox, ids, sql):
    """R-000-10: from the public list through the login to the code, on a telephone."""
    code = ".o_ecoupon_text"
    steps = [
        {"click": f"#wrap a[href$='/coupons/{ids['campaign']}']", "opens": True},
        {"click": "#wrap a[href*='/web/login']", "opens": True},
        {"fill": "input[name=login]", "with": CITIZEN},
        {"fill": "input[name=password]", "with": CITIZEN},
        {"click": "form.oe_login_form button[type=submit]", "opens": True},
        {"click": "#wrap form[method=post] button[type=submit]", "opens": True},
    ]

    [shown] = firefox([{"address": "/coupons", "width": 360, "mobile": True, "steps": steps, "read": code}])

    assert shown["errors"] == []
    assert shown["scrollWidth"] <= 360
    [(coupon,)] = sql(
        "select max(c.id) from ecoupon_coupon c join res_users u on u.partner_id = c.holder_id"
        " where u.login = %s and c.campaign_id = %s",
        [CITIZEN, ids["campaign"]],
    )
    assert shown["address"].endswith(f"/my/coupons/{coupon}")
    assert [text[:3] for text in shown["texts"]] == ["EC-"]
