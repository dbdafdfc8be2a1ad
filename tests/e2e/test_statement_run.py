"""Statements of a month on a real server: killed in the middle and gone on with, and started by several at once."""

from datetime import date, timedelta
from functools import partial
from threading import Thread

import pytest
from support import database
from support.server import OdooServer
from support.till_client import Client, NoAnswerError, together
from support.waiting import waiting

pytestmark = pytest.mark.timeout(300)

# more than two chunks of the run
SHOPS = 250
RUN = "merchant.statement.run"
MONTH = (date.today().replace(day=1) - timedelta(days=1)).replace(day=1)

MERCHANTS = """
    INSERT INTO res_partner (name, complete_name, active, type, is_company, is_merchant, autopost_bills)
    SELECT %(code)s || ' shop ' || n, %(code)s || ' shop ' || n, true, 'contact', true, true, 'ask'
      FROM generate_series(1, %(shops)s) AS n RETURNING id
"""
PAYMENTS = """
    INSERT INTO circuit_transaction (key, kind, state, merchant_id, channel, amount, authorized_at, captured_at, company_id,
        currency_id, funder_id, reference)
    SELECT %(code)s || m || '-' || n, 'payment', 'captured', m, 'web', n, %(month)s::timestamp + n * interval '5 days',
           %(month)s::timestamp + n * interval '5 days', f.company_id, c.currency_id, f.id, 'T' || m || '-' || n
      FROM circuit_funder f JOIN res_company c ON c.id = f.company_id, unnest(%(merchants)s::int[]) AS m,
           generate_series(1, 4) AS n
     WHERE f.id = %(funder)s
"""
# every shop was paid with 1 + 2 + 3 + 4
WRONG = """
    SELECT count(*) FROM merchant_statement s
     WHERE run_id = %s AND (total <> 10 OR transaction_count <> 4 OR coalesce(digest, '') = ''
        OR 4 <> (SELECT count(*) FROM merchant_statement_line l WHERE l.statement_id = s.id))
"""


@pytest.fixture(scope="module")
def settling(tmp_path_factory):
    """A server of its own, to be killed."""
    with OdooServer(tmp_path_factory.mktemp("settling"), kind="test") as running:
        yield running


def login(server):
    """The administrator over HTTP."""
    return Client(server.port, server.db, "admin", "admin")


def month_of_payments(server, office, code):
    """A run to start, of a programme in whose shops there were payments last month.

    :return: (id of the run, ids of the merchants)
    """
    circuit = office.call("circuit.circuit", "create", [{"name": code}])[0]
    values = {"name": code, "code": code, "year": MONTH.year, "circuit_id": circuit, "sender": code}
    [program] = office.call("family.card.program", "create", [values])
    [funder] = office.call("family.card.program", "read", [program], ["funder_id"])
    funder = funder["funder_id"][0]
    office.call("settlement.terms", "create", [{"funder_id": funder, "valid_from": str(MONTH)}])
    merchants = [merchant for (merchant,) in server.sql(MERCHANTS, {"code": code, "shops": SHOPS})]
    server.sql(PAYMENTS, {"code": code, "month": MONTH, "merchants": merchants, "funder": funder})
    [run] = office.call(RUN, "create", [{"funder_id": funder, "month": str(MONTH)}])
    return run, merchants


def made(server, run):
    """How many statements a run has made, and how many of them are wrong."""
    [(count, names)] = server.sql(
        "SELECT count(*), count(DISTINCT name) FROM merchant_statement WHERE run_id = %s", [run]
    )
    assert count == names
    return count, server.sql(WRONG, [run])[0][0]


def test_a_run_killed_in_the_middle_goes_on_where_it_was(settling):
    """R-004-96: what was made before the server died is kept and whole; gone on with, every shop has one statement."""
    office = login(settling)
    run, merchants = month_of_payments(settling, office, "KILL")

    def start():
        with pytest.raises(NoAnswerError):
            office.call(RUN, "action_start", [run])

    starter = Thread(target=start)
    with database.connection(settling.db) as held, held.cursor() as cursor:
        held.autocommit = False
        # a statement of this shop cannot be written: the second chunk waits
        cursor.execute("SELECT 1 FROM res_partner WHERE id = %s FOR UPDATE", [merchants[150]])
        starter.start()
        waiting(settling)
        settling.kill()
        held.rollback()
    starter.join(60)
    settling.restart()
    assert settling.sql("SELECT state, merchant_done FROM merchant_statement_run WHERE id = %s", [run]) == [
        ("running", 100)
    ]
    assert made(settling, run) == (100, 0)

    login(settling).call(RUN, "action_start", [run])

    [row] = login(settling).call(RUN, "read", [run], ["state", "merchant_done", "statement_count", "payable"])
    assert (row["state"], row["merchant_done"], row["statement_count"]) == ("done", SHOPS, SHOPS)
    assert row["payable"] == 10 * SHOPS
    assert made(settling, run) == (SHOPS, 0)


def test_several_at_once(settling):
    """R-004-96: two programmes of one company, each started by two people at the same instant: every shop has one
    statement, no number is given twice."""
    office = login(settling)
    runs = [month_of_payments(settling, office, code)[0] for code in ("FIRST", "SECOND")]

    replies = together([partial(login(settling).call, RUN, "action_start", [run]) for run in runs for _twice in "12"])

    # who comes when all is done is told that there is nothing to add
    refused = [str(reply) for reply in replies if isinstance(reply, NoAnswerError)]
    assert all("Nothing to add" in reply for reply in refused)
    assert len(refused) <= 2
    for run in runs:
        assert settling.sql("SELECT state FROM merchant_statement_run WHERE id = %s", [run]) == [("done",)]
        assert made(settling, run) == (SHOPS, 0)
    [(count, names)] = settling.sql(
        "SELECT count(*), count(DISTINCT name) FROM merchant_statement WHERE run_id = ANY(%s)", [runs]
    )
    assert count == names == 2 * SHOPS
