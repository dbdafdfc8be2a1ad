"""Ways to spoil a ledger with raw SQL, as somebody who owns the database could: the checks must name each."""

from datetime import date
from typing import NamedTuple


class Tamper(NamedTuple):
    """When every way is tried and taken back, and which one (or None) is then done in earnest."""

    day: date
    way: str | None = None


def _entry(driver):
    """An entry changes its amount; the trigger that forbids it is disabled first, as an owner can."""
    driver.sql_write("ALTER TABLE stored_value_entry DISABLE TRIGGER stored_value_entry_append_only")
    driver.sql_write(
        "UPDATE stored_value_entry SET memo = memo, occurred_at = occurred_at + interval '1 second'"
        " WHERE id = (SELECT max(id) FROM stored_value_entry)"
    )


def _lot(driver):
    """A lot and its account lose a cent without an entry."""
    driver.sql_write(
        """
        WITH lot AS (UPDATE stored_value_lot SET remaining = remaining - 0.01
                      WHERE id = (SELECT max(id) FROM stored_value_lot WHERE remaining > 1) RETURNING account_id)
        UPDATE stored_value_account SET balance = balance - 0.01 WHERE id IN (SELECT account_id FROM lot)
        """
    )


def _credit(driver):
    """Somebody credits a card a second time, through the ledger's own function."""
    driver.sql_write(
        """
        SELECT stored_value_credit(ARRAY[account_id], ARRAY[amount], ARRAY[available_from], ARRAY[expires_at],
                                   ARRAY['friend'], ARRAY[memo]::text[], available_from, 1)
          FROM stored_value_lot WHERE id = (SELECT max(id) FROM stored_value_lot)
        """
    )


def _expiry(driver):
    """A lot lives longer without an act."""
    driver.sql_write(
        "UPDATE stored_value_lot SET expires_at = expires_at + interval '1 day'"
        " WHERE id = (SELECT max(id) FROM stored_value_lot WHERE remaining > 0)"
    )


WAYS = {"entry": _entry, "lot": _lot, "credit": _credit, "expiry": _expiry}
