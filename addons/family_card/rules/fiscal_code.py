"""The codice fiscale: as typed, as scanned, as stored."""

import re
from datetime import date

from stdnum import luhn
from stdnum.exceptions import ValidationError
from stdnum.it import codicefiscale

_OMOCODIA = str.maketrans("LMNPQRSTUV", "0123456789")
_MONTHS = "ABCDEHLMPRST"
_SEPARATORS = re.compile(r"[\s*.:\-]+")
_PERSON = re.compile(r"[A-Z]{6}[0-9LMNPQRSTUV]{2}[ABCDEHLMPRST][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]")
_PROVISIONAL = re.compile(r"[0-9]{11}")


def normalise(text: str) -> str:
    """Bring a typed or scanned code to its stored form.

    Upper case; blanks, hyphens, dots and the ``*`` of Code 39 readers removed.
    """
    return _SEPARATORS.sub("", text).upper()


def looks_like(text: str) -> bool:
    """Whether a text has the shape of a personal or provisional code, valid or not."""
    code = normalise(text)
    return bool(re.fullmatch(r"[A-Z0-9]{16}", code) or _PROVISIONAL.fullmatch(code))


def validate(text: str, provisional: bool = False) -> str:
    """Check a person's code and return it normalised.

    Codes changed for omocodia are good codes. The message never repeats the code.

    :param text: as typed or scanned
    :param provisional: also accept an 11-digit provisional personal code
    :raises ValueError: wrong shape, date or check character
    """
    code = normalise(text)
    if provisional and _PROVISIONAL.fullmatch(code) and luhn.is_valid(code):
        return code
    # str.isdigit and \d accept other scripts' digits; the pattern does not.
    if not _PERSON.fullmatch(code):
        raise ValueError("not a personal fiscal code")
    try:
        return codicefiscale.validate(code)
    except ValidationError as error:
        raise ValueError("not a personal fiscal code") from error


def is_valid(text: str, provisional: bool = False) -> bool:
    """Whether :func:`validate` accepts the code."""
    try:
        validate(text, provisional)
    except ValueError:
        return False
    return True


def is_provisional(code: str) -> bool:
    """Whether a normalised code is an 11-digit provisional one."""
    return bool(_PROVISIONAL.fullmatch(code))


def base(code: str) -> str:
    """What the variants of a code have in common: without check character, letters of omocodia as digits again.

    :param code: normalised; anything but 16 characters comes back as it is
    """
    if len(code) != 16:
        return code
    digits = [code[start:end].translate(_OMOCODIA) for start, end in ((6, 8), (9, 11), (12, 15))]
    return f"{code[:6]}{digits[0]}{code[8]}{digits[1]}{code[11]}{digits[2]}"


def _day_digits(code: str) -> int:
    return int(code[9:11].translate(_OMOCODIA))


def gender(code: str) -> str:
    """``M`` or ``F``, read also from a code changed for omocodia.

    :param code: a valid 16-character code
    :raises ValueError: a provisional code tells no gender
    """
    if len(code) != 16:
        raise ValueError("a provisional code tells no gender")
    return "F" if _day_digits(code) > 40 else "M"


def birth_date(code: str, reference: date, stored: date | None = None) -> date:
    """Birth date told by a code, which has only two digits for the year.

    :param code: a valid 16-character code
    :param reference: day at which the person is known to be alive; the latest
        century not after it is taken, so a child of 2023 is not read as 1923
    :param stored: the birth date on file; it decides the century
    :raises ValueError: a provisional code, or ``stored`` contradicts the code
    """
    if len(code) != 16:
        raise ValueError("a provisional code tells no birth date")
    two_digits = int(code[6:8].translate(_OMOCODIA))
    month = _MONTHS.index(code[8]) + 1
    day = _day_digits(code) % 40
    if stored is not None:
        if (stored.year % 100, stored.month, stored.day) != (two_digits, month, day):
            raise ValueError("the birth date on file contradicts the fiscal code")
        return stored
    year = reference.year - (reference.year - two_digits) % 100
    if (year, month, day) > (reference.year, reference.month, reference.day):
        year -= 100
    return date(year, month, day)


def mask(code: str) -> str:
    """The code with only its first three and last two characters, ``RSS***********2S``."""
    if len(code) <= 5:
        return "*" * len(code)
    return code[:3] + "*" * (len(code) - 5) + code[-2:]
