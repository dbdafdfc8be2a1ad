"""A town of our own (circuit, shops with open tills, cards with credit) in a server's database, and its accounts."""

import json
import uuid
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

SUPPORT = Path(__file__).resolve().parents[1]


class Merchant(NamedTuple):
    """A shop: ids of partner, pos.config, pos.session, user, company and payment methods; its login."""

    id: int
    config: int
    session: int
    user: int
    company: int
    login: str
    password: str
    card_method: int
    other_method: int


class Card(NamedTuple):
    """A card: id, fiscal code, its accounts by code, and that of COMMERCIO."""

    id: int
    code: str
    accounts: dict
    account: int


class Coupon(NamedTuple):
    """A coupon: id and the code its holder shows."""

    id: int
    code: str


class Wallet(NamedTuple):
    """A wallet: id, its citizen, and codes that open it, each once."""

    id: int
    partner: int
    codes: list

    @property
    def code(self):
        """One of them."""
        return self.codes[0]


class Town:
    """What `town_setup.build` has made, and what can be asked about its money."""

    def __init__(self, server, cards=10, merchants=2, credits=()):
        """Build the town in the database of an OdooServer (running or not)."""
        self.shell, self.sql = server.shell, server.sql
        facts = self._build(f"build(env, {cards}, {merchants}, {list(credits)!r})")
        self.program, self.circuit, self.product = facts["program"], facts["circuit"], facts["product"]
        self.merchants = [Merchant(**merchant) for merchant in facts["merchants"]]
        self.cards = [Card(**card) for card in facts["cards"]]
        self._fresh = iter(self.cards)
        self._people = cards

    def add_coupons(self, number, **campaign):
        """Coupons of a new campaign, 5.00 off at the town's shops unless said otherwise.

        :return: list of Coupon
        """
        facts = self._build(f"build(env, {self.circuit}, {number}, **{campaign!r})", "coupon_setup")
        return [Coupon(**coupon) for coupon in facts]

    def add_wallets(self, number, **behaviour):
        """Wallets of citizens who were rewarded once with 10.00, unless said otherwise.

        :return: (id of the behaviour, list of Wallet)
        """
        facts = self._build(f"build(env, {self.circuit}, {number}, **{behaviour!r})", "wallet_setup")
        return facts["behaviour"], [Wallet(**wallet) for wallet in facts["wallets"]]

    def _build(self, call, setup="town_setup"):
        """Call a function of a setup in Odoo's shell and return the facts it prints."""
        out = self.shell(
            f"import sys; sys.path.insert(0, {str(SUPPORT)!r})\nfrom support import {setup}\n{setup}.{call}\n"
        )
        line = next(line for line in out.splitlines() if line.startswith("TOWN "))
        return json.loads(line.removeprefix("TOWN "))

    def add_program(self, code, cards, **terms):
        """One more programme with terms of its own, accepted by the town's shops.

        :return: (its cards, id of its period of today)
        """
        numbers = range(self._people, self._people + cards)
        facts = self._build(f"add_program(env, {self.circuit}, {code!r}, {numbers!r}, {terms!r})")
        self._people += cards
        return [Card(**card) for card in facts["cards"]], facts["period"]

    def next_card(self, credit=None):
        """A card that no test has used yet, with `credit` (str, EUR) on COMMERCIO."""
        card = next(self._fresh)
        if credit:
            self.credit(card.account, credit)
        return card

    def credit(self, account, amount, expires="1 day", period=None, origin=None):
        """Credit an account as the ledger does; `expires` is a PostgreSQL interval from now. An origin counts once."""
        origin = origin or f"test:{uuid.uuid4()}"
        self.sql(
            "SELECT stored_value_credit(ARRAY[%s], ARRAY[%s::numeric], ARRAY[now() AT TIME ZONE 'UTC' - interval '1 minute'],"
            " ARRAY[now() AT TIME ZONE 'UTC' + %s::interval], ARRAY[%s], ARRAY['test'], now() AT TIME ZONE 'UTC', 1)",
            [account, str(amount), expires, origin],
        )
        if period:
            self.sql("UPDATE stored_value_lot SET period_id = %s WHERE origin = %s", [period, origin])

    def available(self, account):
        """What can be spent from an account now, Decimal."""
        [(amount,)] = self.sql("SELECT stored_value_available(%s, now() AT TIME ZONE 'UTC')::text", [account])
        return Decimal(amount)

    def problems(self):
        """What is wrong with the money of the whole database, as text; empty when every sum agrees.

        The ledger's own check (balances, lots, chain), and beside it: every transaction moved exactly its amount
        once, nothing was moved without a transaction, no account is below zero.
        """
        found = [f"ledger: {row}" for row in self.sql("SELECT * FROM stored_value_verify(NULL)")]
        found += [f"transaction: {row}" for row in self.sql(_TRANSACTIONS)]
        found += [f"orphan: {row}" for row in self.sql(_ORPHANS)]
        found += [f"negative: {row}" for row in self.sql("SELECT id FROM stored_value_account WHERE balance < 0")]
        return found


# what a transaction has moved: a payment its amount, a released one nothing, a captured refund its amount back; one
# without account (a coupon's) moves nothing
_TRANSACTIONS = """
    SELECT t.key, t.kind, t.state, t.amount, m.moved
      FROM circuit_transaction t
      LEFT JOIN LATERAL (
          SELECT coalesce(sum(amount) FILTER (WHERE kind IN ('debit', 'give_back')), 0) AS moved
            FROM stored_value_entry WHERE operation = t.key) m ON true
     WHERE m.moved <> CASE WHEN t.account_id IS NULL THEN 0
                           WHEN t.kind = 'payment' AND t.state IN ('authorized', 'captured') THEN -t.amount
                           WHEN t.kind = 'refund' AND t.state = 'captured' THEN t.amount ELSE 0 END
    UNION ALL
    SELECT o.key, o.kind, o.state, o.amount, sum(r.amount)
      FROM circuit_transaction o JOIN circuit_transaction r ON r.origin_id = o.id AND r.state IN ('authorized', 'captured')
     GROUP BY o.id HAVING sum(r.amount) > o.amount OR o.state <> 'captured'
"""
_ORPHANS = """
    SELECT e.operation, e.kind, e.amount FROM stored_value_entry e
     WHERE e.kind IN ('debit', 'give_back')
       AND NOT EXISTS (SELECT 1 FROM circuit_transaction t WHERE t.key = e.operation)
"""
