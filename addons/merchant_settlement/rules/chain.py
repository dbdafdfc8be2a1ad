"""The digests that make a later change of a statement visible: each line over what it says, each statement over its
lines, its figures and the statement of the same merchant before it."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import NamedTuple


class Line(NamedTuple):
    """What a line says; amounts in EUR, instants naive UTC, ids as in the database, None where there is nothing."""

    statement: str
    sequence: int
    kind: str
    transaction_id: int | None
    reference: str | None
    captured_at: datetime | None
    holder_mask: str | None
    category_id: int | None
    amount: Decimal
    origin_reference: str | None
    origin_month: date | None


class Statement(NamedTuple):
    """What a statement says besides its lines; ``sources`` are pairs of fund (0: none) and amount, in any order."""

    previous: str
    name: str
    merchant_id: int
    funder_id: int
    month: date
    charged: Decimal
    corrected: Decimal
    carried: Decimal
    total: Decimal
    stamp: Decimal
    stamp_borne_by: str
    payable: Decimal
    sources: tuple[tuple[int, Decimal], ...]


def _text(value) -> str:
    match value:
        case None | False:
            return ""
        case Decimal():
            return f"{value + 0:.2f}"
        case datetime():
            return value.strftime("%Y-%m-%dT%H:%M:%S")
        case date():
            return value.isoformat()
    return str(value)


def _hash(values: Iterable) -> str:
    return sha256("|".join(map(_text, values)).encode()).hexdigest()


def line_hash(line: Line) -> str:
    """SHA-256 over what a line says; the SQL function ``merchant_statement_line_hash`` is the same."""
    return _hash(line)


def lines_digest(hashes: Iterable[str]) -> str:
    """SHA-256 over the hashes of a statement's lines in their order."""
    return sha256("".join(hashes).encode()).hexdigest()


def statement_digest(statement: Statement, lines: str) -> str:
    """SHA-256 over a statement.

    :param statement: what it says
    :param lines: digest of its lines
    """
    sources = ",".join(f"{fund}:{_text(amount)}" for fund, amount in sorted(statement.sources))
    return _hash([*statement[:-1], sources, lines])
