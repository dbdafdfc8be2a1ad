"""Which documents follow from the coupons spent that no document has yet: an invoice for each debtor, and a credit note
for each invoice of which something was reversed (R-000-24, R-000-25)."""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

VALUE, OWN, SPONSOR, COMMISSION = "value", "own", "sponsor", "commission"


class Part(NamedTuple):
    """What one redemption, or its reversal, makes a debtor owe."""

    redemption: int
    kind: str
    """VALUE (paid out to others for the issuer), OWN (a sponsor's share that the issuer gets back for coupons it accepted
    itself: below zero), SPONSOR or COMMISSION."""
    debtor: int
    campaign: int
    amount: Decimal
    """EUR, negative for a reversal."""
    origin: int | None
    """Invoice that holds what this reverses; None: none does."""


class Line(NamedTuple):
    kind: str
    campaign: int | None
    """None for the commission, which is one line: its VAT is of the sum."""
    amount: Decimal
    """EUR; in a credit note what is taken back."""
    count: int
    """Coupons spent less those reversed in the same document."""
    redemptions: tuple[int, ...]


class Document(NamedTuple):
    debtor: int
    refund: bool
    origin: int | None
    """Invoice a credit note corrects."""
    lines: tuple[Line, ...]
    empty: tuple[tuple[int, str], ...]
    """Redemptions, with the kind of their part, that cancel each other out: no line names them."""

    @property
    def total(self) -> Decimal:
        """EUR before VAT, never negative."""
        return sum((line.amount for line in self.lines), Decimal())


ORDER = (VALUE, OWN, SPONSOR, COMMISSION)


def documents(parts: Iterable[Part]) -> list[Document]:
    """Group parts into documents: by debtor, invoices before credit notes. Shares of sponsors that an issuer is given
    for coupons it accepted itself stand in documents of their own: netted against a commission that bears VAT, the
    sign before VAT could be another one than that of the whole.

    :param parts: of redemptions that are in no document
    :return: every part is in exactly one line or among the empty ones of one document
    """
    groups: dict[tuple[int, int, bool], list[Part]] = {}
    for part in parts:
        groups.setdefault((part.debtor, part.origin or 0, part.kind == OWN), []).append(part)
    return [_document(key[0], key[1] or None, groups[key]) for key in sorted(groups)]


def _document(debtor: int, origin: int | None, parts: list[Part]) -> Document:
    rows: dict[tuple[int, int], list[Part]] = {}
    for part in parts:
        campaign = 0 if part.kind == COMMISSION else part.campaign
        rows.setdefault((ORDER.index(part.kind), campaign), []).append(part)
    sums = {key: sum((part.amount for part in rows[key]), Decimal()) for key in sorted(rows)}
    # no document is below zero: what an issuer is given is a credit note, and so is a reversal
    total = sum(sums.values(), Decimal())
    refund = total < 0 or (total == 0 and origin is not None)
    sign = -1 if refund else 1
    lines = tuple(
        Line(
            ORDER[key[0]],
            key[1] or None,
            sign * amount,
            _count(rows[key]),
            tuple(part.redemption for part in rows[key]),
        )
        for key, amount in sums.items()
        if amount
    )
    empty = tuple((part.redemption, part.kind) for key, amount in sums.items() if not amount for part in rows[key])
    return Document(debtor, refund, origin, lines, empty)


def _count(parts: list[Part]) -> int:
    spent = sum((part.amount > 0) is (part.kind != OWN) for part in parts)
    return abs(2 * spent - len(parts))


def stamp(outside_vat: Decimal, threshold: Decimal, amount: Decimal) -> Decimal:
    """Stamp duty of a document: due when what it has outside VAT is above the threshold.

    :param outside_vat: EUR
    :param threshold: EUR, not reached by an amount that equals it
    :param amount: EUR of the stamp
    :return: EUR
    """
    return amount if outside_vat > threshold else Decimal()
