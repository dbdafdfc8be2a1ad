"""Tables to start from. The name of a rule is a key that the model translates."""

from decimal import Decimal

from .quotient import AMOUNT, CHILDREN, COEFFICIENT, FACTOR, PER_HEAD, Rule, Table, Who


def corleto_demo() -> Table:
    """450.00 for one person is what the mayor announced (press, 25/01/2024); every other figure is invented."""
    return Table(
        scale={1: Decimal(450)},
        further=Decimal(90),
        rules=(
            Rule("disabled", PER_HEAD, Decimal(120), Who(grade_from="medium"), max_heads=2),
            Rule("under_three", PER_HEAD, Decimal(45), Who(age_to=2, relations=CHILDREN)),
        ),
    )


def lecce_2021() -> Table:
    """Vouchers of the Comune di Lecce, notice of 05/10/2021: 100 to 300, and 100 once with somebody under three."""
    return Table(
        scale={size: Decimal(50 * (size + 1)) for size in range(1, 6)},
        further=Decimal(0),
        rules=(Rule("under_three", AMOUNT, Decimal(100), Who(age_to=2)),),
    )


def isee_scale(base: Decimal = Decimal(450)) -> Table:
    """Base times the equivalence scale of DPCM 159/2013, annex 1, with its increases for three children or more.

    The increases for minors of working parents need facts about work, which are not asked for here.
    """
    factors = ("1", "1.57", "2.04", "2.46", "2.85")
    children = Who(relations=CHILDREN)
    return Table(
        scale={size: Decimal(factor) for size, factor in enumerate(factors, 1)},
        kind=FACTOR,
        base=base,
        further=Decimal("0.35"),
        rules=(
            Rule("three_children", COEFFICIENT, Decimal("0.2"), children, 3, 3),
            Rule("four_children", COEFFICIENT, Decimal("0.35"), children, 4, 4),
            Rule("five_children", COEFFICIENT, Decimal("0.5"), children, 5),
        ),
    )


PRESETS = {"corleto_demo": corleto_demo, "lecce_2021": lecce_2021, "isee_scale": isee_scale}
