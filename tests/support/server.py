"""A real Odoo server on a database of its own."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import requests

from . import database, leaks
from .processes import children

ROOT = Path(__file__).resolve().parents[2]
DEV = Path(os.environ.get("DEV", ROOT / ".dev"))
sys.path.insert(0, str(ROOT / "scripts"))
import checklog  # noqa: E402  (a script of ./civic)
import manifests  # noqa: E402


def free_port():
    """Return a port of the loopback interface that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def odoo_command(command, *arguments):
    """Return the command line of Odoo with the configuration of ./civic."""
    return [sys.executable, os.environ["ODOO_BIN"], command, "-c", str(DEV / "odoo.conf"), *arguments]


def odoo_shell(db, code):
    """Run Python in Odoo's shell on a database (`env` is there; commit yourself) and return what it prints.

    Raises RuntimeError with the end of what Odoo said when the code fails.
    """
    done = subprocess.run(
        odoo_command("shell", "-d", db, "--no-http", "--log-level=warn"),
        input=code,
        text=True,
        capture_output=True,
        check=False,
    )
    if done.returncode or "Traceback (most recent call last)" in done.stderr:
        raise RuntimeError(f"Odoo's shell failed:\n{done.stderr[-4000:]}")
    return done.stdout


class OdooServer:
    """Odoo on a copy of a template database; workers=0 is the threaded server, N the prefork one with N workers.

    Use it as a context manager: on leaving, the server stops, the copy is dropped, and an unclean log or a PIN or full
    fiscal code where none belongs raises. `expected` are compiled patterns of log records that a test provokes.
    """

    def __init__(self, log_folder, workers=0, kind="demo", options=(), expected=()):
        self.workers = workers
        self.options = list(options)
        self.expected = expected
        self.log = Path(log_folder) / f"odoo-{free_port()}.log"
        self.db = database.create_copy(kind)
        self.port = self.url = self.process = None

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            database.drop(self.db)
            raise
        return self

    def __exit__(self, *exc_info):
        self.stop()
        try:
            found = leaks.of_run(self.db, [self.log]) if exc_info[0] is None else []
        finally:
            database.drop(self.db)
        assert not found, "secrets where none belong:\n" + "\n".join(found)
        if exc_info[0] is None:
            self.check_log()

    def start(self, timeout=90):
        """Start the server (on the same port after a restart) and wait until it answers.

        Raises RuntimeError with the end of the log when it does not within `timeout` seconds.
        """
        self.port = self.port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                odoo_command(
                    "server",
                    "-d",
                    self.db,
                    f"--db-filter=^{self.db}$",
                    f"--http-port={self.port}",
                    f"--gevent-port={free_port()}",
                    f"--workers={self.workers}",
                    "--max-cron-threads=0",
                    "--log-level=warn",
                    *self.options,
                ),
                stdout=out,
                stderr=out,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            if self.process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"{self.url}/web/health", timeout=2) as reply:
                    if reply.status == 200:
                        return
            except OSError:
                time.sleep(0.2)
        self.kill()
        raise RuntimeError(f"Odoo did not start:\n{self.log.read_text(errors='replace')[-4000:]}")

    def stop(self, timeout=30):
        """Ask the server to stop, as Ctrl-C does; kill it when it does not within `timeout` seconds."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout)
            except subprocess.TimeoutExpired:
                self.kill()

    def kill(self):
        """Kill the server and its workers at once, as a power cut does; the database server goes on."""
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def kill_worker(self, number):
        """Kill one of the workers, counted round; the server starts another one."""
        workers = [pid for pid in children(self.process.pid) if b"gevent\0" not in _command(pid)]
        if workers:
            with contextlib.suppress(ProcessLookupError):
                os.kill(workers[number % len(workers)], signal.SIGKILL)

    def restart(self):
        """Start again after stop() or kill(), on the same port and database."""
        self.start()

    def sql(self, query, parameters=None):
        """Run SQL on the server's database and return the rows."""
        return database.execute(self.db, query, parameters)

    def shell(self, code):
        """Run Python in Odoo's shell on the server's database and return what it prints."""
        return odoo_shell(self.db, code)

    def session(self, login, password):
        """Return a requests session logged in as a user; post JSON-RPC with call()."""
        session = RpcSession(self.url)
        session.rpc("/web/session/authenticate", db=self.db, login=login, password=password)
        return session

    def check_log(self):
        """Raise AssertionError when the log holds an ERROR, or a WARNING of our addons."""
        bad = checklog.unclean(self.log.read_text(errors="replace"), list(manifests.manifests()))
        bad = [record for record in bad if not any(pattern.search(record) for pattern in self.expected)]
        assert not bad, "the server's log is not clean:\n" + "\n".join(bad)


def _command(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


class RpcError(Exception):
    """What Odoo answered instead of a result; `data` is the error's data, `name` the exception's class."""

    def __init__(self, error):
        super().__init__(error.get("data", {}).get("message") or error.get("message"))
        self.data = error.get("data", {})
        self.name = self.data.get("name", "")


class RpcSession(requests.Session):
    """A requests session that speaks Odoo's JSON-RPC."""

    def __init__(self, url):
        super().__init__()
        self.base = url

    def rpc(self, path, **params):
        """Call a JSON-RPC route and return its result; raises RpcError for an error answer."""
        reply = self.post(
            self.base + path, json={"jsonrpc": "2.0", "id": 1, "method": "call", "params": params}, timeout=60
        )
        reply.raise_for_status()
        body = reply.json()
        if "error" in body:
            raise RpcError(body["error"])
        return body.get("result")

    def call(self, model, method, *args, **kwargs):
        """Call a model's public method through /web/dataset/call_kw."""
        return self.rpc(
            f"/web/dataset/call_kw/{model}/{method}", model=model, method=method, args=list(args), kwargs=kwargs
        )
