"""What a till sends, as plain values, and the checks on it that need no database."""

import hashlib
import json
import re
from decimal import Decimal
from typing import NamedTuple

from .refusals import Code, Refusal

MAX_LINES = 500
MAX_TEXT = 64
_MONEY = re.compile(r"-?\d{1,9}(\.\d{1,2})?", re.ASCII)
_KEY = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)


class Terminal(NamedTuple):
    """Who asks: filled in by the server from the login, never by the client."""

    merchant_id: int
    company_id: int
    channel: str
    ref: str
    session_ref: str
    place_id: int | None = None
    """Where it stands, physical or online (R-000-04)."""


class Line(NamedTuple):
    """One line of the purchase: amount with taxes, and the activity its goods belong to; not ``payable``: the
    shop itself says that the card does not pay these goods."""

    amount: Decimal
    activity_id: int | None = None
    payable: bool = True


class Documents(NamedTuple):
    """What the cashier confirms having seen: the health card (tessera sanitaria) and an identity document
    (R-001-12)."""

    health_card: bool = False
    identity: bool = False

    @property
    def complete(self):
        """Whether both were seen."""
        return self.health_card and self.identity


class Paid(NamedTuple):
    """What an instrument holds or has captured of an order."""

    model: str
    instrument_id: int
    amount: Decimal


class Purchase(NamedTuple):
    """A purchase as the till sees it; ``requested`` is None when the till asks for as much as the
    rules allow. The ``secret`` is empty where the holder shows documents instead (R-001-15)."""

    key: str
    lines: tuple[Line, ...]
    requested: Decimal | None
    order_ref: str
    identifier: str
    secret: str
    documents: Documents = Documents()
    before: tuple[Paid, ...] = ()
    """What other instruments already pay of the same order; filled in by the server."""
    taken: tuple[Decimal, ...] = ()
    """What coupons take off each line, EUR; empty when none does."""

    @property
    def total(self):
        """Whole receipt, EUR."""
        return sum((line.amount for line in self.lines), Decimal(0))

    @property
    def net(self):
        """The lines less what coupons take off them (examples.md H16)."""
        if not self.taken:
            return self.lines
        pairs = zip(self.lines, self.taken, strict=True)
        return tuple(line._replace(amount=line.amount - taken) for line, taken in pairs)


class Merchant(NamedTuple):
    """A merchant's valid agreement in a circuit, with the circuit's switches."""

    agreement_id: int
    circuit_id: int
    merchant_id: int
    category_id: int
    activity_id: int
    company_id: int
    currency_id: int
    hold_minutes: int
    running: bool
    name: str
    tz: str = "Europe/Rome"


class Quote(NamedTuple):
    """What the rules of the instrument allow, before its balance is looked at.

    ceiling: most the instrument may pay; requested: what the till asked (None: as much as
    possible); eligible: the part of the purchase the instrument may pay for; insufficient: what to
    do when the balance is below the ceiling, ``propose_residual`` or ``refuse``; waived_below: the
    purchase is under the minimum and passes only while the balance is under this. All EUR.
    """

    ceiling: Decimal
    requested: Decimal | None
    eligible: Decimal
    insufficient: str = "propose_residual"
    waived_below: Decimal | None = None


def parse_money(text):
    """Exact amount out of the wire format.

    :param str text: "12", "12.5" or "-12.50": at most nine digits and two decimals
    :return: Decimal
    :raise ValueError: anything else, NaN, infinities, numbers that are not text included
    """
    if not isinstance(text, str) or not _MONEY.fullmatch(text):
        raise ValueError("not an amount")
    return Decimal(text)


def parse_key(text):
    """Idempotency key in its canonical form.

    :param str text: a UUID
    :return: the UUID in lower case
    :raise ValueError: not a UUID
    """
    if not isinstance(text, str) or not _KEY.fullmatch(text):
        raise ValueError("not a key")
    return text.lower()


def parse_reference(text):
    """The name a till gives to an order.

    :param str text: at most 64 printable characters (the database cannot keep NUL or half a character)
    :return: the text
    :raise ValueError: anything else
    """
    if not isinstance(text, str) or len(text) > MAX_TEXT or not text.isprintable():
        raise ValueError("not a reference")
    return text


def parse_lines(rows):
    """Lines out of the wire format.

    :param list rows: dicts of amount ("18.00", negative for a discount), activity_id and payable
    :return: tuple of Line
    :raise ValueError: empty, too many, or not of this form
    """
    if not isinstance(rows, list | tuple) or not 0 < len(rows) <= MAX_LINES:
        raise ValueError("no lines")
    lines = []
    for row in rows:
        if not isinstance(row, dict):
            raise ValueError("not a line")
        activity = row.get("activity_id")
        if activity is not None and (not isinstance(activity, int) or isinstance(activity, bool)):
            raise ValueError("not an activity")
        payable = row.get("payable", True)
        if not isinstance(payable, bool):
            raise ValueError("payable or not")
        lines.append(Line(parse_money(row.get("amount")), activity, payable))
    return tuple(lines)


def parse_documents(documents):
    """Confirmations out of the wire format (R-001-12).

    :param dict documents: health_card and identity, each true or false; None: nothing was seen
    :return: Documents
    :raise ValueError: anything else
    """
    if documents is None:
        return Documents()
    if not isinstance(documents, dict) or documents.keys() - set(Documents._fields):
        raise ValueError("not the confirmation of documents")
    if not all(isinstance(seen, bool) for seen in documents.values()):
        raise ValueError("seen or not seen")
    return Documents(**documents)


def parse_request(request):
    """Check and convert an authorisation request.

    :param dict request: key, identifier, secret, lines, requested, order_ref and documents as the till sent them
    :return: Purchase, or Refusal BAD_REQUEST / BAD_AMOUNT
    """
    if not isinstance(request, dict):
        return Refusal(Code.BAD_REQUEST)
    identifier, secret = request.get("identifier"), request.get("secret")
    if not all(isinstance(text, str) and len(text) <= MAX_TEXT for text in (identifier, secret)):
        return Refusal(Code.BAD_REQUEST)
    try:
        key = parse_key(request.get("key"))
        order_ref = parse_reference(request.get("order_ref"))
        documents = parse_documents(request.get("documents"))
    except ValueError:
        return Refusal(Code.BAD_REQUEST)
    try:
        lines = parse_lines(request.get("lines"))
        requested = request.get("requested")
        requested = None if requested is None else parse_money(requested)
    except ValueError:
        return Refusal(Code.BAD_AMOUNT)
    identifier = identifier.strip(" *\t\r\n").upper()
    purchase = Purchase(key, lines, requested, order_ref, identifier, secret, documents)
    if purchase.total <= 0 or (requested is not None and requested <= 0):
        return Refusal(Code.BAD_AMOUNT)
    return purchase


def lines_digest(lines):
    """Fingerprint of the goods, independent of their order: what was authorised must be what is sold.

    :param lines: iterable of Line
    :return: hexadecimal SHA-256
    """
    rows = sorted(
        (line.activity_id or 0, f"{line.amount:.2f}", *(() if line.payable else ("not payable",))) for line in lines
    )
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()


def fingerprint(terminal, purchase):
    """Fingerprint of a whole request: the same key with other content is refused.

    The secret is not part of it: neither it nor anything made of it is stored with a transaction.

    :return: hexadecimal SHA-256
    """
    content = [
        terminal.merchant_id,
        terminal.ref,
        purchase.order_ref,
        purchase.identifier,
        lines_digest(purchase.lines),
        None if purchase.requested is None else f"{purchase.requested:.2f}",
        *purchase.documents,
    ]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def unproven(code, checks, documents):
    """What a till is told when the holder is not identified. It depends on what the shop's programmes ask
    for and on what the cashier did, never on whether the card exists, as far as that can be kept secret.

    :param Code code: UNKNOWN_OR_PIN or DOCUMENTS as found; any other code stays
    :param checks: what the programmes of the shop's circuits ask for, of ``pin`` and ``documents``
    :param Documents documents: what the cashier confirmed
    :return: Code
    """
    if code not in (Code.UNKNOWN_OR_PIN, Code.DOCUMENTS):
        return code
    if "documents" not in checks:
        return Code.UNKNOWN_OR_PIN
    if "pin" not in checks:
        return Code.UNKNOWN if documents.complete else Code.DOCUMENTS
    return code
