"""What others think of the API: a validator of OpenAPI documents, and schemathesis against a real server."""

import os
import re
import subprocess

import pytest
from support.server import DEV, ROOT
from support.town_setup import PIN

pytestmark = pytest.mark.timeout(300)

DOCUMENT = ROOT / "addons" / "circuit_api" / "data" / "openapi.json"
SECONDS = 45
#: Each run draws other requests; a failure prints its seed.
EXAMPLES = 40


def tool(folder, *command, **environment):
    """Run a program of .dev/contract, which knows nothing of Odoo, in a folder; return what it says and its exit code."""
    outside = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return subprocess.run(
        [str(DEV / "contract" / "bin" / command[0]), *command[1:]],
        env={**outside, **environment},
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=240,
    )


def test_the_document_is_openapi(tmp_path):
    """R-004-70: version 3.1, judged by openapi-spec-validator."""
    done = tool(tmp_path, "openapi-spec-validator", "--schema", "3.1", str(DOCUMENT))
    assert done.returncode == 0, done.stdout


@pytest.fixture
def unhindered(busy_server, town):
    """A key of a shop whose programs may ask as often as they like; the town's tills never wait for guesses."""

    def run(per_minute, then=""):
        return busy_server.shell(
            f"shop = env['res.partner'].browse({town.merchants[0].id})\n"
            f"shop.agreement_ids.circuit_id.api_per_minute = {per_minute}\n"
            f"{then}\nenv.cr.commit()\nenv.registry.signal_changes()\n"
        )

    scopes = ["identify", "authorize", "capture", "void", "refund", "status"]
    out = run(100_000, f"print(env['circuit.api.key']._issue(shop, 'Schemathesis', {scopes})[1])")
    yield re.search(r"cck_\w+", out)[0]
    run(120)


def test_schemathesis_finds_nothing(busy_server, town, unhindered, tmp_path):
    """R-004-70: every request it invents is answered as the document says; nothing wrong is accepted, nothing right is
    refused, no failure, and the money is right afterwards."""
    card, text = town.next_card("5000.00"), unhindered
    options = f"--checks all -n {EXAMPLES} --max-time {SECONDS} --continue-on-failure --no-color --report vcr".split()
    done = tool(
        tmp_path,
        "schemathesis",
        "run",
        f"{busy_server.url}/circuit/v1/openapi.json",
        *("-H", f"Authorization: Bearer {text}"),
        *options,
        PYTHONPATH=str(ROOT / "tests" / "support"),
        SCHEMATHESIS_HOOKS="contract_hooks",
        CONTRACT_CARD=card.code,
        CONTRACT_PIN=PIN,
    )
    print(done.stdout[-3000:])
    assert done.returncode == 0, done.stdout[-8000:]
    assert town.problems() == []
    [(made,)] = busy_server.sql(
        "SELECT count(*) FROM circuit_transaction WHERE channel = 'api' AND amount > 0 AND terminal ="
        " (SELECT 'circuit.api.key,' || id FROM circuit_api_key WHERE prefix = %s)",
        [text[:12]],
    )
    assert made > 0, "no invented request reached the money"
