"""ATECO codes suggest what a merchant does; people decide (A26)."""

import re

_CODE = re.compile(r"\d{2}(\.?\d{1,2}){0,2}", re.ASCII)


def normalise(code):
    """An ATECO code without dots and blanks.

    :param str code: "47.11.40", "47.1" or "471140"
    :return: digits, e.g. "471140"
    :raise ValueError: two to six digits are needed
    """
    text = (code or "").strip()
    if not _CODE.fullmatch(text):
        raise ValueError("not an ATECO code")
    return text.replace(".", "")


def suggest(code, table):
    """What a code suggests: the entry of the longest prefix (R-004-42, A26).

    :param str code: ATECO code of a business
    :param table: iterable of (prefix, anything)
    :return: what stands beside the prefix, or None (also for a code that is none)
    """
    try:
        digits = normalise(code)
    except ValueError:
        return None
    found = [
        (len(clean), entry) for prefix, entry in table if digits.startswith(clean := prefix.replace(".", "")) and clean
    ]
    return max(found, key=lambda pair: pair[0])[1] if found else None
