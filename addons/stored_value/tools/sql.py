"""SQL functions kept in files, and exact money out of the database."""

from decimal import Decimal

from odoo.tools import file_open


def install_functions(cr, path):
    """Create or replace the SQL functions of a file.

    :param cr: database cursor
    :param str path: file inside an addon, e.g. ``stored_value/sql/ledger.sql``; it is ours,
        never user input
    """
    with file_open(path) as source:
        cr.execute(source.read())


def query_about_a_person(env, query):
    """Run SQL whose parameters name a person: a failure is raised, not written into the log with them.

    :param env: environment
    :param SQL query: the statement
    :return: list of tuples
    """
    env.cr.execute(query, log_exceptions=False)
    return env.cr.fetchall()


def to_decimal(value):
    """Exact Decimal of an amount that came from the ORM or from SQL.

    Odoo reads numeric columns as float; its shortest decimal form is the stored amount.

    :param value: float, int, str, Decimal or None, in currency units
    :return: Decimal, 0 for None
    """
    return value if isinstance(value, Decimal) else Decimal(str(value or 0))
