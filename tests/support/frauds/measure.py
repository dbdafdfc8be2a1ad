"""Precision and recall of the rules of circuit_review over synthetic years."""

from typing import NamedTuple

from rules_loader import load

from .planted import BLATANT, MAKERS, SUBTLE, plant
from .year import Year

facts = load("circuit_review", "facts")
patterns = load("circuit_review", "patterns")


class Result(NamedTuple):
    """One pattern: frauds planted and found, in both manners, and the cases that no planted fraud explains."""

    blatant: int = 0
    blatant_found: int = 0
    subtle: int = 0
    subtle_found: int = 0
    cases: int = 0
    false: int = 0

    @property
    def precision(self):
        """Share of the cases that a planted fraud explains."""
        return 1 - self.false / self.cases if self.cases else 1.0

    @property
    def recall(self):
        """Share of the planted frauds that have a case."""
        planted = self.blatant + self.subtle
        return (self.blatant_found + self.subtle_found) / planted if planted else 1.0

    @property
    def blatant_recall(self):
        """The same for the blatant ones alone."""
        return self.blatant_found / self.blatant if self.blatant else 1.0

    def plus(self, other):
        """The sum of two years."""
        return Result(*(one + two for one, two in zip(self, other, strict=True)))


def measure(seed, parameters=None, **size):
    """Make a year, plant frauds, look for them.

    :param int seed: another number is another year
    :param Parameters parameters: as they come when empty
    :param size: households, payments
    :return: dict of kind to Result
    """
    year = Year(seed, **size)
    plant(year)
    found = patterns.find(year.facts(), parameters or facts.Parameters())
    results = {}
    for kind in MAKERS:
        cases = [frozenset(finding.payments + finding.failures) for finding in found if finding.kind == kind]
        frauds = [fraud for fraud in year.planted if fraud.kind == kind]
        caught = [fraud for fraud in frauds if any(fraud.ids & case for case in cases)]
        true = [case for case in cases if any(fraud.ids & case for fraud in year.planted)]

        def count(rows, manner):
            return sum(fraud.manner == manner for fraud in rows)

        results[kind] = Result(
            count(frauds, BLATANT),
            count(caught, BLATANT),
            count(frauds, SUBTLE),
            count(caught, SUBTLE),
            len(cases),
            len(cases) - len(true),
        )
    return results


def total(years):
    """Sum over years.

    :param years: iterable of what :func:`measure` returned
    :return: dict of kind to Result
    """
    sums = {kind: Result() for kind in MAKERS}
    for year in years:
        sums = {kind: sums[kind].plus(year[kind]) for kind in sums}
    return sums


def table(results):
    """A Markdown table.

    :param dict results: of kind to Result
    :return: str
    """
    lines = [
        "| pattern | blatant: found / planted | subtle: found / planted | cases | false alarms | precision | recall |",
        "|---|---|---|---|---|---|---|",
    ]
    rows = [*results.items(), ("all", _sum(results))]
    lines += [
        f"| {kind} | {row.blatant_found} / {row.blatant} | {row.subtle_found} / {row.subtle} | {row.cases} | {row.false}"
        f" | {row.precision:.2f} | {row.recall:.2f} |"
        for kind, row in rows
    ]
    return "\n".join(lines)


def _sum(results):
    result = Result()
    for row in results.values():
        result = result.plus(row)
    return result
