"""What is measured, what it should be, and where the target comes from: the only place with thresholds."""

from typing import NamedTuple


class Target(NamedTuple):
    """A metric of a benchmark; `sign` is "≤", "≥" or "=" between the measured value and the target."""

    benchmark: str
    metric: str
    sign: str
    value: float
    text: str

    def met(self, measured):
        """Whether a measured value reaches the target."""
        return {"≤": measured <= self.value, "≥": measured >= self.value, "=": measured == self.value}[self.sign]


TARGETS = [
    Target("B1", "cpu_ratio", "≤", 2.2, "CPU of an authorisation with all rules / empty authenticated route"),
    Target("B1", "tps_ratio", "≥", 0.45, "authorisations a second / empty authenticated route"),
    Target(
        "B2", "tps_ratio", "≥", 0.08, "authorisations a second / the smallest charging function in PostgreSQL alone"
    ),
    Target("B2", "function_cpu_ratio", "≤", 1.8, "CPU of our charging function / of the smallest one"),
    Target("B3", "tps_ratio", "≥", 25, "authorisations a second / redemptions of Odoo's eWallet"),
    Target("B3", "payment_p50_ratio", "≤", 0.85, "whole payment by card / by eWallet, median"),
    Target("B3", "overspent", "=", 0, "races for the last credit of a card in which more was granted than there was"),
    Target("B4", "tps_ratio", "≥", 0.8, "one hot account / spread over all cards, authorisations a second"),
    Target("B4", "max_over_p50", "≤", 10, "hot account: slowest answer / median answer"),
    Target("B4", "retries", "=", 0, "hot account: transactions that Odoo had to repeat"),
    Target("B4", "shop_tps_ratio", "≥", 0.8, "one till of one shop / spread over the shops, authorisations a second"),
    Target("B5", "races", "≥", 1000, "races run"),
    Target("B5", "overspent", "=", 0, "races in which more was granted than was there"),
    Target("B5", "lost", "=", 0, "races with a grant that the ledger does not have"),
    Target("B5", "duplicate", "=", 0, "races with a debit that nobody was granted"),
    Target("B5", "wrong", "=", 0, "races whose answers or final state were not those allowed"),
    Target("B7", "limit_ratio", "≥", 0.4, "crediting the largest number of cards, rows a second / bare SQL"),
    Target("B7", "rss_ratio", "≤", 1.5, "peak of memory, the largest number of cards / the smallest"),
    Target(
        "B8", "aggregate_ratio", "≤", 5, "statements of the largest number of payments / their bare sum by merchant"
    ),
    Target("B8", "queries_a_statement", "≤", 1, "SQL statements of Odoo for each statement of a merchant"),
    Target("B8", "rss_ratio", "≤", 1.5, "peak of memory, the largest number of payments / the smallest"),
    Target("B10", "p95_ratio", "≤", 3, "open loop: 95th percentile of an authorisation / of the empty route"),
    Target("B10", "p99_at_half", "≤", 250, "open loop at half of the closed loop's rate: 99th percentile, ms"),
    Target("B11", "drain_ratio", "≤", 1.2, "all families at once: time to drain / ideal"),
    Target("B11", "errors", "=", 0, "all families at once: answers that were no grant"),
    Target("B13", "auth_ratio", "≤", 0.15, "CPU of API key and PIN / empty authenticated route"),
    Target("B14", "growth", "≤", 0.05, "memory of the workers after the authorisations / before, less 1"),
    Target("B15", "tps_ratio", "≥", 0.08, "redemptions a second / the smallest charging function in PostgreSQL alone"),
    Target("B15", "function_cpu_ratio", "≤", 1.8, "CPU of the coupon's function / of the smallest charging one"),
    Target("POS", "open_ratio", "≤", 1.1, "loading a till's data as its restricted cashier / as Odoo's POS manager"),
]


def of(benchmark):
    """Targets of a benchmark."""
    return [target for target in TARGETS if target.benchmark == benchmark]
