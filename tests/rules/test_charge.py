"""What a card may pay (examples 4.5 that do not need the ledger)."""

from datetime import datetime, timedelta
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rules_loader import load

charge = load("family_card", "charge")

GROCERY, BAR, TOBACCO, PHARMACY, PRESCRIPTION, HEALTH = range(1, 7)
OPENING = datetime(2024, 3, 31, 22, 0)
AT = datetime(2024, 4, 3, 8, 15)
TERMS = charge.Terms(
    spendable_from=OPENING,
    min_spend=D("10.00"),
    min_spend_base="eligible",
    max_card_share=D("50"),
    card_share_mode="at_most",
    on_insufficient="propose_residual",
    exclusion_scope="both",
    excluded=frozenset({TOBACCO, PHARMACY, PRESCRIPTION}),
    special=frozenset({PHARMACY, HEALTH}),
)
money = st.integers(1, 10**7).map(lambda cents: D(cents) / 100)
activities = st.sampled_from([None, GROCERY, BAR, TOBACCO, PHARMACY, PRESCRIPTION, HEALTH])
purchases = st.lists(st.builds(charge.Item, money, activities), min_size=1, max_size=6)
modes = st.sampled_from(["at_most", "exactly", "full"])
kinds = st.sampled_from(["standard", "senior", "special"])


def quote(*amounts, requested=None, shop=GROCERY, kind="standard", at=AT, **changes):
    items = [charge.Item(D(a)) if isinstance(a, str) else charge.Item(D(a[0]), a[1]) for a in amounts]
    asked = None if requested is None else D(requested)
    return charge.quote(TERMS._replace(**changes), kind, items, asked, shop, at)


@pytest.mark.parametrize(
    ("purchase", "ceiling"),
    [
        pytest.param("30.00", "15.00", id="H1"),
        pytest.param("10.00", "5.00", id="H3-minimum-included"),
        pytest.param("10.01", "5.00", id="H4-odd-cent-on-the-citizen"),
        pytest.param("200.00", "100.00", id="H5-before-the-balance"),
        pytest.param("22.49", "11.24", id="H12"),
        pytest.param("22.51", "11.25", id="H12-rounded-down"),
    ],
)
def test_the_card_pays_half(purchase, ceiling):
    """R-004-77, R-004-78."""
    answer = quote(purchase)

    assert answer.ceiling == D(ceiling)
    assert answer.requested is None
    assert answer.insufficient == "propose_residual"


def test_below_the_minimum():
    """H2, R-004-77."""
    assert quote("9.99") == charge.Refusal("MIN_SPEND", D("10.00"))


def test_above_the_share():
    """H4b, R-004-78."""
    assert quote("10.03", requested="5.02") == charge.Refusal("OWN_SHARE", D("5.01"))
    assert quote("10.03", requested="5.01").requested == D("5.01")


@pytest.mark.parametrize("kind", ["standard", "senior"])
def test_a_pharmacy_is_closed_to_ordinary_cards(kind):
    """H7, R-004-79."""
    assert quote("24.90", shop=PHARMACY, kind=kind).code == "EXCLUDED_MERCHANT"


def test_a_pharmacy_is_open_to_special_cards_for_free_sale():
    """H8, R-004-40."""
    assert quote("24.90", shop=PHARMACY, kind="special").ceiling == D("12.45")
    assert quote(("24.90", PRESCRIPTION), shop=PHARMACY, kind="special").code == "EXCLUDED_MERCHANT"


def test_health_services_are_for_special_cards_only():
    """R-004-40: "also" means that others cannot."""
    assert quote("20.00", shop=HEALTH).code == "EXCLUDED_MERCHANT"
    assert quote("20.00", shop=HEALTH, kind="special").ceiling == D("10.00")


def test_a_bar_that_sells_tobacco():
    """H9, A25: lunch 18.00 and cigarettes 6.00."""
    answer = quote("18.00", ("6.00", TOBACCO), shop=BAR)

    assert (answer.eligible, answer.ceiling) == (D("18.00"), D("9.00"))


def test_the_minimum_is_measured_on_eligible_goods():
    """H9b, A09."""
    assert quote("8.00", ("6.00", TOBACCO), shop=BAR).code == "MIN_SPEND"
    assert quote("8.00", ("6.00", TOBACCO), shop=BAR, min_spend_base="receipt").ceiling == D("4.00")


def test_only_excluded_goods():
    """A25: nothing the card may pay."""
    assert quote(("20.00", TOBACCO), shop=BAR, min_spend_base="receipt").code == "EXCLUDED_MERCHANT"


def test_exclusion_by_shop_only_and_by_goods_only():
    """A25, the other two readings."""
    assert quote("18.00", ("6.00", TOBACCO), shop=BAR, exclusion_scope="merchant").eligible == D("24.00")
    assert quote("18.00", shop=TOBACCO, exclusion_scope="product").code == "EXCLUDED_MERCHANT"
    assert quote(("18.00", GROCERY), shop=TOBACCO, exclusion_scope="product").eligible == D("18.00")


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        pytest.param(
            "at_most", charge.Quote(D("20.00"), D("12.00"), D("40.00"), False, "propose_residual"), id="H13-at-most"
        ),
        pytest.param("exactly", charge.Refusal("WRONG_SHARE", D("20.00")), id="H13-exactly"),
        pytest.param("full", charge.Quote(D("40.00"), D("12.00"), D("40.00"), False, "propose_residual"), id="full"),
    ],
)
def test_how_the_share_binds(mode, expected):
    """A06."""
    assert quote("40.00", requested="12.00", card_share_mode=mode) == expected


def test_not_before_the_opening():
    """H14, R-004-33: until 31/03/2024 23:59:59 in Rome."""
    assert quote("30.00", at=OPENING - timedelta(seconds=1)) == charge.Refusal("NOT_YET", until=OPENING)
    assert quote("30.00", at=OPENING).ceiling == D("15.00")
    assert quote("30.00", at=datetime(2020, 1, 1), spendable_from=None).ceiling == D("15.00")


def test_a_discount_line_lowers_what_counts():
    """A discount of 25.00 on 30.00 leaves 5.00: below the minimum."""
    assert quote("30.00", "-25.00").code == "MIN_SPEND"
    assert quote("30.00", ("-5.00", TOBACCO), ("5.00", TOBACCO)).eligible == D("30.00")


def test_a_return_of_excluded_goods_does_not_raise_what_counts():
    """30.00 of groceries less 15.00 of returned cigarettes: the citizen pays 15.00 in all."""
    assert quote("30.00", ("-15.00", TOBACCO)).eligible == D("15.00")


@given(purchases, kinds, activities)
def test_the_citizen_always_pays_half_and_the_odd_cent(items, kind, shop):
    """R-004-78, A08."""
    answer = charge.quote(TERMS, kind, items, None, shop, AT)

    if isinstance(answer, charge.Quote):
        total = sum(item.amount for item in items)
        assert answer.eligible <= total
        assert answer.ceiling * 2 <= answer.eligible
        assert answer.eligible - answer.ceiling - answer.ceiling <= D("0.01")
        assert answer.ceiling == answer.ceiling.quantize(D("0.01"))


@given(purchases, kinds, activities, modes, money)
def test_what_is_asked_is_granted_or_refused_but_never_changed(items, kind, shop, mode, asked):
    terms = TERMS._replace(card_share_mode=mode)
    answer = charge.quote(terms, kind, items, asked, shop, AT)

    if isinstance(answer, charge.Quote):
        assert answer.requested == asked <= answer.ceiling
        assert mode != "exactly" or asked == answer.ceiling
    elif answer.code in ("OWN_SHARE", "WRONG_SHARE"):
        again = charge.quote(terms, kind, items, answer.limit, shop, AT)
        assert isinstance(again, charge.Quote)


@given(purchases, kinds, activities)
def test_lines_can_be_split_or_joined(items, kind, shop):
    """The same goods on more lines cost the same."""
    halves = [
        part for item in items for part in (item, item._replace(amount=D("1.00")), item._replace(amount=D("-1.00")))
    ]

    assert charge.quote(TERMS, kind, items, None, shop, AT) == charge.quote(TERMS, kind, halves, None, shop, AT)


@given(purchases, activities)
def test_a_special_card_is_never_worse_off(items, shop):
    """R-004-38: all other conditions stay."""
    standard = charge.quote(TERMS, "standard", items, None, shop, AT)
    special = charge.quote(TERMS, "special", items, None, shop, AT)

    if isinstance(standard, charge.Quote):
        assert special.ceiling >= standard.ceiling


# ------------------------------------------------------------- list of goods


def test_only_goods_of_the_list_are_eligible():
    """R-001-11: food yes, the rest of the receipt no; goods without an activity are the shop's own."""
    listed = {"allowed": frozenset({GROCERY})}

    assert quote("20.00", ("30.00", HEALTH), **listed).eligible == D("20.00")
    assert quote("20.00", ("30.00", HEALTH), shop=BAR, **listed).code == "EXCLUDED_MERCHANT"
    assert quote("20.00", ("15.00", GROCERY), shop=BAR, **listed).eligible == D("15.00")
    assert quote("20.00", ("15.00", BAR), exclusion_scope="merchant", **listed).eligible == D("20.00")


def test_an_excluded_activity_stays_excluded_on_the_list():
    """R-004-79 comes before R-001-11."""
    assert quote(("20.00", TOBACCO), allowed=frozenset({TOBACCO})).code == "EXCLUDED_MERCHANT"


@given(purchases, kinds, activities, st.frozensets(st.integers(GROCERY, HEALTH)))
def test_a_list_never_makes_more_eligible(items, kind, shop, allowed):
    """R-001-11: what is paid lies on the list, and a list only takes away; an empty one takes nothing."""
    free = charge.quote(TERMS, kind, items, None, shop, AT)
    listed = charge.quote(TERMS._replace(allowed=allowed), kind, items, None, shop, AT)

    if isinstance(listed, charge.Quote):
        on_list = sum(item.amount for item in items if not allowed or (item.activity_id or shop) in allowed)
        assert listed.eligible <= on_list
        assert listed.eligible <= free.eligible
    if not allowed:
        assert listed == free


# ----------------------------------------------------------- waived minimum


def test_a_waived_minimum_depends_on_the_balance():
    """A09: below the card's share of the minimum the balance decides, at the minimum nothing is waived."""
    assert quote("6.00", min_spend_waived=True).waived_below == D("5.00")
    assert quote("6.00", min_spend_waived=True, card_share_mode="full").waived_below == D("10.00")
    assert quote("10.00", min_spend_waived=True).waived_below is None
    assert quote("9.99", min_spend_waived=False).code == "MIN_SPEND"


@given(purchases, kinds, activities)
def test_waiving_the_minimum_only_opens_small_purchases(items, kind, shop):
    """A09: it changes nothing for a purchase that passes without it."""
    strict = charge.quote(TERMS, kind, items, None, shop, AT)
    waived = charge.quote(TERMS._replace(min_spend_waived=True), kind, items, None, shop, AT)

    if isinstance(strict, charge.Refusal) and strict.code == "MIN_SPEND":
        assert waived.waived_below == D("5.00")
    else:
        assert waived == strict


@given(code=st.sampled_from(["OWN_SHARE", "ACCOUNT_LIMIT"]), ceiling=money, room=st.one_of(st.just(D("0.00")), money))
def test_what_is_possible_is_within_share_and_account(code, ceiling, room):
    """R-004-76, R-004-78."""
    assert charge.possible(TERMS, code, ceiling, room) == min(ceiling, room)


@given(purchase=money, room=money, mode=modes)
def test_asking_for_what_is_possible_is_never_over_the_share(purchase, room, mode):
    """R-004-76: a till that repeats the request with the amount it was told passes the rules."""
    refusal = quote((purchase, None), requested=purchase + 1, card_share_mode=mode, min_spend=D("0"))
    amount = charge.possible(TERMS._replace(card_share_mode=mode), refusal.code, refusal.limit, room)

    if amount:
        again = quote((purchase, None), requested=amount, card_share_mode=mode, min_spend=D("0"))
        assert isinstance(again, charge.Quote)


@pytest.mark.parametrize(("ceiling", "code"), [(None, "EXCLUDED_MERCHANT"), (D("4.99"), "MIN_SPEND")])
def test_nothing_is_possible_where_no_amount_would_do(ceiling, code):
    """R-004-77, R-004-79."""
    assert charge.possible(TERMS, code, ceiling, D("12.40")) == D("0.00")


def test_no_amount_where_the_exact_share_is_not_there():
    """A06: half is 15.00 and 12.40 are left."""
    exactly = TERMS._replace(card_share_mode="exactly")

    assert charge.possible(exactly, "WRONG_SHARE", D("15.00"), D("12.40")) is None
    assert charge.possible(exactly, "WRONG_SHARE", D("15.00"), D("15.00")) == D("15.00")


@given(st.sampled_from(["both", "merchant", "product"]), st.sampled_from([GROCERY, BAR, TOBACCO, PHARMACY, HEALTH]))
def test_closed_shops_are_those_that_the_till_refuses(scope, activity):
    """R-004-40, R-004-79: the public list says of a shop what its till would."""
    terms = TERMS._replace(exclusion_scope=scope)
    level = charge.closed_shops(terms).get(activity, "all")
    goods = [charge.Item(D("30.00"), GROCERY)]

    refused = {
        kind
        for kind in ("standard", "senior", "special")
        if isinstance(charge.quote(terms, kind, goods, None, activity, AT), charge.Refusal)
    }

    assert (
        refused == {"all": set(), "special": {"standard", "senior"}, "none": {"standard", "senior", "special"}}[level]
    )


@pytest.mark.parametrize(
    ("coupon_minimum", "answer"),
    [
        pytest.param("net", charge.Refusal("MIN_SPEND", limit=D("10.00")), id="H16"),
        pytest.param("gross", D("4.50"), id="H16-by-setting"),
    ],
)
def test_a_coupon_comes_before_the_minimum_of_the_card(coupon_minimum, answer):
    """R-004-77: H16, 12.00 with a coupon of 3.00: the card sees 9.00."""
    terms = TERMS._replace(coupon_minimum=coupon_minimum)

    quoted = charge.quote(
        terms, "standard", [charge.Item(D("9.00"))], None, GROCERY, AT, before=[charge.Item(D("12.00"))]
    )

    assert (quoted if isinstance(quoted, charge.Refusal) else quoted.ceiling) == answer
