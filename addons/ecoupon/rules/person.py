"""Who a person is to the lists of entitled people: a keyed hash of the fiscal code, never the code."""

import hashlib
import hmac
import re

from stdnum import luhn
from stdnum.exceptions import ValidationError
from stdnum.it import codicefiscale

_SEPARATORS = re.compile(r"[\s*.:\-]+")
_PERSON = re.compile(r"[A-Z]{6}[0-9LMNPQRSTUV]{2}[ABCDEHLMPRST][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]")
_PROVISIONAL = re.compile(r"[0-9]{11}")
_HASH = re.compile(r"[0-9a-f]{64}")
_RUN = re.compile(r"[A-Z0-9]{11,}", re.ASCII | re.IGNORECASE)
# looser than a code, for those that were mistyped
_LIKE_A_CODE = re.compile(
    r"[A-Z]{4,8}[0-9LMNPQRSTUV]{1,3}[A-Z][0-9LMNPQRSTUV]{1,3}[A-Z][0-9LMNPQRSTUV]{2,4}[A-Z]?|^[0-9]{11}$"
)
#: What a key is tried on; whoever has the key finds the same check value, nobody finds the key from it.
PROBE = "civic-circuit"
CHECK_LENGTH = 8


def normalise(text: str) -> str:
    """A fiscal code as it is hashed: upper case, without blanks, hyphens, dots and the ``*`` of card readers.

    :param text: as typed, scanned or delivered
    """
    return _SEPARATORS.sub("", text).upper()


def validate(text: str) -> str:
    """Check a person's fiscal code, also one changed for omocodia or a provisional one of 11 digits (R-000-31).

    :param text: as typed, scanned or delivered
    :return: the normalised code
    :raises ValueError: no person's code; the message does not repeat it
    """
    code = normalise(text)
    if _PROVISIONAL.fullmatch(code) and luhn.is_valid(code):
        return code
    # str.isdigit and \d take other scripts' digits, the pattern does not
    if not _PERSON.fullmatch(code):
        raise ValueError("not a personal fiscal code")
    try:
        return codicefiscale.validate(code)
    except ValidationError as error:
        raise ValueError("not a personal fiscal code") from error


def is_valid(text: str) -> bool:
    """Whether :func:`validate` takes the code."""
    try:
        validate(text)
    except ValueError:
        return False
    return True


def keyed_hash(secret: str, code: str) -> str:
    """The person of a code under a key: HMAC-SHA-256 of the normalised code in UTF-8 (R-000-31).

    :param secret: the key, as text
    :param code: a fiscal code
    :return: 64 hexadecimal digits, small letters
    """
    return hmac.new(secret.encode(), normalise(code).encode(), hashlib.sha256).hexdigest()


def read_hash(text: str) -> str | None:
    """A hash as a list brings it.

    :param text: from the list
    :return: 64 hexadecimal digits in small letters, None for anything else
    """
    value = text.strip().lower()
    return value if _HASH.fullmatch(value) else None


def check_value(secret: str) -> str:
    """What a list tells of the key it was hashed with, so that a list hashed with another one is noticed.

    :param secret: the key, as text
    :return: 8 hexadecimal digits
    """
    return hmac.new(secret.encode(), PROBE.encode(), hashlib.sha256).hexdigest()[:CHECK_LENGTH]


def mask(code: str) -> str:
    """A code with its first three and last two characters only, ``RSS***********2S``."""
    if len(code) <= 5:
        return "*" * len(code)
    return code[:3] + "*" * (len(code) - 5) + code[-2:]


def hide(text: str) -> str:
    """A text in which every run that may be a fiscal code, also a mistyped one, is masked (R-000-31).

    :param text: a cell that was not understood
    """
    hidden = _RUN.sub(lambda run: mask(run[0]) if _may_be_code(run[0]) else run[0], text)
    whole = normalise(hidden)
    return mask(whole) if _LIKE_A_CODE.search(whole) else hidden


def _may_be_code(run):
    digits = sum(char.isdigit() for char in run)
    return len(run) == digits == 11 or (14 <= len(run) <= 18 and digits >= 4 and len(run) - digits >= 4)
