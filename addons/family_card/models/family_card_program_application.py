from datetime import date
from typing import NamedTuple

from odoo import api, fields, models

from ..rules import application as rules


class ApplicationWindow(NamedTuple):
    """Whether applications are accepted at an instant, and what follows from filing then."""

    open: bool
    opens_on: date | None
    closes_on: date | None
    first_period: models.Model
    reason: str | None


class FamilyCardProgram(models.Model):
    """When a programme accepts applications and how they are numbered (R-004-20, R-004-21, R-004-22)."""

    _inherit = "family.card.program"

    applications_from = fields.Date(
        help="First local day on which applications are accepted, from its midnight; empty: none are. "
        "Notice §3 (R-004-20)."
    )
    applications_to = fields.Date(
        "Applications until", help="Last local day; empty: no end. Notice §3 (R-004-22, A13)."
    )
    window_ids = fields.One2many("family.card.application.window", "program_id", "Application windows")
    application_ids = fields.One2many("family.card.application", "program_id", "Applications")
    application_count = fields.Integer(compute="_compute_application_count")
    application_sequence_id = fields.Many2one("ir.sequence", readonly=True, copy=False, groups="base.group_system")

    @api.depends("application_ids")
    def _compute_application_count(self):
        counts = dict(
            self.env["family.card.application"]._read_group(
                [("program_id", "in", self.ids), ("state", "!=", "draft")], ["program_id"], ["__count"]
            )
        )
        for program in self:
            program.application_count = counts.get(program, 0)

    def _application_window(self, at=None):
        """Whether an application is accepted at an instant (R-004-20 to R-004-22, A13).

        :param datetime at: naive UTC, now when empty
        :return: ApplicationWindow; ``first_period`` is empty when the programme has not that quarter (yet)
        """
        self.ensure_one()
        filing = rules.filing(
            at or fields.Datetime.now(),
            self.tz,
            (self.applications_from or None) if self.state == "open" else None,
            self.applications_to or None,
            self.window_ids._windows(),
        )
        period = self.period_ids.browse()
        if filing.quarter:
            period = self.period_ids.filtered(lambda period: period.date_start == filing.quarter.start)[:1]
        return ApplicationWindow(
            filing.open, self.applications_from or None, self.applications_to or None, period, filing.reason
        )

    def _application_problem(self, at=None):
        """Why nothing can be filed at an instant, in words.

        :param datetime at: naive UTC, now when empty
        :return: sentence, or None when applications are accepted
        """
        window = self._application_window(at)
        day_format = self.env["res.lang"]._get_data(code=self.env.lang or "en_US").date_format or "%Y-%m-%d"
        if window.reason == rules.NOT_OPEN:
            return self.env._(
                "Applications for %(program)s are accepted from %(day)s.",
                program=self.name,
                day=window.opens_on.strftime(day_format),
            )
        if window.reason == rules.CLOSED:
            return self.env._(
                "Applications for %(program)s were accepted until %(day)s.",
                program=self.name,
                day=window.closes_on.strftime(day_format),
            )
        if window.reason:
            return self.env._("%s accepts no applications now.", self.name)
        return None

    def _next_application_number(self):
        """A new number such as AP-2024-000123."""
        self.ensure_one()
        program = self.sudo()  # sudo: officers and citizens may not read sequences
        if not program.application_sequence_id:
            program.application_sequence_id = program.env["ir.sequence"].create(
                {
                    "name": f"{program.code} AP",
                    "prefix": f"AP-{program.year}-",
                    "padding": 6,
                    "company_id": program.company_id.id,
                }
            )
        return program.application_sequence_id.next_by_id()

    def _privacy_notice(self, audience="holder", at=None):
        """The privacy notice in force for this programme, its own before the company's (R-004-100).

        :param str audience: holder or merchant
        :param datetime at: naive UTC, now when empty
        :return: family.privacy.notice, possibly empty
        """
        self.ensure_one()
        day = self._local_day(at or fields.Datetime.now())
        # sudo: a citizen reads the text of the notice and nothing else of it
        notices = (
            self.env["family.privacy.notice"]
            .sudo()
            .search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("program_id", "in", (self.id, False)),
                    ("audience", "=", audience),
                    ("valid_from", "<=", day),
                ],
                order="valid_from desc, id desc",
            )
        )
        return (notices.filtered("program_id") or notices)[:1].with_env(self.env)

    def action_view_applications(self):
        """Smart button: the programme's applications."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("family_card.action_application")
        return action | {"domain": [("program_id", "=", self.id)], "context": {"default_program_id": self.id}}
