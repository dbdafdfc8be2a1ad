"""Who may block a card, who may lift the block and what it stops (requirements.md 2.3, A21)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

SYSTEM = "system"
COMUNE = "comune"
OPERATOR = "operator"
CITIZEN = "citizen"

CHARGES = "charges"
CREDITS = "credits"
BOTH = "both"


class Reason(NamedTuple):
    """One row of the matrix.

    ``automatic``: the system sets it by itself; ``temporary``: who is not the Comune sets it for some hours only;
    ``new_pin``: a new PIN lifts it.
    """

    stops: str
    set_by: frozenset[str]
    lift_by: frozenset[str] = frozenset({COMUNE})
    automatic: bool = False
    temporary: bool = False
    new_pin: bool = False


_ANYBODY = frozenset({COMUNE, OPERATOR, CITIZEN})
_COMUNE = frozenset({COMUNE})

# In the order in which one of several reasons is told at the till and in lists.
MATRIX = {
    "holder_death": Reason(BOTH, _COMUNE, automatic=True),
    "circuit_end": Reason(BOTH, frozenset({COMUNE, OPERATOR})),
    "fraud": Reason(CHARGES, frozenset({COMUNE, OPERATOR}), temporary=True),
    "lost": Reason(CHARGES, _ANYBODY),
    "pin": Reason(CHARGES, _ANYBODY, automatic=True, new_pin=True),
    "request": Reason(CHARGES, frozenset({COMUNE, CITIZEN})),
    "residence": Reason(CREDITS, _COMUNE, automatic=True),
    "taxes": Reason(CREDITS, _COMUNE, automatic=True),
    "other": Reason(BOTH, _COMUNE),
}


def may_set(reason: str, role: str) -> bool:
    """Whether somebody may block a card for a reason.

    :param reason: key of ``MATRIX``
    :param role: ``comune``, ``operator``, ``citizen`` or ``system``
    """
    return role == SYSTEM or role in MATRIX[reason].set_by


def may_lift(reason: str, role: str) -> bool:
    """Whether somebody may lift a block; see :func:`may_set`."""
    return role == SYSTEM or role in MATRIX[reason].lift_by


def stops(reason: str, residual_usable: bool = True) -> str:
    """What a block stops.

    :param reason: key of ``MATRIX``
    :param residual_usable: whether who lost the residence may spend what is left (programme parameter)
    :returns: ``charges``, ``credits`` or ``both``
    """
    if reason == "residence" and not residual_usable:
        return BOTH
    return MATRIX[reason].stops


def ends_at(reason: str, role: str, at: datetime, hours: int) -> datetime | None:
    """When a block ends by itself unless the Comune confirms it.

    :param at: instant at which it is set
    :param hours: programme parameter, 72 by default
    :returns: an instant, None for a block that stays until it is lifted
    """
    if MATRIX[reason].temporary and role not in (COMUNE, SYSTEM):
        return at + timedelta(hours=hours)
    return None


class Effect(NamedTuple):
    """What the open blocks of a card amount to."""

    suspended: bool
    credit_stopped: bool
    reason: str | None


def combined(blocks: Iterable[tuple[str, str]]) -> Effect:
    """What a card may do while these blocks are open.

    :param blocks: (reason, what it stops) of each
    :returns: Effect; ``reason`` is the gravest of those that suspend the card
    """
    blocks = list(blocks)
    suspending = [reason for reason, what in blocks if what in (CHARGES, BOTH)]
    return Effect(
        bool(suspending),
        any(what in (CREDITS, BOTH) for _reason, what in blocks),
        min(suspending, key=list(MATRIX).index, default=None),
    )
