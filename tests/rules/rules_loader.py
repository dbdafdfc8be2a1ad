"""Loads the rules of an addon without Odoo.

The rules of `addons/<addon>/rules/*.py` are plain functions. Inside Odoo they are `odoo.addons.<addon>.rules.<name>`;
importing that would import Odoo. Here each `rules` folder becomes a package of its own, `civic_rules.<addon>`, so
relative imports inside it work and nothing above it is touched.
"""

import importlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

ADDONS = Path(__file__).resolve().parents[2] / "addons"


def load(addon, name, addons_dir=ADDONS):
    """Return the module `rules/<name>.py` of an addon, e.g. load("family_card", "split").

    Raises FileNotFoundError when the addon has no rules folder, ModuleNotFoundError when it has no such rule.
    """
    folder = Path(addons_dir) / addon / "rules"
    if not folder.is_dir():
        raise FileNotFoundError(f"{addon} has no rules folder")
    root = sys.modules.setdefault("civic_rules", ModuleType("civic_rules"))
    root.__path__ = []
    package = f"civic_rules.{addon}"
    known = sys.modules.get(package)
    if known is None or list(known.__path__) != [str(folder)]:
        for stale in [module for module in sys.modules if module == package or module.startswith(package + ".")]:
            del sys.modules[stale]
        _load_package(package, folder)
    return importlib.import_module(f"{package}.{name}")


def _load_package(package, folder):
    """Put a package for `folder` into sys.modules, running its __init__.py when it has one."""
    init = folder / "__init__.py"
    if init.exists():
        spec = importlib.util.spec_from_file_location(package, init, submodule_search_locations=[str(folder)])
        module = importlib.util.module_from_spec(spec)
        sys.modules[package] = module
        spec.loader.exec_module(module)
    else:
        module = ModuleType(package)
        module.__path__ = [str(folder)]
        sys.modules[package] = module
