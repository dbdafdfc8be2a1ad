"""How strongly somebody has logged in: the programme says which level opens its reserved area (R-000-19, B07)."""

#: From weak to strong.
LEVELS = ("password", "second_factor", "oidc")
#: Ways in that show more than a password. A code by e-mail is none of them: who holds the mailbox can also reset the
#: password.
_SECOND_FACTOR = frozenset({"totp", "trusted_device", "passkey"})
#: What SPID and CIE answer for an authentication of level 2 or 3.
_STRONG_ACR = frozenset({"https://www.spid.gov.it/SpidL2", "https://www.spid.gov.it/SpidL3"})


def of(method: str, acr: str = "") -> str:
    """The level of one way of logging in.

    :param method: Odoo's ``auth_method``: password, totp, passkey, oidc …
    :param acr: ``acr`` of the identity provider's answer, where there is one
    :return: one of ``LEVELS``; what is not known counts as a password
    """
    if method == "oidc" and acr in _STRONG_ACR:
        return "oidc"
    return "second_factor" if method in _SECOND_FACTOR else "password"


def strongest(*levels: str | None) -> str:
    """The strongest of some levels, the weakest one there is for none.

    :param levels: of ``LEVELS``; anything else is passed over
    """
    return max((level for level in levels if level in LEVELS), key=LEVELS.index, default=LEVELS[0])


def reaches(level: str | None, needed: str) -> bool:
    """Whether a level is enough.

    :param level: of ``LEVELS``; None or unknown never is
    :param needed: of ``LEVELS``; unknown: nothing is enough
    """
    return level in LEVELS and needed in LEVELS and LEVELS.index(level) >= LEVELS.index(needed)
