"""The loader through which every rule test reaches its rule."""

import sys

import pytest
from rules_loader import load


@pytest.fixture
def addons(tmp_path):
    rules = tmp_path / "shop" / "rules"
    rules.mkdir(parents=True)
    (tmp_path / "shop" / "__init__.py").write_text("import odoo_is_not_here\n")
    (rules / "__init__.py").write_text("from . import money\n")
    (rules / "money.py").write_text("UNIT = 100\n")
    (rules / "price.py").write_text("from .money import UNIT\nfrom . import money\nVALUE = UNIT + money.UNIT\n")
    return tmp_path


def test_rules_of_one_package_import_each_other(addons):
    assert load("shop", "price", addons).VALUE == 200


def test_the_addon_itself_and_odoo_stay_out(addons):
    load("shop", "money", addons)
    assert "odoo" not in sys.modules
    assert "odoo_is_not_here" not in sys.modules


def test_the_same_rule_is_loaded_once(addons):
    assert load("shop", "money", addons) is load("shop", "money", addons)


def test_a_package_without_init_works(addons):
    (addons / "shop" / "rules" / "__init__.py").unlink()
    assert load("shop", "price", addons).VALUE == 200


@pytest.mark.parametrize(("addon", "error"), [("nobody", FileNotFoundError), ("shop", ModuleNotFoundError)])
def test_what_is_not_there_is_named(addons, addon, error):
    with pytest.raises(error, match=r"nobody|nothing"):
        load(addon, "nothing", addons)
