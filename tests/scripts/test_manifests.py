"""What ./civic knows of the addons: order, needs, hashes."""

import manifests
import pytest

KNOWN = {
    "till": {"depends": ["shops", "point_of_sale"]},
    "ledger": {"depends": ["base"]},
    "shops": {"depends": ["ledger", "portal"]},
}


def test_dependencies_come_first():
    assert manifests.closure(KNOWN) == ["ledger", "shops", "till"]


def test_a_closure_holds_only_what_is_needed():
    assert manifests.closure(KNOWN, ["shops"]) == ["ledger", "shops"]


def test_an_unknown_addon_is_an_error():
    with pytest.raises(KeyError, match="nobody"):
        manifests.closure(KNOWN, ["nobody"])


def test_what_odoo_must_bring():
    assert manifests.external(KNOWN) == ["base", "point_of_sale", "portal"]


def test_what_is_nowhere_is_told_apart(tmp_path):
    (tmp_path / "base").mkdir()
    (tmp_path / "base" / "__manifest__.py").write_text("{}")
    assert manifests.available(["base", "nowhere"], [tmp_path]) == (["base"], ["nowhere"])


@pytest.fixture
def addon(tmp_path):
    folder = tmp_path / "shop"
    (folder / "tests").mkdir(parents=True)
    (folder / "models.py").write_text("a = 1")
    (folder / "tests" / "test_a.py").write_text("b = 1")
    return folder


def test_a_changed_source_changes_the_hash(addon):
    before = manifests.source_hash(addon)
    (addon / "models.py").write_text("a = 2")
    assert manifests.source_hash(addon) != before


def test_a_changed_test_does_not(addon):
    before = manifests.source_hash(addon)
    (addon / "tests" / "test_a.py").write_text("b = 2")
    assert manifests.source_hash(addon) == before


def test_changed_tells_update_from_install():
    assert manifests.changed({"a": "1", "b": "1"}, {"a": "1", "b": "2", "c": "1"}) == (["b"], ["c"])
