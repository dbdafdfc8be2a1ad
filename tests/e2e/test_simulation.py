"""A year of an invented municipality against the naive oracle of `support.simulation`, small enough for every run."""

import os
import re
import subprocess
import sys

import pytest
from support import database, leaks
from support.server import DEV, ROOT


@pytest.fixture
def simulate():
    """A function that lives a simulated year on a copy of the template: (exit code, what it printed)."""
    copies = []

    def run(*options):
        copies.append(database.create_copy("test"))
        path = os.pathsep.join([os.environ["PYTHONPATH"], str(ROOT / "tests")])
        command = ["-m", "support.simulation", "--config", str(DEV / "odoo.conf"), "--database", copies[-1]]
        done = subprocess.run(
            [sys.executable, *command, *options],
            env={**os.environ, "PYTHONPATH": path},
            text=True,
            capture_output=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    yield run
    found = [hit for name in copies for hit in leaks.of_run(name, [])]
    for name in copies:
        database.drop(name)
    assert not found, found


def test_a_year_agrees_with_the_oracle_every_evening(simulate):
    """R-004-46, R-004-49, R-004-54, R-004-55, R-004-56, R-004-58, R-004-59, R-004-84: every answer, credit, refusal,
    balance, lot, movement and hash of 2024 is what a naive model says; and each way of spoiling the ledger behind its
    back is noticed the same evening."""
    code, text = simulate(
        "--households", "25", "--shops", "15", "--purchases", "12", "--seed", "2", "--tamper-on", "2024-05-03"
    )

    assert code == 0, text
    assert "366 days" in text
    for name in ("cards issued", "lots expired", "lots extended", "refunds", "holds expired", "registry: death"):
        assert re.search(rf"^{name} +[1-9]", text, re.MULTILINE), f"no {name} in this year:\n{text}"
    assert len(re.findall(r"^spoilt .*: caught +1$", text, re.MULTILINE)) == 4


def test_a_difference_ends_the_year_and_is_told(simulate):
    """The day, the account, both sides and the last events of the card are printed; the exit code is 1."""
    options = ("--households", "6", "--shops", "8", "--until", "2024-05-10", "--tamper-on", "2024-05-03")
    code, text = simulate(*options, "--spoil", "lot")

    assert code == 1, text
    assert re.search(r"^2024-05-03: .*\n  expected .*\n  found .*\nlast events of the card", text, re.MULTILINE)
