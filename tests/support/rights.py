"""The access matrix: as it is written down, and as a database with the demo answers."""

from pathlib import Path

from . import database
from .server import ROOT, odoo_shell

FILE = ROOT / "tests" / "access_matrix.csv"
_BEGIN, _END = "RIGHTS BEGIN\n", "RIGHTS END\n"


def current():
    """Ask a throw-away copy of the demo.

    :return: (text of the table, external ids of groups that have no column)
    """
    code = f"""
import sys
sys.path.insert(0, {str(Path(__file__).resolve().parents[1])!r})
from support import access_matrix
print({_BEGIN!r} + access_matrix.table(env) + {_END!r}, "GROUPS", *access_matrix.missing_groups(env))
"""
    name = database.create_copy()
    try:
        out = odoo_shell(name, code)
    finally:
        database.drop(name)
    text, _separator, rest = out.partition(_BEGIN)[2].partition(_END)
    return text, rest.partition("GROUPS")[2].split()


def main():
    """Write the file anew; `git diff` then shows whose rights have changed."""
    FILE.write_text(current()[0])


if __name__ == "__main__":
    main()
