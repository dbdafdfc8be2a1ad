from datetime import date, datetime
from decimal import Decimal

from odoo.tools import SQL

from odoo.addons.merchant_circuit.tests.common import TillCase


class ReconciliationCase(TillCase):
    """A funder whose account of 41.25 was credited on 1 March 2024 at noon; entries of the books are made one by one,
    as each test wants them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        env = cls.env
        cls.liability, cls.contribution, cls.owed = env["account.account"].create(
            [
                {"name": "Credit of the citizens", "code": "CIVRECL", "account_type": "liability_current"},
                {"name": "Contributions", "code": "CIVRECC", "account_type": "expense"},
                {
                    "name": "Owed to shops",
                    "code": "CIVRECS",
                    "account_type": "liability_current",
                    "reconcile": True,
                },
            ]
        )
        cls.journal = env["account.journal"].create({"name": "Circuit", "code": "CIVRC", "type": "general"})
        cls.funder = env["circuit.funder"].create(
            {
                "name": "Test programme",
                "circuit_id": cls.circuit.id,
                "liability_account_id": cls.liability.id,
                "contribution_account_id": cls.contribution.id,
                "merchant_account_id": cls.owed.id,
                "journal_id": cls.journal.id,
            }
        )
        cls.account = env["stored.value.account"]._open([{"name": "COMMERCIO", "funder_id": cls.funder.id}])
        cls.credit("41.25", datetime(2024, 3, 1, 12))

    @classmethod
    def credit(cls, amount, at, expires_at=None):
        """Credit the account; returns the entry."""
        origin = f"test {at} {amount}"
        cls.env["stored.value.account"]._credit(
            [
                {
                    "account_id": cls.account.id,
                    "amount": Decimal(amount),
                    "available_from": at,
                    "expires_at": expires_at,
                    "origin": origin,
                    "memo": "",
                }
            ],
            at,
        )
        return cls.env["stored.value.entry"].search([("operation", "=", origin)])

    def move(self, amount, day, account=None):
        """A posted journal entry that adds an amount (EUR, str) to the credit of the citizens; returns it."""
        value = float(amount)
        move = self.env["account.move"].create(
            {
                "journal_id": self.journal.id,
                "date": day,
                "line_ids": [
                    (0, 0, {"account_id": (account or self.liability).id, "balance": -value}),
                    (0, 0, {"account_id": self.contribution.id, "balance": value}),
                ],
            }
        )
        move.action_post()
        return move

    def book_entry(self, entry, day=None, amount=None):
        """Book a credit or an expiry; returns the journal entry."""
        move = self.move(amount or f"{entry.amount:.2f}", day or entry.occurred_at.date())
        self.env["circuit.booking"].create(
            {
                "entry_id": entry.id,
                "funder_id": entry.account_id.funder_id.id,
                "move_id": move.id,
                "company_id": entry.company_id.id,
            }
        )
        return move

    def book(self, transaction, day, amount=None):
        """Book a payment; returns the journal entry."""
        move = self.move(amount or f"{-transaction._signed_amount():.2f}", day)
        transaction.write({"move_id": move.id})
        return move

    def pay(self, amount="10.00", at=datetime(2024, 3, 5, 9)):
        """A captured payment of an amount at an instant; returns the transaction."""
        reply = self.authorize(f"{Decimal(amount) * 2}")
        transaction = self.capture(reply, f"{Decimal(amount) * 2}")
        self.when(transaction, at)
        return transaction

    def when(self, transaction, at):
        """Move a payment and its entries to another instant."""
        self.raw(
            "UPDATE circuit_transaction SET authorized_at = %s, captured_at = %s WHERE id = %s", at, at, transaction.id
        )
        self.change_entries("UPDATE stored_value_entry SET occurred_at = %s WHERE operation = %s", at, transaction.key)

    def raw(self, query, *values):
        """SQL as somebody with the database's password would type it."""
        self.env.flush_all()
        self.env.cr.execute(SQL(query, *values))
        self.env.invalidate_all()

    def change_entries(self, query, *values):
        """The same on the append-only entries."""
        self.raw("ALTER TABLE stored_value_entry DISABLE TRIGGER stored_value_entry_append_only")
        self.raw(query, *values)
        self.raw("ALTER TABLE stored_value_entry ENABLE TRIGGER stored_value_entry_append_only")

    def check(self, kind="credit"):
        """Check the funder; returns its reconciliation of that kind."""
        checks = self.env["circuit.reconciliation"]._of_all_funders()
        check = checks.filtered(lambda one: one.funder_id == self.funder and one.kind == kind)
        check.action_check()
        return check

    def items(self, check, *domain):
        """What makes its difference."""
        return self.env["circuit.reconciliation.item"].search(
            [("funder_id", "=", check.funder_id.id), ("kind", "=", check.kind), ("reason", "!=", "same"), *domain]
        )

    def all_booked(self):
        """The credit booked on its day; returns its journal entry."""
        return self.book_entry(self.account.entry_ids.filtered(lambda entry: entry.kind == "credit"), date(2024, 3, 1))
