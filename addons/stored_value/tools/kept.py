"""Transactions on connections that keep their plans, for statements that move money many times a second.

Odoo cleans each connection with ``DISCARD ALL`` before it hands it out, which throws away the plans of the SQL
functions and of all foreign keys they touch: PostgreSQL would plan the same thirty statements for every payment. The
connections here are cleaned of everything but plans.
"""

import os
import threading
import time
import weakref
from contextlib import contextmanager

import psycopg2
from psycopg2.extensions import ISOLATION_LEVEL_READ_COMMITTED, TRANSACTION_STATUS_IDLE

from odoo import modules, sql_db

from .isolation import read_committed

# of one process at the same time; further transactions run on the connection of their request
MAX_CONNECTIONS = 8
# seconds after which a connection is replaced: its plans were made for tables as they were then
MAX_AGE = 900
# DISCARD ALL without DISCARD PLANS
CLEAN = (
    "CLOSE ALL; SET SESSION AUTHORIZATION DEFAULT; RESET ALL; DEALLOCATE ALL; UNLISTEN *;"
    " SELECT pg_advisory_unlock_all(); DISCARD TEMP; DISCARD SEQUENCES"
)


class KeptPool:
    """Connections of this process, with what ``odoo.sql_db.Cursor`` wants of a pool; safe for threads."""

    readonly = False

    def __init__(self, maximum=MAX_CONNECTIONS, max_age=MAX_AGE):
        """Start empty; ``maximum`` connections may be lent at once, each becomes ``max_age`` seconds old."""
        self._maximum, self._max_age = maximum, max_age
        self.forget()

    def forget(self):
        """Start afresh in a forked process: what its parent has opened stays the parent's, psycopg2 leaves it open."""
        self._lock, self._free = threading.Lock(), threading.BoundedSemaphore(self._maximum)
        self._idle = []

    @contextmanager
    def cursor(self, registry):
        """A READ COMMITTED transaction, committed at the end of the block, undone when it raises.

        :param registry: registry of the database; a connection never serves another one
        :return: context manager giving a KeptCursor, or None when as many as allowed are lent
        """
        if not self._free.acquire(blocking=False):
            yield None
            return
        try:
            with KeptCursor(self, registry) as cursor:
                yield cursor
        finally:
            self._free.release()

    def borrow(self, registry):
        """A clean connection that works: one that was kept, or a new one.

        :raise psycopg2.Error: the database cannot be reached
        """
        while connection := self._take(registry):
            try:
                # in two steps, so that psycopg2 sends nothing of its own
                connection.set_session("default", "default", "default")
                connection.autocommit = True
                with connection.cursor() as cursor:
                    cursor.execute(CLEAN)
                connection.autocommit = False
            except psycopg2.Error:
                connection.close()  # the server was restarted, or the database was taken away
            else:
                return connection
        _name, info = sql_db.connection_info_for(registry.db_name)
        connection = psycopg2.connect(connection_factory=KeptConnection, **info)
        connection.registry, connection.opened = weakref.ref(registry), time.monotonic()
        return connection

    def _take(self, registry):
        """An idle connection of a registry, or None; closes those that are too old or whose registry is gone."""
        with self._lock:
            good = [connection for connection in self._idle if connection.good(self._max_age)]
            stale = [connection for connection in self._idle if connection not in good]
            found = next((connection for connection in reversed(good) if connection.registry() is registry), None)
            self._idle = [connection for connection in good if connection is not found]
        for connection in stale:
            connection.close()
        return found

    def give_back(self, connection, keep_in_pool=True):
        """Keep a connection for the next one; it is closed when something is still open on it."""
        if keep_in_pool and connection.get_transaction_status() == TRANSACTION_STATUS_IDLE:
            with self._lock:
                self._idle.append(connection)
        else:
            connection.close()

    def close_all(self):
        """Close what is idle."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()


class KeptConnection(sql_db.PsycoConnection):
    """A connection that knows whose it is and since when."""

    registry, opened = None, 0.0

    def good(self, max_age):
        """Whether it may be lent again."""
        return not self.closed and self.registry() is not None and time.monotonic() - self.opened < max_age


class KeptCursor(sql_db.Cursor):
    """Odoo's cursor, READ COMMITTED, on a connection of a KeptPool."""

    def __init__(self, pool, registry):
        super().__init__(pool, registry.db_name, registry)
        self.connection.set_isolation_level(ISOLATION_LEVEL_READ_COMMITTED)


_pool = KeptPool()
os.register_at_fork(after_in_child=_pool.forget)


@contextmanager
def kept_transaction(env):
    """Run a block in a READ COMMITTED transaction of its own that is committed at its end.

    What ``env`` has done so far is flushed and committed first, so it holds no lock for which the block would wait,
    and afterwards it sees what the block did. A block inside another one belongs to the outer one's transaction.
    Where no connection is left, and during tests and installation, the block runs in the transaction of ``env`` as
    after :func:`read_committed`, and whoever owns that commits it.

    :param env: the environment of the caller
    :return: context manager giving the environment to use in the block
    """
    if isinstance(env.cr, KeptCursor):
        yield env
        return
    if modules.module.current_test or not env.registry.ready:
        read_committed(env)
        yield env
        return
    with _pool.cursor(env.registry) as cursor:
        if cursor is None:
            read_committed(env)
            yield env
            return
        env.flush_all()
        env.cr.commit()
        yield env(cr=cursor)
    env.invalidate_all(flush=False)  # what the caller has cached is of before
