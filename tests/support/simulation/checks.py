"""Every evening: the whole ledger against the oracle and against itself, in a few set-based queries."""

import time
from collections import Counter
from copy import copy
from typing import NamedTuple


class Found(NamedTuple):
    """A difference: the oracle's card it is about (or None), where, and both sides."""

    card: object
    where: str
    expected: object
    found: object


class Evening:
    """Compares. Lots are matched by their place within the account: the first credit is the first lot."""

    def __init__(self, driver, oracle):
        """Remember the newest lot and entry seen so far."""
        self.driver, self.oracle = driver, oracle
        self.lot = self.entry = 0
        self.seconds = 0.0
        self.lots = {}  # id of a lot: (account id, oracle's lot)
        self.accounts = {}  # id of an account: (oracle's card, oracle's account)
        self.seen = Counter()  # lots seen of each account

    def differences(self, day, full):
        """Yield what does not agree tonight; with `full`, also every lot and every hash of the year so far.

        :param date day: the day that ends
        """
        started = time.clock_gettime(time.CLOCK_MONOTONIC)  # the process's other clocks stand still
        yield from self._all(day, full)
        self.seconds += time.clock_gettime(time.CLOCK_MONOTONIC) - started

    def rehearse(self, day, spoil):
        """What the checks would say if somebody spoiled the database; nothing of it stays.

        :param spoil: function of the driver
        :return: list of Found
        """
        before = {name: copy(value) for name, value in vars(self).items()}
        with self.driver.undone():
            spoil(self.driver)
            found = list(self._all(day, full=True))
        vars(self).update(before)
        return found

    def _all(self, day, full):
        yield from self._new_accounts()
        yield from self._new_lots()
        touched = yield from self._new_entries()
        yield from self._balances()
        yield from self._cards()
        yield from self._lots(None if full else touched)
        yield from self._chain(None if full else touched)
        if full:
            yield from self._operations()
            yield from self._residents(day)

    def _new_accounts(self):
        numbers = {card: number for number, card in self.driver.cards.items()}
        rows = self.driver.sql(
            "SELECT a.id, a.card_id, l.code FROM stored_value_account a"
            " JOIN family_card_scheme_line l ON l.id = a.scheme_line_id WHERE a.id > %s AND a.card_id = ANY(%s)",
            max(self.accounts, default=0),
            list(numbers),
        )
        for account, card, label in rows:
            owner = self.oracle.cards[numbers[card]]
            if label not in owner.accounts:
                yield Found(owner, "account", sorted(owner.accounts), label)
            self.accounts[account] = (owner, owner.accounts[label])

    def _new_lots(self):
        """Every credit of today: amount, spendable from, expiry."""
        rows = self.driver.sql(
            "SELECT id, account_id, (amount * 100)::float8, available_from, expires_at FROM stored_value_lot"
            " WHERE id > %s ORDER BY id",
            self.lot,
        )
        for lot, account, amount, starts, ends in rows:
            self.lot = lot
            card, purse = self.accounts[account]
            place = self.seen[account]
            self.seen[account] += 1
            if place >= len(purse.lots):
                yield Found(card, f"credit on {purse.label}", "none", amount / 100)
                continue
            known = purse.lots[place]
            self.lots[lot] = (account, known)
            expected = (known.amount, known.starts, known.ends)
            if expected != (amount, starts, ends):
                yield Found(card, f"credit of {known.quarter} on {purse.label}", expected, (amount, starts, ends))
        for account, (card, purse) in self.accounts.items():
            if self.seen[account] != len(purse.lots):
                yield Found(card, f"credits on {purse.label}", len(purse.lots), self.seen[account])

    def _new_entries(self):
        """Every movement of today; returns the accounts that moved."""
        rows = self.driver.sql(
            "SELECT id, lot_id, account_id, kind, (amount * 100)::float8 FROM stored_value_entry"
            " WHERE id > %s ORDER BY id",
            self.entry,
        )
        found = Counter()
        for entry, lot, account, kind, amount in rows:
            self.entry = entry
            if lot not in self.lots:
                yield Found(self.accounts[account][0], "movement of a credit nobody gave", "none", (kind, amount / 100))
                continue
            found[id(self.lots[lot][1]), kind, amount] += 1
        expected = Counter((id(lot), kind, cents) for _card, _label, lot, kind, cents in self.oracle.journal)
        if found != expected:
            owners = {id(lot): self.accounts[account] for account, lot in self.lots.values()}
            for key in (expected - found) + (found - expected):
                card, purse = owners.get(key[0], (None, None))
                where = f"movement on {purse.label if purse else '?'}: {key[1]} of {key[2] / 100:.2f}"
                yield Found(card, where, expected[key], found[key])
        self.oracle.journal.clear()
        return sorted({account for _entry, _lot, account, _kind, _amount in rows})

    def _balances(self):
        """Balance = sum of lots = sum of entries = the oracle's, for every account."""
        rows = self.driver.sql(
            """
            SELECT a.id, (a.balance * 100)::float8, (coalesce(l.cents, 0) * 100)::float8,
                   (coalesce(e.cents, 0) * 100)::float8, a.entry_count - coalesce(e.count, 0)
              FROM stored_value_account a
              LEFT JOIN (SELECT account_id, sum(remaining) AS cents FROM stored_value_lot GROUP BY 1) l
                ON l.account_id = a.id
              LEFT JOIN (SELECT account_id, sum(amount) AS cents, count(*) FROM stored_value_entry GROUP BY 1) e
                ON e.account_id = a.id
             WHERE a.id = ANY(%s)
            """,
            list(self.accounts),
        )
        for account, balance, lots, entries, gap in rows:
            card, purse = self.accounts[account]
            expected = purse.balance()
            if not expected == balance == lots == entries or gap:
                found = {"balance": balance / 100, "lots": lots / 100, "entries": entries / 100, "uncounted": gap}
                yield Found(card, f"account {purse.label}", expected / 100, found)

    def _cards(self):
        rows = self.driver.sql("SELECT id, state, pin_failures FROM family_card WHERE state <> 'draft'")
        found = {card: (state, failures) for card, state, failures in rows}
        for number, card_id in self.driver.cards.items():
            card = self.oracle.cards[number]
            if found.get(card_id) != (card.state, card.wrong):
                yield Found(card, "state and wrong PINs", (card.state, card.wrong), found.get(card_id))

    def _lots(self, accounts):
        """What is left in each lot and until when, of some accounts or of all."""
        rows = self.driver.sql(
            "SELECT id, (remaining * 100)::float8, expires_at FROM stored_value_lot WHERE %s OR account_id = ANY(%s)",
            accounts is None,
            accounts or [],
        )
        for lot, remaining, ends in rows:
            if lot not in self.lots:
                continue  # told as a new lot
            account, known = self.lots[lot]
            if (known.remaining, known.ends) != (remaining, ends):
                card, purse = self.accounts[account]
                expected = (known.remaining / 100, known.ends)
                yield Found(card, f"lot of {known.quarter} on {purse.label}", expected, (remaining / 100, ends))

    def _chain(self, accounts):
        """The ledger's own check, hashes included."""
        for account, problem, entry in self.driver.sql("SELECT * FROM stored_value_verify(%s::int[])", accounts):
            card, purse = self.accounts[account]
            yield Found(card, f"verification of {purse.label}", "clean", f"{problem} (entry {entry})")

    def _operations(self):
        """One key, one debit: every transaction has moved exactly its amount."""
        rows = self.driver.sql(
            """
            SELECT t.key, t.kind, t.state, (t.amount * 100)::float8, (coalesce(m.moved, 0) * 100)::float8
              FROM circuit_transaction t
              LEFT JOIN (SELECT operation, sum(amount) AS moved FROM stored_value_entry
                          WHERE kind IN ('debit', 'give_back') GROUP BY operation) m ON m.operation = t.key
            """
        )
        found = {key: (kind, state, amount, moved) for key, kind, state, amount, moved in rows}
        for key, payment in self.oracle.payments.items():
            kind = "refund" if payment.origin else "payment"
            moved = 0 if payment.state in ("voided", "expired") else payment.amount * (1 if payment.origin else -1)
            expected = (kind, payment.state, payment.amount, moved)
            if found.pop(key, None) != expected:
                yield Found(payment.card, f"transaction {key}", expected, found.get(key))
        for key, facts in found.items():
            yield Found(None, f"transaction {key}", "none", facts)

    def _residents(self, day):
        """Who lives where, as many in each household as there should be."""
        rows = self.driver.sql(
            "SELECT household_id, count(*) FROM family_household_member WHERE recorded_to IS NULL"
            " AND valid_from <= %s AND (valid_to IS NULL OR valid_to >= %s) GROUP BY household_id",
            day,
            day,
        )
        found = dict(rows)
        for card in self.oracle.cards.values():
            count = found.get(self.driver.town.households[card.household.number], 0)
            expected = len(card.household.members(day))
            if count != expected:
                yield Found(card, "members of the household", expected, count)
