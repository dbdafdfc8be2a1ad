from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.stored_value.tools import to_decimal


def live():
    """Condition, on `l`, of the lots that can be spent now."""
    now = fields.Datetime.now()
    return SQL("l.remaining > 0 AND l.available_from <= %s AND (l.expires_at IS NULL OR l.expires_at > %s)", now, now)


class EcouponWallet(models.Model):
    """What the office and the citizen see of a wallet (R-000-16)."""

    _inherit = "ecoupon.wallet"

    balance = fields.Monetary(compute="_compute_balance", help="What can be spent now.")
    balance_text = fields.Char("Shown as", compute="_compute_balance", help="What the citizen reads.")
    next_expiry = fields.Datetime("Next expiry", compute="_compute_balance", help="When something of it ends next.")
    reward_count = fields.Integer("Rewards", compute="_compute_counts")
    purchase_count = fields.Integer("Purchases", compute="_compute_counts")

    @api.depends_context("lang")
    def _compute_balance(self):
        """What is left; no stored field changes with it."""
        rows = {}
        if self.ids:
            self.env.flush_all()
            rows = {
                wallet: (Decimal(held), ends)
                for wallet, held, ends in self.env.execute_query(
                    SQL(
                        "SELECT a.wallet_id, sum(l.remaining)::text, min(l.expires_at) FROM stored_value_account a"
                        " JOIN stored_value_lot l ON l.account_id = a.id WHERE a.wallet_id = ANY(%s) AND %s GROUP BY 1",
                        self.ids,
                        live(),
                    )
                )
            }
        for wallet in self:
            held, ends = rows.get(wallet.id, (Decimal(0), False))
            wallet.balance = float(held)
            wallet.balance_text = wallet.circuit_id._wallet_text(held)
            wallet.next_expiry = ends

    def _compute_counts(self):
        """Numbers of the smart buttons."""
        # sudo: numbers only
        rewards = dict(
            self.env["ecoupon.reward"].sudo()._read_group([("wallet_id", "in", self.ids)], ["wallet_id"], ["__count"])
        )
        purchases = dict(
            self.env["circuit.transaction"].sudo()._read_group(self._purchases(), ["instrument_id"], ["__count"])
        )
        for wallet in self:
            wallet.reward_count = rewards.get(wallet, 0)
            wallet.purchase_count = purchases.get(wallet.id, 0)

    def _purchases(self):
        """Domain of what these wallets paid and got back at shops."""
        return [
            ("instrument_model", "=", "ecoupon.wallet"),
            ("instrument_id", "in", self.ids),
            ("state", "in", ("authorized", "captured")),
        ]

    def _spendable(self, at):
        """What a wallet can spend at shops at an instant: what somebody funds.

        :param datetime at: naive UTC
        :return: Decimal, EUR
        """
        self.ensure_one()
        # sudo: the caller has checked whose wallet it is
        accounts = self.sudo().account_ids.filtered("funder_id")
        return sum(accounts._available(at).values(), Decimal(0))

    # ------------------------------------------------------------------ the citizen's page

    def _overview(self):
        """What is in a wallet, for its citizen: the caller has checked whose it is.

        :return: dict: balance and spendable (Decimal EUR), balance_text, spendable_text, unit, seconds (life of a code),
            accounts (list of dict: funder, balance, text, expires_at) in the order in which shops are paid, expiries
            (list of dict: at, amount, text) in order of time
        """
        self.ensure_one()
        wallet = self.sudo()  # sudo: citizens have no rights on wallets
        circuit = wallet.circuit_id
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "SELECT a.id, coalesce(f.name, ''), l.expires_at, sum(l.remaining)::text, f.id IS NOT NULL"
                " FROM stored_value_account a JOIN stored_value_lot l ON l.account_id = a.id"
                " LEFT JOIN circuit_funder f ON f.id = a.funder_id WHERE a.wallet_id = %s AND %s"
                " GROUP BY a.id, f.id, l.expires_at ORDER BY l.expires_at NULLS LAST, a.id",
                self.id,
                live(),
            )
        )
        accounts, expiries, spendable = {}, {}, Decimal(0)
        for key, funder, ends, text, funded in rows:
            amount = Decimal(text)
            spendable += amount if funded else 0
            account = accounts.setdefault(
                key, {"funder": funder or self.env._("For coupons only"), "balance": Decimal(0), "expires_at": ends}
            )
            account["balance"] += amount
            if ends:
                expiries[ends] = expiries.get(ends, Decimal(0)) + amount
        balance = sum((account["balance"] for account in accounts.values()), Decimal(0))
        return {
            "balance": balance,
            "balance_text": circuit._wallet_text(balance),
            "spendable": spendable,
            "spendable_text": circuit._wallet_text(spendable),
            "unit": circuit.wallet_unit,
            "seconds": circuit.wallet_code_seconds,
            "accounts": [
                {**account, "text": circuit._wallet_text(account["balance"])} for account in accounts.values()
            ],
            "expiries": [
                {"at": at, "amount": amount, "text": circuit._wallet_text(amount)} for at, amount in expiries.items()
            ],
        }

    def _movements(self, limit=80, offset=0):
        """What came into a wallet and went out of it, newest first, for its citizen: the caller has checked whose it is.

        :param int limit: most movements
        :param int offset: how many to leave out
        :return: list of dict: at (naive UTC), kind, label, memo, amount (Decimal EUR, negative: out), text, reference
        """
        self.ensure_one()
        circuit = self.sudo().circuit_id  # sudo: citizens have no rights on wallets
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "SELECT e.kind, e.operation, e.occurred_at, min(e.memo), sum(e.amount)::text, min(t.reference)"
                " FROM stored_value_account a JOIN stored_value_entry e ON e.account_id = a.id"
                " LEFT JOIN circuit_transaction t ON t.key = e.operation"
                " WHERE a.wallet_id = %s AND e.amount <> 0 GROUP BY e.kind, e.operation, e.occurred_at, e.amount > 0"
                " ORDER BY e.occurred_at DESC, max(e.id) DESC LIMIT %s OFFSET %s",
                self.id,
                limit,
                offset,
            )
        )
        labels = {
            "credit": self.env._("Reward"),
            "debit": self.env._("Purchase"),
            "give_back": self.env._("Given back"),
            "expiry": self.env._("Expired"),
            "adjustment": self.env._("Taken back"),
        }
        exchanged = self.env._("Coupon")
        return [
            {
                "at": at,
                "kind": "exchange" if operation.startswith("exchange:") else kind,
                "label": exchanged if operation.startswith("exchange:") else labels[kind],
                "memo": memo or "",
                "amount": Decimal(amount),
                "text": circuit._wallet_text(Decimal(amount)),
                "reference": reference or "",
            }
            for kind, operation, at, memo, amount, reference in rows
        ]

    def _rewards(self):
        """What a wallet was rewarded for, newest first, for its citizen: the caller has checked whose it is.

        :return: list of dict: day, name, text, state, expires_at
        """
        self.ensure_one()
        # sudo: citizens have no rights on rewards
        return [
            {
                "day": reward.day,
                "name": reward.behaviour_id.name,
                "text": reward.circuit_id._wallet_text(to_decimal(reward.amount)),
                "state": reward.state,
                "expires_at": reward.expires_at,
            }
            for reward in self.sudo().reward_ids
        ]

    # ------------------------------------------------------------------ buttons

    def action_rewards(self):
        """Smart button: what the citizen was rewarded for."""
        action = self.env["ir.actions.act_window"]._for_xml_id("ecoupon.action_reward")
        return action | {"domain": [("wallet_id", "in", self.ids)], "context": {"create": False}}

    def action_purchases(self):
        """Smart button: what the wallet paid at the shops."""
        action = self.env["ir.actions.act_window"]._for_xml_id("merchant_circuit.action_transaction")
        return action | {"domain": self._purchases(), "context": {}}

    def action_entries(self):
        """Smart button: the ledger of the wallet."""
        action = self.env["ir.actions.act_window"]._for_xml_id("ecoupon.action_wallet_entry")
        return action | {"domain": [("account_id.wallet_id", "in", self.ids)]}
