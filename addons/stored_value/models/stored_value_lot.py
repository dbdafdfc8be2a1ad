from decimal import Decimal

from odoo import _, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class StoredValueLot(models.Model):
    _name = "stored.value.lot"
    _description = "Lot of credit"
    _order = "expires_at, id"
    _rec_name = "origin"

    account_id = fields.Many2one("stored.value.account", required=True, readonly=True, index=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    amount = fields.Monetary(required=True, readonly=True, help="What was credited.")
    remaining = fields.Monetary(required=True, readonly=True, help="What is left of it.")
    available_from = fields.Datetime(required=True, readonly=True, help="Spendable from this instant on.")
    expires_at = fields.Datetime(readonly=True, help="No longer spendable from this instant on; empty: never expires.")
    origin = fields.Char(required=True, readonly=True, help="Where the credit came from. A credit exists once.")
    memo = fields.Char(readonly=True)
    state = fields.Selection(
        [
            ("future", "Not yet spendable"),
            ("open", "Spendable"),
            ("used", "Used up"),
            ("expired", "Expired"),
        ],
        compute="_compute_state",
    )

    _origin_unique = models.Constraint("UNIQUE (origin)", "This credit was already made.")
    _amount_positive = models.Constraint("CHECK (amount > 0 AND amount <> 'NaN')", "A credit needs a positive amount.")
    _remaining_within = models.Constraint(
        "CHECK (remaining >= 0 AND remaining <= amount)",
        "A lot can hold neither less than zero nor more than its amount.",
    )
    _period = models.Constraint(
        "CHECK (expires_at IS NULL OR expires_at > available_from)", "A lot must expire after it becomes available."
    )
    _spendable_idx = models.Index("(account_id, expires_at) WHERE remaining > 0")

    @api.depends("remaining", "available_from", "expires_at")
    def _compute_state(self):
        now = fields.Datetime.now()
        for lot in self:
            if lot.expires_at and lot.expires_at <= now:
                lot.state = "expired"
            elif not lot.remaining:
                lot.state = "used"
            else:
                lot.state = "future" if lot.available_from > now else "open"

    def _extend(self, expires_at, act, at=None):
        """Let lots live longer (R-004-56); the entry of kind *extension* keeps the act.

        :param datetime expires_at: new UTC instant, later than the old one
        :param str act: reference of the act that allows it
        :param datetime at: UTC instant of the entry, now when empty
        :raise UserError: no act, an earlier expiry, or a lot already expired
        """
        if not act:
            raise UserError(_("Name the act that extends the credit: without it the expiry stays."))
        at = at or fields.Datetime.now()
        for lot in self:
            if not lot.expires_at or lot.expires_at >= expires_at or lot.expires_at <= at:
                raise UserError(
                    _("The credit %s cannot be extended: it never expires, has expired, or expires later.", lot.origin)
                )
        self._extend_open(expires_at, act, at)

    def _extend_open(self, expires_at, act, at=None):
        """Extend those of these lots that have not expired and would expire earlier, in one statement.

        :param datetime expires_at: new UTC instant
        :param str act: reference of the act, never empty
        :param datetime at: UTC instant of the entries, now when empty
        :return: number of lots extended
        """
        self.env.flush_all()
        [(count,)] = self.env.execute_query(
            SQL(
                "SELECT stored_value_extend(%s::int[], %s, %s, %s, %s)",
                self.ids,
                expires_at,
                act,
                at or fields.Datetime.now(),
                self.env.uid,
            )
        )
        self.env["stored.value.account"]._forget()
        return count

    def _shorten(self, expires_at, memo, at=None):
        """Let lots that would live longer expire earlier; an entry of amount zero keeps the reason.

        :param datetime expires_at: new UTC instant
        :param str memo: why
        :param datetime at: UTC instant of the entries, now when empty
        """
        self.env.flush_all()
        for lot in self.sorted(lambda lot: (lot.account_id.id, lot.id)):
            self.env.execute_query(
                SQL("SELECT 1 FROM stored_value_account WHERE id = %s FOR NO KEY UPDATE", lot.account_id.id)
            )
            changed = self.env.execute_query(
                SQL(
                    "UPDATE stored_value_lot SET expires_at = %s WHERE id = %s AND available_from < %s"
                    " AND (expires_at IS NULL OR expires_at > %s) RETURNING id",
                    expires_at,
                    lot.id,
                    expires_at,
                    expires_at,
                )
            )
            if changed:
                self.env.execute_query(
                    SQL(
                        "SELECT stored_value_post(%s, %s, 'extension', 0, %s, NULL, %s, %s, %s)",
                        lot.account_id.id,
                        lot.id,
                        f"shortening:{lot.id}:{expires_at.isoformat()}",
                        at or fields.Datetime.now(),
                        memo,
                        self.env.uid,
                    )
                )
        self.env["stored.value.account"]._forget()

    def _take_back(self, operation, at=None, memo=""):
        """Take lots nobody has spent from back out of their accounts, with an *adjustment* entry each.

        :param str operation: key of the operation, kept with every entry
        :param datetime at: UTC instant of the entries, now when empty
        :param str memo: shown beside the entries
        :return: Decimal taken back
        :raise UserError: something was spent, expired or extended since the credit
        """
        at = at or fields.Datetime.now()
        self.env.flush_all()
        # Accounts are locked in the order of the credits; then nobody can spend while we look.
        self.env.execute_query(
            SQL(
                "SELECT 1 FROM stored_value_account WHERE id IN (SELECT account_id FROM stored_value_lot WHERE id = ANY(%s))"
                " ORDER BY id FOR NO KEY UPDATE",
                self.ids,
            )
        )
        [(touched,)] = self.env.execute_query(
            SQL("SELECT count(*) FROM stored_value_entry WHERE lot_id = ANY(%s) AND kind <> 'credit'", self.ids)
        )
        if touched:
            raise UserError(_("Some of this credit has been spent or has expired: it can no longer be taken back."))
        [(total,)] = self.env.execute_query(
            SQL(
                """
                WITH lots AS MATERIALIZED (
                    SELECT id, account_id, remaining FROM stored_value_lot WHERE id = ANY(%s) ORDER BY account_id, id
                ), posted AS MATERIALIZED (
                    SELECT stored_value_post(account_id, id, 'adjustment', -remaining, %s, NULL, %s, %s, %s), remaining
                      FROM lots
                )
                SELECT coalesce(sum(remaining), 0)::text FROM posted
                """,
                self.ids,
                operation,
                at,
                memo,
                self.env.uid,
            )
        )
        self.env["stored.value.account"]._forget()
        return Decimal(total)
