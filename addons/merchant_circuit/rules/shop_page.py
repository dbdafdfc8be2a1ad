"""What a shopkeeper may write on the public page of the shop: plain text, a phone number, the address of a site."""

import re
from urllib.parse import urlsplit

DESCRIPTION_MAX = 600
HOURS_MAX = 300
WEBSITE_MAX = 200
_PHONE = re.compile(r"\+?[0-9][0-9 ()/.-]{3,28}[0-9]", re.ASCII)
_HOST = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+", re.ASCII)
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")


def plain(text: str, limit: int) -> str:
    """A text of some lines without anything that does not print; no markup is kept as markup.

    :param text: what was typed
    :param limit: most characters
    :returns: the text, at most one empty line in a row
    :raises ValueError: too long
    """
    lines = (text or "").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    lines = [" ".join("".join(char if char.isprintable() else " " for char in line).split()) for line in lines]
    clean = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    if len(clean) > limit:
        raise ValueError("too long")
    return clean


def phone(text: str) -> str:
    """A phone number as people write it.

    :param text: what was typed; empty: none
    :raises ValueError: not a number
    """
    clean = " ".join((text or "").split())
    if clean and not _PHONE.fullmatch(clean):
        raise ValueError("not a phone number")
    return clean


def website(text: str) -> str:
    """The address of a site that a visitor can safely follow.

    :param text: what was typed; https:// is put before a bare name; empty: none
    :raises ValueError: anything but http or https and a name on the Internet
    """
    clean = (text or "").strip()
    if not clean:
        return ""
    if not _SCHEME.match(clean) or re.match(r"[^/:]+:\d", clean):
        clean = f"https://{clean}"
    try:
        parts = urlsplit(clean)
        host = parts.hostname or ""
        parts.port  # noqa: B018  a port that is no number raises here
    except ValueError:
        raise ValueError("not an address") from None
    if (
        len(clean) > WEBSITE_MAX
        or not clean.isprintable()
        or re.search(r"[\s\"'<>\\]", clean)
        or parts.scheme not in ("http", "https")
        or "@" in parts.netloc
        or not _HOST.fullmatch(host)
    ):
        raise ValueError("not an address")
    return clean


def is_safe_link(text: str) -> bool:
    """Whether a stored address may be shown as a link.

    :param text: address with its scheme
    """
    try:
        return bool(text) and website(text) == text
    except ValueError:
        return False
