import re

from odoo import fields
from odoo.tests import tagged

from odoo.addons.merchant_circuit.rules.till import Terminal

from .common import WebTillCase


@tagged("post_install", "-at_install")
class TestTillPage(WebTillCase):
    def test_the_page_holds_no_data_and_loads_no_framework(self):
        """R-004-70, R-001-26: two files of its own, strict policy, nothing of the shop in what is kept."""
        self.login()

        page = self.url_open("/merchant/till")

        self.assertEqual(page.status_code, 200)
        self.assertEqual(len(re.findall(r"<script ", page.text)), 1)
        self.assertEqual(len(re.findall(r'rel="stylesheet"', page.text)), 1)
        self.assertTrue(page.text.startswith("<!DOCTYPE html>"))
        self.assertIn('<html lang="en-US">', page.text)
        self.assertNotIn("Alimentari Rossi", page.text)
        self.assertNotRegex(page.text, r"\son[a-z]+=|<script>|style=")
        policy = page.headers["Content-Security-Policy"]
        self.assertIn("default-src 'none'", policy)
        self.assertNotIn("unsafe", policy)

    def test_it_is_installable(self):
        """R-001-26: manifest with scope and icons, and a worker that is allowed to serve the page."""
        manifest = self.url_open("/merchant/till/manifest.webmanifest")
        worker = self.url_open("/merchant/till/worker.js")

        self.assertEqual(manifest.headers["Content-Type"], "application/manifest+json")
        self.assertEqual((manifest.json()["scope"], manifest.json()["start_url"]), ("/merchant/till",) * 2)
        for icon in manifest.json()["icons"]:
            self.assertEqual(self.url_open(icon["src"]).headers["Content-Type"], "image/png")
        self.assertEqual(worker.headers["Service-Worker-Allowed"], "/merchant/till")
        self.assertIn('"page": "/merchant/till"', worker.text)

    def test_the_area_leads_to_the_till(self):
        """R-004-95: from the merchant's pages, and right after the login."""
        user = self.login()

        self.assertIn('href="/merchant/till"', self.url_open("/merchant").text)
        self.logout()
        token = re.search(r'name="csrf_token" value="([^"]+)"', self.url_open("/web/login").text)[1]
        form = {"login": user.login, "password": "shop-password", "csrf_token": token}
        answer = self.url_open("/web/login", data=form, allow_redirects=False)
        self.assertTrue(answer.headers["Location"].endswith("/merchant/till"), answer.headers["Location"])

    def test_who_is_not_signed_in_gets_the_login_page(self):
        """R-004-95: and comes back to the till."""
        answer = self.url_open("/merchant/till", allow_redirects=False)

        self.assertIn("/web/login?redirect=", answer.headers["Location"])

    def test_opening_tells_the_shop_and_its_proofs(self):
        """R-004-71: what to ask for, and nothing about any card."""
        user = self.login()

        answer = self.ask("open")

        self.assertEqual((answer["shop"], answer["checks"], answer["ready"]), ("Alimentari Rossi", ["pin"], True))
        self.assertEqual((answer["notices"], answer["day"]["operations"]), ([], []))
        self.assertEqual(answer["user"], f"res.users,{user.id}")

    def test_operations_of_today_are_the_shops_own(self):
        """R-001-17, R-004-95: newest first, other days and other shops not among them."""
        self.login()
        old, first = self.pay(amount="2.00"), self.pay(amount="10.00")
        last = self.pay(amount="20.00")
        self.capture(self.authorize("4.00", terminal=self.other_terminal), "4.00", terminal=self.other_terminal)
        self.env.cr.execute(
            "UPDATE circuit_transaction SET captured_at = captured_at - interval '2 days' WHERE key = %s", [old["key"]]
        )
        self.env["circuit.transaction"]._forget()

        operations = self.ask("open")["day"]["operations"]

        self.assertEqual([one["reference"] for one in operations], [last["reference"], first["reference"]])
        self.assertEqual((operations[0]["purchase"], operations[0]["amount"]), ("20.00", "10.00"))

    def test_obstacles_are_told_when_the_till_opens(self):
        """R-001-03, R-004-60, R-004-90: each in a sentence of its own, and no card is charged."""
        self.login()
        day = fields.Date
        obstacles = {
            "stopped": lambda: self.circuit.sudo().write({"state": "stopped"}),
            "begins": lambda: self.agreement.write({"date_from": day.add(day.today(), days=3)}),
            "ended": lambda: self.agreement.write(
                {"date_from": "2020-01-01", "date_to": day.subtract(day.today(), days=1)}
            ),
            "suspended": lambda: self.agreement.sudo().write({"state": "suspended"}),
            "signed": lambda: self.agreement.sudo().write({"state": "draft"}),
            "no agreement": lambda: self.agreement.sudo().write({"role_accept": False}),
        }
        for word, change in obstacles.items():
            with self.subTest(word):
                change()
                answer = self.ask("open")
                self.assertFalse(answer["ready"])
                self.assertIn(word, answer["notices"][0])
                self.assertEqual(self.pay()["status"], "refused")
                self.env.registry.clear_cache()

    def test_one_circuit_of_two_is_enough(self):
        """R-003-08: the other one's obstacle is told all the same."""
        self.login()
        second = self.env["circuit.circuit"].create({"name": "Second circuit"})
        agreement = self.agreement.copy({"circuit_id": second.id})
        self.assertEqual(agreement.state, "draft")

        answer = self.ask("open")

        self.assertTrue(answer["ready"])
        self.assertIn("Second circuit", answer["notices"][0])
        self.assertEqual(self.pay()["status"], "captured")

    def test_a_terminal_has_its_own_key_space(self):
        """R-004-83: a hold of the shop's other till is not captured by this one."""
        user = self.login()
        held = self.authorize()

        reply = self.pay(key=held["key"])

        self.assertEqual(reply["code"], "KEY_CONFLICT")
        self.assertEqual(self.transaction(held).state, "authorized")
        self.assertNotEqual(self.transaction(held).terminal, Terminal(0, 0, "web", f"res.users,{user.id}", "").ref)
