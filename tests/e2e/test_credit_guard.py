"""Credit runs over HTTP, at the same instant and with a server that dies: the funds are never overdrawn, nothing is
credited by half or twice."""

from functools import partial
from threading import Thread

import pytest
from support import database
from support.till_client import Client, NoAnswerError, together
from support.waiting import waiting

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def office(busy_server):
    """The administrator over HTTP."""
    return Client(busy_server.port, busy_server.db, "admin", "admin")


def tranche(office, town, number):
    """A run of a tranche of one euro for every card."""
    [period] = office.call(
        "family.card.period",
        "create",
        [
            {
                "program_id": town.program,
                "name": f"Tranche {number}",
                "code": f"T{number}",
                "kind": "tranche",
                "amount_rule": "fixed",
                "fixed_amount": 1,
                "number": number,
                "date_start": "2020-01-01",
                "date_end": "2020-12-31",
                "load_by": "2030-12-31",
            }
        ],
    )
    [run] = office.call("family.card.credit.run", "create", [{"program_id": town.program, "period_id": period}])
    return run


def test_two_runs_at_once_do_not_spend_the_same_money(town, office):
    """R-001-24, V5: the funds cover one of two tranches; confirmed at the same instant, one is credited and the other
    is told how much is missing."""
    [(cards,)] = town.sql("SELECT count(*) FROM family_card WHERE state = 'active'")
    [fund] = office.call("family.card.fund", "search", [["program_id", "=", town.program]])
    [before] = office.call("family.card.fund", "read", [fund], ["amount", "assigned"])
    office.call("family.card.fund", "write", [fund], {"amount": before["assigned"] + 1.5 * cards})
    runs = [tranche(office, town, number) for number in (91, 92)]

    replies = together([partial(office.call, "family.card.credit.run", "action_run", [run]) for run in runs])

    refused = [reply for reply in replies if isinstance(reply, NoAnswerError)]
    assert len(refused) == 1
    assert "missing" in str(refused[0])
    rows = office.call("family.card.credit.run", "read", runs, ["state", "card_count"])
    [credited] = [row["card_count"] for row in rows if row["state"] == "done"]
    assert {row["state"] for row in rows} <= {"done", "draft", "previewed"}
    # Other tests of this town may have blocked some cards; a second tranche would still not fit.
    assert 0.75 * cards < credited <= cards
    [after] = office.call("family.card.fund", "read", [fund], ["assigned", "residual"])
    assert after["assigned"] == before["assigned"] + credited
    assert after["residual"] == 1.5 * cards - credited
    office.call("family.card.fund", "write", [fund], {"amount": before["amount"]})
    assert town.problems() == []


def test_a_run_killed_in_the_middle_is_finished_later(busy_server, town, office):
    """R-004-49, V4: the server dies inside a chunk and nothing of it is kept; gone on with, every card is credited
    once."""
    run = tranche(office, town, 93)
    credits = "SELECT count(*), count(DISTINCT account_id) FROM stored_value_lot WHERE run_id = %s"

    def start():
        with pytest.raises(NoAnswerError):
            office.call("family.card.credit.run", "action_run", [run])

    starter = Thread(target=start)
    with database.connection(busy_server.db) as held, held.cursor() as cursor:
        held.autocommit = False
        cursor.execute("SELECT 1 FROM stored_value_account WHERE card_id IS NOT NULL FOR UPDATE")
        starter.start()
        waiting(busy_server)
        busy_server.kill()
        held.rollback()
    starter.join(60)
    busy_server.restart()
    assert town.sql("SELECT state FROM family_card_credit_run WHERE id = %s", [run]) == [("running",)]
    assert town.sql(credits, [run]) == [(0, 0)]

    again = Client(busy_server.port, busy_server.db, "admin", "admin")
    again.call("family.card.credit.run", "action_run", [run])

    [row] = again.call("family.card.credit.run", "read", [run], ["state", "card_count", "credited_total"])
    assert (row["state"], row["credited_total"]) == ("done", row["card_count"])
    [(lots, accounts)] = town.sql(credits, [run])
    assert lots == accounts > 0
    assert town.problems() == []
