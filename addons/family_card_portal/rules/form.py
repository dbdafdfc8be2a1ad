"""What citizens type into a form: names and dates, checked before anything is stored."""

import re
import unicodedata
from datetime import date

MAX_NAME = 100
_DATE = re.compile(r"(\d{1,2})[\s./-]?(\d{1,2})[\s./-]?(\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_IN_NAMES = frozenset(" '’‘`´.-")
_EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\".]+(\.[^@\s,;<>\".]+)+")


def parse_date(text: str) -> date | None:
    """A date as people write it: 10/12/1985, 10.12.1985, 10121985, or 1985-12-10.

    :param text: as typed
    :return: None for a date that does not exist, and for anything else
    """
    text = text.strip()
    if not text.isascii():
        return None
    if found := _DATE.fullmatch(text):
        day, month, year = found.groups()
    elif found := _ISO.fullmatch(text):
        year, month, day = found.groups()
    else:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def show_date(value: date | None) -> str:
    """A date the way the form asks for it."""
    return f"{value:%d/%m/%Y}" if value else ""


def is_name(text: str) -> bool:
    """Whether a text can be somebody's name: letters with what stands between them, nothing a table would compute.

    :param text: without blanks around
    """
    if not 2 <= len(text) <= MAX_NAME or not text[0].isalpha():
        return False
    return all(char in _IN_NAMES or unicodedata.category(char)[0] in "LM" for char in text)


def is_email(text: str) -> bool:
    """Whether a text has the shape of one mail address."""
    return len(text) <= 250 and bool(_EMAIL.fullmatch(text))
