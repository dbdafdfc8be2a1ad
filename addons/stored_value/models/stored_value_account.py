import json
from decimal import Decimal

from odoo import _, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools import read_committed, to_decimal

EXPIRY_CHUNK = 500


class StoredValueAccount(models.Model):
    _name = "stored.value.account"
    _description = "Stored-value account"
    _order = "id"

    name = fields.Char(required=True, readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(
        "res.currency", required=True, readonly=True, default=lambda self: self.env.company.currency_id
    )
    partner_id = fields.Many2one("res.partner", string="Owner", readonly=True, index="btree_not_null")
    balance = fields.Monetary(readonly=True, help="Sum of what is left in the account's lots.")
    entry_count = fields.Integer(string="Entries", readonly=True)
    last_hash = fields.Char(readonly=True, copy=False, help="Hash of the newest entry: the head of the chain.")
    lot_ids = fields.One2many("stored.value.lot", "account_id", readonly=True)
    entry_ids = fields.One2many("stored.value.entry", "account_id", readonly=True)

    _balance_positive = models.Constraint("CHECK (balance >= 0)", "An account can never fall below zero.")

    @api.model
    def _open(self, vals_list):
        """Open empty accounts.

        :param list vals_list: name, company_id, currency_id, partner_id of each
        :return: the new accounts, in the same order
        """
        opened = [{**vals, "balance": 0, "entry_count": 0} for vals in vals_list]
        return self.sudo().create(opened)  # sudo: nobody may create accounts but the code that owns them

    def _available(self, at=None):
        """What can be spent from each account at an instant.

        :param datetime at: UTC instant, now when empty
        :return: dict of account id to Decimal
        """
        at = at or fields.Datetime.now()
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL("SELECT id, stored_value_available(id, %s)::text FROM unnest(%s::int[]) AS id", at, self.ids)
        )
        return {account: Decimal(amount) for account, amount in rows}

    @api.model
    def _credit(self, credits, at=None):
        """Credit accounts with new lots, each exactly once (its origin is unique).

        :param list credits: dicts of account_id, amount (Decimal > 0), available_from and
            expires_at (UTC instants; expires_at may be None), origin (str), memo (str), and any
            of :meth:`_lot_columns`
        :param datetime at: UTC instant of the entries, now when empty
        :return: set of the origins credited by this call; those known before are left out
        """
        at = at or fields.Datetime.now()
        self.env.flush_all()
        added = self._lot_columns()
        done = set()
        waves = []
        seen = {}
        for credit in credits:
            wave = seen.get(credit["account_id"], 0)
            seen[credit["account_id"]] = wave + 1
            if wave == len(waves):
                waves.append([])
            waves[wave].append(credit)
        for wave in waves:
            columns = [
                [credit[key] for credit in wave]
                for key in ("account_id", "amount", "available_from", "expires_at", "origin", "memo")
            ]
            rows = self.env.execute_query(
                SQL(
                    "SELECT stored_value_credit(%s::int[], %s::numeric[], %s::timestamp[],"
                    " %s::timestamp[], %s::text[], %s::text[], %s::timestamp, %s, %s::text[], %s::jsonb[])",
                    *columns,
                    at,
                    self.env.uid,
                    added,
                    [json.dumps({name: credit.get(name) for name in added}) for credit in wave],
                )
            )
            done |= {origin for (origin,) in rows}
        self._forget()
        return done

    @api.model
    def _lot_columns(self):
        """Columns that other addons add to the lot and give with a credit, as JSON has them.

        :return: list of column names
        """
        return []

    def _debit(self, amount, operation, at=None, memo=""):
        """Take an amount from the lots nearest to expiry (R-004-58).

        :param Decimal amount: > 0
        :param str operation: key of the operation, kept with every entry
        :param datetime at: UTC instant, now when empty
        :param str memo: shown beside the entry
        :return: Decimal still available
        :raise UserError: the account has not that much available
        """
        self.ensure_one()
        at = at or fields.Datetime.now()
        self.env.flush_all()
        self.env.execute_query(SQL("SELECT 1 FROM stored_value_account WHERE id = %s FOR NO KEY UPDATE", self.id))
        if amount <= 0 or self._available(at)[self.id] < amount:
            raise UserError(_("This account has not enough available credit."))
        [(left,)] = self.env.execute_query(
            SQL(
                "SELECT stored_value_debit(%s, %s, %s, %s, %s, %s)::text",
                self.id,
                amount,
                operation,
                at,
                memo,
                self.env.uid,
            )
        )
        self._forget()
        return Decimal(left)

    @api.model
    def _give_back(self, operation, new_operation, amount=None, at=None, memo=""):
        """Return a debit, or part of it, to the lots it came from (R-004-84).

        :param str operation: operation of the debit
        :param str new_operation: operation written on the new entries
        :param Decimal amount: how much; all that is left when None
        :param datetime at: UTC instant, now when empty
        :param str memo: shown beside the entries
        :return: Decimal given back; 0 when there is no such debit
        :raise psycopg2.errors.CheckViolation: more than was debited
        """
        self.env.flush_all()
        [(given,)] = self.env.execute_query(
            SQL(
                "SELECT stored_value_give_back(%s, %s, %s::numeric, %s, %s, %s)::text",
                operation,
                new_operation,
                amount,
                at or fields.Datetime.now(),
                memo,
                self.env.uid,
            )
        )
        self._forget()
        return Decimal(given)

    @api.model
    def _expire_due(self, at=None):
        """Book the expiry of every lot whose time has passed, account by account, in chunks that
        are committed as they are done (R-004-56).

        :param datetime at: UTC instant, now when empty
        :return: number of lots expired
        """
        at = at or fields.Datetime.now()
        expired = 0
        last = 0
        while True:
            read_committed(self.env)
            rows = self.env.execute_query(
                SQL(
                    "SELECT DISTINCT account_id FROM stored_value_lot WHERE remaining > 0"
                    " AND expires_at <= %s AND account_id > %s ORDER BY account_id LIMIT %s",
                    at,
                    last,
                    EXPIRY_CHUNK,
                )
            )
            if not rows:
                self._forget()
                return expired
            ids = [account for (account,) in rows]
            last = ids[-1]
            [(count,)] = self.env.execute_query(
                SQL(
                    "SELECT sum(stored_value_expire(id, %s, %s)) FROM unnest(%s::int[]) AS id",
                    at,
                    self.env.uid,
                    ids,
                )
            )
            expired += count

    @api.model
    def _cron_expire(self):
        """Scheduled: book what has expired by now."""
        return self._expire_due()

    def _verify(self):
        """Recompute balances and hash chains of these accounts (of all, when called on an empty set).

        :return: list of sentences, one a defect, each naming the account; empty when clean
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL("SELECT account_id, problem, entry_id FROM stored_value_verify(%s::int[])", self.ids or None)
        )
        sentences = {
            "hash": _("account %(account)s: entry %(entry)s was changed after it was written"),
            "chain": _("account %(account)s: entry %(entry)s does not follow the one before it"),
            "head": _("account %(account)s: its newest entry is missing or another one was added"),
            "balance": _("account %(account)s: balance, lots and entries do not agree"),
            "lot": _("account %(account)s: a lot does not agree with its entries"),
        }
        return [sentences[problem] % {"account": account, "entry": entry} for account, problem, entry in rows]

    def action_verify(self):
        """Button: check these accounts and tell the result."""
        problems = self._verify()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger" if problems else "success",
                "sticky": bool(problems),
                "message": "\n".join(problems) or _("Balance, lots, entries and hash chain agree."),
            },
        }

    @api.model
    def _forget(self):
        """The SQL functions write behind the ORM's back: drop what it remembers."""
        self.invalidate_model(["balance", "entry_count", "last_hash", "lot_ids", "entry_ids"])
        self.env["stored.value.lot"].invalidate_model(["remaining", "expires_at"])

    def _balance(self):
        """Exact balance of one account.

        :return: Decimal in the account's currency
        """
        self.ensure_one()
        return to_decimal(self.balance)
