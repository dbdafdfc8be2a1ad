"""How strong a login is (R-000-19)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules_loader import load

level = load("ecoupon", "login_level")
ANY = st.sampled_from([*level.LEVELS, None, "", "nonsense"])


@pytest.mark.parametrize(
    ("method", "acr", "expected"),
    [
        ("password", "", "password"),
        ("totp", "", "second_factor"),
        ("passkey", "", "second_factor"),
        ("trusted_device", "", "second_factor"),
        ("totp_mail", "", "password"),
        ("apikey", "", "password"),
        ("oidc", "https://www.spid.gov.it/SpidL2", "oidc"),
        ("oidc", "https://www.spid.gov.it/SpidL3", "oidc"),
        ("oidc", "https://www.spid.gov.it/SpidL1", "password"),
        ("password", "https://www.spid.gov.it/SpidL2", "password"),
        ("", "", "password"),
    ],
)
def test_level_of_a_login(method, acr, expected):
    """R-000-19: each way of logging in has a level; what is not known is the weakest."""
    assert level.of(method, acr) == expected


@given(ANY, st.sampled_from(level.LEVELS))
def test_reaches(have, needed):
    """R-000-19: the same or more is enough, nothing unknown ever is."""
    enough = have in level.LEVELS and level.LEVELS.index(have) >= level.LEVELS.index(needed)
    assert level.reaches(have, needed) == enough
    assert not level.reaches(have, "nonsense")


@given(st.lists(ANY))
def test_strongest(levels):
    """R-000-19: nothing shown makes it weaker, and nothing unknown stronger."""
    best = level.strongest(*levels)
    known = [name for name in levels if name in level.LEVELS]
    assert best in (known or level.LEVELS[:1])
    assert all(level.reaches(best, name) for name in known)
