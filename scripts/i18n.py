"""i18n.py FOLDER ADDON...: brings freshly exported FOLDER/<addon>.pot into addons/<addon>/i18n.

The .pot is written without dates and in a fixed order, so that it changes only with the terms. it.po keeps the
translation of every term that is still there, gets the new ones untranslated and loses the others.
"""

import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[1]
HEADER = {
    "Project-Id-Version": "Civic Circuit 19.0",
    "Report-Msgid-Bugs-To": "",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
}


def canonical(exported):
    """Return a polib file with the terms of an exported .pot, sorted and without dates."""
    result = polib.POFile(wrapwidth=78)
    result.metadata = dict(HEADER)
    result.extend(sorted((entry for entry in exported if not entry.obsolete), key=lambda entry: entry.msgid))
    return result


def merged(template, translated):
    """Return the terms of `template` with the translations that `translated` (may be None) holds for them."""
    known = {entry.msgid: entry.msgstr for entry in translated or [] if not entry.obsolete and not entry.fuzzy}
    result = polib.POFile(wrapwidth=78)
    result.metadata = {**HEADER, "Language": "it", "Plural-Forms": "nplurals=2; plural=(n != 1);"}
    for entry in template:
        result.append(
            polib.POEntry(
                msgid=entry.msgid,
                msgstr=known.get(entry.msgid, ""),
                comment=entry.comment,
                occurrences=entry.occurrences,
                flags=[flag for flag in entry.flags if flag != "fuzzy"],
            )
        )
    return result


def untranslated(exported, translated):
    """Return the msgids of `exported` that have no translation in `translated` (may be None)."""
    known = {entry.msgid for entry in translated or [] if entry.msgstr and not entry.obsolete and not entry.fuzzy}
    return [entry.msgid for entry in exported if entry.msgid not in known]


def main(arguments):
    """Merge the given addons' terms and say what is left to translate."""
    folder, *addons = arguments
    for addon in addons:
        template = canonical(polib.pofile(str(Path(folder) / f"{addon}.pot")))
        target = ROOT / "addons" / addon / "i18n"
        italian = target / "it.po"
        result = merged(template, polib.pofile(str(italian)) if italian.exists() else None)
        if not len(template):
            continue
        target.mkdir(exist_ok=True)
        template.save(str(target / f"{addon}.pot"))
        result.save(str(italian))
        print(f"{addon}: {len(result)} terms, {len(untranslated(template, result))} without Italian")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
