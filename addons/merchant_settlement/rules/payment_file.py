"""What the treasurer or the bank says of payments, row by row: payment orders, paid, returned (R-004-96)."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

# Titles of the treasurer's list in both languages, and what banks call the same things.
COLUMNS = {
    "reference": {"reference", "riferimento", "endtoendid", "riferimentopagamento"},
    "mandate": {"paymentorder", "mandato", "numeromandato", "nmandato", "mandatodipagamento"},
    "day": {"date", "data", "paidon", "pagatoil", "datapagamento", "dataesito"},
    "outcome": {"outcome", "esito", "stato"},
    "reason": {"reason", "motivo", "returnreason", "motivorestituzione", "motivodellarestituzione"},
    "amount": {"amount", "importo", "importoeur"},
}
_PAID = {"paid", "pagato", "pagata", "eseguito", "eseguita", "ok"}
_RETURNED = {
    "returned",
    "restituito",
    "restituita",
    "stornato",
    "stornata",
    "respinto",
    "respinta",
    "rejected",
    "reso",
    "ko",
}
_DAYS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y")
_PLAIN = re.compile(r"\d+([.,]\d{1,2})?")
_ITALIAN = re.compile(r"\d{1,3}(\.\d{3})+(,\d{1,2})?")
_ENGLISH = re.compile(r"\d{1,3}(,\d{3})+(\.\d{1,2})?")
_REASON_MAX = 200
_MANDATE_MAX = 35


class Entry(NamedTuple):
    """One row: ``outcome`` is ``mandate``, ``paid`` or ``returned``."""

    row: int
    reference: str
    outcome: str
    day: date | None
    mandate: str
    reason: str
    amount: Decimal | None


class Fault(NamedTuple):
    """Why a row cannot be used: a code, and the text it is about."""

    row: int
    code: str
    value: str = ""


def known(titles: Sequence) -> int:
    """How many titles of a header are understood.

    :param titles: cells of the first row
    """
    return len(_columns(titles))


def parse(header: Sequence, rows: Iterable[tuple[int, Sequence]]) -> tuple[list[Entry], list[Fault]]:
    """Entries of a table, and what is wrong in it.

    Rows that say nothing of any payment (totals, payments without news) are left alone.

    :param header: titles; columns in any order, unknown ones are ignored
    :param rows: numbered rows of cells: text, numbers, dates or None
    :returns: entries in the order of the file, and faults; with a fault nothing should be applied. Codes:
        ``no_reference_column``, ``no_news_column``, ``no_reference``, ``twice``, ``formula``, ``day``, ``no_day``,
        ``outcome``, ``no_reason``, ``amount``
    """
    columns = _columns(header)
    if "reference" not in columns:
        return [], [Fault(1, "no_reference_column")]
    if not columns.keys() & {"mandate", "day", "outcome"}:
        return [], [Fault(1, "no_news_column")]
    entries, faults, seen = [], [], {}
    for number, cells in rows:
        values = {name: cells[place] if place < len(cells) else None for name, place in columns.items()}
        found = _entry(number, values)
        if isinstance(found, Entry) and (number_before := seen.setdefault(found.reference, number)) != number:
            found = Fault(number, "twice", f"{found.reference} ({number_before})")
        if isinstance(found, Fault):
            faults.append(found)
        elif found:
            entries.append(found)
    return entries, faults


def amount(cell) -> Decimal:
    """An amount as people and programs write it.

    :param cell: number or text, such as ``1.234,56``, ``1234.56`` or ``€ 12``
    :raises ValueError: it is none, or can be read in two ways
    """
    if isinstance(cell, bool):
        raise ValueError(cell)
    if isinstance(cell, int | float | Decimal):
        found = Decimal(str(cell))
        if found != found.quantize(Decimal("0.01")):
            raise ValueError(cell)
        return found.quantize(Decimal("0.01"))
    text = str(cell).replace("€", "").replace("EUR", "").replace("\xa0", "").replace(" ", "")
    if _PLAIN.fullmatch(text):
        text = text.replace(",", ".")
    elif _ITALIAN.fullmatch(text) and ("," in text or text.count(".") > 1):
        text = text.replace(".", "").replace(",", ".")
    elif _ENGLISH.fullmatch(text) and ("." in text or text.count(",") > 1):
        text = text.replace(",", "")
    else:
        raise ValueError(cell)
    return Decimal(text).quantize(Decimal("0.01"))


def day(cell) -> date:
    """A day as a sheet or a text holds it.

    :raises ValueError: it is none
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = str(cell).strip().removesuffix(" 00:00:00")
    for pattern in _DAYS:
        try:
            return datetime.strptime(text, pattern).date()
        except ValueError:
            continue
    raise ValueError(cell)


def _columns(titles):
    found = {}
    for place, title in enumerate(titles):
        plain = _plain(title)
        for name, words in COLUMNS.items():
            if plain in words:
                found.setdefault(name, place)
    return found


def _plain(cell):
    text = unicodedata.normalize("NFKD", str(cell or ""))
    return "".join(char for char in text if char.isascii() and char.isalnum()).lower()


def _text(cell):
    """A cell as text: a payment order that a sheet holds as a number has no decimals."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    # safe files put an apostrophe before what could be taken for a formula
    return "" if cell is None else " ".join(str(cell).split()).removeprefix("'")


def _entry(number, values):
    """Entry, fault, or None where the row brings no news."""
    if any(type(cell).__name__ == "Formula" for cell in values.values()):
        return Fault(number, "formula")
    texts = {name: _text(values.get(name)) for name in COLUMNS}
    if not any(texts[name] for name in ("mandate", "day", "outcome", "reason")):
        return None
    if not texts["reference"]:
        return Fault(number, "no_reference")
    word = _plain(texts["outcome"])
    if word and word not in _PAID | _RETURNED:
        return Fault(number, "outcome", texts["outcome"])
    try:
        when = day(values["day"]) if texts["day"] else None
    except ValueError:
        return Fault(number, "day", texts["day"])
    try:
        sum_ = amount(values["amount"]) if texts["amount"] else None
    except (ValueError, InvalidOperation):
        return Fault(number, "amount", texts["amount"])
    outcome = "returned" if word in _RETURNED else "paid" if word or when else "mandate"
    if outcome != "mandate" and not when:
        return Fault(number, "no_day")
    if outcome == "returned" and not texts["reason"]:
        return Fault(number, "no_reason")
    return Entry(
        number,
        texts["reference"],
        outcome,
        when,
        texts["mandate"][:_MANDATE_MAX],
        texts["reason"][:_REASON_MAX],
        sum_,
    )
