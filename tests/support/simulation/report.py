"""What a simulated year did, as tables of text."""

from collections import Counter

from .oracle import QUARTERS


def euro(cents):
    """An amount with thousands."""
    return f"{cents / 100:,.2f}"


def quarters(oracle, credited):
    """Lines of one row a quarter: credited, spent, expired, residual (EUR)."""
    spent, lost, residual = Counter(), Counter(), Counter()
    for card in oracle.cards.values():
        for account in card.accounts.values():
            for lot in account.lots:
                residual[lot.quarter] += lot.remaining
    for lot, cents in oracle.lost.items():
        lost[lot.quarter] += cents
    lines = [f"{'quarter':<10}{'credited':>14}{'spent':>14}{'expired':>14}{'residual':>14}"]
    for quarter in QUARTERS:
        spent[quarter] = credited[quarter] - lost[quarter] - residual[quarter]
        amounts = (credited[quarter], spent[quarter], lost[quarter], residual[quarter])
        lines.append(f"{quarter:<10}" + "".join(f"{euro(amount):>14}" for amount in amounts))
    amounts = (credited.total(), spent.total(), lost.total(), residual.total())
    lines.append(f"{'year':<10}" + "".join(f"{euro(amount):>14}" for amount in amounts))
    return lines


def text(year, seconds):
    """The whole report.

    :param year: a year.Year that was lived
    :param dict seconds: how long each part took
    """
    counts = year.counts
    lines = [
        f"{len(year.population.households)} households, {len(year.population.shops)} shops,"
        f" {counts['days']} days until {year.day - year.driver.town.one_day}",
        "",
        *quarters(year.oracle, year.credited),
        "",
    ]
    for name in sorted(counts):
        value = euro(counts[name]) if name.startswith("cents ") else f"{counts[name]:,}"
        lines.append(f"{name.replace('cents ', 'EUR '):<32}{value:>14}")
    lines += ["", *(f"{name:<32}{value:>12.1f} s" for name, value in seconds.items())]
    return "\n".join(lines)
