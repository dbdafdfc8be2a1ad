"""Amounts in words, as Italian public bodies write them: “milleduecentotrentaquattro/56”."""

from decimal import ROUND_DOWN, Decimal

from num2words import num2words

FALLBACK = "en"


def amount_in_words(amount: Decimal, lang: str = "it") -> str:
    """An amount in words, its cents as two digits after a stroke: nobody can write a figure before or after it.

    :param amount: EUR, with at most two decimals; negative amounts begin with a minus in words
    :param lang: language or locale such as ``it_IT``; English where the words of a language are not known
    :returns: e.g. ``milleduecentotrentaquattro/56``
    """
    whole = abs(amount).quantize(Decimal(1), rounding=ROUND_DOWN)
    cents = int((abs(amount) - whole) * 100)
    code = lang.partition("_")[0].lower()
    try:
        words = num2words(int(whole), lang=code)
        minus = {"it": "meno"}.get(code) or num2words(-1, lang=code).partition(" ")[0]
    except NotImplementedError:
        return amount_in_words(amount, FALLBACK)
    if code == "it":
        words = _italian(words)
    return f"{minus} {words}/{cents:02d}" if amount < 0 else f"{words}/{cents:02d}"


def _italian(words: str) -> str:
    """One word without gaps, and the accent of a compound that ends with “tre” (num2words leaves it out after
    thousands).

    :param words: as num2words writes them
    """
    joined = words.replace(" e ", "").replace(" ", "")
    return joined[:-3] + "tré" if joined.endswith("tre") and joined != "tre" else joined
