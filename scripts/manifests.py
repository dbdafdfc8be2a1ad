"""What the addons of this repository are, need and contain. Used by ./civic; knows nothing of Odoo.

Commands (each prints one line):
    closure [ADDON...]    the addons and those of this repository they depend on, dependencies first, comma-separated
    external [ADDON...]   what that closure needs from Odoo and is there (in the folders of ODOO_ADDONS)
    missing [ADDON...]    what that closure needs and is nowhere
    sources [ADDON...]    a short hash of everything in the closure that ends up in a database
    state [ADDON...]      the same, one hash per addon, as JSON
    changed STATE [ADDON...]  "update=a,b install=c": how the addons differ from an earlier state
No ADDON means every addon.
"""

import ast
import hashlib
import json
import os
import sys
import sysconfig
from pathlib import Path

ADDONS = Path(os.environ.get("ADDONS_DIR", Path(__file__).resolve().parents[1] / "addons"))
ODOO_FOLDERS = [
    *filter(None, os.environ.get("ODOO_ADDONS", "").split(",")),
    Path(sysconfig.get_path("purelib")) / "odoo" / "addons",  # addons installed from the package index
]
NOT_IN_DATABASE = {"tests", "readme", "__pycache__"}


def manifests(addons_dir=None):
    """Return {addon: manifest} of every folder with a manifest, sorted by name."""
    folder = addons_dir or ADDONS
    return {
        path.parent.name: ast.literal_eval(path.read_text(encoding="utf-8"))
        for path in sorted(folder.glob("*/__manifest__.py"))
    }


def closure(known, names=()):
    """Return the given addons (all when none is given) and what they need of `known`, dependencies first.

    Raises KeyError for a name that is not an addon of this repository.
    """
    done = []

    def add(name):
        for dependency in known[name].get("depends", []):
            if dependency in known and dependency not in done:
                add(dependency)
        if name not in done:
            done.append(name)

    for name in names or known:
        add(name)
    return done


def external(known, names=()):
    """Return the Odoo addons that the closure of `names` depends on, sorted."""
    return sorted(
        {
            dependency
            for name in closure(known, names)
            for dependency in known[name].get("depends", [])
            if dependency not in known
        }
    )


def available(names, folders):
    """Split addon names into (those found in one of the folders, those found in none)."""
    there = [name for name in names if any((Path(folder) / name / "__manifest__.py").exists() for folder in folders)]
    return there, [name for name in names if name not in there]


def source_hash(addon_dir):
    """Return a hash of the files of one addon that can change a database (tests and readme cannot)."""
    digest = hashlib.sha256()
    for path in sorted(addon_dir.rglob("*")):
        relative = path.relative_to(addon_dir)
        if path.is_file() and not NOT_IN_DATABASE & set(relative.parts) and path.suffix != ".pyc":
            digest.update(f"{relative}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def state(known, names=(), addons_dir=None):
    """Return {addon: hash} of the closure of `names`."""
    folder = addons_dir or ADDONS
    return {name: source_hash(folder / name) for name in closure(known, names)}


def changed(old, new):
    """Return (addons to update, addons to install) that turn a database of state `old` into `new`."""
    return (
        [name for name in new if name in old and old[name] != new[name]],
        [name for name in new if name not in old],
    )


def main(arguments):
    """Run one command of the module's docstring; returns the exit code."""
    command, *names = arguments or [""]
    known = manifests()
    try:
        if command == "closure":
            print(",".join(closure(known, names)))
        elif command == "external":
            print(",".join(available(external(known, names), ODOO_FOLDERS)[0]))
        elif command == "missing":
            print(",".join(available(external(known, names), ODOO_FOLDERS)[1]))
        elif command == "sources":
            print(hashlib.sha256(json.dumps(state(known, names)).encode()).hexdigest()[:10])
        elif command == "state":
            print(json.dumps(state(known, names)))
        elif command == "changed":
            update, install = changed(json.loads(names[0]), state(known, names[1:]))
            print(f"update={','.join(update)} install={','.join(install)}")
        else:
            print(__doc__, file=sys.stderr)
            return 2
    except KeyError as error:
        print(f"no addon called {error} in {ADDONS}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
