"""PINs: chosen at random, stored only as a keyed digest (R-004-74)."""

import hashlib
import hmac
import secrets

DIGITS = "0123456789"
MIN_LENGTH = 4
MAX_LENGTH = 12


def is_trivial(pin: str) -> bool:
    """Whether a PIN is one of those people try first.

    One digit repeated, or a run up or down such as 45678, 98765 or 89012.
    """
    steps = {(int(b) - int(a)) % 10 for a, b in zip(pin, pin[1:], strict=False)}
    return len(steps) == 1 and steps <= {0, 1, 9}


def generate(length: int) -> str:
    """Draw a PIN that is not trivial.

    :param length: digits, 4 to 12
    :raises ValueError: length out of range
    """
    if not MIN_LENGTH <= length <= MAX_LENGTH:
        raise ValueError("a PIN has 4 to 12 digits")
    while True:
        pin = "".join(secrets.choice(DIGITS) for _ in range(length))
        if not is_trivial(pin):
            return pin


def is_well_formed(pin: str) -> bool:
    """Whether a text can be a PIN at all: 4 to 12 ASCII digits."""
    return isinstance(pin, str) and MIN_LENGTH <= len(pin) <= MAX_LENGTH and pin.isascii() and pin.isdigit()


def new_salt() -> str:
    """A fresh salt for one card's PIN."""
    return secrets.token_hex(16)


def digest(secret: str, salt: str, pin: str) -> str:
    """Keyed digest of a PIN (HMAC-SHA256, 64 hexadecimal characters).

    A slow hash would not help: five digits are tried in a second with any of
    them. What protects the PIN is the server's secret and the attempt limit.

    :param secret: the server's key
    :param salt: the card's own salt
    """
    return hmac.new(secret.encode(), f"{salt}:{pin}".encode(), hashlib.sha256).hexdigest()


def matches(expected: str, given: str) -> bool:
    """Compare two digests in constant time."""
    return hmac.compare_digest(expected.encode(), given.encode())
