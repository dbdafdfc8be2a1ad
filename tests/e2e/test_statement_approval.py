"""Statements approved on a real server by two people at the same instant."""

from collections import Counter
from datetime import date, timedelta
from functools import partial

import pytest
from support.till_client import Client, together

pytestmark = pytest.mark.timeout(300)

SHOPS = 6
STATEMENT = "merchant.statement"
MONTH = (date.today().replace(day=1) - timedelta(days=1)).replace(day=1)

PAYMENTS = """
    INSERT INTO circuit_transaction (key, kind, state, merchant_id, channel, amount, authorized_at, captured_at, company_id,
        currency_id, funder_id, reference)
    SELECT %(code)s || m || '-' || n, 'payment', 'captured', m, 'web', n, %(month)s::timestamp + n * interval '5 days',
           %(month)s::timestamp + n * interval '5 days', f.company_id, c.currency_id, f.id, %(code)s || m || '-' || n
      FROM circuit_funder f JOIN res_company c ON c.id = f.company_id, unnest(%(merchants)s::int[]) AS m,
           generate_series(1, 4) AS n
     WHERE f.id = %(funder)s
"""
SIGNED = """
    UPDATE merchant_statement SET state = 'signed', signed_at = now() AT TIME ZONE 'UTC', signed_by = 'Anna Rossi'
     WHERE id = ANY(%s)
"""
# every shop was paid with 1 + 2 + 3 + 4
BILLS = """
    SELECT s.state, count(m.id), sum(m.amount_total)
      FROM merchant_statement s LEFT JOIN account_move m ON m.ref = s.name AND m.move_type = 'in_invoice'
       AND m.company_id = s.company_id
     WHERE s.id = ANY(%s) GROUP BY s.id, s.state
"""


def login(server, name="admin"):
    """Somebody over HTTP; passwords are the logins."""
    return Client(server.port, server.db, name, name)


def checked(server, code):
    """Statements of last month that were signed, booked and checked, and two who may approve them.

    :return: (ids, logins)
    """
    office = login(server)
    [circuit] = office.call("circuit.circuit", "create", [{"name": code}])
    values = {"name": code, "code": code, "year": MONTH.year, "circuit_id": circuit, "sender": code}
    [program] = office.call("family.card.program", "create", [values])
    [row] = office.call("family.card.program", "read", [program], ["funder_id"])
    funder = row["funder_id"][0]
    [setup] = office.call("circuit.account.setup", "create", [{"funder_id": funder, "terms_from": str(MONTH)}])
    office.call("circuit.account.setup", "action_apply", [setup])
    merchants = office.call(
        "res.partner",
        "create",
        [
            {
                "name": f"{code} shop {number}",
                "is_merchant": True,
                "vat": "IT12345670017",
                "bank_ids": [[0, 0, {"acc_number": iban(number)}]],
            }
            for number in range(SHOPS)
        ],
    )
    server.sql(PAYMENTS, {"code": code, "month": MONTH, "merchants": merchants, "funder": funder})
    cron = office.call(
        "ir.model.data",
        "search_read",
        [["module", "=", "circuit_account"], ["model", "=", "ir.cron"]],
        ["res_id", "name"],
    )
    for row in cron:
        if row["name"] == "cron_book":
            office.call("ir.cron", "method_direct_trigger", [row["res_id"]])
    [run] = office.call("merchant.statement.run", "create", [{"funder_id": funder, "month": str(MONTH)}])
    office.call("merchant.statement.run", "action_start", [run])
    ids = [row["id"] for row in office.call(STATEMENT, "search_read", [["run_id", "=", run]], ["id"])]
    assert len(ids) == SHOPS
    server.sql(SIGNED, [ids])
    office.call(STATEMENT, "action_check", ids)
    return ids, [approver(office, f"{code.lower()}-{number}") for number in (1, 2)]


def iban(number):
    """A valid invented IBAN.

    :param int number: tells it from others
    """
    account = f"X0542811101{number:012d}"
    digits = "".join(str(int(sign, 36)) for sign in f"{account}IT00")
    return f"IT{98 - int(digits) % 97:02d}{account}"


def approver(office, name):
    """A user who may approve; the password is the login."""
    [group] = office.call(
        "ir.model.data",
        "search_read",
        [["module", "=", "merchant_settlement"], ["name", "=", "group_approver"]],
        ["res_id"],
    )
    values = {"name": name, "login": name, "password": name, "group_ids": [[4, group["res_id"]]]}
    office.call("res.users", "create", [values])
    return name


def test_two_who_approve_at_once_make_one_bill_each(busy_server):
    """R-004-96: of two people who approve the same statements at the same instant one does and the other reads that it
    is done; each statement has one bill, and of its own sum."""
    ids, names = checked(busy_server, "TWICE")

    replies = together([partial(login(busy_server, name).call, STATEMENT, "action_approve", ids) for name in names])

    refused = [reply for reply in replies if isinstance(reply, Exception)]
    assert len(refused) == 1
    assert "Only a checked statement can be approved" in str(refused[0])
    assert Counter(busy_server.sql(BILLS, [ids])) == {("approved", 1, 10): SHOPS}


def test_two_batches_at_once_approve_each_statement_once(busy_server):
    """R-004-96: of two batches with the same statements one approves all, and the other says of each that it is done."""
    ids, names = checked(busy_server, "BATCH")
    batches = []
    for name in names:
        client = login(busy_server, name)
        batches.append((client, client.call(STATEMENT, "action_approve_each", ids)["res_id"]))

    replies = together(
        [partial(client.call, "merchant.statement.batch", "action_run", [batch]) for client, batch in batches]
    )

    assert not [reply for reply in replies if isinstance(reply, Exception)]
    rows = [
        client.call("merchant.statement.batch", "read", [batch], ["done_count", "refused_count"])[0]
        for client, batch in batches
    ]
    assert sorted((row["done_count"], row["refused_count"]) for row in rows) == [(0, SHOPS), (SHOPS, 0)]
    assert Counter(busy_server.sql(BILLS, [ids])) == {("approved", 1, 10): SHOPS}
