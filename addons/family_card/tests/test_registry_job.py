import base64

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.queue_job.job import Job

from .test_registry_import import RegistryImportCase


@tagged("post_install", "-at_install")
class TestRegistryJob(RegistryImportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for name in ("rows", "kilobytes"):
            cls.env["ir.config_parameter"].set_param(f"family_card.registry_direct_{name}", "0")
        cls.officer = cls.user("officer", "family_card.group_officer")

    def setUp(self):
        super().setUp()
        self.line = f"F1;{self.fiscal_code()};Rossi;Mario;10/12/1985;IS;01/01/2020;;"
        self.record = self.upload(self.line).with_user(self.officer)

    def job(self):
        """The job of the record, as the queue would load it."""
        return Job.load(self.env, self.record.job_uuid)

    def perform(self):
        """What the job runner does."""
        job = self.job()
        job.set_started()
        job.store()
        self.env.flush_all()
        # without the job's id in the context: progress would be written in another transaction
        getattr(self.record.with_user(job.recordset.env.user), job.method_name)()
        job.set_done()
        job.store()
        self.record.invalidate_recordset()

    def test_a_large_file_is_checked_by_a_job(self):
        """Issue 3: the button answers at once, the file is read in the background."""
        self.assertEqual((self.record.state, self.record.job_state, self.record.row_count), ("checking", "waiting", 0))

        self.perform()

        self.assertEqual((self.record.state, self.record.arrival_count, self.record.failure), ("checked", 1, False))

    def test_a_large_file_is_imported_by_a_job(self):
        """Issue 3: all or nothing, by the officer who confirmed it."""
        self.perform()
        self.record.action_confirm()
        self.assertEqual((self.record.state, self.record.job_state), ("queued", "waiting"))
        self.assertFalse(self.find("F1"))

        self.perform()

        self.assertEqual((self.record.state, self.record.user_id), ("done", self.officer))
        self.assertTrue(self.find("F1"))

    def test_a_job_that_comes_twice_does_its_work_once(self):
        """Issue 3: safe to kill and start again."""
        self.perform()
        self.record.action_confirm()
        self.perform()
        members = self.env["family.household.member"].search_count([])

        self.record._job_check()
        self.record._job_import()

        self.assertEqual(self.record.state, "done")
        self.assertEqual(self.env["family.household.member"].search_count([]), members)

    def test_a_file_that_cannot_be_read_goes_back_with_the_reason(self):
        """Issue 3, must be shown 4: a clear sentence, also from the background."""
        self.perform()
        self.record.content = base64.b64encode(b"PK\x03\x04nonsense")
        self.record.action_check()

        self.perform()

        self.assertEqual(self.record.state, "draft")
        self.assertIn("XLSX", self.record.failure)

    def test_nothing_of_a_file_that_fails_is_written(self):
        """Issue 3, must be shown 4: nothing half-imported."""
        self.perform()
        self.record.action_confirm()
        original = type(self.record)._supersede

        reason = "the last step fails"

        def fail(record, plan):
            raise UserError(reason)

        self.patch(type(self.record), "_supersede", fail)
        self.perform()

        self.assertEqual((self.record.state, self.record.failure), ("checked", reason))
        self.assertFalse(self.find("F1"))
        self.patch(type(self.record), "_supersede", original)
        self.record.action_confirm()
        self.perform()
        self.assertEqual(self.record.state, "done")

    def test_a_file_that_is_worked_on_stays_as_it_is(self):
        """Nothing is imported that was not shown."""
        for change in (
            lambda: self.record.write({"as_of": "2024-04-01"}),
            self.record.action_check,
            self.record.action_confirm,
            self.record.unlink,
            self.record.action_job_restart,
        ):
            with self.subTest(str(change)), self.assertRaises(UserError):
                change()

    def test_what_has_not_begun_can_be_given_up(self):
        """Issue 3: the file is again what it was."""
        self.record.action_job_cancel()

        self.assertEqual(self.record.state, "draft")
        self.record._job_check()
        self.assertEqual(self.record.state, "draft")

    def test_what_goes_on_cannot_be_given_up(self):
        """A job is not stopped in the middle."""
        job = self.job()
        job.set_started()
        job.store()
        self.record.invalidate_recordset()

        self.assertEqual(self.record.job_state, "running")
        with self.assertRaises(UserError):
            self.record.action_job_cancel()

    def test_what_stopped_can_begin_again(self):
        """Issue 3: a job that failed, or was killed too often, is begun again by a button."""
        job = self.job()
        job.set_failed(exc_name="MemoryError")
        job.store()
        self.record.invalidate_recordset()
        self.assertEqual(self.record.job_state, "stopped")

        self.record.action_job_restart()

        self.assertEqual((self.record.state, self.record.job_state), ("checking", "waiting"))
        self.perform()
        self.assertEqual(self.record.state, "checked")

    def test_progress_is_what_was_told_last(self):
        """Issue 3: progress visible."""
        self.env["family.job.progress"].create(
            {"job_uuid": self.record.job_uuid, "stage": "Reading the file", "done": 30, "total": 120}
        )
        self.record.invalidate_recordset()

        self.assertEqual((self.record.job_percent, self.record.job_note), (25, "Reading the file"))

    def test_progress_of_forgotten_jobs_is_forgotten(self):
        """The table does not grow for ever."""
        progress = self.env["family.job.progress"]
        progress.create([{"job_uuid": self.record.job_uuid}, {"job_uuid": "of-long-ago"}])

        progress._gc_progress()

        kept = progress.search([]).mapped("job_uuid")
        self.assertIn(self.record.job_uuid, kept)
        self.assertNotIn("of-long-ago", kept)
