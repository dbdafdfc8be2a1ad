"""Every term of every addon has an Italian translation."""

import polib
import pytest
from i18n import untranslated
from support import database
from support.server import ROOT, manifests, odoo_shell

ADDONS = list(manifests.manifests())


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """The folder with a freshly exported <addon>.pot of every addon."""
    folder = tmp_path_factory.mktemp("pot")
    db = database.create_copy()
    try:
        script = (ROOT / "scripts" / "export_terms.py").read_text()
        installed = [
            name for (name,) in database.execute(db, "select name from ir_module_module where state = 'installed'")
        ]
        odoo_shell(
            db, f"ADDONS = {[name for name in ADDONS if name in installed]!r}\nFOLDER = {str(folder)!r}\n{script}"
        )
    finally:
        database.drop(db)
    return folder


@pytest.mark.parametrize("addon", ADDONS)
def test_every_term_is_in_italian(addon, exported):
    template = exported / f"{addon}.pot"
    assert template.exists(), f"{addon} is not installed in the demo database"
    terms = polib.pofile(str(template))
    italian = ROOT / "addons" / addon / "i18n" / "it.po"
    left = untranslated(terms, polib.pofile(str(italian)) if italian.exists() else None)
    assert not left, f"{addon}: run ./civic i18n and translate {len(left)} of {len(terms)} terms, such as {left[:10]}"


@pytest.mark.parametrize("addon", ADDONS)
def test_the_committed_template_holds_the_terms_of_the_sources(addon, exported):
    template = ROOT / "addons" / addon / "i18n" / f"{addon}.pot"
    fresh = {entry.msgid for entry in polib.pofile(str(exported / f"{addon}.pot"))}
    kept = {entry.msgid for entry in polib.pofile(str(template))} if template.exists() else set()
    assert fresh == kept, f"{addon}: run ./civic i18n"
