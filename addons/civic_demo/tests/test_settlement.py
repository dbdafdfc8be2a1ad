from datetime import date, datetime
from types import SimpleNamespace

from odoo.tests import BaseCase, tagged

from ..demo.seasons import season
from ..demo.settlement import Settlement


def plan(now):
    """The settlement of a demo installed at an instant, without a database."""
    shops = SimpleNamespace(partners={})
    programme = SimpleNamespace(funder_id=None)
    return Settlement(SimpleNamespace(env=None, calendar=season(now), shops=shops, programme=programme))


@tagged("post_install", "-at_install")
class TestSettlement(BaseCase):
    """Months of the demo are settled when they are over, on whatever day it is installed."""

    def test_months_that_are_over(self):
        """R-004-96: from April to last month; in the year's first month none; in winter all of last year's."""
        self.assertEqual(plan(datetime(2026, 4, 20, 9)).months(), [])
        self.assertEqual(plan(datetime(2026, 6, 1, 9)).months(), [date(2026, 4, 1), date(2026, 5, 1)])
        self.assertEqual(plan(datetime(2027, 2, 10, 9)).months()[-1], date(2027, 1, 1))

    def test_a_month_is_over_by_the_clock_of_the_town(self):
        """R-004-96: half past eleven at night in Greenwich is the first of the month in Rome."""
        self.assertEqual(plan(datetime(2026, 5, 31, 22, 30)).months(), [date(2026, 4, 1), date(2026, 5, 1)])

    def test_steps_in_order_and_in_the_past(self):
        """R-004-96 … R-004-98: nothing happens that is still to come."""
        now = datetime(2026, 6, 11, 12)
        events = plan(now).events()

        moments = [moment for moment, _step, _arguments in events]
        self.assertEqual(moments, sorted(moments))
        self.assertLess(moments[-1], now)
        self.assertEqual([arguments for _moment, _step, arguments in events][-1], ("approve", date(2026, 5, 1)))
