import time
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.tools import SQL

from odoo.addons.merchant_settlement.rules import calendar
from odoo.addons.stored_value.tools import read_committed

from ..rules.invoice import Part, documents

CHUNK = 10
REQUEST_SECONDS = 20
JOB_SECONDS = 3600


class EcouponInvoiceRun(models.Model):
    """The making itself, chunk by chunk of debtors, each committed; killed anywhere, it goes on with those still to do.
    A debtor gets all its documents or none (R-000-24)."""

    _inherit = "ecoupon.invoice.run"

    def _begin(self):
        """Begin a pass over all debtors."""
        self.write(
            {
                "state": "running",
                "started_by_id": self.env.uid,
                "done_at": False,
                "debtor_total": len(self._debtors(0, None)),
                "debtor_done": 0,
                "last_debtor": 0,
                "problems": False,
            }
        )

    def _work(self, seconds=REQUEST_SECONDS):
        """Do chunk after chunk, each committed, until done or out of time.

        :param seconds: how long to go on before the rest is left to the queue
        """
        self.ensure_one()
        deadline = time.monotonic() + seconds
        while self.state == "running":
            read_committed(self.env)
            self._chunk()
            self._job_progress(self.debtor_done, self.debtor_total, self.env._("Making invoices"))
            if self.state == "running" and time.monotonic() > deadline:
                self._job_enqueue("_job_make", self.env._("Issuers' invoices of %s", self.display_name))
                return

    def _job_make(self):
        """Job: go on with a run; killed and begun again, it makes only what is still to make."""
        self.ensure_one()
        self._work(JOB_SECONDS)

    @api.model
    def _cron_continue(self):
        """Scheduled: go on with runs that were left in the middle and that the queue has lost."""
        for run in self.search([("state", "=", "running")], order="id"):
            if run.job_state not in ("waiting", "running"):
                run._job_enqueue("_job_make", self.env._("Issuers' invoices of %s", run.display_name))

    def _chunk(self):
        """Make the documents of the next debtors and keep where we are."""
        # Two workers on the same run, or runs of two months, queue here instead of invoicing the same coupons.
        self._lock()
        self.circuit_id._clearing_funder()._lock_books()
        if self.state != "running":
            return
        debtors = self._debtors(self.last_debtor, CHUNK)
        problems = [self._make_all(debtor) for debtor in debtors]
        problems = "\n".join(filter(None, [self.problems, *problems]))
        finished = len(debtors) < CHUNK
        self.write(
            {
                "debtor_done": self.debtor_done + len(debtors),
                "last_debtor": debtors[-1] if debtors else self.last_debtor,
                "problems": problems or False,
                **({"state": "blocked" if problems else "done", "done_at": fields.Datetime.now()} if finished else {}),
            }
        )

    def _make_all(self, debtor):
        """All documents of a debtor, or none.

        :param int debtor: res.partner
        :return: sentence why none, naming the debtor, or None
        """
        partner = self.env["res.partner"].browse(debtor)
        parts = [
            Part(*row[:4], Decimal(row[4]), row[5])
            for row in self.env.execute_query(
                SQL(
                    "SELECT id, part, debtor, campaign_id, amount::text, origin FROM (%s) AS v WHERE debtor = %s"
                    " ORDER BY id",
                    self._pending(debtor),
                    debtor,
                )
            )
        ]
        try:
            with self.env.cr.savepoint():
                self._check_debtor(partner)
                for document in documents(parts):
                    self._make(document, parts)
        except (UserError, RedirectWarning) as error:  # books say what they lack with a way to it
            self.env.invalidate_all()
            return f"{partner.display_name}: {error}"
        return None

    def _pending(self, debtor=None):
        """What coupons spent or reversed up to the end of the month make somebody owe and no document holds. Own coupons
        bear commission only, less what a sponsor pays of them; what expired or was never spent is not here at all
        (R-000-23, B04).

        :param int debtor: res.partner, only of coupons it issued or sponsored
        :return: SQL of id, part, debtor, campaign_id, day, amount, origin (invoice that holds what is reversed)
        """
        return SQL(
            """
            SELECT r.id, v.part, v.debtor, r.campaign_id, r.day, v.amount, origin.move_id AS origin
              FROM ecoupon_redemption r
             CROSS JOIN LATERAL (
                    SELECT CASE WHEN r.sponsor_id IS NOT NULL THEN coalesce(r.sponsor_amount, 0) ELSE 0 END AS amount
                   ) sponsored
             CROSS JOIN LATERAL (VALUES ('value', r.issuer_id, CASE WHEN r.owed <> 0 THEN r.owed - sponsored.amount END),
                                        ('own', r.issuer_id, CASE WHEN r.owed <> 0 THEN NULL ELSE -sponsored.amount END),
                                        ('sponsor', r.sponsor_id, sponsored.amount),
                                        ('commission', r.issuer_id, coalesce(r.commission, 0))
                                ) AS v(part, debtor, amount)
              LEFT JOIN ecoupon_invoice_item origin ON origin.redemption_id = r.origin_id AND origin.part = v.part
             WHERE r.circuit_id = %s AND r.day <= %s AND v.amount <> 0 %s
               AND NOT EXISTS (SELECT 1 FROM ecoupon_invoice_item i WHERE i.redemption_id = r.id AND i.part = v.part)
            """,
            self.circuit_id.id,
            calendar.last_day(self.month),
            SQL("AND (r.issuer_id = %s OR r.sponsor_id = %s)", debtor, debtor) if debtor else SQL(),
        )

    def _debtors(self, after, limit):
        """Who is still to be invoiced.

        :param int after: id of a contact to begin after
        :param limit: how many at most, None: all
        :return: list of ids, ascending
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT debtor FROM (%s) AS v WHERE debtor > %s ORDER BY 1 LIMIT %s",
                self._pending(),
                after,
                limit,
            )
        )
        return [debtor for (debtor,) in rows]
