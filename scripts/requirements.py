"""requirements.py [--check | --missing ISSUE]: which test shows which requirement.

Reads docs/requirements.csv (the rows, and which issue finishes each) and the docstrings of every test (the proofs) and
writes docs/requirements.md. With --check nothing is written; the exit code says whether the page is up to date and
whether every row of a finished issue has a test. --missing lists the rows of an issue that no test shows yet.
"""

import ast
import csv
import re
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROWS = ROOT / "docs" / "requirements.csv"
PAGE = ROOT / "docs" / "requirements.md"
FINISHED = (1, 2, 3, 4, 5, 6)  # issues whose rows must all have a test
ID = re.compile(r"R-\d{3}-\d{2,3}")
JS_TEST = re.compile(r"""(?:test|add)\(\s*["'](?P<name>[^"']+)["']""")
SEEDS = {
    "000": "Lombardy eCouponing",
    "001": "Lecce digital vouchers",
    "002": "Milan civic crowdfunding",
    "003": "Lepida citizen relations",
    "004": "Corleto Perticara Family Card",
}
HEAD = """# Requirements and the tests that show them

Written by `scripts/requirements.py` from `docs/requirements.csv` and the docstrings of the tests; do not edit.
A row without a test is not done, or not shown to be. Areas: FC family card, EC coupons, MS settlement, VO vouchers,
CW crowdfunding, CZ citizen relations, PO portal, POS till, SEC security.

"""


def python_proofs(path):
    """Yield (requirement ID, test name) for each test function or class of a Python file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.name.lower().startswith(
            "test"
        ):
            for requirement in ID.findall(ast.get_docstring(node) or ""):
                yield requirement, node.name


def js_proofs(path):
    """Yield (requirement ID, test name) for each requirement named in a JavaScript test file."""
    name = path.stem
    for line in path.read_text(encoding="utf-8").splitlines():
        found = JS_TEST.search(line)
        name = found["name"] if found else name
        for requirement in ID.findall(line):
            yield requirement, name


def proofs(root=ROOT):
    """Return {requirement ID: sorted "path::test" strings} over every test of the repository."""
    found = defaultdict(set)
    files = [path for pattern in ("addons/*/tests/**/*.py", "tests/**/*.py") for path in root.glob(pattern)]
    files += root.glob("addons/*/static/tests/**/*.js")
    for path in files:
        read = js_proofs if path.suffix == ".js" else python_proofs
        for requirement, name in read(path):
            found[requirement].add(f"{path.relative_to(root)}::{name}")
    return {requirement: sorted(tests) for requirement, tests in found.items()}


def missing(rows, shown, issues):
    """Return the rows (dicts) that one of the issues (numbers) finishes and that no test in `shown` names."""
    numbers = {str(issue) for issue in issues}
    return [row for row in rows if row["issue"] in numbers and row["id"] not in shown]


def describe(rows):
    """Return one line of text for each row."""
    return "\n".join(f"{row['id']} (issue {row['issue']}, {row['area']}): {row['sentence']}" for row in rows)


def page(rows, shown):
    """Return the Markdown page for rows (dicts of docs/requirements.csv) and proofs."""
    parts = [HEAD]
    for seed, title in SEEDS.items():
        of_seed = [row for row in rows if row["id"].startswith(f"R-{seed}-")]
        count = sum(row["id"] in shown for row in of_seed)
        parts.append(f"## {seed} {title}: {count} of {len(of_seed)} rows have a test\n\n")
        parts.append("| ID | Area | Sentence | Tests |\n|---|---|---|---|\n")
        for row in of_seed:
            tests = "<br>".join(f"`{test.split('::')[1]}`" for test in shown.get(row["id"], [])) or "—"
            parts.append(f"| {row['id']} | {row['area']} | {row['sentence']} | {tests} |\n")
        parts.append("\n")
    return "".join(parts).rstrip() + "\n"


def main(arguments):
    """Write the page, with --check compare it, with --missing N list what issue N lacks; returns the exit code."""
    with ROWS.open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    shown = proofs()
    unknown = sorted(set(shown) - {row["id"] for row in rows})
    if unknown:
        print(f"tests name requirements that do not exist: {', '.join(unknown)}", file=sys.stderr)
        return 1
    if "--missing" in arguments:
        lacking = missing(rows, shown, arguments[arguments.index("--missing") + 1 :][:1])
        print(describe(lacking) or "every row has a test")
        return 1 if lacking else 0
    text = page(rows, shown)
    if "--check" in arguments:
        if lacking := missing(rows, shown, FINISHED):
            print(f"rows of finished issues that no test shows:\n{describe(lacking)}", file=sys.stderr)
            return 1
        if not PAGE.exists() or PAGE.read_text(encoding="utf-8") != text:
            print("docs/requirements.md is out of date: run scripts/requirements.py", file=sys.stderr)
            return 1
        return 0
    PAGE.write_text(text, encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)}: {len(set(shown))} of {len(rows)} rows have a test")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
