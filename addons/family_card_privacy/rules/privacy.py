"""What may be told of people without naming them, and how long their data are kept."""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

ZERO = Decimal(0)


class Cell(NamedTuple):
    """Money that one beneficiary had of one programme, period and account, in currency units."""

    program: str
    period: str
    account: str
    beneficiary: int
    credited: Decimal
    spent: Decimal
    lapsed: Decimal
    residual: Decimal


class Group(NamedTuple):
    """Beneficiaries and their money together; the amounts are None where they are too few to be told."""

    program: str
    period: str
    account: str
    beneficiaries: int | None
    credited: Decimal | None
    spent: Decimal | None
    lapsed: Decimal | None
    residual: Decimal | None


def pseudonym(secret: str, scope: str, number: int) -> str:
    """A code that stays the same within a scope and tells nothing to whoever lacks the secret (R-004-101).

    :param secret: known to the installation only
    :param scope: what the code is made for: the same number has another code in another scope
    :param number: id of a record
    :return: eight letters and digits, e.g. ``7QX2M4KA``
    """
    digest = hmac.new(secret.encode(), f"{scope}:{number}".encode(), hashlib.sha256).digest()
    return base64.b32encode(digest).decode()[:8]


def grouped(cells: Iterable[Cell], least: int) -> list[Group]:
    """Totals by programme, period and account, silent where fewer people than ``least`` stand behind a row.

    One silent row could be found by subtraction when the others of its programme and period and their sum are known:
    then the smallest of the others is silent too.

    :param cells: one or more a beneficiary
    :param least: 1 tells everything
    :return: rows in the order of programme, period, account
    """
    people, money = {}, {}
    for cell in cells:
        key = (cell.program, cell.period, cell.account)
        people.setdefault(key, set()).add(cell.beneficiary)
        amounts = (cell.credited, cell.spent, cell.lapsed, cell.residual)
        money[key] = tuple(map(sum, zip(money.get(key, (ZERO,) * 4), amounts, strict=True)))
    silent = {key for key, ids in people.items() if len(ids) < least}
    for part in {key[:2] for key in silent}:
        keys = [key for key in people if key[:2] == part]
        told = [key for key in keys if key not in silent]
        if len(keys) - len(told) == 1 and told:
            silent.add(min(told, key=lambda key: (len(people[key]), key)))
    return [
        Group(*key, None, None, None, None, None) if key in silent else Group(*key, len(people[key]), *money[key])
        for key in sorted(people)
    ]


def kept_until(last: date, years: int) -> date:
    """First day on which data may go.

    :param last: day of the last use
    :param years: 0 or more
    """
    try:
        return last.replace(year=last.year + years)
    except ValueError:  # 29 February
        return date(last.year + years, 3, 1)


def only_year(birth: date | None) -> date | None:
    """A birth date of which only the year is left."""
    return birth and date(birth.year, 1, 1)
