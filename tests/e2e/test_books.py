"""Two who book at once, on a server with several workers: every payment and every credit is booked exactly once."""

from decimal import Decimal
from functools import partial
from uuid import uuid4

import pytest
from support.till_client import Client, together

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def office(busy_server):
    """The administrator over HTTP."""
    return Client(busy_server.port, busy_server.db, "admin", "admin")


@pytest.fixture(scope="module")
def funder(town, office):
    """Id of the town's funder, its books set up."""
    [program] = office.call("family.card.program", "read", [town.program], ["funder_id"])
    funder = program["funder_id"][0]
    office.call(
        "circuit.account.setup", "action_apply", office.call("circuit.account.setup", "create", {"funder_id": funder})
    )
    return funder


def saldo(town, funder, role):
    """Posted balance of an account of the funder, Decimal."""
    [(total,)] = town.sql(
        f"""SELECT coalesce(sum(l.balance), 0)::text FROM account_move_line l
              JOIN circuit_funder f ON f.{role}_account_id = l.account_id
             WHERE f.id = %s AND l.parent_state = 'posted'""",
        [funder],
    )
    return Decimal(total)


def test_four_who_book_at_once_book_everything_once(town, tills, office, funder):
    """R-004-92, R-004-96: while the tills sell on; the general ledger agrees with the stored-value ledger."""
    cards = [town.next_card("200.00") for _card in range(6)]
    for number, card in enumerate(cards):
        till, order = tills[number % 2], str(uuid4())
        till.capture("40.00", till.authorize(card, "40.00", order_ref=order), order)
    # the day's payments of another channel: those of an open session of Odoo POS wait for its closing
    town.sql("UPDATE circuit_transaction SET channel = 'web' WHERE state = 'captured' AND funder_id = %s", [funder])

    replies = together(
        [partial(office.call, "circuit.funder", "action_book", [funder])] * 4
        + [partial(tills[number % 2].authorize, card, "20.00") for number, card in enumerate(cards)]
    )

    assert not [reply for reply in replies if isinstance(reply, Exception)]
    [(paid,)] = town.sql(
        """SELECT sum(CASE kind WHEN 'refund' THEN -amount ELSE amount END)::text FROM circuit_transaction
            WHERE state = 'captured' AND channel = 'web' AND funder_id = %s""",
        [funder],
    )
    [(credited,)] = town.sql(
        """SELECT sum(e.amount)::text FROM stored_value_entry e JOIN stored_value_account a ON a.id = e.account_id
            WHERE a.funder_id = %s AND e.kind IN ('credit', 'expiry', 'adjustment')""",
        [funder],
    )
    assert Decimal(paid) > 0
    assert saldo(town, funder, "merchant") == -Decimal(paid)
    assert saldo(town, funder, "contribution") == Decimal(credited)
    assert saldo(town, funder, "liability") == Decimal(paid) - Decimal(credited)
    [(waiting,)] = town.sql(
        "SELECT count(*) FROM circuit_transaction WHERE state = 'captured' AND channel = 'web' AND move_id IS NULL"
        " AND funder_id = %s",
        [funder],
    )
    assert waiting == 0
