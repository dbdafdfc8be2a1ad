"""One-time codes by SMS with which a merchant signs a statement in the portal, and when it is reminded (R-004-97,
R-004-98)."""

import re
import secrets

DIGITS = 6
_SPACES = re.compile(r"[\s.-]+")
_DIGITS = re.compile(r"[0-9]{6}")
_NOT_DIGIT = re.compile(r"[^0-9]")


def new_code():
    """A random code.

    :return: str of six digits, which may begin with zeros
    """
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"


def typed(text):
    """A code as somebody typed it: blanks, dots and hyphens between the digits do not matter.

    :param text: what came in, anything
    :return: str of six digits; None for anything else
    """
    code = _SPACES.sub("", text) if isinstance(text, str) else ""
    return code if _DIGITS.fullmatch(code) else None


def mask_phone(number):
    """A number of which only the last three digits are shown.

    :param str number: as it is on file
    :return: str, empty where there is no number
    """
    digits = _NOT_DIGIT.sub("", number or "")
    return f"••• {digits[-3:]}" if len(digits) > 3 else ""


def is_late(day, due_on):
    """Whether a statement came back after its due day (R-004-98).

    :param date day: local day on which it came in
    :param due_on: date, or None where there is none
    :return: bool
    """
    return bool(due_on and day > due_on)


def reminder_due(today, due_on, every, reminded_on):
    """Whether an unsigned statement is due for a reminder: on its due day and then again and again (R-004-98).

    :param date today: local day
    :param due_on: date, or None
    :param int every: days between two reminders; 0: never
    :param reminded_on: date of the last one, or None
    :return: bool
    """
    if not every or not due_on or today < due_on:
        return False
    return not reminded_on or (today - reminded_on).days >= every
