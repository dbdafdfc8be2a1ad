from datetime import date

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL

from .common import PrivacyCase


@tagged("post_install", "-at_install")
class TestErasure(PrivacyCase):
    def propose(self, **vals):
        vals = {"household_id": self.family.id, "ground": "act", "act_reference": "Determination 45", **vals}
        return self.env["family.erasure"].with_user(self.officer).create(vals)

    def test_empty_form(self):
        """R-004-100: a new proposal without a household yet shows no hindrance."""
        erasure = self.env["family.erasure"].with_user(self.officer).new({})

        self.assertFalse(erasure.hindrance)

    def erase(self):
        erasure = self.propose()
        erasure.with_user(self.manager).action_confirm()
        return erasure

    def books(self):
        """Everything the books say, to the last digit."""
        return [
            self.env.execute_query(SQL(query))
            for query in (
                "SELECT id, balance::text, entry_count, last_hash FROM stored_value_account ORDER BY id",
                "SELECT id, amount::text, remaining::text, expires_at FROM stored_value_lot ORDER BY id",
                "SELECT id, amount::text, hash, previous_hash, memo FROM stored_value_entry ORDER BY id",
                "SELECT id, amount::text, state, merchant_id, account_id FROM circuit_transaction ORDER BY id",
            )
        ]

    def places(self, *texts):
        """Columns of the whole database in which one of the texts is left."""
        columns = self.env.execute_query(
            SQL(
                """SELECT c.table_name, c.column_name FROM information_schema.columns c
                     JOIN information_schema.tables t USING (table_schema, table_name)
                    WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'
                      AND c.data_type IN ('character varying', 'text', 'jsonb')"""
            )
        )
        found = set()
        for table, column in columns:
            for text in texts:
                name = SQL.identifier(column)
                query = SQL("SELECT 1 FROM %s WHERE %s::text ILIKE %s", SQL.identifier(table), name, f"%{text}%")
                if self.env.execute_query(SQL("%s LIMIT 1", query)):
                    found.add((table, column, text))
        return found

    def test_nothing_in_the_database_names_them_any_more(self):
        """R-004-100, R-004-101: every column of every table is looked through."""
        self.spend()
        for record in (self.family, self.head, self.the_card):
            self.attach(record)
        self.the_card.phone = "+39 347 9998887"
        self.env["family.registry.event"].create(
            {"kind": "coming_of_age", "person_id": self.head.id, "date": "2003-12-10", "note": "Qwertazzi zefirino"}
        )
        texts = ("Qwertazzi", self.code, "9998887", "zefirino@", "Vicolo Zxcv")
        self.env["circuit.complaint"].create(
            {
                "circuit_id": self.circuit.id,
                "merchant_id": self.grocery.id,
                "reporter_name": "Zefirino Qwertazzi",
                "reporter_email": "zefirino@example.org",
                "subject": "The discount",
                "body": "Sono Qwertazzi",
                "channel": "phone",
            }
        )
        self.the_card.message_subscribe(self.head.ids)
        self.env.flush_all()
        self.assertTrue(self.places(*texts))
        self.empty_and_close()

        self.erase()

        self.env.flush_all()
        self.assertEqual(self.places(*texts), set())

    def test_the_books_stay_to_the_last_digit(self):
        """R-004-100: accounts, lots, movements and hash chain are untouched."""
        self.spend()
        self.empty_and_close()
        self.env.flush_all()
        before = self.books()

        self.erase()

        self.env.flush_all()
        self.assertEqual(self.books(), before)
        self.assertEqual(self.the_card.account_ids._verify(), [])
        self.assertEqual(self.the_card.household_id, self.family)

    def test_of_a_birth_date_the_year_is_left(self):
        """R-004-100: figures by age stay possible."""
        self.empty_and_close()
        self.erase()

        self.assertEqual((self.head.birth_date, self.child.birth_date), (date(1985, 1, 1), date(2015, 1, 1)))
        self.assertEqual((self.child.active, self.child.erased), (False, True))
        lines = self.env["family.household.member"].search([("household_id", "=", self.family.id)])
        self.assertEqual(set(lines.mapped("disability")), {"none"})
        self.assertFalse(any(lines.mapped("student")))

    def test_who_lives_elsewhere_now_stays_known(self):
        """R-004-101: the data of another household are not erased with this one."""
        other = self.household(self.person(name="Gaspare Poiuytrez"))
        self.env["family.registry.event"].create(
            {
                "kind": "household_change",
                "person_id": self.child.id,
                "household_id": other.id,
                "relation": "relative",
                "date": "2024-04-01",
            }
        ).action_apply()
        self.empty_and_close()

        erasure = self.erase()

        self.assertEqual((erasure.person_count, self.child.name, self.child.erased), (1, "Zenobia Qwertazzi", False))
        self.assertTrue(self.head.erased)

    def test_a_live_card_or_credit_stands_against_it(self):
        """R-004-100: nobody's money loses its owner."""
        erasure = self.propose()
        self.assertIn("not closed", erasure.hindrance)
        self.the_card._change_state("closed", "request")
        erasure.invalidate_recordset()
        self.assertIn("credit left", erasure.hindrance)

        with self.assertRaises(UserError):
            erasure.with_user(self.manager).action_confirm()
        self.assertFalse(self.head.erased)

    def test_without_an_act_the_time_must_be_over(self):
        """R-004-100: ten years after the last movement, a dated parameter."""
        self.empty_and_close()
        erasure = self.propose(ground="retention", act_reference=False)
        self.assertEqual(erasure.due_on, date(2034, 4, 3))
        self.assertTrue(erasure.hindrance)
        self.assertTrue(self.propose_error(erasure))

        with freeze_time("2034-04-03"):
            erasure.invalidate_recordset()
            erasure.with_user(self.manager).action_confirm()
        self.assertEqual(erasure.state, "done")

    def propose_error(self, erasure):
        with self.assertRaises(UserError) as error:
            erasure.with_user(self.manager).action_confirm()
        return str(error.exception)

    def test_an_act_needs_its_reference(self):
        """R-004-100."""
        self.empty_and_close()

        self.assertIn("act", self.propose_error(self.propose(act_reference=" ")))

    def test_a_proposal_names_its_proposer_whatever_the_caller_suggests(self):
        """R-004-100: a default in the context gives nobody a second pair of eyes."""
        self.empty_and_close()
        model = self.env["family.erasure"].with_user(self.manager)
        vals = {"household_id": self.family.id, "ground": "act", "act_reference": "Determination 45"}

        erasure = model.with_context(default_proposed_by_id=self.officer.id).create(vals)

        self.assertEqual(erasure.proposed_by_id, self.manager)
        with self.assertRaises(UserError):
            erasure.action_confirm()

    def test_one_proposes_another_confirms(self):
        """R-004-100: four eyes, and the second are a manager's."""
        self.empty_and_close()
        erasure = self.propose()
        with self.assertRaises(UserError):
            erasure.action_confirm()
        second = self.user("second", "family_card.group_officer")
        with self.assertRaises(UserError):
            erasure.with_user(second).action_confirm()
        own = self.env["family.erasure"].browse(erasure.id).with_user(self.manager)
        self.assertFalse(self.head.erased)

        own.action_confirm()

        self.assertEqual((erasure.state, erasure.decided_by_id), ("done", self.manager))
        log = self.env["family.access.log"].search([("action", "=", "erase"), ("user_id", "=", self.manager.id)])
        self.assertEqual((log.user_id, log.reason), (self.manager, "Determination 45"))

    def test_what_was_decided_stays_on_record(self):
        """R-004-100."""
        erasure = self.propose()
        erasure.with_user(self.manager).action_refuse()

        self.assertEqual((erasure.state, self.head.erased), ("refused", False))
        for change in (
            lambda: erasure.write({"ground": "retention"}),
            lambda: erasure.write({"state": "done"}),
            erasure.unlink,
            erasure.with_user(self.manager).action_refuse,
        ):
            with self.subTest(str(change)), self.assertRaises(UserError):
                change()

    def test_a_login_of_theirs_is_closed(self):
        """R-004-101: nobody logs in as somebody who is not known any more."""
        user = self.user("zefirino.qwertazzi", "base.group_portal")
        user.sudo().partner_id.name = "Zefirino Qwertazzi"
        user.sudo().citizen_id = self.head
        user.sudo().email = "zefirino@qwertazzi.example"
        self.env["mail.mail"].create(
            {"email_to": "Zefirino <zefirino@qwertazzi.example>", "body_html": "<p>Caro Qwertazzi</p>"}
        )
        self.empty_and_close()

        self.erase()

        self.assertFalse(user.active)
        self.assertEqual(self.places("qwertazzi"), set())

    def test_households_whose_time_is_over_are_proposed(self):
        """R-004-100: by themselves, for somebody to confirm."""
        self.empty_and_close()
        erasures = self.env["family.erasure"]
        erasures._cron_propose()
        self.assertFalse(erasures.search([("household_id", "=", self.family.id)]))

        with freeze_time("2034-05-01"):
            erasures._cron_propose()
            erasures._cron_propose()

        found = erasures.search([("household_id", "=", self.family.id)])
        self.assertEqual((len(found), found.state, found.ground), (1, "proposed", "retention"))
