"""One size of B7 in a process of its own, so that its peak of memory is its own: prints a JSON line.

Each quarter of a staged programme is credited once through the run's own actions; before each, the same number of
rows is credited by one bare SQL statement on plain tables of the same database.
"""

import argparse
import json
import resource
import sys
import time

from support import database
from support.odoo_process import load_registry

from odoo.api import SUPERUSER_ID, Environment

from .credit_stage import build

# the bare limit: a balance and one entry with a unique key, two more indexes and two foreign keys
LIMIT_TABLES = """
    CREATE TABLE bench_account (id serial PRIMARY KEY, balance numeric NOT NULL CHECK (balance >= 0))
        WITH (fillfactor = 70);
    CREATE TABLE bench_merchant (id serial PRIMARY KEY);
    CREATE TABLE bench_ledger (id serial PRIMARY KEY, account_id integer NOT NULL REFERENCES bench_account,
        merchant_id integer REFERENCES bench_merchant, amount numeric NOT NULL, balance_after numeric NOT NULL,
        idem_key varchar NOT NULL UNIQUE, create_date timestamp DEFAULT now());
    CREATE INDEX ON bench_ledger (account_id);
    CREATE INDEX ON bench_ledger (merchant_id);
    INSERT INTO bench_merchant DEFAULT VALUES;
    INSERT INTO bench_account (balance) SELECT 0 FROM generate_series(1, %s);
"""
LIMIT = """
    WITH moved AS (UPDATE bench_account SET balance = balance + 37.50 RETURNING id, balance)
    INSERT INTO bench_ledger (account_id, merchant_id, amount, balance_after, idem_key)
    SELECT id, 1, 37.50, balance, 'bench:' || %s || ':' || id FROM moved
"""


def credit(env, program, quarter):
    """Credit a quarter as the office does: prepare, confirm, and the queue's share of the work.

    :return: seconds of the preview, seconds of the credit
    """
    run = env["family.card.credit.run"].create(
        {"program_id": program.id, "period_id": program.period_ids.sorted("number")[quarter].id}
    )
    env.cr.commit()
    start = time.monotonic()
    run.action_preview()
    env.cr.commit()
    previewed = time.monotonic()
    run.action_confirm()
    if run.state == "running":  # what a request leaves to the queue, the queue's method does
        run._job_continue()
    env.cr.commit()
    ended = time.monotonic()
    if run.state != "done":
        raise RuntimeError(f"the run is {run.state}")
    return previewed - start, ended - previewed


def limit(name, repetition):
    """Credit all bare accounts by one statement; returns the seconds."""
    with database.connection(name) as connection, connection.cursor() as cursor:
        start = time.monotonic()
        cursor.execute(LIMIT, [repetition])
        return time.monotonic() - start


def main(arguments):
    """Measure one size."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--config", required=True)
    parser.add_argument("--database", required=True)
    parser.add_argument("--cards", type=int, required=True)
    parser.add_argument("--quarters", type=int, default=4)
    options = parser.parse_args(arguments)
    registry = load_registry(options.config, options.database)
    with registry.cursor() as cursor:
        env = Environment(cursor, SUPERUSER_ID, {})
        program = build(env, options.cards)
        cursor.commit()
        rows = 3 * options.cards
        database.execute(options.database, LIMIT_TABLES, [rows])
        database.execute(options.database, "VACUUM ANALYZE")
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        runs = []
        for quarter in range(options.quarters):
            bare = limit(options.database, quarter)
            preview, paid = credit(env, program, quarter)
            runs.append({"cards": options.cards, "rows": rows, "limit": bare, "preview": preview, "credit": paid})
        facts = {
            "runs": runs,
            "rss_before": before * 1024,
            "rss_peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
            "problems": [
                str(row) for row in database.execute(options.database, "SELECT * FROM stored_value_verify(NULL)")
            ],
            "counts": database.execute(
                options.database,
                "SELECT (SELECT count(*) FROM stored_value_lot), (SELECT count(*) FROM stored_value_entry),"
                " (SELECT count(*) FROM sms_sms WHERE number LIKE '+39333%%')",
            )[0],
        }
    print("B7 " + json.dumps(facts))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
