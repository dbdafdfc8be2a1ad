"""The page of requirements and the gate on finished issues."""

import pytest

import requirements

ROWS = [
    {"id": "R-004-01", "area": "FC", "issue": "2", "kind": "E", "sentence": "shown"},
    {"id": "R-004-02", "area": "FC", "issue": "2", "kind": "E", "sentence": "not shown"},
    {"id": "R-004-03", "area": "PO", "issue": "3", "kind": "E", "sentence": "later"},
    {"id": "R-002-01", "area": "CW", "issue": "", "kind": "E", "sentence": "some day"},
]
SHOWN = {"R-004-01": ["addons/x/tests/test_x.py::test_it"]}


def test_only_rows_of_the_issues_asked_for_are_missing():
    assert [row["id"] for row in requirements.missing(ROWS, SHOWN, [2])] == ["R-004-02"]
    assert [row["id"] for row in requirements.missing(ROWS, SHOWN, ["2", "3"])] == ["R-004-02", "R-004-03"]
    assert requirements.missing(ROWS, SHOWN, []) == []


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """A repository with these rows, their page written, and issue 1 finished."""
    rows = tmp_path / "requirements.csv"
    lines = ["id,area,issue,kind,sentence", *(",".join(row.values()) for row in ROWS)]
    rows.write_text("\n".join(lines) + "\n")
    monkeypatch.setattr(requirements, "ROOT", tmp_path)
    monkeypatch.setattr(requirements, "ROWS", rows)
    monkeypatch.setattr(requirements, "PAGE", tmp_path / "requirements.md")
    monkeypatch.setattr(requirements, "FINISHED", (1,))
    monkeypatch.setattr(requirements, "proofs", lambda: SHOWN)
    assert requirements.main([]) == 0


@pytest.mark.usefixtures("repository")
def test_an_unfinished_issue_may_lack_tests():
    assert requirements.main(["--check"]) == 0


@pytest.mark.usefixtures("repository")
def test_a_row_of_a_finished_issue_without_a_test_fails_and_is_named(monkeypatch, capsys):
    monkeypatch.setattr(requirements, "FINISHED", (1, 2))
    assert requirements.main(["--check"]) == 1
    assert "R-004-02 (issue 2, FC): not shown" in capsys.readouterr().err


@pytest.mark.usefixtures("repository")
def test_what_an_issue_lacks_is_listed(capsys):
    assert requirements.main(["--missing", "3"]) == 1
    assert capsys.readouterr().out == "R-004-03 (issue 3, PO): later\n"
    assert requirements.main(["--missing", "5"]) == 0


def test_every_row_of_the_family_card_is_given_to_an_issue():
    with requirements.ROWS.open(encoding="utf-8", newline="") as source:
        rows = list(requirements.csv.DictReader(source))
    assert not [row["id"] for row in rows if row["id"][2:5] in {"000", "001", "004"} and not row["issue"].isdecimal()]
