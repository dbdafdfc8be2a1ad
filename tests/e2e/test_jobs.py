"""Long work runs in the background of a real server: watched from outside, killed in the middle, begun again."""

import base64
import time

import pytest
from support.server import OdooServer

pytestmark = pytest.mark.timeout(300)

ROWS = 2400
MODEL = "family.registry.import"


@pytest.fixture(scope="module")
def job_server(tmp_path_factory):
    """A threaded server of its own that leaves every file to a job."""
    with OdooServer(tmp_path_factory.mktemp("jobs"), kind="test") as running:
        running.sql("UPDATE ir_config_parameter SET value = '0' WHERE key LIKE 'family_card.registry_direct_%%'")
        running.stop()
        running.restart()
        yield running


@pytest.fixture
def office(job_server):
    """Somebody of the office, logged in."""
    return job_server.session("admin", "admin")


def registry(mark):
    """A file of households of three."""
    lines = ["codice famiglia;codice fiscale;nominativo;data di nascita;parentela;dal"]
    for number in range(ROWS):
        relation = "figlio" if number % 3 else "IS"
        lines.append(f"{mark}{number // 3};;{mark} Person {number};{1 + number % 28}/01/1980;{relation};01/01/2020")
    return base64.b64encode("\n".join(lines).encode()).decode()


def upload(office, mark):
    """The id of an import whose check is left to a job."""
    [record] = office.call(MODEL, "create", [{"content": registry(mark), "file_name": f"{mark}.csv"}])
    started = time.monotonic()
    office.call(MODEL, "action_check", [record])
    assert time.monotonic() - started < 5
    return record


def wait(office, record, arrived, seconds=120):
    """What the record says as soon as `arrived` is true of it, and all that was seen until then."""
    seen, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        [now] = office.call(MODEL, "read", [record], ["state", "job_state", "job_percent", "job_note", "failure"])
        seen.append(now)
        if arrived(now):
            return seen
        time.sleep(0.1)
    raise AssertionError(f"still {seen[-1]} after {seconds} s")


def people(server, mark):
    """How many people and households of a file are on file."""
    [(count,)] = server.sql("SELECT count(*) FROM res_partner WHERE name LIKE %s", [f"%{mark} Person%"])
    return count


def test_progress_is_seen_while_nothing_is_written_yet(job_server, office):
    """Issue 3: the buttons answer at once, progress is visible, the whole or nothing is written."""
    record = upload(office, "WATCH")
    wait(office, record, lambda now: now["state"] == "checked")
    started = time.monotonic()
    office.call(MODEL, "action_confirm", [record])
    assert time.monotonic() - started < 5

    wait(office, record, lambda now: now["job_percent"] >= 40 and now["state"] == "queued")
    assert people(job_server, "WATCH") == 0
    seen = wait(office, record, lambda now: now["state"] == "done")

    assert len({now["job_percent"] for now in seen}) > 1
    assert people(job_server, "WATCH") == ROWS + ROWS // 3


def test_an_import_killed_in_the_middle_begins_again(job_server, office):
    """Issue 3: safe to kill and start again; nothing half-imported, nothing twice."""
    record = upload(office, "KILL")
    wait(office, record, lambda now: now["state"] == "checked")
    office.call(MODEL, "action_confirm", [record])
    wait(office, record, lambda now: now["job_percent"] >= 40)

    job_server.kill()
    [(state,)] = job_server.sql("SELECT state FROM family_registry_import WHERE id = %s", [record])
    assert (state, people(job_server, "KILL")) == ("queued", 0)
    # The queue looks after jobs of dead servers when they are ten seconds old: no need to wait for that here.
    job_server.sql("UPDATE queue_job SET date_enqueued = date_enqueued - interval '1 minute' WHERE state = 'started'")
    job_server.restart()

    office = job_server.session("admin", "admin")
    wait(office, record, lambda now: now["state"] == "done")
    assert people(job_server, "KILL") == ROWS + ROWS // 3
    [(retries,)] = job_server.sql(
        "SELECT j.retry FROM queue_job j JOIN family_registry_import i ON i.job_uuid = j.uuid WHERE i.id = %s", [record]
    )
    assert retries >= 1
