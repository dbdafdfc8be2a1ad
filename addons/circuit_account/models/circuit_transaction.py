from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class CircuitTransaction(models.Model):
    _inherit = "circuit.transaction"

    move_id = fields.Many2one(
        "account.move",
        string="Journal Entry",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The entry that booked this transaction. Empty: not booked yet.",
    )

    _unbooked_idx = models.Index("(funder_id, captured_at) WHERE move_id IS NULL AND state = 'captured'")

    def _signed_amount(self):
        """What this transaction moves between holder and merchant.

        :return: Decimal, negative for a refund
        """
        self.ensure_one()
        amount = Decimal(f"{self.amount:.2f}")
        return -amount if self.kind == "refund" else amount

    def _bookable(self):
        """Those of these transactions that move money of somebody: without a funder and without an account the shop
        itself pays for what was taken off, and there is nothing to book (R-000-20).

        :return: circuit.transaction recordset
        """
        return self.filtered(lambda tx: tx.funder_id or tx.account_id)

    def _booking_obstacle(self, date=None):
        """What stands in the way of booking these transactions.

        :param date date: day of the entry; None leaves out whether its period is open
        :return: sentence, or False when nothing does
        """
        orphans = self._bookable().filtered(lambda tx: not tx.funder_id)
        if orphans:
            return self.env._("Operation %s belongs to no funder and cannot be booked.", orphans[0].display_name)
        missing = self.funder_id._missing_books()
        if missing:
            return missing
        return next(filter(None, (funder._closed_period(date) for funder in self.funder_id if date)), False)

    def _booking_lines(self):
        """Lines that book these transactions (R-004-92): credit of the citizens to what is owed to the shops, net of
        what went back; a pair per funder, merchant and local month, so that the bill of a statement reconciles with
        whole lines. Pairs of zero stay: their transactions count as booked.

        :return: list of account.move.line values, without move
        """
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT t.funder_id, t.merchant_id,
                          date_trunc('month', t.captured_at AT TIME ZONE 'UTC' AT TIME ZONE c.tz)::date,
                          sum(CASE t.kind WHEN 'refund' THEN -t.amount ELSE t.amount END)::text
                     FROM circuit_transaction t
                     JOIN circuit_funder f ON f.id = t.funder_id
                     JOIN circuit_circuit c ON c.id = f.circuit_id
                    WHERE t.id = ANY(%s)
                    GROUP BY 1, 2, 3 ORDER BY 1, 3, 2""",
                self.ids,
            )
        )
        lines = []
        for funder_id, merchant_id, month, net in rows:
            # sudo: cashiers and jobs close sessions without rights on funders and their accounts
            funder = self.env["circuit.funder"].sudo().browse(funder_id)
            merchant = self.env["res.partner"].sudo().browse(merchant_id)
            label = f"{funder.name}, {merchant._shop_label()}, {month:%m/%Y}"
            common = {"partner_id": merchant_id, "name": label}
            amount = Decimal(net)
            lines += [
                {**common, "account_id": funder.liability_account_id.id, "balance": float(amount)},
                {**common, "account_id": funder.merchant_account_id.id, "balance": float(-amount)},
            ]
        return lines

    def _book(self, date, ref):
        """Book captured transactions that no entry holds yet, one entry per funder; those booked meanwhile are left
        out, so two who book at once book once (R-004-92).

        :param date date: day of the entries
        :param str ref: reference of the entries
        :return: account.move recordset (sudo), posted
        :raise UserError: accounts are missing or the period is closed; nothing is booked then
        """
        transactions = self.sudo()  # sudo: the books of the circuit are written by the system alone
        obstacle = transactions._booking_obstacle(date)
        if obstacle:
            raise UserError(obstacle)
        moves = self.env["account.move"].sudo()  # sudo: as above
        for funder, group in transactions._bookable().grouped("funder_id").items():
            fresh = group._claim_unbooked()
            if not fresh:
                continue
            move = moves.with_company(funder.company_id).create(
                {
                    "move_type": "entry",
                    "journal_id": funder.journal_id.id,
                    "date": date,
                    "ref": ref,
                    "line_ids": [(0, 0, line) for line in fresh._booking_lines()],
                }
            )
            move._post(soft=False)
            fresh._set_move(move)
            moves |= move
        return moves

    def _claim_unbooked(self):
        """Those of these transactions that still wait for their entry; nobody else can book them until this database
        transaction ends.

        :return: circuit.transaction recordset
        """
        self.funder_id._lock_books()
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM circuit_transaction WHERE id = ANY(%s) AND move_id IS NULL AND state = 'captured'"
                " ORDER BY id FOR NO KEY UPDATE",
                self.ids,
            )
        )
        return self.browse([row[0] for row in rows])

    def _set_move(self, move):
        """Write the entry that booked these transactions, in one statement.

        :param move: account.move
        """
        self.env.cr.execute(
            SQL(
                "UPDATE circuit_transaction SET move_id = %s, write_uid = %s, write_date = now() AT TIME ZONE 'UTC'"
                " WHERE id = ANY(%s)",
                move.id,
                self.env.uid,
                self.ids,
            )
        )
        self._forget()
