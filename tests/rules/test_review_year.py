"""What the rules find and miss in a synthetic year with planted frauds stays above a floor (Issue 4, docs/review.md)."""

import pytest
from support.frauds.measure import measure, table

#: seed of a year that nobody looked at when the limits were chosen
SEED = 21
#: least precision, least recall of all planted frauds, subtle ones included
FLOORS = {
    "merchants": (0.8, 0.6),
    "split": (0.8, 0.6),
    "maximum": (0.8, 0.6),
    "household": (0.6, 0.6),
    "failures": (0.6, 0.6),
    "night": (0.6, 0.6),
    "refunds": (0.7, 0.6),
}


@pytest.fixture(scope="module")
def results():
    """One year of 1,000 households, 60 shops and about 50,000 payments."""
    return measure(SEED)


@pytest.mark.parametrize("kind", FLOORS)
def test_precision_and_recall_stay_above_their_floor(results, kind):
    """Issue 4: precision and recall on a synthetic year with planted frauds."""
    precision, recall = FLOORS[kind]

    assert results[kind].precision >= precision, table(results)
    assert results[kind].recall >= recall, table(results)


@pytest.mark.parametrize("kind", FLOORS)
def test_blatant_frauds_are_found(results, kind):
    """Issue 4: at least nine of ten that do not hide."""
    assert results[kind].blatant_recall >= 0.9, table(results)


def test_the_same_seed_is_the_same_year():
    """Issue 4: fixed seeds; whoever measures again gets the same table."""
    small = {"households": 60, "payments": 1500}

    assert measure(3, **small) == measure(3, **small)
