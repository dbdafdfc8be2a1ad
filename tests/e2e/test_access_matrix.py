"""Who may do what with whose rows: the database answers as tests/access_matrix.csv says."""

import csv
import io

import pytest
from support import rights

NOBODY = {"", "-"}


@pytest.fixture(scope="module")
def current():
    """(rows as the database answers, groups without a column)."""
    return rights.current()


def rows(text):
    """Rows of the table, as dictionaries."""
    return list(csv.DictReader(io.StringIO(text)))


def test_the_rights_are_those_of_the_file(current):
    """R-004-101, R-004-103, R-003-08: every model × group × whose rows; a new model or right must be written down."""
    now, written = current[0].splitlines(), rights.FILE.read_text().splitlines()

    changed = [f"now: {line}" for line in now if line not in written]
    changed += [f"file: {line}" for line in written if line not in now]

    assert not changed, "run ./civic rights and read the diff of tests/access_matrix.csv:\n" + "\n".join(changed)


def test_every_group_has_a_column(current):
    """A group that no column stands for would be in no row."""
    assert current[1] == []


def test_nobody_reaches_another_municipality():
    """R-003-08: no row of ours, whatever the group (Odoo's administrator reads mails and text messages of all)."""
    found = [
        (row["model"], actor, letters)
        for row in rows(rights.FILE.read_text())
        for actor, letters in row.items()
        if row["rows"] == "municipality" and actor not in ("model", "rows") and letters not in NOBODY
    ]

    assert {actor for _model, actor, _letters in found} == {"admin"}
    assert {model for model, _actor, _letters in found} == {"mail.mail", "mail.tracking.value", "sms.sms"}


def test_no_wizard_is_anothers():
    """A wizard holds what somebody is typing: a password, an amount, a reason."""
    wizards = [row for row in rows(rights.FILE.read_text()) if row["rows"] == "other"]
    staff = ("operator", "circuit officer", "circuit manager", "card officer", "card manager", "region", "admin")

    assert [row["model"] for row in wizards if not {row[actor] for actor in staff} <= NOBODY] == []


def test_outsiders_reach_no_row_of_ours():
    """R-004-101: citizens, shopkeepers of the portal and employees of other offices have no right on our models."""
    outsiders = ("public", "portal", "citizen", "merchant", "cashier", "employee")
    ours = [
        row
        for row in rows(rights.FILE.read_text())
        if row["model"].startswith(("circuit.", "ecoupon.", "family.", "stored."))
    ]

    assert len(ours) > 80
    assert [row["model"] for row in ours if not {row[actor] for actor in outsiders} <= NOBODY] == []
