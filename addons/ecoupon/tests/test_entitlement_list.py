import base64
from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.queue_job.job import Job

from ..models import ecoupon_entitlement_list_apply
from ..rules import person
from .entitlement_common import CODES, ListCase


@tagged("post_install", "-at_install")
class TestEntitlementList(ListCase):
    def test_additions(self):
        """R-000-31: a list by file entitles the people it names, once it is applied."""
        self.prove()
        record = self.deliver(f"{CODES[0]};TRDA;01/06/2026;31/12/2026;", f"{CODES[2]};tfam;2026-01-01;;add")
        self.assertEqual((record.state, self.figures(record), self.holds()), ("checked", (2, 0, 0), False))

        record.action_apply()

        self.assertEqual((record.state, self.figures(record), self.holds()), ("applied", (2, 0, 0), True))
        self.assertEqual((record.applied_by_id, record.name), (self.region, "list.csv"))
        self.assertEqual(self.entitlements(CODES[2]).policy_id, self.other_policy)

    def test_nothing_keeps_the_codes(self):
        """R-000-31: neither the file nor a fiscal code in clear is left anywhere."""
        record = self.apply(f"{CODES[3]};TRDA;2026-01-01;;")

        self.env.flush_all()
        self.assertFalse(self.env["ir.attachment"].search([("res_model", "=", record._name)]))
        self.env.cr.execute("SELECT string_agg(e::text, ' ') FROM ecoupon_entitlement e")
        entitlements = self.env.cr.fetchone()[0]
        self.env.cr.execute("SELECT string_agg(l::text, ' ') FROM ecoupon_entitlement_list l")
        self.assertNotIn(CODES[3], entitlements + self.env.cr.fetchone()[0])
        self.assertFalse(self.env["ecoupon.entitlement.row"].search([("list_id", "=", record.id)]))
        self.assertFalse(record.file)

    def test_removal_is_effective_at_once(self):
        """R-000-31: who is taken off is no longer entitled, and the log says since when and by which list."""
        self.prove()
        self.apply(f"{CODES[0]};TRDA;2026-01-01;;")

        record = self.apply(f"{CODES[0]};TRDA;;;togli")

        self.assertFalse(self.holds())
        self.assertEqual(self.figures(record), (0, 0, 1))
        event = self.entitlements().event_ids.sorted("id")[-1]
        self.assertEqual((event.kind, event.list_id, event.user_id), ("removed", record, self.region))
        self.assertEqual(f"{event.at}", "2026-06-15 10:00:00")

    def test_removal_at_the_end_of_a_day(self):
        """R-000-31, R-000-33: a removal with an end date closes the reserved area after that day."""
        self.prove()
        self.apply(f"{CODES[0]};TRDA;2026-01-01;;")

        self.apply(f"{CODES[0]};TRDA;;30/06/2026;remove")

        days = (date(2026, 6, 15), date(2026, 6, 30), date(2026, 7, 1))
        self.assertEqual([self.holds(day=day) for day in days], [True, True, False])
        self.assertEqual(self.log()[-1], ("changed", date(2026, 1, 1), date(2026, 6, 30)))

    def test_end_date_changed(self):
        """R-000-31: the same first day with another last day changes the entitlement, also in the past."""
        self.prove()
        self.apply(f"{CODES[0]};TRDA;2026-01-01;;")

        record = self.apply(f"{CODES[0]};TRDA;2026-01-01;14/06/2026;")

        self.assertEqual(self.figures(record), (0, 1, 0))
        self.assertFalse(self.holds())

    def test_other_first_day_takes_the_place(self):
        """R-000-31: an end date counts also when the first day is told differently: the running entitlement gives
        way."""
        self.prove()
        self.apply(f"{CODES[0]};TRDA;2026-01-01;;")

        record = self.apply(f"{CODES[0]};TRDA;2026-02-01;2026-07-31;")

        self.assertEqual(self.figures(record), (1, 0, 1))
        self.assertFalse(self.holds(day=date(2026, 8, 1)))

    def test_a_period_is_cut_and_followed(self):
        """R-000-31: one list may end a period and begin the next one."""
        self.apply(f"{CODES[0]};TRDA;2025-01-01;;")

        record = self.apply(f"{CODES[0]};TRDA;2025-01-01;2026-06-30;", f"{CODES[0]};TRDA;2026-07-01;;")

        self.assertEqual(self.figures(record), (1, 1, 0))

    def test_again_changes_nothing(self):
        """R-000-31: the same list once more adds nothing and logs nothing."""
        rows = [f"{CODES[0]};TRDA;2026-01-01;;", f"{CODES[2]};TRDA;;;remove"]
        self.apply(*rows)

        record = self.apply(*rows)

        self.assertEqual(self.figures(record), (0, 0, 0))
        self.assertEqual(len(self.log()), 1)

    def test_back_on_the_list(self):
        """R-000-31: who was taken off can be entitled again."""
        self.prove()
        self.apply(f"{CODES[0]};TRDA;2026-01-01;;")
        self.apply(f"{CODES[0]};TRDA;;;remove")

        self.apply(f"{CODES[0]};TRDA;2026-01-01;;")

        self.assertTrue(self.holds())
        self.assertEqual([kind for kind, *_days in self.log()], ["added", "removed", "added"])

    def test_whole_list(self):
        """R-000-31: who is missing from a whole list is taken off, what has ended stays as it is."""
        self.apply(
            f"{CODES[0]};TRDA;2026-01-01;;", f"{CODES[2]};TFAM;2026-01-01;;", f"{CODES[3]};TRDA;2025-01-01;2025-12-31;"
        )

        record = self.apply(f"{CODES[0]};TRDA;2026-01-01;;", mode="full")

        self.assertEqual(self.figures(record), (0, 0, 1))
        self.assertEqual(
            [self.entitlements(code).state for code in (CODES[0], CODES[2], CODES[3])], ["running", "removed", "ended"]
        )

    def test_whole_list_of_a_policy(self):
        """R-000-31, R-000-32: the whole list of one policy leaves the others alone."""
        self.apply(f"{CODES[0]};TRDA;2026-01-01;;", f"{CODES[2]};TFAM;2026-01-01;;")

        record = self.apply(f"{CODES[3]};;2026-01-01;;", mode="full", policy_id=self.policy.id)

        self.assertEqual(self.figures(record), (1, 0, 1))
        self.assertEqual(self.entitlements(CODES[2]).state, "running")

    def test_other_circuits_are_left_alone(self):
        """R-000-31: a whole list is that of its circuit."""
        other = self.env["circuit.circuit"].create({"name": "Piemonte"})
        elsewhere = self.entitle(CODES[2], circuit=other)

        self.apply(f"{CODES[0]};TRDA;2026-01-01;;", mode="full")

        self.assertEqual(elsewhere.state, "running")

    def test_mistakes_stop_the_whole_list(self):
        """R-000-31: every mistake is told with its row, and nothing of the list is applied."""
        record = self.deliver(
            f"{CODES[0]};TRDA;2026-01-01;;",
            "TSTMRA80A01H501A;TRDA;2026-01-01;;",
            f"{CODES[2]};XXX;2026-12-31;2026-01-01;",
        )

        self.assertEqual((record.state, record.problem_count), ("wrong", 3))
        self.assertEqual(
            record.problems.splitlines(),
            [
                "Row 3: the fiscal code TST***********1A is not valid.",
                "Row 4: there is no policy with the code “XXX”.",
                "Row 4: it ends before it begins: from 31/12/2026 to 01/01/2026.",
            ],
        )
        with self.assertRaises(UserError):
            record.action_apply()
        self.assertFalse(self.entitlements())

    def test_hash_of_another_key(self):
        """R-000-31: a list hashed with another key is refused, and its key's check value named."""
        secret = "k" * 40
        key = self.env["ecoupon.entitlement.key"]._make(self.circuit, "Region 2026", secret)
        header = "hash;key;check value;policy;from"
        good = f"{person.keyed_hash(secret, CODES[0])};Region 2026;{key.check_value};TRDA;2026-01-01"
        bad = f"{person.keyed_hash('other', CODES[0])};Region 2026;{person.check_value('other')};TRDA;2026-01-01"

        wrong = self.deliver(bad, header=header)

        self.assertEqual(wrong.state, "wrong")
        self.assertRegex(wrong.problems, "Row 2: the hash was made with another key than “Region 2026”")
        self.prove()
        self.assertEqual((self.apply(good, header=header).added_count, self.holds()), (1, True))

    def test_archived_key(self):
        """R-000-31: no list hashed with a key that was put away is taken."""
        key = self.env["ecoupon.entitlement.key"]._make(self.circuit, "Old", "k" * 40)
        key.active = False
        row = f"{person.keyed_hash('k' * 40, CODES[0])};Old;{key.check_value};TRDA;2026-01-01"

        record = self.deliver(row, header="hash;key;check value;policy;from")

        self.assertRegex(record.problems, "no key “Old”")

    def test_not_a_list(self):
        """R-000-31: a file that is no list is refused with a sentence, and nothing is left of it."""
        before = self.env["ecoupon.entitlement.list"].search_count([])

        with self.assertRaisesRegex(UserError, "neither an XLSX sheet"), self.env.cr.savepoint():
            self.deliver(header="%PDF-1.7")

        self.assertEqual(self.env["ecoupon.entitlement.list"].search_count([]), before)

    def test_other_terms_read_it_anew(self):
        """R-000-31: what was checked under other terms is not applied."""
        record = self.deliver(f"{CODES[0]};TRDA;2026-01-01;;")

        record.mode = "full"

        self.assertEqual(record.state, "draft")
        self.assertFalse(self.env["ecoupon.entitlement.row"].search([("list_id", "=", record.id)]))

    def test_figures_are_of_what_was_read(self):
        """R-000-31: a list that is read anew, or now has mistakes, keeps no figures of before."""
        record = self.deliver(f"{CODES[0]};TRDA;2026-01-01;;")
        self.assertEqual(self.figures(record), (1, 0, 0))

        record.file = base64.b64encode(f"fiscal code;policy;from\n{CODES[0]};NONE;2026-01-01\n".encode())
        self.assertEqual((record.state, self.figures(record)), ("wrong", (0, 0, 0)))
        record.mode = "full"
        self.assertEqual((record.state, record.problem_count), ("draft", 0))

    def test_rows_are_shown_before_they_are_applied(self):
        """R-000-31: hashes and days of this list only."""
        record = self.deliver(f"{CODES[0]};TRDA;2026-01-01;;", f"{CODES[2]};TFAM;2026-01-01;;")
        self.deliver(f"{CODES[3]};TRDA;2026-01-01;;")

        action = record.action_rows()

        rows = self.env[action["res_model"]].with_user(self.region).search(action["domain"])
        self.assertEqual(rows.mapped("policy_id.code"), ["TRDA", "TFAM"])

    def test_policy_of_another_company(self):
        """R-000-32: a list names a policy of the circuit's own company."""
        company = self.env["res.company"].create({"name": "Altra Regione"})
        other = self.policy.copy({"company_id": company.id})

        with self.assertRaisesRegex(ValidationError, "none of the circuit's company"):
            self.env["ecoupon.entitlement.list"].create({"circuit_id": self.circuit.id, "policy_id": other.id})

    def test_an_applied_list_stays(self):
        """R-000-31: what was applied is neither changed nor deleted nor applied again."""
        record = self.apply(f"{CODES[0]};TRDA;2026-01-01;;")

        for attempt in (
            record.action_apply,
            record.unlink,
            lambda: record.write({"mode": "full"}),
            lambda: record.write({"file": base64.b64encode(b"cf;from\n")}),
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                attempt()

    def test_long_lists_go_to_the_background(self):
        """R-000-31: a long list is applied by a job, as a whole."""
        self.prove()
        with patch.object(ecoupon_entitlement_list_apply, "DIRECT_ROWS", 1):
            record = self.apply(f"{CODES[0]};TRDA;2026-01-01;;", f"{CODES[2]};TRDA;2026-01-01;;")
        self.assertEqual((record.state, record.job_stopped, self.holds()), ("queued", False, False))
        with self.assertRaises(UserError):
            record.action_apply()

        # without the job's id in the context: progress would be written in another transaction
        Job.load(self.env, record.job_uuid).recordset._job_apply()

        self.assertEqual((record.state, record.job_percent, record.applied_by_id), ("applied", 100, self.region))
        self.assertTrue(self.holds())

    def test_only_the_region_delivers(self):
        """R-000-31, B08: neither the office nor a citizen delivers or applies a list."""
        record = self.deliver(f"{CODES[0]};TRDA;2026-01-01;;")

        for user in (self.officer, self.citizen):
            with self.assertRaises(AccessError):
                self.deliver(f"{CODES[0]};TRDA;2026-01-01;;", user=user)
            with self.assertRaises(AccessError):
                record.with_user(user).action_apply()

    def test_another_company(self):
        """R-000-31: lists, entitlements and their log are seen in their own company only."""
        record = self.apply(f"{CODES[0]};TRDA;2026-01-01;;")
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.region.write({"company_ids": [(4, company.id)], "company_id": company.id})
        env = self.env(user=self.region, context={"allowed_company_ids": company.ids})

        for records in (record, record.policy_id | self.policy, self.entitlements(), self.entitlements().event_ids):
            self.assertFalse(records.with_env(env)._filtered_access("read"))
