from decimal import Decimal
from uuid import uuid4

from odoo import _, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.misc import format_amount

from odoo.addons.stored_value.tools import install_functions, read_committed, to_decimal

from ..rules.refund import minimum_refund
from ..rules.till import Terminal, lines_digest

EXPIRY_CHUNK = 200


class CircuitTransaction(models.Model):
    _name = "circuit.transaction"
    _description = "Circuit transaction"
    _order = "id desc"
    _rec_name = "reference"

    key = fields.Char(required=True, readonly=True, help="Idempotency key: made by the till before it asks.")
    reference = fields.Char("Operation", readonly=True)
    kind = fields.Selection([("payment", "Payment"), ("refund", "Refund")], required=True, readonly=True)
    state = fields.Selection(
        [
            ("authorized", "Authorised"),
            ("captured", "Captured"),
            ("voided", "Voided"),
            ("expired", "Expired"),
        ],
        required=True,
        readonly=True,
        index=True,
    )
    channel = fields.Selection(
        [("pos", "Odoo POS"), ("web", "Web till"), ("api", "API"), ("staff", "Staff")], required=True, readonly=True
    )
    instrument_model = fields.Char(readonly=True)
    instrument_id = fields.Many2oneReference(model_field="instrument_model", readonly=True)
    holder_mask = fields.Char("Holder", readonly=True, help="Fiscal code with its middle hidden.")
    # its name is the card's: operating managers see masked holders only
    account_id = fields.Many2one(
        "stored.value.account",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        groups="stored_value.group_auditor",
    )
    funder_id = fields.Many2one(
        "circuit.funder", readonly=True, ondelete="restrict", help="Who pays for it in the end; the account says so."
    )
    merchant_id = fields.Many2one("res.partner", required=True, readonly=True, ondelete="restrict")
    agreement_id = fields.Many2one("circuit.agreement", readonly=True, ondelete="restrict")
    category_id = fields.Many2one("circuit.category", string="Macro-category", readonly=True, ondelete="restrict")
    terminal = fields.Char(readonly=True)
    place_id = fields.Many2one(
        "circuit.place", readonly=True, ondelete="restrict", help="Where the till stands, or online (R-000-04)."
    )
    session_ref = fields.Char(readonly=True, index="btree_not_null")
    order_ref = fields.Char("Order", readonly=True, index="btree_not_null")
    purchase_total = fields.Monetary(string="Purchase", readonly=True)
    eligible_total = fields.Monetary(string="Eligible", readonly=True)
    amount = fields.Monetary(required=True, readonly=True, help="Paid by the instrument (or given back, for a refund).")
    balance_after = fields.Monetary(string="Residual", readonly=True)
    authorized_at = fields.Datetime(readonly=True, required=True)
    expires_at = fields.Datetime(readonly=True, help="A hold that is not captured by then is given back.")
    captured_at = fields.Datetime(readonly=True)
    closed_at = fields.Datetime(string="Voided or expired at", readonly=True)
    origin_id = fields.Many2one(
        "circuit.transaction", string="Refund of", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    refund_ids = fields.One2many("circuit.transaction", "origin_id", readonly=True)
    reason = fields.Char(readonly=True)
    user_id = fields.Many2one("res.users", string="Cashier", readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    fingerprint = fields.Char(readonly=True)
    lines_digest = fields.Char(readonly=True)
    health_card_seen = fields.Boolean(
        readonly=True, help="The cashier confirmed having seen the holder's health card (R-001-12)."
    )
    identity_seen = fields.Boolean(
        "Identity document seen",
        readonly=True,
        help="The cashier confirmed having seen an identity document of the holder (R-001-12).",
    )

    _key_unique = models.Constraint("UNIQUE (key)", "One key, one transaction.")
    _amount_positive = models.Constraint(
        "CHECK (amount > 0 OR (amount = 0 AND state = 'voided'))", "A transaction needs a positive amount."
    )
    _merchant_idx = models.Index("(merchant_id, authorized_at DESC)")
    _hold_idx = models.Index("(expires_at) WHERE state = 'authorized'")

    def init(self):
        """Install the SQL side of the till contract."""
        install_functions(self.env.cr, "merchant_circuit/sql/till.sql")

    # ------------------------------------------------------------------ capture

    @api.model
    def _capture(self, terminal, key, order_ref, amount, lines=None, digest=None):
        """Confirm an authorised transaction inside the sale's own database transaction: either
        both exist afterwards or neither. Calling it again changes nothing.

        :param Terminal terminal: who confirms; merchant and session are checked and kept
        :param str key: key of the authorisation
        :param str order_ref: order it was authorised for
        :param Decimal amount: > 0, must be the authorised amount
        :param lines: Lines of the sale as it is now; they must be those authorised (None: refund)
        :param str digest: in place of ``lines``, their fingerprint as authorised, where there is no sale here
        :return: the transaction
        :raise UserError: unknown, voided, expired, another merchant's or order's, or changed since
        """
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                "UPDATE circuit_transaction SET state = 'captured', captured_at = %(at)s, session_ref = %(session)s,"
                " write_uid = %(uid)s, write_date = now() AT TIME ZONE 'UTC'"
                " WHERE key = %(key)s AND merchant_id = %(merchant)s AND order_ref = %(order)s"
                " AND state = 'authorized' AND amount = %(amount)s"
                " AND (lines_digest = %(digest)s OR kind = 'refund') RETURNING id",
                at=fields.Datetime.now(),
                session=terminal.session_ref,
                uid=self.env.uid,
                key=key,
                merchant=terminal.merchant_id,
                order=order_ref,
                amount=amount,
                digest=lines_digest(lines) if lines is not None else digest,
            )
        )
        self._forget()
        if not rows:
            return self._captured_before(terminal, key, order_ref, amount)
        transaction = self.browse(rows[0][0])
        if transaction.kind == "refund":
            transaction._give_back_refund()
        transaction._after_capture()
        return transaction

    @api.model
    def _captured_before(self, terminal, key, order_ref, amount):
        """Why a capture found nothing to do: it was done before, or it may not be done.

        :return: the transaction captured before
        :raise UserError: what stands in the way
        """
        transaction = self.search([("key", "=", key), ("merchant_id", "=", terminal.merchant_id)])
        if not transaction:
            raise UserError(_("This card payment was never authorised. Remove the payment line and start again."))
        same = transaction.order_ref == order_ref and to_decimal(transaction.amount) == amount
        if transaction.state == "captured" and same:
            return transaction
        if transaction.state in ("voided", "expired"):
            raise UserError(
                _(
                    "Operation %s was cancelled or has expired. Remove the payment line and start again.",
                    transaction.reference or key,
                )
            )
        if same:
            raise UserError(
                _("The purchase changed after the card was authorised. Reverse the card payment and repeat it.")
            )
        raise UserError(
            _("The card payment does not match its authorisation. Remove the payment line and start again.")
        )

    def _give_back_refund(self):
        """Return a captured refund to the lots of its origin (R-004-84)."""
        self.ensure_one()
        balance = self.env[self.instrument_model]._circuit_give_back(self)
        self.env.cr.execute(SQL("UPDATE circuit_transaction SET balance_after = %s WHERE id = %s", balance, self.id))
        self._forget()

    def _after_capture(self):
        """Let the instruments act on what was just captured, e.g. queue messages."""
        for model, transactions in self.grouped("instrument_model").items():
            self.env[model]._circuit_after_capture(transactions)

    def _minimum_refund(self, returned_total):
        """Least amount that must go back to the instrument (R-004-57).

        :param Decimal returned_total: value of all goods of the sale returned so far, these included
        :return: Decimal, EUR
        """
        self.ensure_one()
        given_back = sum(
            (to_decimal(refund.amount) for refund in self.refund_ids if refund.state == "captured"), Decimal(0)
        )
        return minimum_refund(to_decimal(self.amount), to_decimal(self.purchase_total), returned_total, given_back)

    # ------------------------------------------------------------------ release

    @api.model
    def _release(self, key, state, terminal):
        """End a hold: its credit goes back to the lots it came from.

        :param str key: key of the authorisation
        :param str state: voided or expired
        :param Terminal terminal: who asks
        :return: the state the transaction has afterwards, or KEY_CONFLICT
        """
        self.env.flush_all()
        currency = self.env["res.company"].browse(terminal.company_id).currency_id
        [(now_state,)] = self.env.execute_query(
            SQL(
                "SELECT circuit_release(%s, %s, %s, %s, %s, %s, %s, %s)",
                key,
                terminal.merchant_id,
                terminal.company_id,
                currency.id,
                terminal.channel,
                state,
                fields.Datetime.now(),
                self.env.uid,
            )
        )
        self._forget()
        self.env["stored.value.account"]._forget()
        return now_state

    def _void_hold(self, state="voided"):
        """Release these transactions where they are still held.

        :param str state: voided or expired
        """
        for transaction in self:
            self._release(
                transaction.key,
                state,
                Terminal(
                    transaction.merchant_id.id,
                    transaction.company_id.id,
                    transaction.channel,
                    transaction.terminal or "",
                    transaction.session_ref or "",
                ),
            )

    @api.model
    def _cron_expire_holds(self):
        """Scheduled: give back the holds that nobody captured in time.

        :return: number of holds expired
        """
        expired = 0
        while True:
            read_committed(self.env)
            due = self.search(
                [("state", "=", "authorized"), ("expires_at", "<=", fields.Datetime.now())],
                limit=EXPIRY_CHUNK,
                order="id",
            )
            if not due:
                return expired
            for transaction in due:
                # one account's lock at a time: the ledger's own jobs take many, in their own order
                read_committed(self.env)
                transaction._void_hold("expired")
            expired += len(due)

    # ------------------------------------------------------------------ staff

    def _reverse(self, reason):
        """Reverse captured payments from the office: what is left of each goes back to its lots
        (R-004-84).

        :param str reason: why; kept with the refund
        :return: the refunds
        :raise UserError: not a captured payment, or already refunded in full
        """
        refunds = self.browse()
        for transaction in self:
            terminal = Terminal(
                transaction.merchant_id.id, transaction.company_id.id, "staff", f"res.users,{self.env.uid}", ""
            )
            key = str(uuid4())
            reply = self.env["circuit.till"]._refund(
                terminal,
                {
                    "key": key,
                    "origin_key": transaction.key,
                    "amount": f"{transaction.amount:.2f}",
                    "order_ref": transaction.order_ref or "",
                    "reason": reason,
                },
            )
            if reply["status"] == "refused":
                raise UserError(reply["message"])
            refunds |= self._capture(terminal, key, transaction.order_ref or "", Decimal(reply["amount"]))
        return refunds

    def action_instrument(self):
        """Button: open the card or coupon."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.instrument_model,
            "res_id": self.instrument_id,
            "view_mode": "form",
        }

    # ------------------------------------------------------------------ helpers

    def _till_reply(self):
        """This transaction as the till contract answers."""
        self.ensure_one()
        if self.state not in ("authorized", "captured"):
            return {"status": self.state, "key": self.key}
        [(outcome,)] = self.env.execute_query(
            SQL("SELECT circuit_outcome('replay', t) FROM circuit_transaction t WHERE id = %s", self.id)
        )
        return self.env["circuit.till"]._reply(outcome)

    @api.depends("reference", "amount", "currency_id")
    def _compute_display_name(self):
        for transaction in self:
            amount = format_amount(self.env, transaction.amount, transaction.currency_id)
            transaction.display_name = f"{transaction.reference or transaction.key[:8]} · {amount}"

    @api.model
    def _forget(self):
        """The SQL functions write behind the ORM's back: drop what it remembers."""
        self.invalidate_model()
