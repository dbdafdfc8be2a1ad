"""R-000-38: codes of coupons, as servers make them and people type them."""

from hypothesis import assume, given
from hypothesis import strategies as st
from rules_loader import load

coupon_code = load("ecoupon", "coupon_code")
HEX = st.from_regex(r"[0-9a-f]{32}", fullmatch=True)
CODES = st.builds(coupon_code.encode, HEX, HEX)
LETTERS = st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
DIGITS = st.sampled_from("0123456789")


@given(CODES)
def test_what_is_printed_is_read(code):
    """R-000-38: a code is its own canonical form, also as it is printed."""
    assert coupon_code.normalise(code) == code
    assert coupon_code.normalise(coupon_code.show(code)) == code


@given(CODES, st.randoms())
def test_how_people_type_it(code, chance):
    """R-000-38: small letters, spaces anywhere, and O, I and L for the digits they look like."""
    alike = {"0": "0Oo", "1": "1IiLl"}
    body = "".join(chance.choice(alike.get(letter, letter + letter.lower())) for letter in code[2:])
    typed = "ec" + "".join(letter + chance.choice(["", "", " ", "-"]) for letter in body)

    assert coupon_code.normalise(typed) == code


@given(st.text())
def test_nothing_else_is_a_code(text):
    """R-000-38: whatever is typed is refused or canonical, and never raises."""
    code = coupon_code.normalise(text)

    assert code is None or (coupon_code.normalise(code) == code and len(code) == 18)


@given(CODES, st.integers(min_value=2, max_value=17), st.sampled_from("U!?é"))
def test_a_wrong_character_is_refused(code, place, wrong):
    """R-000-38: no letter outside the alphabet is taken for another one."""
    assert coupon_code.normalise(code[:place] + wrong + code[place + 1 :]) is None


@given(st.text(LETTERS, min_size=4, max_size=4), st.text(DIGITS, min_size=2, max_size=2), LETTERS, st.data())
def test_a_fiscal_code_is_none(name, year, month, data):
    """R-000-38: also of people whose surname begins with EC."""
    rest = data.draw(st.text(DIGITS, min_size=2, max_size=2)) + data.draw(LETTERS)
    rest += data.draw(st.text(DIGITS, min_size=3, max_size=3)) + data.draw(LETTERS)

    assert not coupon_code.is_code(f"EC{name}{year}{month}{rest}")


@given(CODES, CODES)
def test_digests_tell_codes_apart(one, other):
    """R-000-38: what is stored finds one coupon."""
    assume(one != other)
    assert coupon_code.digest(one) != coupon_code.digest(other)


@given(HEX, HEX, HEX)
def test_another_server_makes_other_codes(secret, other, nonce):
    """R-000-38: without the server's key nobody makes a code of what the database holds."""
    assume(secret != other)
    assert coupon_code.encode(secret, nonce) != coupon_code.encode(other, nonce)
