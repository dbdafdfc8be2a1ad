"""One-time codes that a citizen's telephone shows instead of a typed PIN (R-004-74, SEC).

A prefix that names the instrument (``CC1.`` the card) and 52 characters of base32: a nonce of 128 random bits and the
first 128 bits of its HMAC under the server's secret. Nothing in it can be counted up or read: no card, no person, no
number of a row. The signature tells a forged text from a genuine one without asking the database, so that guesses are
known as guesses; expiry and single use are the database's to decide, under the instrument's lock. Of the nonce only a
digest is stored: a stolen copy of the database pays nowhere. Base32 because tills turn what they read into upper
case, and because a QR code holds capitals densely. There is no short form to type: what can be typed in a minute can
be guessed.
"""

import base64
import hashlib
import hmac
import secrets

#: Of a card.
PREFIX = "CC1."
NONCE_BYTES = 16
TAG_BYTES = 16
#: Prefix, and 32 bytes in base32 without padding; a till's text has at most 64 characters.
LENGTH = len(PREFIX) + 52
_PURPOSE = b"one-time code "


def new_nonce() -> bytes:
    """What makes one code: 128 random bits."""
    return secrets.token_bytes(NONCE_BYTES)


def _tag(secret: str, nonce: bytes, prefix: str) -> bytes:
    # The purpose keeps these apart from the PINs' digests, whose texts start with a hexadecimal salt.
    return hmac.new(secret.encode(), _PURPOSE + prefix.encode() + nonce, hashlib.sha256).digest()[:TAG_BYTES]


def encode(secret: str, nonce: bytes, prefix: str = PREFIX) -> str:
    """Text of the QR code.

    :param secret: the server's key
    :param nonce: 16 random bytes
    :param prefix: four characters that name the instrument
    :raises ValueError: a nonce of another length
    """
    if len(nonce) != NONCE_BYTES:
        raise ValueError("a nonce has 16 bytes")
    return prefix + base64.b32encode(nonce + _tag(secret, nonce, prefix)).decode().rstrip("=")


def is_code(text: str, prefix: str = PREFIX) -> bool:
    """Whether a text means to be a one-time code, genuine or not."""
    return text.startswith(prefix)


def decode(secret: str, text: str, prefix: str = PREFIX) -> bytes | None:
    """The nonce of a text that this server has signed; None for any other text.

    Compared as a whole and in constant time, so that one code has exactly one spelling.

    :param secret: the server's key
    :param text: as scanned, upper case
    :param prefix: four characters that name the instrument
    """
    if not is_code(text, prefix) or len(text) != LENGTH or not text.isascii():
        return None
    try:
        nonce = base64.b32decode(text[len(prefix) :] + "====")[:NONCE_BYTES]
    except ValueError:
        return None
    return nonce if hmac.compare_digest(encode(secret, nonce, prefix).encode(), text.encode()) else None


def digest(nonce: bytes) -> str:
    """What is stored of a nonce: SHA-256, 64 hexadecimal characters; 128 random bits need no salt."""
    return hashlib.sha256(nonce).hexdigest()
