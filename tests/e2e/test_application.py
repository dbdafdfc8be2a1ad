"""From a telephone on the sofa to credit on the card: nobody moves, nothing is on paper (issue 3, "Must be shown" 3).

Pietro Lauria lives in Corleto with Rosa Doria and has no card. He applies on his phone; the office looks and
approves on a desk; a run credits the quarter, prepared by one person and confirmed by another; he sees his balance
and every step on the way to it.
"""

import re

import pytest
from playwright.sync_api import expect
from support.server import OdooServer
from support.till_client import together

expect.set_options(timeout=20_000)

CITIZEN = "pietro.lauria"
OFFICE, HEAD = "ufficio", "responsabile"
CODE = "LRAPTR58C21Z999Q"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A demo of its own: other tests count its cards and messages."""
    with OdooServer(tmp_path_factory.mktemp("application")) as running:
        yield running


class Citizen:
    """The hands of somebody with a telephone."""

    def __init__(self, page, keep):
        self.page = page
        self.keep = lambda name: keep(page, f"portal-{name}-phone")

    def go_on(self, step):
        """Continue, and arrive at the next step."""
        self.page.locator("button[value=next].btn-primary").click()
        self.page.wait_for_url(f"**/{step}")

    def start(self):
        """From the public list of programmes to the first step, whose name is filled in from the login."""
        page = self.page
        page.goto("/family-card")
        page.locator("article a", has_text="Corleto Family Card").click()
        page.wait_for_url(re.compile(r"/family-card/\d+$"))
        self.keep("programme")
        page.locator("#wrap a.btn-primary").click()
        page.wait_for_url("**/my/card/apply/**")
        page.locator("form .btn-primary").click()
        page.wait_for_url("**/person")
        expect(page.locator("#field_name")).to_have_value("Pietro Lauria")

    def person(self):
        """A slip in the number is told at its field, and nothing is typed twice."""
        page = self.page
        page.fill("#field_fiscal_code", CODE.lower())
        page.fill("#field_street", "Vico Fontana 4, Corleto Perticara")
        page.fill("#field_phone", "0971 965701")
        page.locator("button[value=next].btn-primary").click()
        expect(page.locator("#error_phone")).to_be_visible()
        expect(page.locator("#field_street")).to_have_value("Vico Fontana 4, Corleto Perticara")
        self.keep("error")
        page.fill("#field_phone", "313 000 0102")
        self.go_on("members")

    def household(self):
        """One more person, whose birth date is read from the fiscal code."""
        page = self.page
        page.locator("button[value=add]").click()
        page.fill("#field_member_0_name", "Rosa Doria")
        page.fill("#field_member_0_fiscal_code", "DRORSO61M70Z999O")
        page.select_option("#field_member_0_relation", "spouse")
        self.keep("household")
        self.go_on("declarations")

    def declare(self):
        """Privacy notice, in the version in force."""
        self.page.check("#field_privacy_notice_id")
        self.keep("privacy")
        self.go_on("documents")

    def add_document(self):
        """A photograph or PDF from the telephone."""
        files = {"name": "documento di identità.pdf", "mimeType": "application/pdf", "buffer": PDF}
        self.page.set_input_files("#field_document", files)
        self.page.locator("button[value=upload]").click()
        expect(self.page.locator(".list-group-item")).to_contain_text("documento di identità.pdf")
        self.go_on("summary")

    def send(self):
        """Sign and send; the number and the instant are shown at once. Return the number."""
        page = self.page
        expect(page.locator(".alert-warning")).to_have_count(0)
        self.keep("summary")
        page.check("#field_self_certified")
        page.locator("button[value=next].btn-primary").dblclick()
        page.wait_for_url(re.compile(r"/my/card/application/\d+(\?sent=1)?$"))
        number = re.search(r"AP-\d{4}-\d{6}", page.locator("h1").inner_text())[0]
        self.keep("sent")
        return number

    def look(self):
        """The balance per account with its last day, and why."""
        page = self.page
        page.goto("/my/card")
        expect(page.locator(".o_area_available")).to_have_text([re.compile(t) for t in ("67,50", "54,00", "13,50")])
        self.keep("area")
        page.locator("a[href$='/why']").click()
        expect(page.locator(".o_area_annual")).to_contain_text("540,00")
        expect(page.locator("ol.list-group li").first).to_be_visible()
        self.keep("why")


def approve(page, number, keep):
    """The office settles the checks that the registry cannot and approves, on a desk."""
    page.goto("/odoo/action-family_card.action_application")
    page.locator(".o_data_row", has_text=number).click()
    form = page.locator(".o_form_view")
    page.locator(".o_notebook_headers a[name=members]").click()
    expect(form).to_contain_text("Rosa Doria")
    page.locator(".o_notebook_headers a[name=checks]").click()
    buttons = page.locator(".o_field_widget[name=check_ids] button[name=action_pass]")
    expect(buttons.first).to_be_visible()
    keep(page, "staff-application-desktop")
    for left in range(buttons.count(), 0, -1):
        buttons.first.click()
        expect(buttons).to_have_count(left - 1)
    page.locator(".o_statusbar_buttons button[name=action_approve]").click()
    page.locator(".modal .btn-primary").click()
    expect(page.locator(".o_field_widget[name=card_id]")).to_be_visible()


def credit(server):
    """One person prepares the run of the card's first quarter, another confirms it (R-004-49)."""
    [(program, period)] = server.sql(
        "select program_id, first_period_id from family_card where fiscal_code = %s and state = 'active'", [CODE]
    )
    office, head = (server.session(login, login) for login in (OFFICE, HEAD))
    office.call("family.card.period", "action_make_checks", [period])
    waiting = office.call("family.card.check", "search", [["program_id", "=", program], ["outcome", "=", "pending"]])
    if waiting:
        office.call("family.card.check", "action_pass", waiting)
    # The quarter was credited already: opening its run again adds only who is new (R-004-49).
    [run] = office.call("family.card.credit.run", "search", [["program_id", "=", program], ["period_id", "=", period]])
    office.call("family.card.credit.run", "action_preview", [run])
    head.call("family.card.credit.run", "action_confirm", [run])
    [(state,)] = server.sql("select state from family_card_credit_run where id = %s", [run])
    assert state == "done"


@pytest.mark.timeout(400)
def test_a_citizen_applies_and_sees_the_credit(server, new_page, login, screenshot):
    """R-004-11, R-004-18, R-004-100, R-004-85, R-001-19, R-001-20: everything online, from a telephone."""
    phone = new_page(server, phone=True)
    login(phone, CITIZEN, CITIZEN, "/my/card")
    citizen = Citizen(phone, screenshot)
    citizen.start()
    citizen.person()
    citizen.household()
    citizen.declare()
    citizen.add_document()
    number = citizen.send()
    filed = server.sql(
        "select number, phone, channel, state from family_card_application where fiscal_code = %s", [CODE]
    )
    assert filed == [(number, "+393130000102", "portal", "filed")]

    desk = new_page(server)
    login(desk, OFFICE, OFFICE)
    approve(desk, number, screenshot)
    credit(server)

    citizen.look()


def test_a_form_sent_twice_at_once_is_filed_once(server):
    """R-004-50: Mario Rossi declares that nothing but the address changed; two tabs send it at the same instant."""
    [(program, notice)] = server.sql(
        "select p.id, n.id from family_card_program p join family_privacy_notice n on n.program_id = p.id"
        " where p.code like %s",
        ["CORLETO%"],
    )
    tab = server.session("mario.rossi", "mario.rossi")

    def post(address, **data):
        token = re.search(r'name="csrf_token" value="([^"]+)"', tab.get(f"{server.url}/my/card/apply/{program}").text)
        return tab.post(server.url + address, data={"csrf_token": token[1], **data}, timeout=60)

    started = together([lambda: post(f"/my/card/apply/{program}") for _tab in range(2)])
    assert {answer.status_code for answer in started} == {200}
    [(draft,)] = server.sql("select id from family_card_application where kind = 'variation' and state = 'draft'")
    form = f"/my/card/application/{draft}"
    facts = {"name": "Mario Rossi", "fiscal_code": "RSSMRA85T10A562S", "phone": "313 000 0001"}
    post(f"{form}/person", street="Via Nuova 1, Corleto Perticara", **facts)
    post(f"{form}/declarations", privacy_notice_id=str(notice))
    answers = together([lambda: post(f"{form}/summary", self_certified="1") for _tab in range(4)])
    assert {answer.status_code for answer in answers} == {200}
    filed = server.sql("select state, number is not null from family_card_application where id = %s", [draft])
    assert filed == [("filed", True)]
    assert server.sql("select count(*) from family_privacy_consent where application_id = %s", [draft]) == [(1,)]
