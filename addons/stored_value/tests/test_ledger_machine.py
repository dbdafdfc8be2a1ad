"""The ledger against a naive model: dicts of lots and one loop for each rule."""

from datetime import datetime, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import LedgerCase

START = datetime(2024, 1, 1)
amounts = st.decimals(min_value="0.01", max_value="200.00", places=2)
days = st.integers(0, 30)


class LedgerMachine(RuleBasedStateMachine):
    """Random credits, debits, reversals, expiries and days passing on one account."""

    case = None

    def __init__(self):
        super().__init__()
        self.savepoint = self.case.cr.savepoint()
        self.Account = self.case.Account
        self.account = self.Account._open([{"name": "machine"}])
        self.at = START
        self.lots = []
        self.debits = {}
        self.serial = 0

    def _next(self, word):
        self.serial += 1
        return f"{word}-{self.account.id}-{self.serial}"

    def _open_lots(self):
        usable = [lot for lot in self.lots if lot["from"] <= self.at and self.at < lot["to"]]
        return sorted(usable, key=lambda lot: (lot["to"], lot["serial"]))

    @rule(amount=amounts, wait=days, life=st.integers(1, 60))
    def credit(self, amount, wait, life):
        origin = self._next("credit")
        start = self.at + timedelta(days=wait)
        lot = {
            "from": start,
            "to": start + timedelta(days=life),
            "left": amount,
            "serial": self.serial,
            "origin": origin,
        }
        self.lots.append(lot)
        row = {
            "account_id": self.account.id,
            "amount": amount,
            "available_from": lot["from"],
            "expires_at": lot["to"],
            "origin": origin,
            "memo": "",
        }
        assert self.Account._credit([row], at=self.at) == {origin}
        assert self.Account._credit([row], at=self.at) == set()

    @rule(amount=amounts)
    def debit(self, amount):
        operation = self._next("debit")
        available = sum((lot["left"] for lot in self._open_lots()), Decimal(0))
        if amount > available:
            try:
                self.account._debit(amount, operation, self.at)
            except UserError:
                return
            raise AssertionError("overspent")
        taken, left = {}, amount
        for lot in self._open_lots():
            take = min(left, lot["left"])
            if take:
                lot["left"] -= take
                taken[lot["origin"]] = take
                left -= take
        self.debits[operation] = taken
        assert self.account._debit(amount, operation, self.at) == available - amount

    @precondition(lambda self: self.debits)
    @rule(data=st.data())
    def give_back(self, data):
        operation = data.draw(st.sampled_from(sorted(self.debits)))
        taken = self.debits[operation]
        total = sum(taken.values(), Decimal(0))
        if not total:
            return
        amount = data.draw(st.decimals(min_value="0.01", max_value=total, places=2))
        left = amount
        for lot in sorted(self.lots, key=lambda lot: (lot["to"], lot["serial"]), reverse=True):
            back = min(left, taken.get(lot["origin"], Decimal(0)))
            if back:
                taken[lot["origin"]] -= back
                left -= back
                if lot["to"] > self.at:
                    lot["left"] += back
        assert self.Account._give_back(operation, self._next("back"), amount, self.at) == amount

    @rule(count=days)
    def wait(self, count):
        self.at += timedelta(days=count)

    @rule()
    def expire(self):
        due = [lot for lot in self.lots if lot["to"] <= self.at and lot["left"]]
        for lot in due:
            lot["left"] = Decimal(0)
        assert self.Account._expire_due(self.at) == len(due)

    @invariant()
    def agrees_with_the_model(self):
        self.case.env.invalidate_all()
        assert {lot.origin: Decimal(str(lot.remaining)) for lot in self.account.lot_ids} == {
            lot["origin"]: lot["left"] for lot in self.lots
        }
        assert self.account._balance() == sum((lot["left"] for lot in self.lots), Decimal(0))
        assert self.account._available(self.at)[self.account.id] == sum(
            (lot["left"] for lot in self._open_lots()), Decimal(0)
        )

    def teardown(self):
        try:
            assert self.account._verify() == []
        finally:
            self.savepoint.close(rollback=True)
            self.case.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestLedgerMachine(LedgerCase):
    def test_ledger_agrees_with_a_naive_model(self):
        """design.md 5: balance = lots = entries, no lot below zero, chain unbroken, after any history
        (R-004-45, R-004-55, R-004-58, R-004-83, R-004-84)."""
        LedgerMachine.case = self
        run_state_machine_as_test(
            LedgerMachine,
            settings=settings(
                max_examples=20,
                stateful_step_count=20,
                deadline=None,
                suppress_health_check=list(HealthCheck),
                database=None,
            ),
        )
