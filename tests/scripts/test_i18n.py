"""The merge of exported terms into a translation."""

import i18n
import polib


def po(**terms):
    result = polib.POFile()
    result.extend(polib.POEntry(msgid=msgid, msgstr=msgstr, comment="module: shop") for msgid, msgstr in terms.items())
    return result


def test_a_merge_keeps_adds_and_drops():
    result = i18n.merged(po(Card="", Shop=""), po(Card="Tessera", Gone="Via"))
    assert {entry.msgid: entry.msgstr for entry in result} == {"Card": "Tessera", "Shop": ""}


def test_a_merge_keeps_what_odoo_needs_to_load_it():
    assert [entry.comment for entry in i18n.merged(po(Card=""), None)] == ["module: shop"]


def test_untranslated_names_missing_empty_and_fuzzy_terms():
    italian = po(Card="Tessera", Shop="", PIN="PIN", Till="Cassa")
    italian[3].flags.append("fuzzy")
    assert i18n.untranslated(po(Card="", Shop="", PIN="", Till="", New=""), italian) == ["Shop", "Till", "New"]


def test_the_template_has_no_dates():
    exported = po(B="", A="")
    exported.metadata = {"POT-Creation-Date": "2026-01-01"}
    text = str(i18n.canonical(exported))
    assert "Date" not in text
    assert text.index('msgid "A"') < text.index('msgid "B"')
