"""The matrix of blocks, requirements.md 2.3."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules_loader import load

blocks = load("family_card", "blocks")

AT = datetime(2024, 4, 3, 8, 15)
reasons = st.sampled_from(sorted(blocks.MATRIX))
effects = st.sampled_from([blocks.CHARGES, blocks.CREDITS, blocks.BOTH])
opened = st.lists(st.tuples(reasons, effects), max_size=6)


@pytest.mark.parametrize(
    ("reason", "setters", "stops", "automatic"),
    [
        ("holder_death", {"comune"}, "both", True),
        ("residence", {"comune"}, "credits", True),
        ("taxes", {"comune"}, "credits", True),
        ("lost", {"citizen", "comune", "operator"}, "charges", False),
        ("pin", {"citizen", "comune", "operator"}, "charges", True),
        ("fraud", {"comune", "operator"}, "charges", False),
        ("circuit_end", {"comune", "operator"}, "both", False),
    ],
)
def test_the_matrix(reason, setters, stops, automatic):
    """A21, R-004-59: who sets, what it stops, what happens by itself."""
    roles = ("comune", "operator", "citizen")

    assert {role for role in roles if blocks.may_set(reason, role)} == setters
    assert blocks.stops(reason) == stops
    assert blocks.MATRIX[reason].automatic == automatic


@given(reasons)
def test_only_the_municipality_lifts(reason):
    """A21: whoever set it."""
    assert [role for role in ("comune", "operator", "citizen") if blocks.may_lift(reason, role)] == ["comune"]


@given(reasons, st.sampled_from(["comune", "operator", "citizen", "system"]), st.integers(1, 720))
def test_only_the_operators_suspicion_ends_by_itself(reason, role, hours):
    """A21: after 72 hours, a parameter."""
    end = blocks.ends_at(reason, role, AT, hours)

    assert (end is None) == (reason != "fraud" or role in ("comune", "system"))
    assert end is None or (end - AT).total_seconds() == hours * 3600


def test_what_is_left_when_the_residence_is_lost():
    """A21: a parameter of the programme."""
    assert blocks.stops("residence", residual_usable=True) == "credits"
    assert blocks.stops("residence", residual_usable=False) == "both"


@given(opened)
def test_a_card_is_free_when_nothing_is_open(rows):
    effect = blocks.combined(rows)

    assert effect.suspended == any(what != "credits" for _reason, what in rows)
    assert effect.credit_stopped == any(what != "charges" for _reason, what in rows)
    assert (effect.reason is None) == (not effect.suspended)
    assert effect.reason is None or effect.reason in dict(rows)


@given(opened, st.tuples(reasons, effects))
def test_one_more_block_never_frees_a_card(rows, another):
    before, after = blocks.combined(rows), blocks.combined([*rows, another])

    assert after.suspended >= before.suspended
    assert after.credit_stopped >= before.credit_stopped
