from datetime import datetime

from odoo.tests import BaseCase, tagged

from ..demo.seasons import season


@tagged("post_install", "-at_install")
class TestSeason(BaseCase):
    """Whenever the demo is installed, there is credit to spend."""

    def quarters(self, now):
        return [load.quarter for load in season(now).loads]

    def test_first_two_quarters_are_loaded_together_in_april(self):
        """A3: the first load comprises the first quarter."""
        calendar = season(datetime(2024, 4, 20, 12))
        self.assertEqual([load.quarter for load in calendar.loads], [1, 2])
        self.assertEqual({load.at.date().isoformat() for load in calendar.loads}, {"2024-04-05"})

    def test_quarter_is_loaded_by_its_tenth_day(self):
        """R-004-32."""
        for load in season(datetime(2024, 12, 1)).loads[1:]:
            self.assertLessEqual(load.at.day, 10)

    def test_first_day_of_a_quarter_already_has_its_load(self):
        """Nobody who installs the demo in the first days of July waits for the 8th."""
        now = datetime(2024, 7, 1, 10)
        calendar = season(now)
        self.assertEqual(calendar.loads[-1].quarter, 3)
        self.assertLess(calendar.loads[-1].at, now)

    def test_winter_replays_the_year_before(self):
        """R-004-33: cards work from 1 April."""
        self.assertEqual(season(datetime(2025, 3, 31, 21, 59)).year, 2024)
        self.assertEqual(self.quarters(datetime(2025, 2, 1)), [1, 2, 3, 4])
        # 22:00 UTC is midnight in Rome.
        self.assertEqual(season(datetime(2025, 3, 31, 22, 0)).year, 2025)

    def test_cards_are_spendable_from_the_first_of_april_in_rome(self):
        """H14: 2024-03-31T22:00:00Z."""
        self.assertEqual(season(datetime(2024, 5, 1)).spendable_from, datetime(2024, 3, 31, 22))
