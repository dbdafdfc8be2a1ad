from unittest.mock import patch

import psycopg2

from odoo.tests import TransactionCase, tagged

from ..tools import kept, kept_transaction


@tagged("post_install", "-at_install")
class TestKept(TransactionCase):
    """R-004-75: payments run on connections that keep their plans and nothing else."""

    @classmethod
    def setUpClass(cls):
        """A pool of our own, for two connections."""
        super().setUpClass()
        cls.pool = kept.KeptPool(maximum=2)
        cls.addClassCleanup(cls.pool.close_all)

    def ask(self, query, pool=None):
        """The first value that a query answers in a transaction of the pool."""
        with (pool or self.pool).cursor(self.registry) as cursor:
            cursor.execute(query)
            return cursor.fetchone()[0]

    def test_a_connection_is_used_again_read_committed(self):
        """One after the other, transactions run on one connection, at the level at which nobody has to repeat."""
        backend = self.ask("SELECT pg_backend_pid()")
        self.assertEqual(self.ask("SELECT pg_backend_pid()"), backend)
        self.assertEqual(self.ask("SHOW transaction_isolation"), "read committed")

    def test_plans_stay_and_nothing_else(self):
        """What a transaction leaves in its session is gone before the next one; the plan of a function is not."""
        with self.pool.cursor(self.registry) as cursor:
            cursor.execute("SET work_mem = '5MB'; SET search_path = pg_catalog; CREATE TEMP TABLE left_over (x int)")
            cursor.execute("PREPARE left_over AS SELECT 1; LISTEN left_over; SELECT pg_advisory_lock(4711)")
        with self.pool.cursor(self.registry) as cursor:
            cursor.execute("SHOW work_mem")
            self.assertNotEqual(cursor.fetchone()[0], "5MB")
            cursor.execute(
                "SELECT (SELECT count(*) FROM pg_class WHERE relname = 'left_over')"
                " + (SELECT count(*) FROM pg_prepared_statements) + (SELECT count(*) FROM pg_listening_channels())"
                " + (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid())"
            )
            self.assertEqual(cursor.fetchone()[0], 0)
        self.assertNotIn("PLANS", kept.CLEAN)
        self.assertNotIn("DISCARD ALL", kept.CLEAN)

    def test_an_error_undoes_the_block(self):
        """A block that raises leaves nothing behind, and its connection serves the next one."""
        with self.assertRaises(ZeroDivisionError), self.pool.cursor(self.registry) as cursor:
            cursor.execute("CREATE TABLE kept_left_over (x int)")
            raise ZeroDivisionError
        self.assertIsNone(self.ask("SELECT to_regclass('kept_left_over')"))

    def test_a_broken_connection_is_replaced(self):
        """PostgreSQL was restarted meanwhile: the next transaction notices and takes a new connection."""
        backend = self.ask("SELECT pg_backend_pid()")
        self.env.cr.execute("SELECT pg_terminate_backend(%s, 5000)", [backend])
        self.assertNotEqual(self.ask("SELECT pg_backend_pid()"), backend)

    def test_broken_within_a_transaction(self):
        """The transaction fails, as it must; its place is free again."""
        for _time in range(3):  # more often than there are places
            with (
                self.assertRaises(psycopg2.OperationalError),
                self.pool.cursor(self.registry) as cursor,
            ):
                self.env.cr.execute("SELECT pg_terminate_backend(%s, 5000)", [cursor.connection.get_backend_pid()])
                cursor.execute("SELECT 1", log_exceptions=False)
        self.assertEqual(self.ask("SELECT 1"), 1)

    def test_no_more_than_allowed(self):
        """Whoever comes when all connections are lent is told so and does not wait."""
        with self.pool.cursor(self.registry), self.pool.cursor(self.registry), self.pool.cursor(self.registry) as third:
            self.assertIsNone(third)
        self.assertEqual(self.ask("SELECT 1"), 1)

    def test_too_old(self):
        """A connection is replaced after a while: its plans are of tables as they were."""
        pool = kept.KeptPool(max_age=0)
        self.assertNotEqual(
            self.ask("SELECT pg_backend_pid()", pool),
            self.ask("SELECT pg_backend_pid()", pool),
        )
        pool.close_all()

    def test_a_fork_starts_afresh(self):
        """What a parent process has opened is not used by its child."""
        pool = kept.KeptPool()
        backend = self.ask("SELECT pg_backend_pid()", pool)
        inherited = pool._idle
        pool.forget()
        self.assertNotEqual(self.ask("SELECT pg_backend_pid()", pool), backend)
        self.assertEqual(len(inherited), 1)
        inherited[0].close()
        pool.close_all()

    def test_a_block_inside_another_one(self):
        """In tests the block runs in the test's own transaction; nested blocks belong to the outer one's."""
        with kept_transaction(self.env) as outer:
            self.assertIs(outer.cr, self.env.cr)
        with (
            patch.object(kept.modules.module, "current_test", False),
            patch.object(kept, "_pool", self.pool),
            patch.object(self.env.cr, "commit"),
            kept_transaction(self.env) as outer,
        ):
            self.assertIsInstance(outer.cr, kept.KeptCursor)
            with kept_transaction(outer) as inner:
                self.assertIs(inner.cr, outer.cr)
