"""Links that may be shown to citizens (R-001-23, R-004-07)."""

from urllib.parse import urlsplit

MAX_LENGTH = 500


def is_safe(url):
    """Whether a link goes to a web page and nowhere else.

    :param str url: as typed by the office
    :return: True for http and https with a host and no credentials, without blanks or control characters
    """
    if not url or len(url) > MAX_LENGTH or any(not char.isprintable() or char.isspace() for char in url):
        return False
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(host) and "@" not in parts.netloc
