"""The server and the town that benchmarks run on."""

import configparser
import os
import platform
import re
import subprocess
import tempfile
import time
from pathlib import Path

from support import database
from support.server import DEV, ROOT, OdooServer, odoo_command
from support.till_client import Client, Till
from support.town import Town

from .cpu import wait_until_quiet

FLOOR = ROOT / "benchmarks" / "addons"
# enough for a day of closed loops; three lots, so that a charge now and then takes from two
CREDITS = ("400.00", "400.00", "100000.00")


class Stage:
    """A prefork server on a database of its own with cards, merchants and logged-in tills."""

    def __init__(self, workers=2, cards=2000, merchants=16, addons=()):
        """Prepare, with some of Odoo's own addons installed; nothing is started before the `with` block."""
        self.workers, self.cards, self.merchants, self.addons = workers, cards, merchants, addons

    def __enter__(self):
        start = time.monotonic()
        self.folder = tempfile.TemporaryDirectory(prefix="civic-bench-")
        # server-wide, so that the floor's routes are there without being installed in any database
        options = [
            f"--addons-path={_addons_path()},{FLOOR}",
            "--load=base,rpc,web,bench_floor",
            "--log-handler=odoo.service.model:INFO",
        ]
        # whoever is not served in time counts as an error in the benchmark
        late = [re.compile("werkzeug: .*Request timed out")]
        self.server = OdooServer(self.folder.name, workers=self.workers, kind="test", options=options, expected=late)
        try:
            if self.addons:
                self._install()
            self.town = Town(self.server, self.cards, self.merchants, CREDITS)
            self.server.sql("VACUUM ANALYZE")
            self.server.start()
            self.tills = [Till(self.server, self.town, merchant) for merchant in self.town.merchants]
            wait_until_quiet(self.server.process.pid)
            self.office = Client(self.server.port, self.server.db, "admin", "admin")
        except BaseException:
            self._end()
            raise
        self.built_in = time.monotonic() - start
        return self

    def __exit__(self, *exc_info):
        try:
            if exc_info[0] is None:
                self.server.stop()
                self.server.check_log()
        finally:
            self._end()

    def _end(self):
        self.server.stop()
        database.drop(self.server.db)
        self.folder.cleanup()

    def _install(self):
        command = odoo_command("server", "-d", self.server.db, "-i", ",".join(self.addons), "--stop-after-init")
        subprocess.run([*command, "--no-http", "--log-level=warn"], check=True, capture_output=True)

    def stock_user(self, name, group="group_pos_user"):
        """A user of Odoo's POS who works for no merchant; login and password."""
        [row] = self.office.call(
            "ir.model.data",
            "search_read",
            [["module", "=", "point_of_sale"], ["name", "=", group]],
            ["res_id"],
        )
        login = f"stock-{name}"
        values = {"name": login, "login": login, "password": login, "group_ids": [[6, 0, [row["res_id"]]]]}
        self.office.call("res.users", "create", values)
        return login

    def retries(self):
        """How often Odoo has repeated a transaction so far."""
        return self.server.log.read_text(errors="replace").count("tries left")


def machine():
    """What the figures depend on."""
    settings = database.execute(
        "postgres",
        "SELECT name, setting FROM pg_settings WHERE name IN"
        " ('server_version', 'fsync', 'synchronous_commit', 'shared_buffers')",
    )
    return {
        "date": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
        "cores": os.cpu_count(),
        "cpu": _cpu_name(),
        "load": [round(value, 2) for value in os.getloadavg()],
        "python": platform.python_version(),
        "odoo": os.environ.get("ODOO_VERSION", ""),
        "postgres": dict(settings),
    }


def _addons_path():
    """What ./civic has configured."""
    conf = configparser.ConfigParser(interpolation=None)
    conf.read(DEV / "odoo.conf")
    return conf["options"]["addons_path"]


def _cpu_name():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
