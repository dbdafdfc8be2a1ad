from datetime import datetime

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PrivacyCase

FORM = {"name": {}, "street": {}}


@tagged("post_install", "-at_install")
class TestAccessLog(PrivacyCase):
    def lines(self, **values):
        domain = [("user_id", "in", (self.officer | self.manager | self.employee).ids)]
        return self.env["family.access.log"].search([*domain, *[(name, "=", v) for name, v in values.items()]])

    def test_who_opens_a_household_is_written_down(self):
        """R-004-101: who, when, what."""
        self.family.with_user(self.officer).web_read(FORM)

        line = self.lines()
        self.assertEqual((line.user_id, line.action, line.household_id), (self.officer, "open", self.family))
        self.assertEqual((line.res_model, line.res_id), ("res.partner", self.family.id))
        self.assertEqual(line.at, datetime(2024, 4, 3, 8, 15))
        self.assertEqual(line.company_id, self.company)

    def test_a_person_and_a_card_lead_to_their_household(self):
        """R-004-101."""
        self.child.with_user(self.officer).web_read(FORM)
        self.the_card.with_user(self.officer).web_read({"number": {}, "state": {}})

        self.assertEqual(self.lines().mapped("res_model"), ["family.card", "res.partner"])
        self.assertEqual(self.lines().household_id, self.family)
        self.assertEqual(self.lines().mapped("res_name"), [self.the_card.display_name, self.child.display_name])

    def test_the_same_visit_is_written_down_once(self):
        """R-004-101: reloading a page says nothing new."""
        family = self.family.with_user(self.officer)
        family.web_read(FORM)
        with freeze_time("2024-04-03 08:25:00"):
            family.web_read(FORM)
        self.assertEqual(len(self.lines()), 1)

        with freeze_time("2024-04-03 08:31:00"):
            family.web_read(FORM)
        self.assertEqual(len(self.lines()), 2)

    def test_lists_names_and_shops_are_no_visits(self):
        """R-004-101: a log full of noise says nothing."""
        partners = self.env["res.partner"].with_user(self.officer)
        partners.web_search_read([("id", "=", self.family.id)], FORM)
        self.family.with_user(self.officer).web_read({"display_name": {}})
        self.grocery.with_user(self.officer).web_read(FORM)
        (self.family | self.head).with_user(self.officer).web_read(FORM)

        self.assertFalse(self.lines())

    def test_lists_open_in_the_browser(self):
        """R-004-101: called as the web client calls them, without ids."""
        for name, field in (("res.partner", "name"), ("family.card", "number")):
            model = self.env[name].with_user(self.officer)
            with self.subTest(name):
                found = call_kw(model, "web_search_read", [], {"specification": {field: {}}, "domain": [], "limit": 1})
                self.assertEqual(len(found["records"]), 1)

    def test_what_a_form_shows_inside_is_no_visit_of_its_own(self):
        """R-004-101: opening the household does not open its card."""
        self.family.with_user(self.officer).web_read(
            {"name": {}, "family_card_ids": {"fields": {"number": {}, "state": {}}}}
        )

        self.assertEqual(self.lines().mapped("res_model"), ["res.partner"])

    def test_exported_lists_are_written_down(self):
        """R-004-101."""
        self.env.ref("base.group_allow_export").user_ids |= self.officer
        self.family.with_user(self.officer).export_data(["name"])
        self.the_card.with_user(self.officer).export_data(["number"])

        self.assertEqual(self.lines().mapped("action"), ["list", "list"])

    def test_nobody_changes_the_log(self):
        """R-004-101: append-only."""
        self.family.with_user(self.officer).web_read(FORM)
        line = self.lines()

        for change in (
            lambda: line.with_user(self.manager).write({"reason": "x"}),
            line.unlink,
            lambda: line.with_user(self.manager).create({"action": "open"}),
        ):
            with self.subTest(str(change)), self.assertRaises(UserError):
                change()
        for statement in ("UPDATE family_access_log SET reason = 'x'", "DELETE FROM family_access_log"):
            with (
                self.subTest(statement),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(statement)

    def test_lines_go_when_their_time_is_over(self):
        """R-004-101: 24 months, a dated parameter."""
        self.family.with_user(self.officer).web_read(FORM)
        with freeze_time("2026-04-02"):
            self.env["family.access.log"]._gc_log()
        self.assertEqual(len(self.lines()), 1)

        with freeze_time("2026-04-04"):
            self.env["family.access.log"]._gc_log()
        self.assertFalse(self.lines())

    def test_the_household_leads_to_its_log(self):
        """R-004-101."""
        self.family.with_user(self.officer).web_read(FORM)
        family = self.family.with_user(self.manager)

        self.assertEqual(family.access_count, 1)
        self.assertEqual(family.action_access_log()["domain"], [("household_id", "=", self.family.id)])
