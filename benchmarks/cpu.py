"""CPU time of the server's processes and of its database connections, from /proc."""

import contextlib
import os
import time
from pathlib import Path

from support import database

_SESSION = 3  # field of /proc/PID/stat behind the command, counted from 0


def _session(pid):
    """The session a process belongs to; None when it is gone."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[_SESSION])
    except OSError:
        return None


def seconds_of(pid):
    """CPU seconds of a process so far, exact to the nanosecond: /proc/PID/stat counts in ticks of 10 ms, more than
    a request takes. Threads that have ended are not in it; the prefork server keeps its own."""
    total = 0
    with contextlib.suppress(OSError):
        for task in os.scandir(f"/proc/{pid}/task"):
            with contextlib.suppress(OSError):
                total += int(Path(task.path, "schedstat").read_text().split()[0])
    return total / 1e9


def _processes(leader):
    return [
        int(entry.name) for entry in os.scandir("/proc") if entry.name.isdecimal() and _session(entry.name) == leader
    ]


def odoo_cpu(leader):
    """CPU seconds used so far by each process of the session that `leader` (a pid) has started, but for the one
    that serves websockets: it takes no part in these requests and loads Odoo a second time meanwhile.

    :return: dict of pid to seconds
    """
    return {pid: seconds_of(pid) for pid in odoo_processes(leader)}


def odoo_processes(leader):
    """Numbers of the processes that `odoo_cpu` reads."""
    return [pid for pid in _processes(leader) if not _serves_websockets(pid)]


def wait_until_quiet(leader, timeout=60):
    """Wait until the websocket process of a server has started too: it would compete for the processors."""
    end, before = time.monotonic() + timeout, -1.0
    while time.monotonic() < end:
        now = sum(seconds_of(pid) for pid in _processes(leader))
        if now - before < 0.05:
            return
        before = now
        time.sleep(1)


def _serves_websockets(pid):
    try:
        return b"gevent\0" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def postgres_cpu(db):
    """CPU seconds used so far by each connection to a database; the cluster must be on this machine.

    :return: dict of pid to seconds
    """
    rows = database.execute("postgres", "SELECT pid FROM pg_stat_activity WHERE datname = %s", [db])
    return {pid: seconds_of(pid) for (pid,) in rows}


class Meter:
    """Measures a piece of work: wall time, CPU of Odoo and of its database connections (seconds)."""

    def __init__(self, server):
        """Measure an OdooServer that runs."""
        self._server = server

    def __enter__(self):
        self._before = self._now()
        self._start = time.monotonic()
        return self

    def __exit__(self, *exc_info):
        self.wall = time.monotonic() - self._start
        after = self._now()
        self.odoo, self.postgres = (_used(old, new) for old, new in zip(self._before, after, strict=True))

    def _now(self):
        return odoo_cpu(self._server.process.pid), postgres_cpu(self._server.db)


def _used(before, after):
    """CPU seconds between two readings; a process that came meanwhile counts from zero."""
    return sum(seconds - before.get(pid, 0.0) for pid, seconds in after.items())
