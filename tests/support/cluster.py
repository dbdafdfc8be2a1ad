"""A PostgreSQL server of one's own, with fsync, that may be killed; the one of ./civic is never touched."""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from . import database
from .processes import children

_SETTINGS = """
listen_addresses = ''
fsync = on
synchronous_commit = on
jit = off
max_connections = 200
shared_buffers = 128MB
restart_after_crash = on
"""


class Cluster:
    """A cluster in a folder of its own, reached through a socket.

    In its `with` block the environment names it to everything started from here: PGHOST, PGPORT and PGUSER, which
    Odoo prefers to its configuration file.
    """

    def __init__(self):
        """Make the cluster; it is not started yet."""
        self.folder = Path(tempfile.mkdtemp(prefix="civic-pg-own-"))
        self._prefix = _not_root(self.folder)
        self._run("initdb", "-D", self.data, "-U", "odoo", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8")
        version = int((self.data / "PG_VERSION").read_text())
        with (self.data / "postgresql.conf").open("a") as conf:
            conf.write(_SETTINGS)
            # of its ten thousand files few have changed: without this each is opened and synced after a crash
            conf.write("recovery_init_sync_method = syncfs\n" if version >= 14 else "")
        self._outside = {}

    @property
    def data(self):
        """Its data directory."""
        return self.folder / "data"

    def __enter__(self):
        self.start()
        for name, value in {"PGHOST": str(self.folder), "PGPORT": "5432", "PGUSER": "odoo"}.items():
            self._outside[name] = os.environ.get(name)
            os.environ[name] = value
        return self

    def __exit__(self, *exc_info):
        for name, value in self._outside.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
        try:
            if (self.data / "postmaster.pid").exists():
                self._run("pg_ctl", "-D", self.data, "-s", "-m", "immediate", "stop")
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def start(self):
        """Start, and come back when it answers, recovery included."""
        log, options = self.folder / "server.log", f"-k {self.folder} -p 5432"
        try:
            self._run("pg_ctl", "-D", self.data, "-w", "-s", "-t", "60", "-l", log, "-o", options, "start")
        except RuntimeError as error:
            raise RuntimeError(log.read_text(errors="replace")[-2000:]) from error

    def copy(self, kind="test"):
        """Copy a template of the outside server into this one, under the same name.

        Call it before the `with` block's environment is in force, or after :meth:`start`.

        :return: the name
        """
        name = database.template(kind)
        mine = {**os.environ, "PGHOST": str(self.folder), "PGPORT": "5432", "PGUSER": "odoo"}
        theirs = {**os.environ, **{key: value for key, value in self._outside.items() if value}}
        create = ["createdb", "-T", "template0", "-E", "UTF8", "--lc-collate=C", "--lc-ctype=C.UTF-8", name]
        subprocess.run(create, check=True, env=mine)
        with subprocess.Popen(["pg_dump", name], stdout=subprocess.PIPE, env=theirs) as dump:
            load = ["psql", "-q", "-v", "ON_ERROR_STOP=1", "-d", name]
            subprocess.run(load, check=True, env=mine, stdin=dump.stdout, stdout=subprocess.DEVNULL)
        if dump.returncode:
            raise RuntimeError(f"pg_dump of {name} failed")
        subprocess.run(["psql", "-q", "-d", name, "-c", "CHECKPOINT"], check=True, env=mine)
        return name

    def kill(self):
        """Kill the server and all its processes at once, as a power cut does."""
        leader = self._leader()
        victims = [leader, *children(leader)]
        os.kill(leader, signal.SIGSTOP)  # it may not start anything more
        for pid in victims + children(leader):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for pid in victims:
            _dead(pid)
        # where nobody buries it soon its number still counts as a running server's; after a power cut there is none
        for lock in (self.data / "postmaster.pid", *self.folder.glob(".s.PGSQL.*")):
            lock.unlink()

    def kill_one(self, pid):
        """Kill one connection's process: the server ends all others and recovers by itself."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)

    def wait(self, timeout=60):
        """Wait until it takes connections again."""
        end = time.monotonic() + timeout
        while subprocess.run(
            ["pg_isready", "-q"], check=False, env={**os.environ, "PGHOST": str(self.folder)}
        ).returncode:
            if time.monotonic() > end:
                raise RuntimeError((self.folder / "server.log").read_text(errors="replace")[-2000:])
            time.sleep(0.05)

    def _leader(self):
        return int((self.data / "postmaster.pid").read_text().split()[0])

    def _run(self, *command):
        done = subprocess.run(
            [*self._prefix, *map(str, command)],
            text=True,
            capture_output=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        if done.returncode:
            raise RuntimeError(f"{command[0]} failed: {done.stdout}{done.stderr}")


def _not_root(folder):
    """How to run a program that refuses to be root: as another user of a namespace, else as nobody, who gets the folder."""
    if os.getuid():
        return []
    namespace = ["unshare", "--user", "--map-user=1000", "--map-group=1000"]
    if not subprocess.run([*namespace, "true"], check=False, capture_output=True).returncode:
        return [*namespace, "--"]
    os.chown(folder, 65534, 65534)
    return ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"]


def _dead(pid, timeout=10):
    """Wait until a killed process has ended; its parent may not have looked yet."""
    end = time.monotonic() + timeout
    with contextlib.suppress(OSError):
        while Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z":
            if time.monotonic() > end:
                raise RuntimeError(f"process {pid} does not end")
            time.sleep(0.01)
