from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.stored_value.tools import install_functions

ACTIONS = [
    ("open", "Opened"),
    ("export", "Data handed over"),
    ("erase", "Made anonymous"),
    ("list", "List exported"),
]
# Set on the context of reads that are part of another one: a list, or the records shown inside a form.
INSIDE = "family_access_inside"


class FamilyAccessLog(models.Model):
    """Who opened a household, a person or a card, when, and why where it was said (R-004-101)."""

    _name = "family.access.log"
    _description = "Access log"
    _order = "at desc, id desc"
    _rec_name = "res_name"
    _log_access = False

    at = fields.Datetime("When", required=True, readonly=True, index=True)
    user_id = fields.Many2one("res.users", "Who", required=True, readonly=True, index=True, ondelete="restrict")
    action = fields.Selection(ACTIONS, "What", required=True, readonly=True)
    res_model = fields.Selection(
        [("res.partner", "Household or person"), ("family.card", "Card")], "Kind", required=True, readonly=True
    )
    res_id = fields.Many2oneReference("Record", model_field="res_model", readonly=True)
    res_name = fields.Char("Of whom", compute="_compute_res_name")
    household_id = fields.Many2one("res.partner", readonly=True, index="btree_not_null", ondelete="restrict")
    reason = fields.Char(readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)

    _visit_idx = models.Index("(user_id, res_model, res_id, at)")

    def init(self):
        """Install the trigger that lets nobody change a line."""
        install_functions(self.env.cr, "family_card_privacy/sql/access_log.sql")

    @api.depends("res_model", "res_id")
    def _compute_res_name(self):
        for model, lines in self.grouped("res_model").items():
            # sudo: a manager reads the log of cards and people whom other rules may hide
            known = self.env[model].sudo().browse(lines.mapped("res_id")).exists()
            names = {record.id: record.display_name for record in known}
            for line in lines:
                line.res_name = names.get(line.res_id, "–")

    @api.model_create_multi
    def create(self, vals_list):
        """Lines are written by the system.

        :raises UserError: always, but for the superuser
        """
        if not self.env.su:
            raise UserError(self.env._("The access log is written by the system."))
        return super().create(vals_list)

    def write(self, vals):
        """Never: what the superuser tries, the database refuses.

        :raises UserError: always, but for the superuser
        """
        if not self.env.su:
            raise UserError(self.env._("The access log is not changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The access log is not deleted; lines go when their time is over."))

    @api.model
    def _note(self, record, action, household=None, company=None, reason=None):
        """Write down an access, unless the same person has just made the same.

        :param record: household, person or card
        :param str action: one of ACTIONS
        :param household: res.partner it belongs to, if any
        :param company: None: the user's current company
        :param str reason: why, in the user's words
        """
        now = fields.Datetime.now()
        company = company or self.env.company
        minutes = self.env["family.privacy.terms"]._in_force(company).open_minutes if action == "open" else 0
        # One statement: opening a form must not wait for it.
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO family_access_log (at, user_id, action, res_model, res_id, household_id, reason, company_id)
                SELECT %(now)s, %(user)s, %(action)s, %(model)s, %(id)s, %(household)s, %(reason)s, %(company)s
                 WHERE NOT EXISTS (
                    SELECT 1 FROM family_access_log
                     WHERE user_id = %(user)s AND res_model = %(model)s AND res_id = %(id)s
                       AND action = %(action)s AND at > %(since)s)
                """,
                now=now,
                user=self.env.uid,
                action=action,
                model=record._name,
                id=record.id or None,
                household=household.id if household else None,
                reason=reason or None,
                company=company.id,
                # without minutes nothing is recent
                since=now - timedelta(minutes=minutes) if minutes else now + timedelta(days=1),
            )
        )

    @api.model
    def _is_visit(self, record, specification):
        """Whether a read is somebody's opening a form.

        :param record: what is read
        :param dict specification: fields asked for
        """
        return (
            len(record) == 1
            and bool(record.id)
            and not self.env.su
            and not self.env.context.get(INSIDE)
            and bool(set(specification) - {"id", "display_name"})
            and self.env.user._is_internal()
        )

    @api.autovacuum
    def _gc_log(self):
        """Delete the lines whose retention time is over."""
        self.env.cr.execute("SET LOCAL family_card_privacy.retention = 'over'")
        companies = self.env.execute_query(SQL("SELECT DISTINCT company_id FROM family_access_log"))
        # sudo: the clean-up goes through all companies
        for company in self.env["res.company"].sudo().browse(row[0] for row in companies):
            months = self.env["family.privacy.terms"]._in_force(company).log_months
            self.env.cr.execute(
                SQL(
                    "DELETE FROM family_access_log WHERE company_id = %s AND at < %s",
                    company.id,
                    fields.Datetime.now() - relativedelta(months=months),
                )
            )
        self.env.cr.execute("SET LOCAL family_card_privacy.retention = ''")
        self.invalidate_model()
