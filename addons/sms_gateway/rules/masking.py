"""Hide a secret inside a text message. Pure functions, no Odoo."""

import re

#: What stands in for a secret. Always five dots, so its length tells nothing.
DOTS = "•••••"


def mask(body: str, secret: str) -> str:
    """Replace every occurrence of a secret in a message by dots.

    :param body: the complete text of the message.
    :param secret: the word to hide; must occur in ``body``.
    :return: the text that may be stored and shown.
    :raises ValueError: when the secret is empty or does not occur in the body,
        because the caller then believes something is hidden that is not.

    R-004-74: a PIN is never shown to merchants or staff.
    """
    if not secret:
        raise ValueError("The secret to hide is empty.")
    # A PIN inside a longer number (a phone, an amount) is not the PIN.
    pattern = re.compile(rf"(?<!\w){re.escape(secret)}(?!\w)")
    masked, count = pattern.subn(DOTS, body)
    if not count:
        raise ValueError("The secret to hide does not occur in the message.")
    return masked
