"""Odoo POS in a browser, as a cashier uses it."""

from playwright.sync_api import expect


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

    def show_card(self, code, pin):
        """Choose the card and answer its popup, whatever comes of it."""
        self.choose_method(0)
        self.page.locator(".circuit-identifier").fill(code)
        self.type_pin(pin)
        self.page.locator(".circuit-confirm").click()

    def expect_paid_by_card(self, text):
        """Wait for the card's line with what was deducted and from whom."""
        expect(self.page.locator(".circuit-line-note")).to_contain_text(text)

    def dismiss(self):
        """Close a message box."""
        self.page.locator(".modal .btn-primary").click()
        expect(self.page.locator(".modal")).to_have_count(0)

    def menu(self, label):
        """Choose from the till's menu."""
        self.page.locator(".pos-rightheader .fa-bars").click()
        self.page.locator(".pos-burger-menu-items").get_by_text(label, exact=True).click()

    def authorize(self):
        """Confirm the popup and wait until it is gone."""
        self.page.locator(".circuit-confirm").click()
        expect(self.page.locator(".circuit-popup")).to_have_count(0)

    def validate(self):
        """Finish the sale."""
        self.page.locator(".payment-screen button.validation-button.next, .btn-switchpane.next-button").first.click()
        expect(self.page.locator(".receipt-screen .pos-receipt")).to_be_visible()


def send_messages(server):
    """Let the SMS queue run, as the scheduler does."""
    session = server.session("admin", "admin")
    cron = session.call("ir.model.data", "check_object_reference", "sms", "ir_cron_sms_scheduler_action")[1]
    session.call("ir.cron", "method_direct_trigger", [cron])


def lose_reply(route):
    """The server does its work; its answer never arrives."""
    route.fetch()
    route.abort("connectionreset")


def lose_request(route):
    """The server never hears of it."""
    route.abort("connectionreset")


def go_offline(page, offline=True):
    """Cut the browser off, or connect it again, and wait until the till has noticed."""
    page.context.set_offline(offline)
    page.wait_for_function("(offline) => navigator.onLine !== offline", arg=offline)
    sign = page.locator(".pos-rightheader .fa-chain-broken")
    expect(sign).to_have_count(1 if offline else 0)
