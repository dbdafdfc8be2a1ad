"""Which cards a shop may take, over all programmes of its circuit."""

from collections.abc import Iterable, Mapping

ALL, SPECIAL, NONE = "all", "special", "none"
_WIDTH = {NONE: 0, SPECIAL: 1, ALL: 2}


def widest(answers: Iterable[Mapping]) -> dict:
    """What is left closed when several programmes are asked: a shop takes what any of them lets it take
    (R-004-40, R-004-79).

    :param answers: of each programme, {activity: ``special`` or ``none``}; other activities take all cards
    :returns: the same, of all of them together; empty without any programme
    """
    answers = list(answers)
    if not answers:
        return {}
    shared = set(answers[0]).intersection(*answers)
    return {activity: max((answer[activity] for answer in answers), key=_WIDTH.get) for activity in shared}
