from odoo import api, fields, models
from odoo.tools import SQL

REASONS = [
    ("same", "Booked the same day"),
    ("other_day", "Booked on another day"),
    ("hold", "Held at a till"),
    ("payment", "Payment not booked"),
    ("credit", "Credit not booked"),
    ("expiry", "Expiry not booked"),
    ("manual", "Journal entry made by hand"),
    ("unexplained", "Unexplained"),
]
KINDS = [("credit", "Credit of the citizens"), ("shops", "Owed to shops, not yet billed")]
# what a transaction x moves on its account, EUR
MOVED = SQL("(CASE x.kind WHEN 'refund' THEN x.amount ELSE -x.amount END)")
# above every id of an entry, an operation or a journal entry: one journal entry may concern several funders
ABOVE = 2**40


class CircuitReconciliationItem(models.Model):
    """Every entry of the stored-value ledger beside what the general ledger has of it, and every journal entry that
    says more or less than the ledger does: what the reconciliation adds up, and what it opens when asked why."""

    _name = "circuit.reconciliation.item"
    _description = "Item of the reconciliation"
    _auto = False
    _order = "day desc, id desc"
    _rec_name = "reason"

    kind = fields.Selection(KINDS, "What", readonly=True)
    funder_id = fields.Many2one("circuit.funder", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    account_code = fields.Char("Account", readonly=True)
    day = fields.Date(readonly=True)
    reason = fields.Selection(REASONS, readonly=True)
    ledger = fields.Monetary("In the circuit", readonly=True)
    books = fields.Monetary("In the books", readonly=True)
    difference = fields.Monetary(readonly=True)
    entry_id = fields.Many2one("stored.value.entry", "Ledger entry", readonly=True)
    transaction_id = fields.Many2one("circuit.transaction", "Operation", readonly=True)
    move_id = fields.Many2one("account.move", "Journal entry", readonly=True)

    @property
    def _table_query(self):
        return self._items()

    @api.model
    def _search(self, *args, **kwargs):
        """As every model; compiling this query takes PostgreSQL longer than running it."""
        self.env.flush_all()
        self.env.cr.execute(SQL("SET LOCAL jit = off"))
        return super()._search(*args, **kwargs)

    @api.model
    def _account_code(self):
        """How an account ``a`` is called: addons whose accounts belong to macro-categories say so.

        :return: SQL expression, SQL joins it needs
        """
        return SQL("NULL::varchar"), SQL()

    @api.model
    def _billed(self):
        """What bills took over of the debt to the shops: the addon that makes bills says so.

        :return: SQL of move_id, funder_id, amount (EUR)
        """
        return SQL("SELECT NULL::integer AS move_id, NULL::integer AS funder_id, NULL::numeric AS amount WHERE false")

    @api.model
    def _items(self):
        """All items; a condition on kind, funder, day and account narrows every part of it.

        :return: SQL
        """
        return SQL(
            """
            SELECT s.id + d.part AS id, s.kind, s.funder_id, s.company_id, s.account_code, d.day, d.reason, d.ledger,
                   d.books, d.ledger - d.books AS difference, s.entry_id, s.transaction_id, s.move_id
              FROM (%(entries)s UNION ALL %(debts)s) s
             CROSS JOIN LATERAL (
                    SELECT 0 AS part, s.day AS day, s.amount AS ledger,
                           CASE s.reason WHEN 'same' THEN s.amount ELSE 0 END AS books, s.reason AS reason
                     UNION ALL
                    SELECT 1, s.booked_on, 0, s.amount, s.reason WHERE s.reason = 'other_day'
                   ) d
             UNION ALL %(rest)s
            """,
            entries=self._entries(),
            debts=self._debts(),
            rest=self._rest(),
        )

    @api.model
    def _sums(self, funder_ids):
        """The items of funders added up by kind, account, day and reason: the same as :meth:`_items`, but added up
        before anything else is done with them.

        :param list funder_ids: ids of circuit.funder
        :return: SQL
        """
        return SQL(
            """
            WITH entries AS (
                SELECT kind, funder_id, account_code, day, booked_on, reason, sum(amount) AS amount, count(*) AS count
                  FROM (%(entries)s UNION ALL %(debts)s) s WHERE funder_id = ANY(%(funders)s) GROUP BY 1, 2, 3, 4, 5, 6
            )
            SELECT kind, funder_id, account_code, day, reason, amount AS ledger,
                   CASE reason WHEN 'same' THEN amount ELSE 0 END AS books, count
              FROM entries
             UNION ALL
            SELECT kind, funder_id, account_code, booked_on, reason, 0, amount, count
              FROM entries WHERE reason = 'other_day'
             UNION ALL
            SELECT kind, funder_id, account_code, day, reason, ledger, books, 1
              FROM (%(rest)s) AS s (id, kind, funder_id, company_id, account_code, day, reason, ledger, books,
                                    difference, entry_id, transaction_id, move_id)
             WHERE funder_id = ANY(%(funders)s)
            """,
            entries=self._entries(),
            debts=self._debts(),
            rest=self._rest(),
            funders=funder_ids,
        )

    @api.model
    def _entries(self):
        """Entries, each with the day on which the books have it. Credits, expiries and adjustments are booked one by
        one; a debit and what is given back of it by their transaction.

        :return: SQL
        """
        code, joins = self._account_code()
        return SQL(
            """
            SELECT 8 * id::bigint AS id, 'credit' AS kind, funder_id, company_id, account_code, day, amount,
                   id AS entry_id, transaction_id, move_id, booked_on,
                   CASE WHEN booked_on = day THEN 'same'
                        WHEN booked_on IS NOT NULL THEN 'other_day'
                        WHEN state = 'captured' THEN 'payment'
                        WHEN state IS NOT NULL THEN 'hold'
                        WHEN kind IN ('credit', 'adjustment') THEN 'credit'
                        WHEN kind = 'expiry' THEN 'expiry'
                        ELSE 'unexplained' END AS reason
              FROM (
                    SELECT e.id, f.id AS funder_id, e.company_id, %(code)s AS account_code, e.amount, e.kind,
                           (e.occurred_at AT TIME ZONE 'UTC' AT TIME ZONE c.tz)::date AS day,
                           t.id AS transaction_id, t.state, coalesce(t.move_id, b.move_id) AS move_id, m.date AS booked_on
                      FROM stored_value_entry e
                      JOIN stored_value_account a ON a.id = e.account_id
                      JOIN circuit_funder f ON f.id = a.funder_id
                      JOIN circuit_circuit c ON c.id = f.circuit_id
                      %(joins)s
                      LEFT JOIN circuit_transaction t ON t.key = e.operation AND e.kind IN ('debit', 'give_back')
                      LEFT JOIN circuit_booking b ON b.entry_id = e.id
                      LEFT JOIN account_move m ON m.id = coalesce(t.move_id, b.move_id) AND m.state = 'posted'
                           AND (t.id IS NULL OR t.state = 'captured')
                     WHERE e.amount <> 0
                   ) e
            """,
            code=code,
            joins=joins,
        )

    @api.model
    def _debts(self):
        """What the shops were paid with and gave back, each with the day on which the books have it.

        :return: SQL
        """
        return SQL(
            """
            SELECT 8 * id::bigint + 4 AS id, 'shops' AS kind, funder_id, company_id, account_code, day, amount,
                   NULL::integer AS entry_id, id AS transaction_id, move_id, booked_on,
                   CASE WHEN booked_on = day THEN 'same'
                        WHEN booked_on IS NOT NULL THEN 'other_day' ELSE 'payment' END AS reason
              FROM (
                    SELECT x.id, x.funder_id, x.company_id, g.code AS account_code, -%(moved)s AS amount,
                           (x.captured_at AT TIME ZONE 'UTC' AT TIME ZONE c.tz)::date AS day, x.move_id,
                           m.date AS booked_on
                      FROM circuit_transaction x
                      JOIN circuit_funder f ON f.id = x.funder_id
                      JOIN circuit_circuit c ON c.id = f.circuit_id
                      LEFT JOIN circuit_category g ON g.id = x.category_id
                      LEFT JOIN account_move m ON m.id = x.move_id AND m.state = 'posted'
                     WHERE x.state = 'captured'
                   ) x
            """,
            moved=MOVED,
        )

    @api.model
    def _rest(self):
        """What is no single entry or payment: bills, and what does not fit together.

        :return: SQL
        """
        of_shops = SQL(
            """
            SELECT move_id, funder_id, sum(amount) AS amount
              FROM (
                    SELECT x.move_id, x.funder_id, -%(moved)s AS amount FROM circuit_transaction x
                     WHERE x.move_id IS NOT NULL AND x.state = 'captured'
                     UNION ALL
                    SELECT move_id, funder_id, -amount FROM (%(billed)s) b
                   ) b
             GROUP BY move_id, funder_id
            """,
            moved=MOVED,
            billed=self._billed(),
        )
        bills = SQL(
            """
            SELECT 8 * b.move_id::bigint + 7 + b.funder_id * %s::bigint, 'shops', b.funder_id, m.company_id,
                   NULL::varchar, m.date, 'same', -b.amount, -b.amount, 0, NULL::integer, NULL::integer, b.move_id
              FROM (%s) b JOIN account_move m ON m.id = b.move_id AND m.state = 'posted'
            """,
            ABOVE,
            self._billed(),
        )
        return SQL(" UNION ALL ").join(
            [
                self._transactions(),
                self._moves(3, "credit", SQL("liability_account_id"), self._of_credit()),
                self._moves(6, "shops", SQL("merchant_account_id"), of_shops),
                bills,
            ]
        )

    @api.model
    def _of_credit(self):
        """What journal entries must have on the account of the credit.

        :return: SQL of move_id, funder_id, amount (EUR); one row for each journal entry and funder
        """
        return SQL(
            """
            SELECT b.move_id, a.funder_id, sum(b.amount) AS amount
              FROM (
                    SELECT x.move_id, x.account_id, %(moved)s AS amount FROM circuit_transaction x
                     WHERE x.move_id IS NOT NULL AND x.state = 'captured'
                     UNION ALL
                    SELECT k.move_id, e.account_id, e.amount
                      FROM circuit_booking k JOIN stored_value_entry e ON e.id = k.entry_id
                   ) b
              JOIN stored_value_account a ON a.id = b.account_id
             GROUP BY b.move_id, a.funder_id
            """,
            moved=MOVED,
        )

    @api.model
    def _transactions(self):
        """Captured transactions that say another amount than their entries: the ledger and the till disagree.

        :return: SQL
        """
        code, joins = self._account_code()
        return SQL(
            """
            SELECT 8 * t.id::bigint + 2, 'credit', f.id, t.company_id, %(code)s,
                   coalesce(m.date, (t.captured_at AT TIME ZONE 'UTC' AT TIME ZONE c.tz)::date), 'unexplained',
                   0, s.missing, -s.missing, NULL::integer, t.id, t.move_id
              FROM (
                    SELECT x.id, %(moved)s - coalesce(e.amount, 0) AS missing
                      FROM circuit_transaction x
                      LEFT JOIN (SELECT operation, sum(amount) AS amount FROM stored_value_entry
                                  WHERE kind IN ('debit', 'give_back') GROUP BY operation) e ON e.operation = x.key
                     WHERE x.state = 'captured' AND %(moved)s <> coalesce(e.amount, 0)
                   ) s
              JOIN circuit_transaction t ON t.id = s.id
              JOIN stored_value_account a ON a.id = t.account_id
              JOIN circuit_funder f ON f.id = a.funder_id
              JOIN circuit_circuit c ON c.id = f.circuit_id
              %(joins)s
              LEFT JOIN account_move m ON m.id = t.move_id AND m.state = 'posted'
            """,
            code=code,
            joins=joins,
            moved=MOVED,
        )

    @api.model
    def _moves(self, part, kind, account, linked):
        """Posted journal entries on a funder's account that book nothing of the circuit (made by hand), or another
        amount than what they book.

        :param int part: tells these items' ids from those of others
        :param str kind: value of ``kind``
        :param SQL account: column of circuit.funder
        :param SQL linked: query of move_id, funder_id and the amount (EUR) that the entry must have on the account
        :return: SQL
        """
        return SQL(
            """
            SELECT 8 * s.move_id::bigint + %(part)s + s.funder_id * %(above)s::bigint, %(kind)s, s.funder_id,
                   m.company_id, NULL::varchar, m.date, s.reason, 0, s.surplus, -s.surplus, NULL::integer,
                   NULL::integer, s.move_id
              FROM (
                    SELECT coalesce(l.move_id, k.move_id) AS move_id, coalesce(k.funder_id, l.funder_id) AS funder_id,
                           coalesce(l.amount, 0) - coalesce(k.amount, 0) AS surplus,
                           CASE WHEN k.move_id IS NULL THEN 'manual' ELSE 'unexplained' END AS reason
                      FROM (
                            SELECT i.move_id, o.id AS funder_id, -sum(i.balance) AS amount
                              FROM account_move_line i JOIN circuit_funder o ON o.%(account)s = i.account_id
                             WHERE i.parent_state = 'posted' GROUP BY i.move_id, o.id
                           ) l
                      FULL JOIN (%(linked)s) k ON k.move_id = l.move_id AND k.funder_id = l.funder_id
                     WHERE coalesce(l.amount, 0) <> coalesce(k.amount, 0)
                   ) s
              JOIN account_move m ON m.id = s.move_id AND m.state = 'posted'
            """,
            part=part,
            above=ABOVE,
            kind=kind,
            account=account,
            linked=linked,
        )

    def action_open(self):
        """Click on an item: what it is about, the operation before the entry before the journal entry.

        :return: window action
        """
        self.ensure_one()
        number, part = divmod(self.id % ABOVE, 8)  # as _items() made it: reading the item would read both ledgers
        models = (*["stored.value.entry"] * 2, "circuit.transaction", "account.move", *["circuit.transaction"] * 2)
        models += ("account.move",) * 2
        record = self.env[models[part]].browse(number)
        if part < 2 and record.kind in ("debit", "give_back"):
            record = self.env["circuit.transaction"].search([("key", "=", record.operation)]) or record
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }
