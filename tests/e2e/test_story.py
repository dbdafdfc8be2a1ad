"""The main job of the product, as a mayor would be shown it (issue 2, "Must be shown" 2).

A household of Corleto Perticara buys for 30.00 euros at Alimentari Rossi: half
is paid by the card, half otherwise; the family gets an SMS, the office sees the
movement, the citizen sees what is left. Once on a desktop, once on a telephone,
each with a household of its own.
"""

import re
from typing import NamedTuple

import pytest
from playwright.sync_api import expect

CASHIER = "alimentari"
OFFICE = "ufficio"


class Household(NamedTuple):
    """A card of the demo that nobody has used yet."""

    fiscal_code: str
    pin: str
    masked: str


MARIO = Household("RSSMRA85T10A562S", "48213", "RSS***********2S")
GIULIA = Household("FRRGLI79H61Z999Z", "73952", "FRR***********9Z")


class Till:
    """The hands of a cashier in Odoo POS."""

    def __init__(self, page, phone):
        self.page, self.phone = page, phone
        self.products = page.locator("article.product")

    def open(self):
        """Wait for the till; a screen to open the register may come first, once a session."""
        register = self.page.locator(".open-register-btn")
        expect(register.or_(self.products).first).to_be_visible(timeout=20_000)
        if register.is_visible():
            register.click()

    def sell(self, amount):
        """Ring up one amount and go to the payment."""
        self.products.first.click()
        for digit in amount:
            self.page.locator(f'.modal .numpad button[value="{digit}"]').click()
        self.page.locator(".modal .btn-primary").click()
        pay = ".btn-switchpane.pay-button, .btn-switchpane.btn-primary" if self.phone else ".pay-order-button"
        self.page.locator(pay).first.click()
        expect(self.page.locator(".payment-screen")).to_be_visible()

    def choose_method(self, position):
        """Tap a payment method: 0 is the card, 1 everything else."""
        self.page.locator(".paymentmethods .paymentmethod").nth(position).click()

    def scan(self, code):
        """Do what a keyboard wedge does with the health card: type fast, end with Enter."""
        expect(self.page.locator(".modal .circuit-identifier")).to_be_visible()
        self.page.keyboard.type(f"*{code}*", delay=8)
        self.page.keyboard.press("Enter")
        expect(self.page.locator(".circuit-identifier")).to_have_value(code)

    def type_pin(self, pin):
        """Type the PIN, on a telephone with the pad on the screen."""
        if self.phone:
            for digit in pin:
                self.page.locator(f'.circuit-keypad button[data-key="{digit}"]').click()
        else:
            self.page.locator(".circuit-secret").fill(pin)

    def authorize(self):
        """Confirm the popup and wait until it is gone."""
        self.page.locator(".circuit-confirm").click()
        expect(self.page.locator(".circuit-popup")).to_have_count(0)

    def validate(self):
        """Finish the sale."""
        self.page.locator(".payment-screen button.validation-button.next, .btn-switchpane.next-button").first.click()
        expect(self.page.locator(".receipt-screen .pos-receipt")).to_be_visible()


@pytest.fixture(params=[False, True], ids=["desktop", "phone"])
def is_phone(request):
    """Which of the two screens is used."""
    return request.param


@pytest.fixture
def household(is_phone):
    """A household that the other screen does not touch."""
    return GIULIA if is_phone else MARIO


def balance(sql, household):
    """What the COMMERCIO account holds, as text."""
    return sql(
        "select a.balance::numeric(12,2)::text from stored_value_account a"
        " join family_card c on c.id = a.card_id join family_card_scheme_line l on l.id = a.scheme_line_id"
        " where c.fiscal_code = %s and l.code = 'COMMERCIO'",
        [household.fiscal_code],
    )[0][0]


def send_messages(server):
    """Let the SMS queue run, as the scheduler does."""
    session = server.session("admin", "admin")
    cron = session.call("ir.model.data", "check_object_reference", "sms", "ir_cron_sms_scheduler_action")[1]
    session.call("ir.cron", "method_direct_trigger", [cron])


@pytest.mark.timeout(300)
def test_a_household_spends_half_and_everybody_sees_it(server, sql, new_page, login, screenshot, is_phone, household):
    """R-004-71 … R-004-81 and R-004-85: H1 of the worked examples, S3, from the till to the citizen."""
    suffix = "phone" if is_phone else "desktop"
    assert balance(sql, household) == "56.25"

    # The cashier logs in and is at the till.
    page = new_page(server, phone=is_phone)
    login(page, CASHIER, CASHIER)
    till = Till(page, is_phone)
    till.open()
    till.sell("30")

    # The card: scan, PIN, half of the purchase.
    till.choose_method(0)
    till.scan(household.fiscal_code)
    till.type_pin(household.pin)
    screenshot(page, f"pos-card-{suffix}")
    till.authorize()
    note = page.locator(".circuit-line-note")
    expect(note).to_contain_text("41,25")
    screenshot(page, f"pos-residual-{suffix}")
    assert balance(sql, household) == "41.25"

    # The rest otherwise.
    till.choose_method(1)
    expect(page.locator(".paymentlines .paymentline")).to_have_count(2)
    for line in page.locator(".paymentlines .paymentline").all():
        expect(line).to_contain_text("15,00")
    screenshot(page, f"pos-payment-{suffix}")
    till.validate()
    receipt = page.locator(".pos-receipt")
    for text in ("Alimentari Rossi", "30,00", "15,00", "41,25", household.masked):
        expect(receipt).to_contain_text(text)
    expect(receipt).not_to_contain_text("Unit")
    expect(receipt).not_to_contain_text(household.pin)
    expect(receipt).not_to_contain_text(household.fiscal_code)
    screenshot(page, f"pos-receipt-{suffix}")

    # The family's SMS (S3).
    send_messages(server)
    [(text, secret)] = sql(
        "select o.body, o.secret_body from sms_outbox o join family_card c on c.phone = o.number"
        " where c.fiscal_code = %s order by o.id desc limit 1",
        [household.fiscal_code],
    )
    assert re.fullmatch(
        r"Family Card: spesa EUR 30,00 da Alimentari Rossi il \d\d/\d\d/\d{4} \d\d:\d\d, pagati con la card 15,00\."
        r" Saldo COMMERCIO EUR 41,25\. Op\. \d{6}",
        text,
    )
    assert secret is None

    # The office sees the movement.
    [(card, number)] = sql("select id, number from family_card where fiscal_code = %s", [household.fiscal_code])
    office = new_page(server, phone=is_phone)
    login(office, OFFICE, OFFICE)
    office.goto(f"/odoo/action-family_card.action_family_card/{card}")
    form = office.locator(".o_form_view")
    expect(form).to_contain_text(number)
    expect(form).to_contain_text("41,25")
    expect(form).to_contain_text("Alimentari Rossi")
    screenshot(office, f"staff-card-{suffix}")
    office.goto("/odoo/action-sms_gateway.sms_outbox_action")
    expect(office.locator(".o_view_controller")).to_contain_text("pagati con la card 15,00")
    screenshot(office, f"sms-outbox-{suffix}")

    # The citizen sees what is left.
    citizen = new_page(server, phone=is_phone)
    citizen.goto("/family-card/balance")
    citizen.get_by_label("Codice fiscale").fill(household.fiscal_code)
    citizen.get_by_label("PIN", exact=True).fill(household.pin)
    citizen.locator("#wrap form button[type=submit]").click()
    expect(citizen.locator(".o_balance_available").first).to_contain_text("41,25")
    expect(citizen.locator("main")).not_to_contain_text("Rossi")
    screenshot(citizen, f"balance-{suffix}")
