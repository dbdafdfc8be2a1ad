"""PINs: chosen at random, stored only as a keyed digest (R-004-74)."""

import hashlib
import hmac
import secrets

DIGITS = "0123456789"
MIN_LENGTH = 4
MAX_LENGTH = 12
#: No wait is longer, s.
MAX_WAIT = 86_400
#: What the balance page waits where a programme has no waits at its tills: a page without an end must be slow.
PAGE_WAIT = 30
#: Even a second doubled as often is over a day.
_STEPS = 17


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


def wait(failures: int, base: int, factor: int) -> int:
    """How long a card takes no PIN after wrong ones in a row (R-004-74).

    Anybody mistypes once: the first wrong try costs nothing, the second one ``base``, each further one ``factor``
    times as much, up to a day. With 30 and 4: 0 s, 30 s, 2 min, 8 min, 32 min …

    :param failures: wrong tries in a row
    :param base: s; 0: never a wait
    :param factor: 1 or more
    :return: s
    """
    if failures < 2 or base <= 0:
        return 0
    return min(base * factor ** min(failures - 2, _STEPS), MAX_WAIT)


def waits(base: int, factor: int) -> tuple[int, ...]:
    """The waits after 1, 2, 3 … wrong tries until they grow no more; the last one holds for all that follow.

    :param base: s; 0: never a wait
    :param factor: 1 or more
    :return: s, never falling
    """
    row = [wait(1, base, factor)]
    while len(row) < 2 or (row[-1] < wait(len(row) + 1, base, factor)):
        row.append(wait(len(row) + 1, base, factor))
    return tuple(row)


def page_waits(base: int, factor: int) -> tuple[int, ...]:
    """The waits of the balance page, which has no limit of tries and therefore always waits.

    :param base: s, of the tills; 0: the page takes its own
    :param factor: 1 or more; the page always grows
    """
    return waits(base or PAGE_WAIT, max(factor, 2))
