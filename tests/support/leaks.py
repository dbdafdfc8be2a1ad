"""Finds PINs, full fiscal codes, one-time codes and API keys where they do not belong: in logs, messages and any text of a database.

A fiscal code is known by its form. A PIN is known by its value where that is unusual (the demo's and the tests' own),
and everywhere by the word before it ("PIN 12345", "pin": "12345"): five digits alone may be anything.
"""

import csv
import re
import sys
from pathlib import Path

from . import database

ALLOWED_FILE = Path(__file__).with_name("secrets_allowed.csv")
# the letters beside the digits: a code changed because two people had the same one
FISCAL_CODE = r"[A-Z]{6}[0-9LMNPQRSTUV]{2}[ABCDEHLMPRST][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]"
AFTER_THE_WORD = r"[Pp][Ii][Nn]([^0-9A-Za-z]{1,4}[a-zàè]{1,5}){0,2}[^0-9A-Za-z]{1,12}[0-9]{5,8}"
BEFORE, AFTER = "(^|[^0-9A-Za-z])", "([^0-9A-Za-z]|$)"
#: PINs that people of the demo and of the tests' towns have (addons/civic_demo/LOGINS.txt, support/town_setup.py).
KNOWN_PINS = ("48213", "73952", "60418", "91537", "25846")
#: Tables that hold Odoo's own programs and words, and nothing that anybody typed.
STATIC = ("ir_model%", "ir_ui_%", "ir_act_%", "ir_module%", "res_country%", "account_%_template%", "base_import%")
#: Where a PIN on its way to the telephone must never be repeated, with or without the word before it.
MESSAGES = (
    ("mail_message", "body"),
    ("mail_message", "subject"),
    ("mail_mail", "body_html"),
    ("sms_sms", "body"),
    ("sms_outbox", "body"),
    ("queue_job", "exc_info"),
    ("ir_logging", "message"),
)


def patterns():
    """{what: regular expression}, in the syntax that Python and PostgreSQL share."""
    return {
        "fiscal code": FISCAL_CODE,
        "pin": f"{AFTER_THE_WORD}|(?:{'|'.join(KNOWN_PINS)})",
        "one-time code": r"CC1\.[A-Z2-7]{52}",
        "api key": "cck_[A-Za-z0-9]{8}_[A-Za-z0-9]{40}",
    }


def in_text(text):
    """What a text gives away.

    :return: list of "what after …", with the words before it on the line and only the beginning of the secret
    """
    found = []
    for what, pattern in patterns().items():
        for match in re.finditer(f"{BEFORE}({pattern}){AFTER}", text):
            around = text[max(0, match.start(2) - 80) : match.start(2)].rpartition("\n")[2]
            found.append(f"{what} after “{around}{match[2][:3]}…”")
    return found


def allowed():
    """{(what, table.column): reason} of the file beside this one."""
    with ALLOWED_FILE.open(newline="") as rows:
        return {(row["what"], row["column"]): row["reason"] for row in csv.DictReader(rows)}


def in_database(name):
    """Where a database holds such secrets outside the columns meant for them.

    :return: list of "what in table.column of n rows"
    """
    known = allowed()
    found = []
    with database.connection(name) as conn, conn.cursor() as cursor:
        cursor.execute(_COLUMNS, [list(STATIC)])
        for table, columns in cursor.fetchall():
            counts = [
                (what, column, f"count(*) FILTER (WHERE {_text(table, column)} ~ %s)", f"{BEFORE}({pattern}){AFTER}")
                for column in columns
                for what, pattern in patterns().items()
                if (what, f"{table}.{column}") not in known
            ]
            if not counts:
                continue
            query = ", ".join(count for _what, _column, count, _pattern in counts)
            cursor.execute(f'SELECT {query} FROM "{table}"', [pattern for *_names, pattern in counts])
            found += [
                f"{what} in {table}.{column} of {number} rows"
                for (what, column, _count, _pattern), number in zip(counts, cursor.fetchone(), strict=True)
                if number
            ]
    return found


def messages_with(name):
    """Whether a PIN that the database still holds for sending stands anywhere in what people or programs wrote.

    :return: list of "pin in table.column of n rows"
    """
    found = []
    with database.connection(name) as conn, conn.cursor() as cursor:
        for table, column in MESSAGES:
            cursor.execute("SELECT to_regclass(%s), to_regclass('sms_outbox')", [table])
            if None in cursor.fetchone():
                continue
            cursor.execute(_REPEATED.format(table=table, column=column))
            [(number,)] = cursor.fetchall()
            if number:
                found.append(f"pin in {table}.{column} of {number} rows")
    return found


def _text(table, column):
    """A column as text; of files those that are not Odoo's own programs."""
    if (table, column) == ("ir_attachment", "db_datas"):
        return "CASE WHEN res_model <> 'ir.ui.view' AND res_field IS NULL THEN encode(db_datas, 'escape') END"
    return f'"{column}"::text'


# every column that can hold words, of the tables that have rows
_COLUMNS = """
    SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum)
      FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      JOIN pg_type t ON t.oid = a.atttypid
     WHERE c.relkind = 'r' AND t.typname IN ('varchar', 'text', 'json', 'jsonb', 'bytea', 'bpchar')
       AND NOT c.relname LIKE ANY (%s)
     GROUP BY c.relname ORDER BY c.relname
"""

_REPEATED = """
    WITH pins AS (
        SELECT DISTINCT substring(secret_body from '[Pp][Ii][Nn][^0-9A-Za-z]{{1,12}}([0-9]{{5,8}})') AS pin
          FROM sms_outbox WHERE secret_body IS NOT NULL)
    SELECT count(*) FROM "{table}" t
     WHERE EXISTS (SELECT 1 FROM pins p WHERE t."{column}" ~ ('(^|[^0-9A-Za-z])' || p.pin || '([^0-9A-Za-z]|$)'))
"""


def of_run(name, logs):
    """Everything that one database and its logs give away; the list is empty when they are clean."""
    found = in_database(name) + messages_with(name)
    for log in logs:
        if Path(log).exists():
            found += [f"{Path(log).name}: {hit}" for hit in in_text(Path(log).read_text(errors="replace"))]
    return found


if __name__ == "__main__":  # leaks.py DATABASE LOG...
    problems = of_run(sys.argv[1], sys.argv[2:])
    print("\n".join(problems), file=sys.stderr)
    sys.exit(1 if problems else 0)
