"""Geometry of a bar chart on a field of 100 × 100, drawn by the page's template."""

from collections.abc import Sequence
from decimal import ROUND_CEILING, Decimal
from typing import NamedTuple

_STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
_LINES = 4
_GAP = Decimal("0.2")
_POINT = Decimal("0.001")


class Bar(NamedTuple):
    """A rectangle, in hundredths of the field; ``index`` is its place in the values."""

    index: int
    x: Decimal
    y: Decimal
    width: Decimal
    height: Decimal


class Tick(NamedTuple):
    """A horizontal line: its value, and its distance from the top."""

    value: Decimal
    y: Decimal


class Chart(NamedTuple):
    """Bars above and below the line of zero."""

    up: tuple[Bar, ...]
    down: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    zero: Decimal


def nice_step(span: Decimal) -> Decimal:
    """A round distance of lines: 1, 2, 2.5 or 5 times a power of ten, so that about four fit.

    :param span: EUR, > 0
    :returns: EUR, at least 0.01
    """
    raw = max(span / _LINES, Decimal("0.01"))
    power = Decimal(10) ** raw.adjusted()
    return next(step * power for step in _STEPS if step * power >= raw)


def draw(values: Sequence[tuple[Decimal, Decimal]]) -> Chart:
    """Bars of what came in (up) and of what was given back (down), on one scale (R-004-95).

    :param values: pairs of EUR ≥ 0, oldest first
    """
    top = max((up for up, _down in values), default=Decimal(0))
    bottom = max((down for _up, down in values), default=Decimal(0))
    step = nice_step(top + bottom) if top + bottom else Decimal(1)
    above = (top / step).to_integral_value(ROUND_CEILING)
    below = (bottom / step).to_integral_value(ROUND_CEILING)
    if not above and not below:
        above = Decimal(1)
    span = (above + below) * step
    zero = (above * step * 100 / span).quantize(_POINT)
    ticks = tuple(
        Tick(step * number, ((above - number) * step * 100 / span).quantize(_POINT))
        for number in range(int(above), -int(below) - 1, -1)
    )
    slot = Decimal(100) / max(len(values), 1)
    ups, downs = [], []
    for index, (up, down) in enumerate(values):
        x, width = (slot * (index + _GAP / 2)).quantize(_POINT), (slot * (1 - _GAP)).quantize(_POINT)
        if up:
            height = (up * 100 / span).quantize(_POINT)
            ups.append(Bar(index, x, zero - height, width, height))
        if down:
            downs.append(Bar(index, x, zero, width, (down * 100 / span).quantize(_POINT)))
    return Chart(tuple(ups), tuple(downs), ticks, zero)
