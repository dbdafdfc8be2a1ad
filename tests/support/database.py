"""Throw-away copies of the template databases that ./civic has prepared."""

import contextlib
import itertools
import os
import subprocess

import psycopg2
import psycopg2.extras

_serial = itertools.count(1)


def template(kind="demo"):
    """Return the name of the template database: "demo" (with civic_demo) or "test" (without).

    Raises RuntimeError when ./civic has not prepared it.
    """
    name = os.environ.get(f"{kind.upper()}_DB")
    if not name:
        raise RuntimeError("no template database: run these tests with ./civic test e2e (or js)")
    return name


def create_copy(kind="demo"):
    """Copy a template and return the copy's name; ./civic removes copies whose process is gone."""
    name = f"civic_run_{os.getpid()}_{next(_serial)}"
    subprocess.run(["createdb", "-T", template(kind), name], check=True)
    return name


def drop(name):
    """Drop a database, ending the connections that are left."""
    execute("postgres", "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [name])
    subprocess.run(["dropdb", "--if-exists", name], check=False)


@contextlib.contextmanager
def connection(name):
    """Yield a psycopg2 connection in autocommit mode; server and user come from PGHOST, PGPORT and PGUSER."""
    conn = psycopg2.connect(dbname=name)
    try:
        conn.autocommit = True
        yield conn
    finally:
        conn.close()


def execute(name, query, parameters=None):
    """Run SQL and return the rows (tuples), or None when the statement returns none."""
    with connection(name) as conn, conn.cursor() as cursor:
        cursor.execute(query, parameters)
        return cursor.fetchall() if cursor.description else None
