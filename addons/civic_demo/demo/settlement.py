"""The months that are over, settled by the office and the shops with their own buttons: books, statements, signatures, checks,
bills, payments. Which shop is late, blocked or paid in vain is told here; everything else follows from the days."""

from contextlib import contextmanager
from datetime import UTC, date, time, timedelta
from io import BytesIO
from unittest.mock import patch

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from odoo import fields
from odoo.tools.pdf import PdfFileReader, PdfFileWriter

from .seasons import TZ, instant

CLERK, APPROVER = "ragioneria", "responsabile"

#: What happens, on which day of the next month and at which hour (Rome), in this order.
CALENDAR = (
    (1, 6, "book"),
    (1, 8, "make"),
    (1, 9, "send"),
    (3, 18, "sign"),
    (6, 7, "remind"),
    (9, 10, "sign_late"),
    (10, 9, "check"),
    (10, 12, "hold"),
    (11, 9, "approve"),
    (12, 10, "collect"),
    (13, 11, "hand_over"),
    (25, 15, "pay"),
    (27, 9, "come_back"),
)
#: Of the last month but one, shops with a fate of their own, by their place in the list of its statements.
FATES = ("", "late", "blocked", "returned", "unsigned", "unchecked", "unapproved", "unpaid")
#: So many of the newest months are printed in full.
PRINTED = 2
BLOCKED = "Accertamento in corso su due operazioni della stessa card"
RETURNED = "AC04, conto corrente estinto"


class Settlement:
    """Settles month after month, each step at its own time."""

    def __init__(self, story):
        """Remember whose story it is.

        :param story: story.Replay
        """
        self.env, self.calendar, self.story = story.env, story.calendar, story
        self.funder = story.programme.funder_id
        self.merchants = {partner.id: key for key, partner in story.shops.partners.items()}

    def set_terms(self):
        """Complete the terms that the set-up wizard began (R-001-18, R-004-97, R-004-98)."""
        self.funder.terms_ids.write({"act": f"D.G. n. 9 del 29/01/{self.calendar.year}", "review_above": 55})

    def events(self):
        """Steps that are over by now, as (instant, function, arguments)."""
        now = self.calendar.now
        events = []
        for month in self.months():
            following = (month + timedelta(days=31)).replace(day=1)
            for day, hour, name in CALENDAR:
                moment = instant(following.replace(day=day), time(hour))
                if moment < now:
                    events.append((moment, self._step, (name, month)))
        return events

    def months(self):
        """First days of the months from the first payments to the last month that is over."""
        today = self.calendar.now.replace(tzinfo=UTC).astimezone(TZ).date()
        month, months = date(self.calendar.year, 4, 1), []
        while (month + timedelta(days=31)).replace(day=1) <= today.replace(day=1):
            months.append(month)
            month = (month + timedelta(days=31)).replace(day=1)
        return months

    # ---------------------------------------------------------------- the steps

    def reconcile(self):
        """Do what the scheduled jobs of last night did: book what was left, compare both ledgers."""
        self.env["circuit.funder"]._cron_book()
        self.env["circuit.reconciliation"]._cron_check()

    def _step(self, name, month):
        getattr(self, f"_{name}")(month)

    def _book(self, _month):
        """The nightly job; here once a month, day by day all the same."""
        self.env["circuit.funder"]._cron_book()

    def _make(self, month):
        run = self._as(CLERK, "merchant.statement.run").create({"funder_id": self.funder.id, "month": month})
        run.action_start()

    def _send(self, month):
        """All but the last of the newest month, which waits for a correction of the shop's address."""
        drafts = self._statements(month, "draft")
        drafts = drafts if self._age(month) else drafts[:-1]
        with self._printed(drafts):
            drafts.with_user(self._user(CLERK)).action_send()
        self._forget_mails()

    @contextmanager
    def _printed(self, statements):
        """One print for the month: to begin one for each statement would take most of the installation. Of months long
        paid only a short page is kept."""
        recent = statements and self._age(statements[0].month) < PRINTED
        files = self._print(statements) if recent else {one.id: self._short_page(one) for one in statements}
        with patch.object(type(statements), "_pdf", lambda statement: files[statement.id]):
            yield

    def _print(self, statements):
        """The PDFs of statements, as the office prints them.

        :return: dict of id to bytes
        """
        reports = self.env["ir.actions.report"].with_context(statement_to_send=True, report_pdf_no_attachment=True)
        content, _kind = reports._render_qweb_pdf("merchant_settlement.action_report_statement", statements.ids)
        writers, current = {}, None
        for page in PdfFileReader(BytesIO(content)).pages:
            text = page.extract_text()
            # the number stands in the head of every page
            current = next((statement for statement in statements if statement.name in text), current)
            writers.setdefault(current.id, PdfFileWriter()).add_page(page)
        files = {}
        for statement, writer in writers.items():
            target = BytesIO()
            writer.write(target)
            files[statement] = target.getvalue()
        return files

    @staticmethod
    def _short_page(statement):
        """A page with number, shop and sum."""
        target = BytesIO()
        page = Canvas(target, pagesize=A4)
        lines = (statement.name, statement.merchant_id.name, f"Totale EUR {statement.total:.2f}".replace(".", ","))
        for number, line in enumerate(lines):
            page.drawString(72, 770 - 20 * number, line)
        page.save()
        return target.getvalue()

    def _forget_mails(self):
        """Mails of a demo go nowhere."""
        self.env["mail.mail"].search([("state", "=", "outgoing")]).state = "sent"

    def _sign(self, month):
        """The shops sign with the code of their text message (R-004-97)."""
        for statement in self._statements(month, "sent") - self._with_fate(month, "late", "unsigned"):
            self._sign_one(statement)

    def _sign_late(self, month):
        """One shop signs after the due day (R-004-98)."""
        for statement in self._with_fate(month, "late"):
            self._sign_one(statement)

    def _sign_one(self, statement):
        cashier = self.story.shops.cashiers[self.merchants[statement.merchant_id.id]][:1]
        statement._send_code(cashier)
        message = self.env["sms.sms"].search([("state", "=", "outgoing")], order="id desc", limit=1)
        code = next(word for word in message.secret_body.split() if len(word) == 6 and word.isdigit())
        self.story.deliver()
        statement._sign_by_code(code, cashier)

    def _remind(self, month):
        """Write to the shops that have not signed (R-004-98)."""
        for statement in self._statements(month, "sent"):
            statement._remind(fields.Date.today())
        self._forget_mails()

    def _check(self, month):
        signed = self._statements(month, "signed") - self._with_fate(month, "blocked", "unchecked")
        signed.with_user(self._user(CLERK)).action_check()

    def _hold(self, month):
        """One statement is stopped until somebody has looked at it."""
        statements = self._with_fate(month, "blocked")
        if statements:
            wizard = self._as(CLERK, "merchant.statement.reason")
            wizard.create({"step": "block", "statement_ids": statements.ids, "reason": BLOCKED}).action_apply()

    def _approve(self, month):
        checked = self._statements(month, "checked") - self._with_fate(month, "unapproved")
        checked.with_user(self._user(APPROVER)).action_approve()

    def _collect(self, month):
        """One list for the month; of the last month but one, another with a shop that is still to be paid."""
        approved = self._statements(month, "approved")
        waiting = approved & self._with_fate(month, "unpaid")
        for statements in (approved - waiting, waiting):
            if statements:
                statements.with_user(self._user(CLERK)).action_pay()

    def _hand_over(self, month):
        for found in self._lists(month, "draft"):
            found.with_user(self._user(APPROVER)).action_confirm()
            found.with_user(self._user(CLERK)).action_hand_over()

    def _pay(self, month):
        """The treasurer has paid; the number of its order is entered."""
        for found in self._lists(month, "sent"):
            if found.line_ids.statement_id & self._with_fate(month, "unpaid"):
                continue
            mandate = f"{200 + 10 * month.month}/{month.year}"
            self._result(found, how="paid", mandate_number=mandate)

    def _come_back(self, month):
        """One payment comes back; its shop is asked for another account."""
        for line in self._with_fate(month, "returned").payment_line_ids:
            self._result(line.list_id, how="returned", line_id=line.id, reason=RETURNED)

    # ------------------------------------------------------------------ helpers

    def _result(self, found, **values):
        """Enter what became of payments today."""
        wizard = self._as(CLERK, "merchant.payment.result")
        wizard.create({"list_id": found.id, "date": fields.Date.today(), **values}).action_apply()

    def _statements(self, month, state=None):
        """Statements of a month in the order of their numbers."""
        domain = [("funder_id", "=", self.funder.id), ("month", "=", month)]
        return self.env["merchant.statement"].search(domain + ([("state", "=", state)] if state else []), order="name")

    def _with_fate(self, month, *fates):
        """Statements of the last month but one that are told apart."""
        statements = self._statements(month)
        if self._age(month) != 1:
            return statements.browse()
        chosen = [statement.id for fate, statement in zip(FATES, statements, strict=False) if fate in fates]
        return statements.browse(chosen)

    def _age(self, month):
        """How many months came after this one: 0 is the newest that is over."""
        months = self.months()
        return len(months) - 1 - months.index(month)

    def _lists(self, month, state):
        lines = self._statements(month).payment_line_ids
        return lines.list_id.filtered(lambda found: found.state == state)

    def _user(self, login):
        return self.env["res.users"].search([("login", "=", login)])

    def _as(self, login, model):
        return self.env[model].with_user(self._user(login))
