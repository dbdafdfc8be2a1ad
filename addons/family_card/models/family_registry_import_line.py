from odoo import api, fields, models

COLUMNS = [
    ("row", "Row"),
    ("household", "Household number"),
    ("fiscal_code", "Fiscal code"),
    ("last_name", "Surname"),
    ("first_name", "First name"),
    ("full_name", "Full name"),
    ("name", "Name"),
    ("birth_date", "Birth date"),
    ("relation", "Relation"),
    ("street", "Address"),
    ("zip", "Postcode"),
    ("city", "City"),
    ("first", "First day"),
    ("last", "Last day"),
    ("death_date", "Day of death"),
]


class FamilyRegistryImportLine(models.Model):
    """A fault of a row, or something that the file would change."""

    _name = "family.registry.import.line"
    _description = "Line of a registry import"
    _order = "row, id"
    _rec_name = "name"
    _log_access = False

    import_id = fields.Many2one("family.registry.import", required=True, index=True, ondelete="cascade", readonly=True)
    kind = fields.Selection(
        [
            ("error", "Error"),
            ("warning", "Warning"),
            ("person", "New person"),
            ("household", "New household"),
            ("code", "Household gets its number"),
            ("completed", "Fiscal code completed"),
            ("birth", "Birth"),
            ("death", "Death"),
            ("move_in", "Arrival"),
            ("move_out", "Departure"),
            ("household_change", "Change of household or role"),
        ],
        required=True,
        readonly=True,
    )
    row = fields.Integer(readonly=True)
    column_name = fields.Selection(COLUMNS, "Column", readonly=True)
    code = fields.Char(readonly=True)
    value = fields.Char(readonly=True)
    name = fields.Char("Person in the file", readonly=True)
    household = fields.Char("Household number", readonly=True)
    person_id = fields.Many2one("res.partner", "On file", readonly=True, ondelete="cascade", index="btree_not_null")
    day = fields.Date(readonly=True)
    message = fields.Char("What is wrong", compute="_compute_message")

    @api.depends("code", "value")
    def _compute_message(self):
        sentences = _row_sentences(self.env)
        for line in self:
            sentence = sentences.get(line.code, "")
            line.message = sentence % line.value if "%s" in sentence else sentence


def _row_sentences(env):
    """What to tell about a row, by code; %s is the value in question."""
    _ = env._
    return {
        "cells": _("The row has another number of cells than the header (%s): perhaps another separator."),
        "formula": _("The cell holds a formula: replace it by its value."),
        "characters": _("The cell holds characters that cannot be read."),
        "required": _("The cell is empty."),
        "date": _("“%s” is no date of the calendar; write it as 31/12/2023."),
        "too_old": _("%s is too long ago."),
        "future": _("%s is later than the day the file tells about."),
        "relation": _("“%s” is no known relation; use head, spouse, child, foster, parent, relative or other."),
        "fiscal_code": _("The fiscal code %s is not valid."),
        "contradicts": _("The birth date %s contradicts the fiscal code."),
        "before_birth": _("%s is before the birth."),
        "before_first": _("The last day %s is before the first day."),
        "twice": _("The same fiscal code is in row %s."),
        "variant": _("The fiscal code is a variant (omocodia) of the one in row %s."),
        "same_person": _("The same person seems to be in row %s."),
        "variant_on_file": _(
            "Somebody is on file with a variant (omocodia) of this fiscal code: correct whichever is wrong."
        ),
        "several_on_file": _("Several people with this name and birth date are on file: add the fiscal code."),
        "namesake_on_file": _("Somebody with the same name and birth date is on file with another fiscal code."),
        "is_dead": _("This person is on record as dead since %s."),
        "other_death": _("On record the day of death is %s: correct the wrong one by hand."),
        "before_entry": _("On record the person joined the household on %s, after this last day."),
        "not_after": _("On record something changed on %s: the change must be later, or be corrected by hand."),
        "two_heads": _("The household %s would have two heads."),
        "no_head": _("The household %s has no head."),
    }


def file_sentence(env, error):
    """What to tell about a file that cannot be read.

    :param error: rules.registry_file.FileError
    :return: str
    """
    _ = env._
    columns = dict(env["family.registry.import.line"]._fields["column_name"]._description_selection(env))
    shown = ", ".join(columns.get(value, str(value)) for value in error.values)
    sentences = {
        "empty": _("The file holds no rows."),
        "too_large": _("The file is larger than %s KB: split it."),
        "too_many_rows": _("The file has more than %s rows: split it."),
        "macros": _("The sheet holds macros: save it as XLSX without them."),
        "old_excel": _("This is a sheet of an old Excel: save it as XLSX."),
        "not_a_sheet": _("The file is no XLSX sheet, or it is damaged."),
        "binary": _("The file is neither an XLSX sheet nor a text with separators (CSV): save it as one of them."),
        "encoding": _("The letters of the file cannot be read: save it as UTF-8."),
        "broken_quotes": _("A quotation mark is opened and not closed, near line %s."),
        "no_columns": _("No column is known: the first row must hold the titles; download the template."),
        "column_twice": _("Two columns mean the same: %s."),
        "missing_columns": _("These columns are missing: %s."),
    }
    sentence = sentences[error.code]
    return sentence % shown if "%s" in sentence else sentence
