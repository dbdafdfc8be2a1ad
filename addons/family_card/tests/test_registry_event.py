from datetime import date, datetime

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import CorletoCase


@tagged("post_install", "-at_install")
class TestRegistryEvent(CorletoCase):
    def event(self, kind, person, day, **vals):
        """An event that was learnt today and applied."""
        event = self.env["family.registry.event"].create(
            {"kind": kind, "person_id": person.id, "date": day, "source": "registry", **vals}
        )
        event.action_apply()
        return event

    def test_who_was_there_and_what_we_knew(self):
        """R-004-17, R-004-51: a departure of 2023 that was learnt in April 2024."""
        member = self.person()
        family = self.household(self.person(), member)
        with freeze_time(datetime(2024, 4, 20, 9, 0)):
            self.event("move_out", member, "2023-11-30")
            family.invalidate_recordset()

            then = family._members_on(date(2023, 12, 31), datetime(2024, 4, 10))
            now = family._members_on(date(2023, 12, 31))
            wizard = self.env["family.household.history"].create(
                {"household_id": family.id, "day": "2023-12-31", "known_at": "2024-04-10 00:00:00"}
            )

        self.assertIn(member, then.person_id)
        self.assertNotIn(member, now.person_id)
        self.assertEqual((wizard.known_line_ids, wizard.current_line_ids), (then, now))
        self.assertTrue(wizard.differs)
        self.assertIn(member, family._members_on(date(2023, 11, 30)).person_id)

    def test_a_birth_adds_a_member(self):
        """R-004-52, B1."""
        family = self.household()
        baby = self.person(l10n_it_codice_fiscale=False, birth_date="2024-03-15")

        event = self.event("birth", baby, "2024-03-15", household_id=family.id, relation="child")

        self.assertEqual(event.state, "applied")
        self.assertIn(baby, family._members_on(date(2024, 3, 15)).person_id)
        self.assertNotIn(baby, family._members_on(date(2024, 3, 14)).person_id)

    def test_a_change_of_household_ends_the_old_membership(self):
        """R-004-17, R-004-52."""
        child = self.person()
        old, new = self.household(self.person(), child), self.household()

        self.event("household_change", child, "2024-03-01", household_id=new.id, relation="relative")

        self.assertNotIn(child, old._members_on(date(2024, 3, 1)).person_id)
        self.assertIn(child, old._members_on(date(2024, 2, 29)).person_id)
        self.assertIn(child, new._members_on(date(2024, 3, 1)).person_id)

    def test_a_change_before_a_known_one_is_refused(self):
        """A late declaration does not silently undo what is on record."""
        child = self.person()
        self.household(self.person(), child)

        with self.assertRaises(UserError):
            self.event("household_change", child, "2019-03-01", household_id=self.household().id, relation="relative")

    def test_a_death_suspends_the_card_and_asks_for_a_new_head(self):
        """B3, R-004-51, R-004-59: suspended at once; the heir gets card, lots and expiries as they are."""
        heir = self.person()
        head = self.person()
        family = self.household(head, heir)
        card, pin = self.card({"COMMERCIO": "56.25"}, household_id=family.id)
        lots = card.account_ids.lot_ids
        expiries = lots.mapped("expires_at")
        with freeze_time(datetime(2024, 5, 21, 8, 0)):
            self.event("death", head, "2024-05-20")
            family.invalidate_recordset()

            self.assertEqual((card.state, card.state_reason), ("suspended", "holder_death"))
            self.assertEqual(self.charge(card, pin, "20.00")["code"], "SUSPENDED")
            self.assertEqual(card.balance, 56.25)
            self.assertIn(family, self.env["res.partner"].search([("needs_head", "=", True)]))
            self.assertTrue(family.needs_head)

            self.env["family.household.head"].create(
                {"household_id": family.id, "person_id": heir.id, "date": "2024-05-21"}
            ).action_appoint()
            family.invalidate_recordset()

            self.assertFalse(family.needs_head)
            self.assertNotIn(family, self.env["res.partner"].search([("needs_head", "=", True)]))
            self.assertEqual((card.state, card.holder_id), ("active", heir))
            self.assertEqual(card.account_ids.lot_ids, lots)
            self.assertEqual(lots.mapped("expires_at"), expiries)
        self.assertEqual(head.death_date, date(2024, 5, 20))

    def test_a_card_suspended_for_something_else_waits_for_the_head_too(self):
        """R-004-59: found again, a lost card of a dead holder is not reactivated."""
        card, _pin = self.card()
        card._change_state("suspended", "lost")

        self.event("death", card.holder_id, "2024-04-01")

        self.assertEqual(card.state_reason, "holder_death")

    def test_the_dead_join_nothing(self):
        """R-004-51."""
        person = self.person()
        self.household(self.person(), person)
        self.event("death", person, "2024-04-01")

        with self.assertRaises(UserError):
            self.event("move_in", person, "2024-04-02", household_id=self.household().id, relation="other")

    def test_coming_of_age_is_proposed_once(self):
        """R-004-54: by date, without a declaration."""
        young = self.person(l10n_it_codice_fiscale=False, birth_date="2006-04-03")
        almost = self.person(l10n_it_codice_fiscale=False, birth_date="2006-04-04")
        self.household(self.person(), young, almost)
        events = self.env["family.registry.event"]

        events._cron_coming_of_age()
        events._cron_coming_of_age()

        proposed = events.search([("kind", "=", "coming_of_age"), ("person_id", "in", (young | almost).ids)])
        self.assertEqual(proposed.person_id, young)
        self.assertEqual((proposed.state, proposed.date, proposed.source), ("proposed", date(2024, 4, 3), "date"))
        self.assertEqual(proposed.company_id, self.company)
        proposed.action_dismiss()
        events._cron_coming_of_age()
        self.assertEqual(events.search_count([("person_id", "=", young.id)]), 1)

    def test_an_event_stays_as_it_was_decided(self):
        """R-004-51: recorded with author and day; neither changed nor deleted afterwards."""
        officer = self.user("officer", "family_card.group_officer")
        member = self.person()
        self.household(self.person(), member)
        event = (
            self.env["family.registry.event"]
            .with_user(officer)
            .create({"kind": "move_out", "person_id": member.id, "date": "2024-04-01"})
        )
        event.action_apply()

        self.assertEqual((event.user_id, event.applied_by_id), (officer, officer))
        for vals in ({"date": "2024-03-01"}, {"state": "proposed"}, {"user_id": self.env.uid}):
            with self.subTest(str(vals)), self.assertRaises(UserError):
                event.write(vals)
        with self.assertRaises(UserError):
            event.action_apply()
        with self.assertRaises(UserError):
            event.sudo(False).action_dismiss()

    def test_nothing_is_recorded_before_it_happens(self):
        """R-004-51."""
        with self.assertRaises(ValidationError):
            self.event("move_out", self.person(), "2024-04-04")
        with self.assertRaises(ValidationError):
            self.event("move_in", self.person(), "2024-04-01")

    def test_the_new_head_is_a_member(self):
        """A22: one of the household, and only when there is no head."""
        family = self.household(self.person(), self.person())
        wizard = self.env["family.household.head"]

        with self.assertRaises(UserError):
            wizard.create(
                {"household_id": family.id, "person_id": family.household_member_ids[1].person_id.id}
            ).action_appoint()
        self.event("move_out", family._head_on(date(2024, 4, 1)), "2024-04-01")
        with self.assertRaises(UserError):
            wizard.create({"household_id": family.id, "person_id": self.person().id}).action_appoint()
