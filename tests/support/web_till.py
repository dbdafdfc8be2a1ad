"""The web till as a shopkeeper uses it, for the browser tests."""

import re

from playwright.sync_api import expect

#: The demo's special card: no other browser test spends from it.
FISCAL_CODE, PIN, MASKED = "MZZVNT86S44Z999S", "91537", "MZZ***********9S"
SCREENS = {"phone": (390, 844), "small phone": (360, 640), "tablet": (820, 1180), "desktop": (1280, 800)}


class WebTill:
    """The hands of a shopkeeper at the web till."""

    def __init__(self, page):
        self.page = page
        self.refusal = page.locator("[data-ref=refusal]")
        self.result = page.locator("[data-view=result]")
        self.asking = page.locator("[data-view=asking]")
        self.reverse_button = page.locator("[data-ref=reverse]")

    def fill(self, amount="20", code=FISCAL_CODE, pin=PIN):
        """Type who, how much and the PIN."""
        self.page.fill("#till_identifier", code)
        self.page.fill("#till_amount", amount)
        if pin is not None:
            self.page.fill("#till_secret", pin)

    def charge(self, *args, **kwargs):
        """Fill in the form and send it."""
        self.fill(*args, **kwargs)
        self.page.click("[data-ref=submit]")

    def paid(self, amount):
        """Wait for the big answer."""
        expect(self.result).to_be_visible()
        expect(self.page.locator("[data-ref=result_amount]")).to_contain_text(amount)

    def reverse(self):
        """Take the last operation back and wait until it is."""
        self.reverse_button.click()
        self.page.select_option("#till_reason", index=1)
        self.page.locator("[data-ref=reverse_form] [type=submit]").click()
        expect(self.page.locator("[data-ref=receipt]")).to_have_class(re.compile("refund"))
        expect(self.result).to_be_visible()

    def kept(self):
        """What the browser keeps, as text."""
        return self.page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")

    def pending(self):
        """How many operations the browser still wants to ask about."""
        return self.page.evaluate(
            "Object.keys(localStorage).filter(name => name.startsWith('circuit_web_till')).length"
        )
