"""Text messages in one GSM-7 segment: names are cut, amounts never."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal

SEGMENT = 160
MULTIPART_SEGMENT = 153

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# Each of these takes two places in a segment.
_EXTENDED = frozenset("\f^{}\\[~]|€")
_ALPHABET = _BASIC | _EXTENDED
_REPLACEMENTS = str.maketrans(
    {
        "‘": "'",
        "’": "'",
        "‚": "'",
        "`": "'",
        "´": "'",
        "“": '"',
        "”": '"',
        "„": '"',
        "«": '"',
        "»": '"',
        "‐": "-",
        "‑": "-",
        "–": "-",
        "—": "-",
        "−": "-",
        "…": "...",
        "•": "-",
        "€": "EUR",
    }
)
_MINIMUM_NAME = 6


def is_gsm7(text: str) -> bool:
    """Whether a text can be sent in the 7-bit alphabet (one other character halves the segment)."""
    return _ALPHABET.issuperset(text)


def length(text: str) -> int:
    """Places a GSM-7 text takes; the characters of the extension table take two."""
    return len(text) + sum(map(text.count, _EXTENDED))


def segments(text: str) -> int:
    """Paid messages a GSM-7 text takes."""
    places = length(text)
    return 1 if places <= SEGMENT else -(-places // MULTIPART_SEGMENT)


def clean(text: str) -> str:
    """Bring any text into GSM-7 on one line: quotes, dashes and foreign accents made plain.

    Accents of the alphabet (è, ù, ñ …) stay; what cannot be written becomes "?".
    """
    flat = re.sub(r"\s+", " ", text.translate(_REPLACEMENTS)).strip()
    return flat if is_gsm7(flat) else "".join(map(_plain, unicodedata.normalize("NFC", flat)))


def _plain(char: str) -> str:
    if is_gsm7(char):
        return char
    base = "".join(part for part in unicodedata.normalize("NFKD", char) if not unicodedata.combining(part)).strip()
    return base if base and is_gsm7(base) else "?"


def money(amount: Decimal, point: str = ",") -> str:
    """An amount with two decimals, ``41,25``, without thousands separator.

    :param amount: EUR
    :param point: decimal separator of the reader's language
    """
    return f"{amount:.2f}".replace(".", point)


def listing(amounts: Sequence[tuple[str, Decimal]], point: str = ",") -> str:
    """Accounts with their amounts: ``COMMERCIO 56,25, ARTIGIANATO 45,00``."""
    return ", ".join(f"{label} {money(amount, point)}" for label, amount in amounts)


def in_sentence(label: str) -> str:
    """A label as it stands within a sentence: ``Buono spesa`` becomes ``buono spesa``, ``Family Card`` stays."""
    rest = label[1:]
    return label[:1].lower() + rest if rest == rest.lower() else label


def fit(template: str, values: Mapping[str, str], cut: Sequence[str] = ()) -> str:
    """Fill a template and keep it in one segment by cutting names only (examples 4.6).

    :param template: text with ``%(name)s`` places
    :param values: one text for each place
    :param cut: places that may be shortened, the first one first, never below six characters
    :returns: the message; it takes a second segment when there is nothing left to cut
    """
    plain = {name: clean(value) for name, value in values.items()}
    text = clean(template % plain)
    for name in cut:
        excess = length(text) - SEGMENT
        if excess <= 0:
            break
        keep = max(len(plain[name]) - excess, _MINIMUM_NAME)
        plain[name] = plain[name][:keep].rstrip()
        text = clean(template % plain)
    return text
