"""One size of B8 in a process of its own, so that its peak of memory is its own: prints a JSON line.

The statements of a month are made through the run's own action. Before each time the same payments are summed by
merchant in one bare statement, and copied with an index and a hash into a bare table: what any way of keeping a line for
each payment has to do at least.
"""

import argparse
import json
import resource
import sys
import time

from support import database
from support.odoo_process import load_registry

from odoo.api import SUPERUSER_ID, Environment

from .settle_stage import build

AGGREGATE = """
    SELECT merchant_id, count(*), sum(CASE kind WHEN 'refund' THEN -amount ELSE amount END) FROM circuit_transaction
     WHERE funder_id = %s AND state = 'captured' GROUP BY merchant_id
"""
BARE_TABLE = """
    DROP TABLE IF EXISTS bench_line;
    CREATE TABLE bench_line (id serial PRIMARY KEY, merchant_id integer NOT NULL, transaction_id integer NOT NULL UNIQUE,
        amount numeric NOT NULL, hash varchar NOT NULL);
"""
BARE = """
    INSERT INTO bench_line (merchant_id, transaction_id, amount, hash)
    SELECT merchant_id, id, CASE kind WHEN 'refund' THEN -amount ELSE amount END,
           encode(sha256(convert_to(id || '|' || amount, 'UTF8')), 'hex')
      FROM circuit_transaction WHERE funder_id = %s AND state = 'captured' ORDER BY merchant_id, captured_at
"""
FORGET = """
    TRUNCATE merchant_statement CASCADE;
    DELETE FROM merchant_statement_run;
"""
# payments, lines, statements and sources tell the same sum, and every statement has its digest
SUMS = """
    SELECT (SELECT sum(CASE kind WHEN 'refund' THEN -amount ELSE amount END)::text FROM circuit_transaction
             WHERE funder_id = %(funder)s AND state = 'captured'),
           (SELECT sum(amount)::text FROM merchant_statement_line),
           (SELECT sum(total)::text FROM merchant_statement),
           (SELECT sum(amount)::text FROM merchant_statement_source)
"""
COUNTS = """
    SELECT (SELECT count(*) FROM merchant_statement_line), (SELECT count(*) FROM merchant_statement WHERE digest <> '')
"""


def settle(env, funder, month):
    """Make the statements of a month as the office does: the request's share of the work and the queue's.

    :return: (seconds, number of SQL statements)
    """
    run = env["merchant.statement.run"].create({"funder_id": funder.id, "month": month})
    env.cr.commit()
    queries, start = env.cr.sql_log_count, time.monotonic()
    run.action_start()
    if run.state == "running":  # what a request leaves to the queue, the queue's method does
        run._job_make()
    env.cr.commit()
    seconds = time.monotonic() - start
    if run.state != "done":
        raise RuntimeError(f"the run is {run.state}")
    return seconds, env.cr.sql_log_count - queries


def bare(name, query, funder):
    """Run one bare statement; returns the seconds."""
    with database.connection(name) as connection, connection.cursor() as cursor:
        start = time.monotonic()
        cursor.execute(query, [funder])
        return time.monotonic() - start


def main(arguments):
    """Measure one size."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--config", required=True)
    parser.add_argument("--database", required=True)
    parser.add_argument("--transactions", type=int, required=True)
    parser.add_argument("--merchants", type=int, default=1000)
    parser.add_argument("--repetitions", type=int, default=3)
    options = parser.parse_args(arguments)
    registry = load_registry(options.config, options.database)
    runs, problems = [], []
    with registry.cursor() as cursor:
        env = Environment(cursor, SUPERUSER_ID, {})
        funder, month = build(env, options.transactions, options.merchants)
        cursor.commit()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for _repetition in range(options.repetitions):
            database.execute(options.database, FORGET + BARE_TABLE)
            database.execute(options.database, "VACUUM ANALYZE")
            aggregate = bare(options.database, AGGREGATE, funder.id)
            lines = bare(options.database, BARE, funder.id)
            env.invalidate_all()
            seconds, queries = settle(env, funder, month)
            runs.append(
                {
                    "transactions": options.transactions,
                    "merchants": options.merchants,
                    "aggregate": aggregate,
                    "lines": lines,
                    "settle": seconds,
                    "queries": queries,
                }
            )
            sums = database.execute(options.database, SUMS, {"funder": funder.id})[0]
            counts = database.execute(options.database, COUNTS)[0]
            if len(set(sums)) != 1 or tuple(counts) != (options.transactions, options.merchants):
                problems.append(f"{options.transactions} payments: sums {sums}, lines and statements {counts}")
    facts = {
        "runs": runs,
        "rss_before": before * 1024,
        "rss_peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        "problems": problems,
    }
    print("B8 " + json.dumps(facts))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
