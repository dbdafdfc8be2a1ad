"""The JavaScript unit tests of the addons, run by Odoo's own HOOT suite in Chromium."""

import re
import subprocess

import pytest
from support import database
from support.server import DEV, ROOT, free_port, odoo_command

ADDONS = sorted(
    manifest.parent.name
    for manifest in (ROOT / "addons").glob("*/__manifest__.py")
    if list(manifest.parent.glob("static/tests/unit/**/*.test.js"))
)


@pytest.mark.timeout(900)
def test_hoot_suites_of_the_addons_pass(chromium):
    db = database.create_copy("test")
    try:
        done = subprocess.run(
            odoo_command(
                "server",
                "-d",
                db,
                f"--db-filter=^{db}$",
                f"--http-port={free_port()}",
                f"--gevent-port={free_port()}",
                f"--test-tags=/web:WebSuite.test_unit_desktop[{','.join('@' + addon for addon in ADDONS)}]",
                "--stop-after-init",
                "--log-level=info",
            ),
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        database.drop(db)
    log = done.stderr + done.stdout
    (DEV / "logs" / "hoot.log").write_text(log)
    assert done.returncode == 0, log[-6000:]
    assert re.search(r"0 failed, 0 error\(s\) of 1 tests", log), "Odoo ran no HOOT suite:\n" + log[-3000:]
    passed = re.search(r"Passed (\d+) tests", log)
    assert passed, "HOOT did not say how many tests passed:\n" + log[-3000:]
    assert int(passed[1]) > 0, "HOOT ran no test of " + ", ".join(ADDONS)
