"""Texts that banks take in a SEPA credit transfer."""

import re
import unicodedata

_OTHER = re.compile(r"[^a-zA-Z0-9/\-?:().,'+ ]")
# Letters that do not fall apart into a base letter and an accent.
_LETTERS = str.maketrans({"ß": "ss", "ø": "o", "Ø": "O", "æ": "ae", "Æ": "AE", "ł": "l", "Ł": "L", "’": "'", "–": "-"})


def plain(text: str, size: int) -> str:
    """A text in the character set of the SEPA guidelines.

    :param text: any text
    :param size: most characters
    :returns: without accents; what has no like there becomes a space; no double spaces nor slashes at the ends
    """
    text = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    text = "".join(char for char in text if not unicodedata.combining(char))
    text = " ".join(_OTHER.sub(" ", text).split())
    while "//" in text:
        text = text.replace("//", "/")
    return text[:size].strip(" /")
