"""A real Odoo, a real PostgreSQL, a real browser.

server         the threaded server that most tests share, on a copy of the demo database
make_server    make_server(workers=4) for a test that needs its own: to load it, to kill it, to spoil its data
busy_server    a prefork server on the database without demo data, to load and to kill
town, tills    shops with open tills and fresh cards on the busy server
sql            SQL on the shared server's database
page, phone    a desktop and a telephone on the shared server (Italian, Europe/Rome)
open_pos       open_pos("phone"): Odoo POS of a shop on a desktop, tablet or phone, its cashier signed in
screens        what new_page wants for a desktop, a tablet or a phone
new_page       new_page(server, phone=False) for any server
open_till      open_till("tablet") the newsagent's web till
card_money     card_money(fiscal_code) what a card holds
screenshot     screenshot(page, "name") keeps docs/screenshots/name.png when CIVIC_SCREENSHOTS=1
"""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright
from support.pos_page import Till as PosTill
from support.server import DEV, ROOT, OdooServer
from support.till_client import Till
from support.town import Town
from support.web_till import SCREENS, WebTill

SCREENSHOTS = ROOT / "docs" / "screenshots"
CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = {"viewport": {"width": 1280, "height": 800}}
CASHIER = "abbigliamento"
TABLET = {"viewport": {"width": 820, "height": 1180}, "is_mobile": True, "has_touch": True}
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """The shared threaded server."""
    with OdooServer(tmp_path_factory.mktemp("odoo")) as running:
        yield running


@pytest.fixture(scope="session")
def busy_server(tmp_path_factory):
    """A server with four workers whose log tells of every retry."""
    options = ["--log-handler=odoo.service.model:INFO"]
    with OdooServer(tmp_path_factory.mktemp("busy"), workers=4, kind="test", options=options) as running:
        yield running


@pytest.fixture(scope="session")
def town(busy_server):
    """Two shops, and cards without credit."""
    return Town(busy_server, cards=90, merchants=2)


@pytest.fixture(scope="session")
def tills(busy_server, town):
    """One till of each shop, logged in."""
    return [Till(busy_server, town, merchant) for merchant in town.merchants]


@pytest.fixture
def make_server(tmp_path):
    """A function that starts a server of the test's own: make_server(workers=0, kind="demo", options=())."""
    running = []

    def start(**arguments):
        one = OdooServer(tmp_path, **arguments)
        running.append(one)
        return one.__enter__()

    yield start
    for one in running:
        one.__exit__(None, None, None)


@pytest.fixture
def sql(server):
    """Run SQL on the shared server's database: sql(query, parameters) returns the rows."""
    return server.sql


@pytest.fixture
def odoo_shell(server):
    """Run Python in Odoo's shell on the shared server's database and return what it prints."""
    return server.shell


@pytest.fixture(scope="session")
def browser(chromium):
    """Headless Chromium."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_OPTIONS)
        yield running
        running.close()


@pytest.fixture
def new_page(browser, request):
    """A function that opens a page in a context of its own: new_page(server, phone=False, **context_options)."""
    contexts = []

    def open_page(server, phone=False, **options):
        context = browser.new_context(
            base_url=server.url,
            **{"locale": "it-IT", "timezone_id": "Europe/Rome", **(PHONE if phone else DESKTOP), **options},
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        return page

    yield open_page
    failed = getattr(request.node, "failed_call", False)
    for index, context in enumerate(contexts):
        if failed:
            _keep_evidence(context, f"{request.node.name}-{index}")
        context.close()


def _keep_evidence(context, name):
    """Save what a failed test's pages looked like."""
    folder = DEV / "reports" / "failed"
    folder.mkdir(parents=True, exist_ok=True)
    for number, page in enumerate(context.pages):
        page.screenshot(path=folder / f"{name}-{number}.png".replace("/", "_"))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Tell new_page whether the test failed."""
    outcome = yield
    if call.when == "call":
        item.failed_call = outcome.get_result().failed


@pytest.fixture
def screens():
    """The three screens of a shop: context options of new_page by name."""
    return {"desktop": DESKTOP, "tablet": TABLET, "phone": PHONE}


@pytest.fixture(scope="session")
def shop(server):
    """A shop with Odoo POS that no story uses: the id of its till, and cookies of its cashier."""
    [(config,)] = server.sql(
        "select p.id from pos_config p join res_users u on u.merchant_id = p.merchant_id where u.login = %s", [CASHIER]
    )
    session = server.session(CASHIER, CASHIER)
    return config, [{"name": one.name, "value": one.value, "url": server.url} for one in session.cookies]


@pytest.fixture
def open_pos(shop, new_page, server, screens):
    """A function: open the shop's till in a browser that has never seen it, on a kind of screen."""

    def open_it(screen="desktop"):
        config, cookies = shop
        page = new_page(server, **screens[screen])
        page.context.add_cookies(cookies)
        page.goto(f"/pos/ui/{config}")
        till = PosTill(page, screen != "desktop")
        till.open()
        return till

    return open_it


@pytest.fixture
def page(new_page, server):
    """A desktop page on the shared server."""
    return new_page(server)


@pytest.fixture
def phone(new_page, server):
    """A telephone's page on the shared server."""
    return new_page(server, phone=True)


@pytest.fixture
def login():
    """A function that logs a page in: login(page, "user", "password")."""

    def log_in(page, user, password, then="/odoo"):
        page.goto(f"/web/login?redirect={then}")
        page.fill("input[name=login]", user)
        page.fill("input[name=password]", password)
        page.click("form.oe_login_form button[type=submit]")
        page.wait_for_url(lambda url: "/web/login" not in url)

    return log_in


@pytest.fixture
def screenshot():
    """A function that keeps a screenshot for the documentation, only when CIVIC_SCREENSHOTS=1."""

    def keep(page, name, **options):
        if os.environ.get("CIVIC_SCREENSHOTS") == "1":
            SCREENSHOTS.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=Path(SCREENSHOTS) / f"{name}.png", **options)

    return keep


@pytest.fixture
def open_till(server, new_page, login):
    """A function that opens a shop's web till: open_till(screen, user)."""

    def open_one(screen="phone", user="edicola"):
        width, height = SCREENS[screen]
        touch = {"is_mobile": True, "has_touch": True, "device_scale_factor": 2} if "phone" in screen else {}
        page = new_page(server, **{"viewport": {"width": width, "height": height}, **touch})
        login(page, user, user, "/merchant/till")
        expect(page.locator("#till_identifier")).to_be_visible()
        return WebTill(page)

    return open_one


@pytest.fixture
def card_money(sql):
    """A function of a fiscal code: what its card holds in all its accounts, Decimal EUR."""
    query = (
        "select sum(a.balance) from stored_value_account a join family_card c on c.id = a.card_id"
        " where c.fiscal_code = %s"
    )
    return lambda fiscal_code: sql(query, [fiscal_code])[0][0]
