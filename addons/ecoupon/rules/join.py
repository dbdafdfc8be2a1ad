"""What a company that asks to join may write."""

import re
from collections.abc import Mapping

#: Most characters of each text.
LENGTHS = {
    "name": 120,
    "contact": 120,
    "street": 120,
    "zip": 12,
    "city": 80,
    "phone": 40,
    "email": 120,
    "url": 200,
    "note": 2000,
}
#: Letters, digits and what people put between them.
VAT_SHAPE = re.compile(r"[0-9A-Za-z][0-9A-Za-z .\-/&]{2,28}[0-9A-Za-z]", re.ASCII)


def too_long(values: Mapping) -> str:
    """The first text that is too long.

    :param values: texts by name
    :returns: its name, empty when none is
    """
    return next((name for name, most in LENGTHS.items() if len(values.get(name) or "") > most), "")


def compact(vat: str) -> str:
    """A VAT number without what people put between its characters.

    >>> compact("it 123.456 700-17")
    'IT12345670017'
    """
    return re.sub(r"[ .\-]", "", vat or "").upper()


def bare(vat: str, country: str) -> str:
    """A VAT number without its country, as some write it.

    >>> bare("IT12345670017", "IT"), bare("EL123456783", "GR"), bare("12345670017", "IT")
    ('12345670017', '123456783', '12345670017')

    :param vat: compact
    :param country: ISO code
    """
    for prefix in (country, "EL" if country == "GR" else country):
        if prefix and vat.startswith(prefix) and len(vat) > len(prefix) + 3:
            return vat.removeprefix(prefix)
    return vat
