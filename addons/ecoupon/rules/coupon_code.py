"""Codes of coupons: ``EC`` and 16 characters of Crockford's base32, 80 bits that nobody can guess (R-000-38)."""

import hashlib
import hmac
import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PREFIX = "EC"
LENGTH = 16
_LOOKALIKE = str.maketrans("OIL", "011")
_MEANT = re.compile(r"EC[0-9A-Z -]*", re.ASCII)


def new_nonce():
    """What makes one coupon: 128 random bits, hexadecimal."""
    return secrets.token_hex(16)


def encode(secret, nonce):
    """The code of a coupon, canonical.

    :param str secret: the server's key
    :param str nonce: of the coupon
    """
    tag = hmac.new(secret.encode(), b"coupon " + nonce.encode(), hashlib.sha256).digest()
    number = int.from_bytes(tag[:10], "big")
    return PREFIX + "".join(ALPHABET[number >> shift & 31] for shift in range(75, -5, -5))


def is_code(text):
    """Whether a text, upper case, means to be a coupon's code. Surnames begin with EC too: a fiscal code is shorter, and
    a card's number has two hyphens."""
    meant = _MEANT.fullmatch(text) is not None
    return meant and (len(re.sub("[ -]", "", text)) > LENGTH or text.count("-") > 2)


def normalise(text):
    """The canonical form of what was typed; None when it cannot be a code."""
    body = re.sub(r"[ -]", "", text.upper())[len(PREFIX) :].translate(_LOOKALIKE)
    if not is_code(text.upper()) or len(body) != LENGTH or set(body) - set(ALPHABET):
        return None
    return PREFIX + body


def show(code):
    """As it is printed: EC-XXXX-XXXX-XXXX-XXXX."""
    body = code[len(PREFIX) :]
    return "-".join([PREFIX, *(body[at : at + 4] for at in range(0, LENGTH, 4))])


def digest(code):
    """What is stored of a canonical code: SHA-256, hexadecimal; 80 random bits need no salt."""
    return hashlib.sha256(code.encode()).hexdigest()
