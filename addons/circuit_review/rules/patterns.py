"""The patterns. Each takes facts and parameters and returns findings; none knows of another."""

from bisect import bisect_left, bisect_right
from datetime import timedelta

from .facts import Finding
from .windows import clusters, grouped, score, share_clusters


def _finding(kind, rows, strength, figures, merchant=None, instrument="", till="", failures=False):
    """A finding made of the rows that caused it."""
    ids = tuple(sorted(row.id for row in rows))
    return Finding(
        kind,
        merchant,
        instrument,
        till,
        () if failures else ids,
        ids if failures else (),
        min(row.at for row in rows),
        max(row.at for row in rows),
        strength,
        {"count": len(rows)} | figures,
    )


def _minutes(rows):
    return round((rows[-1].at - rows[0].at).total_seconds() / 60)


def many_merchants(facts, parameters):
    """One card at many shops within minutes: it was copied, or goes from hand to hand.

    :return: list of Finding, one per card and burst
    """
    span, wanted = timedelta(minutes=parameters.merchants_minutes), parameters.merchants_count
    return [
        _finding(
            "merchants",
            rows,
            score(len({row.merchant for row in rows}), wanted),
            {"merchants": len({row.merchant for row in rows}), "minutes": _minutes(rows)},
            instrument=instrument,
        )
        for instrument, payments in grouped(facts.payments, lambda row: row.instrument).items()
        for rows in clusters(payments, span, lambda rows: len({row.merchant for row in rows}) >= wanted)
    ]


def splitting(facts, parameters):
    """One card, one shop, several purchases barely above the minimum within minutes: one purchase in pieces.

    :return: list of Finding, one per card, shop and burst
    """
    span, wanted = timedelta(minutes=parameters.split_minutes), parameters.split_count
    small = [
        row
        for row in facts.payments
        if row.minimum and row.minimum <= row.total <= row.minimum * (100 + parameters.split_band) / 100
    ]
    return [
        _finding(
            "split",
            rows,
            score(len(rows), wanted),
            {"minutes": _minutes(rows), "total": str(sum(row.total for row in rows)), "minimum": str(rows[0].minimum)},
            merchant=merchant,
            instrument=instrument,
        )
        for (merchant, instrument), payments in grouped(small, lambda row: (row.merchant, row.instrument)).items()
        for rows in clusters(payments, span, lambda rows: len(rows) >= wanted)
    ]


def _shop_share(kind, rows, hit, days, wanted, share):
    """Findings of a shop where many of its rows are of a kind: at least ``wanted`` in ``days``, and at least ``share``
    per cent of all."""

    def enough(hits, rows):
        return hits >= wanted and 100 * hits >= share * rows

    found = []
    for merchant, own in grouped(rows, lambda row: row.merchant).items():
        for hits in share_clusters(own, timedelta(days=days), hit, enough):
            around = sum(hits[0].at <= row.at <= hits[-1].at for row in own)
            figures = {
                "days": (hits[-1].at.date() - hits[0].at.date()).days + 1,
                "share": round(100 * len(hits) / around),
                "cards": len({row.instrument for row in hits}),
            }
            found.append(_finding(kind, hits, score(len(hits), wanted), figures, merchant=merchant))
    return found


def always_maximum(facts, parameters):
    """A shop whose payments mostly take all that an account has left: credit turned into money, no purchases.

    :return: list of Finding, one per shop and time
    """
    return _shop_share(
        "maximum",
        facts.payments,
        lambda row: row.left <= 0,
        parameters.maximum_days,
        parameters.maximum_count,
        parameters.maximum_share,
    )


def at_night(facts, parameters):
    """Payments at hours at which shops are closed: nobody was there. Shops whose activity sells then (bars,
    restaurants) are left out.

    :return: list of Finding, one per shop and time
    """
    start, end = parameters.night_from, parameters.night_to

    def night(row):
        hour = row.at.hour
        return start <= hour or hour < end if start > end else start <= hour < end

    rows = [row for row in facts.payments if row.merchant not in facts.open_at_night]
    return _shop_share("night", rows, night, parameters.night_days, parameters.night_count, 0)


def many_refunds(facts, parameters):
    """A shop that gives back a large part of what cards pay: stock of credit, or money handed out at the counter.

    :return: list of Finding, one per shop and time
    """
    refunds = set(facts.refunds)
    return _shop_share(
        "refunds",
        [*facts.payments, *facts.refunds],
        lambda row: row in refunds,
        parameters.refunds_days,
        parameters.refunds_count,
        parameters.refunds_share,
    )


def one_household(facts, parameters):
    """Several cards of one household used at one shop within minutes, again and again: somebody keeps the cards.

    :return: list of Finding, one per household and shop
    """
    minutes = timedelta(minutes=parameters.household_minutes)
    days = timedelta(days=parameters.household_days)
    found = []
    for (merchant, _group), own in grouped(facts.payments, lambda row: (row.merchant, row.group)).items():
        if len({row.instrument for row in own}) < parameters.household_cards:
            continue
        times = _occasions(own, minutes, parameters.household_cards)
        firsts = {rows[0]: rows for rows in times}
        for starts in clusters(
            sorted(firsts, key=lambda row: (row.at, row.id)),
            days,
            lambda rows: len(rows) >= parameters.household_times,
        ):
            rows = [row for start in starts for row in firsts[start]]
            figures = {
                "times": len(starts),
                "cards": len({row.instrument for row in rows}),
                "days": (rows[-1].at.date() - rows[0].at.date()).days + 1,
                "total": str(sum(row.amount for row in rows)),
            }
            strength = score(len(starts), parameters.household_times)
            # the household's first card stands for it, whichever was used
            found.append(
                _finding(
                    "household", rows, strength, figures, merchant=merchant, instrument=min(r.instrument for r in own)
                )
            )
    return found


def _occasions(rows, minutes, cards):
    """Times at which enough different cards were used within minutes; none shares a payment with another."""
    times, index = [], 0
    while index < len(rows):
        window = [row for row in rows[index:] if row.at - rows[index].at <= minutes]
        if len({row.instrument for row in window}) >= cards:
            times.append(window)
            index += len(window)
        else:
            index += 1
    return times


def failures_at_till(facts, parameters):
    """Unknown cards and wrong PINs at one till, more than payments: somebody tries codes.

    :return: list of Finding, one per till and time
    """
    span, wanted, share = (
        timedelta(hours=parameters.failures_hours),
        parameters.failures_count,
        parameters.failures_share,
    )
    paid = grouped(facts.payments, lambda row: (row.merchant, row.till))
    found = []
    for (merchant, till), failures in grouped(facts.failures, lambda row: (row.merchant, row.till)).items():
        accepted = [row.at for row in paid.get((merchant, till), ())]

        def sold(rows, accepted=accepted):
            return bisect_right(accepted, rows[-1].at) - bisect_left(accepted, rows[0].at)

        def enough(rows, sold=sold):
            return len(rows) >= wanted and 100 * len(rows) >= share * (len(rows) + sold(rows))

        for rows in clusters(failures, span, enough):
            figures = {
                "minutes": _minutes(rows),
                "unknown": sum(not row.instrument for row in rows),
                "cards": len({row.instrument for row in rows} - {""}),
                "paid": sold(rows),
            }
            found.append(
                _finding(
                    "failures", rows, score(len(rows), wanted), figures, merchant=merchant, till=till, failures=True
                )
            )
    return found


#: Patterns over the payments of one card, and over what happens at one shop: a job reads its facts accordingly.
BY_INSTRUMENT = {"merchants": many_merchants}
BY_MERCHANT = {
    "split": splitting,
    "maximum": always_maximum,
    "household": one_household,
    "failures": failures_at_till,
    "night": at_night,
    "refunds": many_refunds,
}


def find(facts, parameters, rules=None):
    """Everything that looks suspicious.

    :param Facts facts: what happened
    :param Parameters parameters: limits, windows and switches
    :param dict rules: of kind to rule; all when empty
    :return: list of Finding
    """
    rules = rules or BY_INSTRUMENT | BY_MERCHANT
    return [
        finding
        for kind, rule in rules.items()
        if getattr(parameters, f"{kind}_on")
        for finding in rule(facts, parameters)
    ]
