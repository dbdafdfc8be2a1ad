import base64
import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.stored_value.tools import to_decimal

from ..models.ecoupon_entitlement_words import file_sentence
from ..models.ecoupon_reward import Occurrence
from ..rules import reward_rows, table

LIMITS = table.Limits(5 * 1024 * 1024, 5000)
SHOWN_PROBLEMS = 200


class EcouponRewardImport(models.TransientModel):
    """A partner's file of behaviours: read by its content, row by row; all of it is credited, or nothing (R-000-17)."""

    _name = "ecoupon.reward.import"
    _description = "Rewards by file"

    circuit_id = fields.Many2one(
        "circuit.circuit", required=True, default=lambda self: self.env["ecoupon.behaviour"]._only_circuit()
    )
    behaviour_id = fields.Many2one(
        "ecoupon.behaviour",
        domain="[('circuit_id', '=', circuit_id), ('evidence', '=', 'file')]",
        help="Of rows that name none.",
    )
    reporter_id = fields.Many2one("res.partner", "Partner", help="Whose file it is.")
    file = fields.Binary(
        attachment=False,
        help="CSV or XLSX. Columns: fiscal code, day, reference; behaviour (its code) and evidence where you have them.",
    )
    file_name = fields.Char()
    state = fields.Selection(
        [("draft", "Draft"), ("wrong", "With mistakes"), ("checked", "Checked")], default="draft", readonly=True
    )
    problems = fields.Text("Mistakes", readonly=True, help="Row by row; no fiscal code in full.")
    row_count = fields.Integer("Rows", readonly=True)
    total = fields.Monetary("To be credited", readonly=True)
    checked_digest = fields.Char(readonly=True, help="Of what was checked: another file is checked anew.")
    currency_id = fields.Many2one(related="circuit_id.company_id.currency_id")

    @api.onchange("file", "circuit_id", "behaviour_id", "reporter_id")
    def _onchange_file(self):
        """Another file, or other terms: what was told of the one before is over."""
        self.update({"state": "draft", "problems": False, "row_count": 0, "total": 0, "checked_digest": False})

    def action_check(self):
        """Button: read the file and tell what is wrong with it, or what it would credit.

        :return: window action: this form again
        :raises UserError: the file as a whole cannot be read
        """
        self.ensure_one()
        values, problems = self._read()
        if not problems:
            problems = self._refusals(values)
        shown = problems[:SHOWN_PROBLEMS]
        if len(problems) > SHOWN_PROBLEMS:
            shown.append(self.env._("… and %s more.", len(problems) - SHOWN_PROBLEMS))
        self.write(
            {
                "state": "wrong" if problems else "checked",
                "problems": "\n".join(shown) or False,
                "row_count": len(values),
                "total": 0 if problems else float(sum(to_decimal(one["behaviour"].amount) for one in values)),
                "checked_digest": False if problems else self._digest(),
            }
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_import(self):
        """Button: credit everything in the file that was checked; where something is wrong meanwhile, or this is not
        what was checked, nothing.

        :return: window action: the rewards, or this form with what the check finds now
        """
        self.ensure_one()
        self.env["ecoupon.reward"].check_access("create")
        if not self.checked_digest or self.checked_digest != self._digest():
            return self.action_check()
        values, problems = self._read()
        if problems or self._refusals(values):
            return self.action_check()
        digest = hashlib.sha256(base64.b64decode(self.file)).hexdigest()
        batch = f"{(self.file_name or 'file')[:60]} {digest[:12]}"
        # sudo: channel and file are the system's to write; the right to record was asked above
        self.env["ecoupon.reward"].sudo().create(
            [
                {
                    "behaviour_id": one["behaviour"].id,
                    "partner_id": one["partner"].id,
                    "day": one["row"].day,
                    "reference": one["row"].reference,
                    "evidence": one["row"].evidence or batch,
                    "channel": "file",
                    "batch_ref": batch,
                    "reporter_id": self.reporter_id.id,
                }
                for one in values
            ]
        )
        action = self.env["ir.actions.act_window"]._for_xml_id("ecoupon.action_reward")
        return action | {"domain": [("batch_ref", "=", batch)]}

    def _digest(self):
        """What is to be credited, as a digest: the file, and what its rows are read by.

        :return: str
        """
        terms = f"{self.circuit_id.id},{self.behaviour_id.id},{self.reporter_id.id},"
        return hashlib.sha256(terms.encode() + base64.b64decode(self.file or b"")).hexdigest()

    def _read(self):
        """The rows of the file with their behaviours and citizens.

        :return: (list of dict: row, behaviour, partner (empty: nobody); list of sentences)
        :raises UserError: the file as a whole cannot be read
        """
        content = base64.b64decode(self.file or b"")
        behaviours = self.env["ecoupon.behaviour"].search(
            [("circuit_id", "=", self.circuit_id.id), ("evidence", "=", "file")], order="date_from"
        )
        terms = behaviours.grouped("code")
        try:
            header, cells = table.read(content, LIMITS, reward_rows.known)
            rows, problems = reward_rows.parse(header, cells, terms, self.behaviour_id.code or "")
        except table.FileError as error:
            raise UserError(file_sentence(self.env, error)) from None
        if problems:
            return [], [self._row_sentence(problem) for problem in problems]
        citizens = self.env["ecoupon.reward"]._citizens({row.fiscal_code for row in rows})
        return [
            {
                "row": row,
                "behaviour": terms[row.behaviour]._on(row.day),
                "partner": citizens.get(row.fiscal_code, self.env["res.partner"]),
            }
            for row in rows
        ], []

    def _refusals(self, values):
        """Why rows of the file are not rewarded, under the locks of their behaviours.

        :return: list of sentences
        """
        # sudo: locks and figures; the wizard is the office's
        rewards = self.env["ecoupon.reward"].sudo()
        self.env["ecoupon.behaviour"].browse({one["behaviour"].id for one in values}).sudo()._lock()
        answers = rewards._plan(
            [
                Occurrence(one["behaviour"], one["partner"], one["row"].day, one["row"].reference, "file")
                for one in values
            ]
        )
        return [
            self.env._("Row %(row)s: %(what)s", row=one["row"].number, what=answer)
            for one, answer in zip(values, answers, strict=True)
            if answer
        ]

    @api.model
    def _row_sentence(self, problem):
        """What is wrong with a row, and what to do about it; no fiscal code in full.

        :param problem: rules.rows.Problem
        :return: str
        """
        _ = self.env._
        sentence = {
            "cells": _("it has not as many cells as the first row (%s): perhaps another separator."),
            "formula": _("a cell holds a formula: replace it by its value."),
            "characters": _("a cell holds characters that cannot be read: write it anew."),
            "no_fiscal_code": _("the fiscal code is missing."),
            "fiscal_code": _("the fiscal code %s is not valid."),
            "no_behaviour": _("it names no behaviour, and none was chosen for the file."),
            "behaviour": _("no behaviour with the code “%s” is recorded by file."),
            "no_reference": _("the reference is missing: it tells one occurrence from another."),
            "long_reference": _("the reference is longer than %s characters."),
            "reference_twice": _("the same behaviour and reference are in row %s too."),
            "no_day": _("the day is missing."),
            "date": _("“%s” is no date of the calendar; write it as 31/12/2026."),
        }[problem.code]
        if problem.values:
            sentence %= problem.values
        return _("Row %(row)s: %(what)s", row=problem.row, what=sentence)
