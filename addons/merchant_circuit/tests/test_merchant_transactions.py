import csv
import html
import io
import re
from datetime import timedelta
from unittest.mock import patch

import openpyxl

from odoo import fields
from odoo.tests import tagged

from .common import ShopCase


@tagged("post_install", "-at_install")
class TestMerchantTransactions(ShopCase):
    def page(self, query=""):
        """The list as the logged-in merchant sees it."""
        answer = self.url_open(f"/merchant/transactions{query}")
        self.assertEqual(answer.status_code, 200)
        return answer.text

    def move(self, transaction, days):
        """Let a transaction have happened some days earlier."""
        self.env.cr.execute(
            "UPDATE circuit_transaction SET authorized_at = %s WHERE id = %s",
            [fields.Datetime.now() - timedelta(days=days), transaction.id],
        )
        transaction._forget()

    def test_a_merchant_sees_its_own(self):
        """R-001-17, R-004-95: a portal user, without any right on the model."""
        reference = self.sale().reference
        user = self.login(self.merchant)

        page = self.page("?period=month")

        self.assertIn(f"/merchant/transactions/{reference}", page)
        self.assertFalse(user.has_group("base.group_user"))

    def test_a_merchant_sees_nobody_elses(self):
        """R-000-27: never another merchant's data, whatever the address says."""
        reference = self.sale().reference
        self.login(self.other_merchant)

        for query in (f"?period=month&merchant={self.merchant.id}", f"?q={reference}", "/page/-1?period=month"):
            with self.subTest(query):
                self.assertNotIn(
                    f"/merchant/transactions/{reference}", self.url_open(f"/merchant/transactions{query}").text
                )
        self.assertEqual(self.url_open(f"/merchant/transactions/{reference}").status_code, 404)

    def test_days_kind_state_and_number_are_chosen(self):
        """R-001-17, R-004-95: by day, week, month, quarter, days, kind, state and number; nonsense shows today."""
        sale = self.sale()
        self.login(self.merchant)
        today = fields.Date.today()
        shown = {
            "": True,
            "?period=day": True,
            "?period=week": True,
            "?period=month": True,
            "?period=quarter": True,
            f"?period=quarter&on={today - timedelta(days=200)}": False,
            "?from=2000-01-01&to=2099-12-31": True,
            "?from=2099-12-31&to=2000-01-01": True,
            "?from=2000-01-01&to=2000-12-31": False,
            "?kind=payment": True,
            "?kind=refund": False,
            "?state=captured": True,
            "?state=refunded": False,
            "?state=authorized": False,
            "?state=voided": False,
            "?state=expired": False,
            f"?q={sale.reference}": True,
            f"?q={sale.reference.lstrip('0')}": True,
            "?q=order-1": True,
            "?q=der-1": True,
            "?q=%25": False,
            "?q=_rder-1": False,
            "?from=9999-99-99&period=century&kind=%27&state=%00&q=%00&on=x": True,
        }
        for query, expected in shown.items():
            with self.subTest(query):
                self.assertEqual(f"/merchant/transactions/{sale.reference}" in self.page(query), expected)

    def test_refunded_purchases_are_found(self):
        """R-004-95: by the state of what was given back."""
        sale = self.sale()
        sale._reverse("Goods returned")
        self.login(self.merchant)

        page = self.page("?state=refunded")

        self.assertIn(f"/merchant/transactions/{sale.reference}", page)
        self.assertNotIn(f"/merchant/transactions/{sale.refund_ids.reference}", page)

    def test_periods_are_stepped_through(self):
        """R-004-95: earlier and later, keeping what else was chosen."""
        sale = self.sale()
        self.move(sale, 1)
        self.login(self.merchant)

        page = self.page("?period=day&kind=payment")
        earlier = re.search(r'href="/merchant/transactions([^"]+)"[^>]*>\s*<i class="fa fa-chevron-left', page)[1]

        self.assertNotIn(f"/merchant/transactions/{sale.reference}", page)
        self.assertIn("kind=payment", earlier)
        self.assertIn(f"/merchant/transactions/{sale.reference}", self.page(html.unescape(earlier)))

    def test_totals_are_of_what_is_shown(self):
        """R-004-95, R-004-96: purchases, refunds, what is reimbursed and what the citizens paid."""
        first = self.sale()
        first._reverse("Goods returned")
        second = self.sale()
        self.login(self.merchant)

        everything = self.totals("?period=week")
        purchases = self.totals("?period=week&kind=payment")
        one = self.totals(f"?q={second.reference}")

        self.assertEqual(everything, {"Transactions": 3, "purchases": 30, "Refunds": -15, "net": 15, "citizens": 30})
        self.assertEqual(purchases, {"Transactions": 2, "purchases": 30, "Refunds": 0, "net": 30, "citizens": 30})
        self.assertEqual(one, {"Transactions": 1, "purchases": 15, "Refunds": 0, "net": 15, "citizens": 15})

    def totals(self, query):
        """Rows below the transactions of the spreadsheet."""
        rows = self.sheet(query)
        start = next(number for number, row in enumerate(rows) if row[0] == "Transactions")
        names = ("Transactions", "purchases", "Refunds", "net", "citizens")
        return dict(zip(names, [row[1] for row in rows[start : start + 5]], strict=True))

    def sheet(self, query):
        """Rows of the spreadsheet."""
        book = openpyxl.load_workbook(io.BytesIO(self.url_open(f"/merchant/transactions.xlsx{query}").content))
        return list(book.active.iter_rows(values_only=True))

    def test_what_is_shown_is_downloaded(self):
        """R-001-17, R-004-95: as a spreadsheet and as text, saying what was chosen, refunds negative, only one's own."""
        origin = self.sale()
        origin._reverse("Goods returned")
        foreign = self.transaction(self.authorize("10.00", terminal=self.other_terminal))
        self.login(self.merchant)

        rows = self.sheet("?period=week")
        refunds = self.sheet("?period=week&kind=refund")
        text = self.url_open("/merchant/transactions.csv?period=week").content.decode("utf-8-sig")

        self.assertEqual((rows[0][:2], refunds[1][1].split(" · ")[1]), (("Shop", "Alimentari Rossi"), "Refund"))
        self.assertEqual([row[8] for row in rows[4:6]], [-15, 15])
        self.assertEqual([row[8] for row in refunds[4:6]], [-15, None])
        lines = list(csv.reader(io.StringIO(text), delimiter=";"))
        self.assertEqual([line[8] for line in lines[4:6]], ["-15.00", "15.00"])
        self.assertNotIn(foreign.reference, text)

    def test_downloads_hold_no_formulas(self):
        """Bad input: a cell that a spreadsheet would compute is harmless."""
        sale = self.sale()
        self.env.cr.execute("UPDATE circuit_transaction SET holder_mask = '=HYPERLINK(1)' WHERE id = %s", [sale.id])
        sale._forget()
        self.login(self.merchant)

        self.assertIn("'=HYPERLINK(1)", self.url_open("/merchant/transactions.csv?period=week").text)

    def test_too_many_for_one_file(self):
        """R-004-95: the list says so instead of a download that ends in the middle."""
        self.sale()
        self.sale()
        self.login(self.merchant)

        with patch("odoo.addons.merchant_circuit.controllers.transactions.EXPORT_MAX", 1):
            page = self.page("?period=week")
            answer = self.url_open("/merchant/transactions.csv?period=week")

        self.assertIn("too many operations for one file", page)
        self.assertNotIn("transactions.csv", page)
        self.assertIn("text/html", answer.headers["Content-Type"])

    def test_downloads_of_other_kinds_do_not_exist(self):
        """Bad input."""
        self.login(self.merchant)

        self.assertEqual(self.url_open("/merchant/transactions.exe").status_code, 404)

    def test_one_operation_with_its_refund(self):
        """R-004-95: the receipt again, and what was given back of it."""
        sale = self.sale()
        sale._reverse("Goods returned")
        self.login(self.merchant)

        page = self.page(f"/{sale.reference}")

        for text in ("TST***01", "COMMERCIO", "30.00", "15.00", f"/merchant/transactions/{sale.refund_ids.reference}"):
            with self.subTest(text):
                self.assertIn(text, page)

    def test_the_mark_of_an_early_void_is_no_operation(self):
        """R-004-82: nothing moved, nothing is shown."""
        self.till._void(self.terminal, ["6f9619ff-8b86-4d01-b42d-00cf4fc964ff"])
        self.login(self.merchant)

        self.assertEqual(self.totals("?period=week")["Transactions"], 0)

    def test_ten_thousand_transactions_take_few_queries(self):
        """R-001-17: the pages of a big shop ask the database no more often than those of a small one."""
        sale = self.sale()
        self.env.flush_all()
        self.env.cr.execute(
            "INSERT INTO circuit_transaction (key, kind, state, reference, merchant_id, channel, purchase_total, amount,"
            " authorized_at, company_id, currency_id, agreement_id, category_id, holder_mask)"
            " SELECT 'many-' || n, 'payment', 'captured', 'M' || n, merchant_id, channel, 20, 10,"
            " authorized_at - n * interval '1 minute', company_id, currency_id, agreement_id, category_id, 'TST***01'"
            " FROM circuit_transaction, generate_series(1, 10000) n WHERE id = %s",
            [sale.id],
        )
        self.login(self.merchant)
        for address in ("/merchant", "/merchant/transactions?period=quarter"):
            with self.subTest(address):
                self.url_open(address)
                before = self.env.cr.sql_log_count
                answer = self.url_open(address)
                self.assertEqual(answer.status_code, 200)
                self.assertLess(self.env.cr.sql_log_count - before, 60)
