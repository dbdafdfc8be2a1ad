"""What counts as a phone number an SMS can be sent to. Pure functions, no Odoo."""

import re

_SEPARATORS = re.compile(r"[\s./()-]")
_DIALLABLE = re.compile(r"(?:\+|00)?[0-9]{6,15}")


def is_diallable(number: str | None) -> bool:
    """Tell whether a number can be dialled at all.

    :param number: as typed, separators allowed; None or "" when missing.
    :return: True for 6 to 15 digits (ITU-T E.164) with an optional + or 00.
    """
    return bool(_DIALLABLE.fullmatch(_SEPARATORS.sub("", number or "")))
