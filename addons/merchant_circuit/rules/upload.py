"""What a file is, told from its content and never from its name."""

import re

MAX_BYTES = 10 * 1024 * 1024
_SIGNATURES = ((b"%PDF-", "pdf"), (b"\xff\xd8\xff", "jpeg"), (b"\x89PNG\r\n\x1a\n", "png"))
_MAIL = re.compile(rb"[A-Za-z][A-Za-z0-9-]*:[ \t][^\x00]*", re.DOTALL)


def kind(content):
    """Kind of a letter that was received.

    :param bytes content: the whole file
    :return: pdf, jpeg, png, mail (a saved e-mail) or None for anything else, empty or above 10 MiB
    """
    if not content or len(content) > MAX_BYTES:
        return None
    for signature, name in _SIGNATURES:
        if content.startswith(signature):
            return name
    return "mail" if _MAIL.fullmatch(content) else None
