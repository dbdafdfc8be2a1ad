"""The text of an API key: how it is made, recognised and digested."""

import hashlib
import hmac
import re
import secrets
import string

_ALPHABET = string.ascii_letters + string.digits
_PREFIX, _SECRET = 8, 40
_KEY = re.compile(rf"cck_[A-Za-z0-9]{{{_PREFIX}}}_[A-Za-z0-9]{{{_SECRET}}}", re.ASCII)
_BEARER = re.compile(r"bearer +([!-~]+) *", re.ASCII | re.IGNORECASE)


def generate():
    """A new key.

    :return: str such as ``cck_Ab3dE6gH_…``; 238 bits of it are secret
    """
    return "cck_" + "_".join(
        "".join(secrets.choice(_ALPHABET) for _place in range(size)) for size in (_PREFIX, _SECRET)
    )


def prefix(key):
    """The part of a key by which people recognise it.

    :param str key: a key
    :return: str, e.g. ``cck_Ab3dE6gH``
    """
    return key[: len("cck_") + _PREFIX]


def digest(secret, key):
    """What is stored of a key. A key has more entropy than a digest: no slow hash is needed.

    :param str secret: the server's
    :param str key: a key
    :return: hexadecimal HMAC-SHA256
    """
    return hmac.new(secret.encode(), key.encode(), hashlib.sha256).hexdigest()


def from_header(header):
    """The key in an Authorization header.

    :param header: its text, or None
    :return: the key, or None when there is none or it cannot be one
    """
    match = _BEARER.fullmatch(header or "")
    return match[1] if match and _KEY.fullmatch(match[1]) else None
