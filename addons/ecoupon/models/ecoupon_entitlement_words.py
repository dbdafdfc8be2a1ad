"""What the Region is told about a list that cannot be taken."""

#: What the values of a problem are called in its sentence, where there are several.
NAMES = {"other_key": ("key", "told", "own"), "reversed": ("first", "last")}


def _columns(env):
    _ = env._
    return {
        "fiscal_code": _("fiscal code"),
        "hash": _("hash"),
        "key": _("key"),
        "check": _("check value"),
        "policy": _("policy"),
        "date_from": _("from"),
        "date_to": _("to"),
        "action": _("action"),
    }


def row_sentence(env, problem):
    """What is wrong with a row, and what to do about it; no fiscal code in full.

    :param env: whose language is spoken
    :param problem: rules.rows.Problem
    :return: str
    """
    _ = env._
    sentence = {
        "cells": _("it has not as many cells as the first row (%s): perhaps another separator."),
        "formula": _("a cell holds a formula: replace it by its value."),
        "characters": _("a cell holds characters that cannot be read: write it anew."),
        "no_person": _("neither fiscal code nor hash."),
        "code_and_hash": _("both a fiscal code and a hash: leave one of them empty."),
        "fiscal_code": _("the fiscal code %s is not valid."),
        "hash": _("the hash is not 64 hexadecimal digits."),
        "no_key": _("a hash needs the name of the key it was made with."),
        "key": _("there is no key “%s”; it may have been archived."),
        "other_key": _(
            "the hash was made with another key than “%(key)s”: its check value is %(told)s, not %(own)s. Hash it again."
        ),
        "no_policy": _("it names no policy, and the list has none either."),
        "policy": _("there is no policy with the code “%s”."),
        "other_policy": _("this is the whole list of another policy than “%s”."),
        "action": _("“%s” is no known action; use add or remove."),
        "remove_in_full": _("a whole list takes nobody off by name: leave the person out."),
        "no_first_day": _("the first day is missing."),
        "date": _("“%s” is no date of the calendar; write it as 31/12/2026."),
        "reversed": _("it ends before it begins: from %(first)s to %(last)s."),
        "twice": _("the same person and policy are in row %s too."),
    }[problem.code]
    if problem.values:
        names = NAMES.get(problem.code)
        sentence %= dict(zip(names, problem.values, strict=True)) if names else problem.values
    return _("Row %(row)s: %(what)s", row=problem.row, what=sentence)


def file_sentence(env, error):
    """What is wrong with a file as a whole.

    :param env: whose language is spoken
    :param error: rules.table.FileError
    :return: str
    """
    _ = env._
    columns = _columns(env)
    sentence = {
        "empty": _("The file holds no rows."),
        "too_large": _("The file is larger than %s KB: split it."),
        "too_many_rows": _("The file has more than %s rows: split it."),
        "macros": _("The sheet holds macros: save it as XLSX without them."),
        "old_excel": _("This is a sheet of an old Excel: save it as XLSX."),
        "not_a_sheet": _("The file is no XLSX sheet, or it is damaged."),
        "binary": _("The file is neither an XLSX sheet nor a text with separators (CSV): save it as one of them."),
        "encoding": _("The letters of the file cannot be read: save it as UTF-8."),
        "broken_quotes": _("A quotation mark is opened and not closed, near line %s."),
        "no_columns": _("No column is known: the first row must hold the titles."),
        "column_twice": _("Two columns mean the same: %s."),
        "missing_columns": _("These columns are missing: %s."),
    }[error.code]
    shown = ", ".join(columns.get(value, str(value)) for value in error.values)
    return sentence % shown if error.values else sentence
