"""Waits of tills that guess (Issue 4: throttles)."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from rules_loader import load

throttle = load("merchant_circuit", "throttle")
Limits, Tries = throttle.Limits, throttle.Tries
AT = datetime(2026, 11, 22, 10)

limits = st.builds(
    Limits,
    till=st.integers(0, 20),
    merchant=st.integers(0, 100),
    window=st.integers(60, 86400),
    first=st.integers(1, 60),
    longest=st.integers(60, 3600),
    pace=st.integers(0, 500),
)


def attempts(limits, seconds, merchant_too=True):
    """Guesses a till that never rests makes in a time."""
    made, now, end = [], AT, AT + timedelta(seconds=seconds)
    while now < end:
        recent = [at for at in made if at > now - timedelta(seconds=limits.window)]
        last = recent[-1] if recent else None
        tries = Tries(len(recent), last, len(recent) if merchant_too else 0, last if merchant_too else None)
        until = throttle.blocked_until(limits, tries, now)
        if until is None:
            made.append(now)
            now += timedelta(seconds=1)
        else:
            now = until
    return len(made)


@given(limits, st.integers(0, 200))
def test_waits_never_shrink_with_more_guesses(limits, count):
    """Issue 4: the wait grows until its longest."""
    now, more = throttle.wait(count, limits.till, limits), throttle.wait(count + 1, limits.till, limits)

    assert 0 <= now <= more <= limits.longest
    assert now == 0 or more == limits.longest or more == 2 * now


@given(limits, st.integers(0, 100), st.integers(0, 100))
def test_a_wait_lies_ahead_or_is_none(limits, count, age):
    """Issue 4: a till is told an instant in the future, or may ask."""
    last = AT - timedelta(seconds=age)
    until = throttle.blocked_until(limits, Tries(count, last if count else None, count, last if count else None), AT)

    assert until is None or AT < until <= AT + timedelta(seconds=limits.longest)


def test_a_clumsy_customer_hinders_nobody():
    """Issue 4: nine wrong PINs within minutes cost nothing, with the limits as they come."""
    assert throttle.blocked_until(Limits(), Tries(9, AT, 9, AT), AT) is None


def test_a_script_needs_weeks_for_ten_thousand_codes():
    """Issue 4: a till that never rests makes fewer than 20 guesses an hour, 10,000 take more than three weeks."""
    per_day = attempts(Limits(), 86400)

    assert 10000 / per_day > 21


def test_one_till_cannot_use_up_what_its_shop_may():
    """Issue 4: a guessing till stops itself long before it stops the other tills of its shop."""
    assert attempts(Limits(), 3600, merchant_too=False) < Limits().merchant / 2


def test_a_shop_that_spreads_guesses_over_tills_waits_too():
    """Issue 4: many tills, few guesses at each."""
    assert throttle.blocked_until(Limits(), Tries(1, AT, 60, AT), AT) == AT + timedelta(seconds=30)


def test_a_pace_used_up_passes_after_its_seconds():
    """Issue 4: rate of requests per merchant."""
    from_ = AT - timedelta(seconds=4)

    assert throttle.blocked_until(Limits(), Tries(paced_from=from_), AT) == AT + timedelta(seconds=6)


def test_zero_is_no_limit():
    """Issue 4: limits are parameters; 0 switches one off."""
    assert throttle.blocked_until(Limits(till=0, merchant=0, pace=0), Tries(500, AT, 500, AT), AT) is None


@given(st.lists(limits, min_size=1, max_size=4))
def test_a_shop_of_several_circuits_has_the_limits_that_let_it_work(rows):
    """Issue 4: whoever joins a second circuit never waits longer for it."""
    loosest = throttle.loosest(rows)

    for row in rows:
        for count in (0, 5, 30, 200):
            assert throttle.wait(count, loosest.till, loosest) <= throttle.wait(count, row.till, row)


def test_a_shop_without_agreement_has_the_limits_as_they_come():
    """Issue 4: nobody guesses freely because no agreement is in force."""
    assert throttle.loosest([]) == Limits()


def test_what_counts_as_a_guess():
    """Issue 4: unknown cards, wrong PINs and forged codes; not a genuine code that came too late, nor a rule's refusal."""
    assert all(
        throttle.is_guess(code, False) for code in ("UNKNOWN_OR_PIN", "BAD_IDENTIFIER", "CODE_EXPIRED", "UNKNOWN")
    )
    assert throttle.is_guess("UNKNOWN_OR_PIN", True)
    assert not throttle.is_guess("CODE_EXPIRED", True)
    assert not any(throttle.is_guess(code, True) for code in ("MIN_SPEND", "NO_CREDIT", "TOO_MANY", "DOCUMENTS"))


@given(st.integers(0, 9), st.integers(-5, 5))
def test_free_guesses_cost_nothing_whoever_read_the_clock_first(count, lag):
    """R-004-74: a parallel request noted a second later is no reason to wait."""
    last = AT + timedelta(seconds=lag)

    assert throttle.blocked_until(Limits(), Tries(count, last, count, last), AT) is None
    assert throttle.blocked_until(Limits(till=0, merchant=0), Tries(99, last, 99, last), AT) is None
