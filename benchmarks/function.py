"""B2: the authorisation against PostgreSQL alone: the smallest function that charges a card, without rules."""

import json
import os
import re
import subprocess
import tempfile
import uuid

import psycopg2
from support import database

from . import charge, load
from .cpu import seconds_of

CALLS = 1500
CARDS = 10000
DATABASE = "civic_bench_function"
SCHEMA = """
CREATE TABLE account (id int PRIMARY KEY, balance numeric NOT NULL CHECK (balance >= 0)) WITH (fillfactor = 70);
CREATE TABLE card (id int PRIMARY KEY, code text UNIQUE, account_id int NOT NULL REFERENCES account);
CREATE TABLE ledger (id serial PRIMARY KEY, account_id int NOT NULL REFERENCES account, merchant_id int NOT NULL,
    amount numeric NOT NULL, balance_after numeric NOT NULL, key varchar NOT NULL UNIQUE, at timestamp DEFAULT now());
CREATE INDEX ON ledger (account_id);
CREATE INDEX ON ledger (merchant_id, at);
INSERT INTO account SELECT n, 1000000 FROM generate_series(1, %(cards)s) n;
INSERT INTO card SELECT n, 'C' || n, n FROM generate_series(1, %(cards)s) n;
CREATE FUNCTION charge(p_code text, p_merchant int, p_amount numeric, p_key text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE v_account int; v_balance numeric;
BEGIN
    SELECT a.id INTO v_account FROM card c JOIN account a ON a.id = c.account_id WHERE c.code = p_code
       FOR NO KEY UPDATE OF a;
    PERFORM 1 FROM ledger WHERE key = p_key;
    IF FOUND THEN RETURN 'replay'; END IF;
    UPDATE account SET balance = balance - p_amount WHERE id = v_account AND balance >= p_amount
        RETURNING balance INTO v_balance;
    IF NOT FOUND THEN RETURN 'refused'; END IF;
    INSERT INTO ledger (account_id, merchant_id, amount, balance_after, key)
    VALUES (v_account, p_merchant, -p_amount, v_balance, p_key);
    RETURN 'ok';
END $$;
"""
SCRIPT = "\\set card random(1, %(cards)s)\nSELECT charge('C' || :card, 7, 1.50, gen_random_uuid()::text);\n"
# what the till sends to the charge's function, learnt from one call of the real service that is then undone
LEARN = """
import json
from unittest.mock import patch
from odoo.addons.merchant_circuit.rules.till import Terminal
from odoo.tools import SQL
kept, real = [], type(env.cr).execute
def execute(self, query, *args, **kwargs):
    if isinstance(query, SQL) and %(function)r in query.code:
        kept.append(query.params[0])
    return real(self, query, *args, **kwargs)
terminal = Terminal(*%(terminal)r)
with patch.object(type(env.cr), "execute", execute), patch.object(type(env.cr), "commit", lambda self: None), \\
        patch("odoo.modules.module.current_test", True):
    reply = env["circuit.till"]._authorize(terminal, json.loads(%(request)r))
env.cr.rollback()
print("PAYLOAD " + kept[0])
"""


def measure(stage, options):
    """Compare requests a second at one and eight clients, and the CPU of the two functions call by call.

    :return: (metrics, runs)
    """
    return compare(stage, options, charge.authorise(stage.town), "family_card_charge", stage.town.cards)


def compare(stage, options, authorise, function, shown, vary=lambda payload: None):
    """The same for any instrument.

    :param authorise: function of a Till for `load.closed_loop`
    :param str function: SQL function that debits the instrument
    :param list shown: instruments, what a Till takes as card
    :param vary: changes the function's argument before a call, e.g. puts another instrument there
    :return: (metrics, runs)
    """
    runs = []
    try:
        _create()
        for repetition in range(options.repetitions):
            for clients in (1, 8):
                tills = stage.tills[:clients]
                run = load.closed_loop(stage.server, tills, authorise, options.seconds, charge.word)
                charge.all_good("authorise", run)
                bare = _pgbench(clients, options.seconds)
                runs.append({"clients": clients, "repetition": repetition, "bare_tps": bare, **run._asdict()})
        costs = _costs(stage, options.repetitions, function, _payload(stage, function, shown[0]), vary)
    finally:
        database.drop(DATABASE)
    metrics = {
        "tps_ratio": load.spread([run["tps"] / run["bare_tps"] for run in runs]),
        "function_cpu_ratio": load.spread([ours / bare for ours, bare in costs]),
        "function_cpu_ms": load.spread([ours for ours, _bare in costs]),
        "bare_cpu_ms": load.spread([bare for _ours, bare in costs]),
    }
    for clients in (1, 8):
        mine = [run for run in runs if run["clients"] == clients]
        metrics[f"tps_ratio_c{clients}"] = load.spread([run["tps"] / run["bare_tps"] for run in mine])
        metrics[f"bare_tps_c{clients}"] = load.spread([run["bare_tps"] for run in mine])
    return metrics, runs


def _create():
    subprocess.run(["createdb", "-T", "template0", DATABASE], check=True)
    database.execute(DATABASE, (SCHEMA % {"cards": CARDS}).replace("%", "%%"))
    database.execute(DATABASE, "VACUUM ANALYZE")


def _pgbench(clients, seconds):
    """Charges a second of the bare function."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(SCRIPT % {"cards": CARDS})
        script.flush()
        threads = min(clients, os.cpu_count())
        command = ["pgbench", "-n", "-c", str(clients), "-j", str(threads), "-T", str(max(1, round(seconds)))]
        done = subprocess.run([*command, "-f", script.name, DATABASE], check=True, text=True, capture_output=True)
    return float(re.search(r"tps = ([\d.]+)", done.stdout)[1])


def _costs(stage, repetitions, function, payload, vary):
    """CPU ms of one call of our function and of the bare one, on a connection each that keeps its plans.

    :return: list of (ours, bare)
    """

    def ours(cursor):
        payload["hold"]["key"] = str(uuid.uuid4())
        vary(payload)
        cursor.execute(f"SELECT {function}(%s::jsonb)->>'outcome'", [json.dumps(payload)])
        assert cursor.fetchone()[0] == "authorized"

    def bare(cursor):
        cursor.execute("SELECT charge('C7', 7, 1.50, %s)", [str(uuid.uuid4())])

    with database.connection(stage.server.db) as one, database.connection(DATABASE) as other:
        _cost(one, ours, 100), _cost(other, bare, 100)
        return [(_cost(one, ours, CALLS), _cost(other, bare, CALLS)) for _repetition in range(repetitions)]


def _cost(connection: psycopg2.extensions.connection, call, calls):
    pid = connection.get_backend_pid()
    with connection.cursor() as cursor:
        before = seconds_of(pid)
        for _time in range(calls):
            call(cursor)
        return 1000 * (seconds_of(pid) - before) / calls


def _payload(stage, function, shown):
    till = stage.tills[0]
    merchant = till.merchant
    terminal = (
        merchant.id,
        merchant.company,
        "pos",
        f"pos.config,{merchant.config}",
        f"pos.session,{merchant.session}",
    )
    activity = stage.server.sql(
        "SELECT activity_id FROM circuit_agreement WHERE merchant_id = %s AND state = 'active'", [merchant.id]
    )[0][0]
    request = till.request(shown, charge.PURCHASE)
    request["lines"] = [{"activity_id": activity, "amount": charge.PURCHASE}]
    out = stage.server.shell(LEARN % {"terminal": terminal, "request": json.dumps(request), "function": function})
    line = next(line for line in out.splitlines() if line.startswith("PAYLOAD "))
    return json.loads(line.removeprefix("PAYLOAD "))
