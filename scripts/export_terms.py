# Fed to `odoo shell` below two lines that set ADDONS and FOLDER: writes FOLDER/<addon>.pot for each of them.
import pathlib

from odoo.tools.translate import trans_export

for addon in ADDONS:  # noqa: F821
    with (pathlib.Path(FOLDER) / f"{addon}.pot").open("wb") as target:  # noqa: F821
        trans_export(False, [addon], target, "po", env)  # noqa: F821
