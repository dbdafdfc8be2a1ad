from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL
from odoo.tools.misc import format_amount, format_date

from odoo.addons.family_card.rules.periods import local_day
from odoo.addons.stored_value.tools import to_decimal

from ..rules.approval import needs_arrears_check, needs_second_person

CLERK = "merchant_settlement.group_clerk"
APPROVER = "merchant_settlement.group_approver"
#: until here a statement can be stopped; later the money is on its way
HOLDABLE = ("draft", "sent", "signed", "checked", "approved")


class MerchantStatement(models.Model):
    """Check and approval: two people, the check of tax arrears, blocks, returns (R-004-96)."""

    _inherit = "merchant.statement"

    blocked_by_id = fields.Many2one("res.users", "Blocked by", readonly=True, copy=False, ondelete="restrict")
    blocked_at = fields.Datetime(readonly=True, copy=False)
    return_reason = fields.Char("Sent back because", readonly=True, copy=False, tracking=True)
    arrears_needed = fields.Boolean(compute="_compute_arrears_needed")
    can_approve = fields.Boolean(compute="_compute_can_approve")

    _one_bill = models.UniqueIndex("(move_id) WHERE move_id IS NOT NULL", "This bill is another statement's.")

    def _compute_arrears_needed(self):
        for statement in self:
            statement.arrears_needed = statement._needs_arrears_check()

    def _compute_can_approve(self):
        may = self.env.user.has_group(APPROVER)
        for statement in self:
            statement.can_approve = may and not (
                statement.checked_by_id == self.env.user and statement._needs_second_person()
            )

    def write(self, vals):
        """Keep the reference of the arrears check as it was when the statement was approved.

        :raise UserError: approved already
        """
        if "arrears_reference" in vals and not self.env.su:
            for statement in self:
                if statement.state in ("approved", "paying", "paid"):
                    raise UserError(
                        self.env._("%s is approved: its arrears check cannot change any more.", statement.name)
                    )
        return super().write(vals)

    # ------------------------------------------------------------------ steps

    def action_check(self):
        """Button: somebody of the office has looked at the operations and the exceptions.

        :return: True
        :raise AccessError: no clerk
        :raise UserError: not signed, or blocked
        """
        self._claim(CLERK)
        for statement in self:
            statement._expect("signed", self.env._("Only a signed statement can be checked."))
        self._refresh_exceptions()
        now = fields.Datetime.now()
        # sudo: written by this button only, after the check of the group
        self.sudo().exception_ids.filtered(lambda row: not row.seen_by_id).write(
            {"seen_by_id": self.env.uid, "seen_at": now}
        )
        self.sudo().write({"state": "checked", "checked_by_id": self.env.uid, "checked_at": now})
        return True

    def action_approve(self):
        """Button: make the bill; the statement can be paid (R-004-96). All of them or none.

        :return: True
        :raise AccessError: no approver
        :raise UserError: what stands in the way, of which statement
        """
        self._claim(APPROVER)
        self._refresh_exceptions()
        for statement in self:
            statement._approve()
        return True

    def action_check_each(self):
        """Button of the list: check them one by one, with the outcome of each.

        :return: dict, action
        """
        return self.env["merchant.statement.batch"]._open(self, "check")

    def action_approve_each(self):
        """Button of the list: approve them one by one, with the outcome of each.

        :return: dict, action
        """
        return self.env["merchant.statement.batch"]._open(self, "approve")

    def _approve(self):
        """Approve one statement that is claimed already.

        :raise UserError: what stands in the way
        """
        self.ensure_one()
        self._expect("checked", self.env._("Only a checked statement can be approved."))
        problems = self._approval_problems()
        if problems:
            raise UserError("\n".join([self._title(), *problems]))
        # sudo: the approver decides; the bill is made by the system, for approvers are no accountants
        own = self.sudo()
        # nothing half posted, whoever calls and goes on after a refusal
        with self.env.cr.savepoint():
            bill = own._make_bill()
            own.write(
                {
                    "state": "approved",
                    "approved_by_id": self.env.uid,
                    "approved_at": fields.Datetime.now(),
                    "move_id": bill.id,
                }
            )

    def _approval_problems(self):
        """What stands in the way of approval.

        :return: list of str, sentences that say what to do
        """
        self.ensure_one()
        own = self.sudo()  # sudo: facts of merchant and books that an approver need not see
        problems = [row.reason for row in own.exception_ids if row.stops and not row.settled_at]
        if self.checked_by_id == self.env.user and self._needs_second_person():
            problems.append(
                self.env._(
                    "You checked it yourself: above %s somebody else approves.",
                    format_amount(self.env, self.terms_id.four_eyes_above, self.currency_id),
                )
            )
        if not (self.arrears_reference or "").strip() and self._needs_arrears_check():
            legal, today = self.env["settlement.legal"], self._today()
            problems.append(
                self.env._(
                    "More than %(amount)s: enter number and day of the check of tax arrears (%(law)s).",
                    amount=format_amount(self.env, legal._at("arrears_threshold", today).amount, self.currency_id),
                    law=legal._at("arrears_law", today).text,
                )
            )
        return problems + own._bill_problems()

    def _needs_second_person(self):
        """Whether somebody else than who checked must approve.

        :return: bool
        """
        self.ensure_one()
        return needs_second_person(to_decimal(self.payable), to_decimal(self.terms_id.four_eyes_above))

    def _needs_arrears_check(self):
        """Whether tax arrears are checked before the payment, by the threshold of today (example N5).

        :return: bool
        """
        self.ensure_one()
        threshold = self.env["settlement.legal"]._at("arrears_threshold", self._today()).amount
        return needs_arrears_check(to_decimal(self.payable), to_decimal(threshold))

    # ------------------------------------------------------------------ in the way

    def action_block(self, reason):
        """Stop these statements where they are, until somebody lifts it.

        :param str reason: why; the merchant may ask
        :raise UserError: one is being paid or blocked already, or the reason is blank
        """
        reason = self._said(reason)
        self._claim(CLERK)
        for statement in self:
            if statement.state not in HOLDABLE:
                raise UserError(
                    self.env._("%(statement)s (%(state)s) cannot be blocked any more.", **statement._state_words())
                )
            if statement.block_reason:
                raise UserError(
                    self.env._(
                        "%(statement)s is blocked already: %(reason)s",
                        statement=statement.name,
                        reason=statement.block_reason,
                    )
                )
        # sudo: written by this step only, after the check of the group
        self.sudo().write({"block_reason": reason, "blocked_by_id": self.env.uid, "blocked_at": fields.Datetime.now()})

    def action_unblock(self, reason):
        """Let these statements go on.

        :param str reason: why; kept in their history
        :raise UserError: one is not blocked, or the reason is blank
        """
        reason = self._said(reason)
        self._claim(APPROVER)
        for statement in self:
            if not statement.block_reason:
                raise UserError(self.env._("%s is not blocked.", statement.name))
            # sudo: as in action_block
            statement.sudo().message_post(body=self.env._("Not blocked any more: %s", reason))
        self.sudo().write({"block_reason": False, "blocked_by_id": False, "blocked_at": False})

    def action_return(self, reason):
        """Send these statements back to the merchant: the signature does not count any more. The bill of an approved
        one is taken back by a credit note.

        :param str reason: why, as the merchant reads it
        :raise AccessError: no clerk; an approved one: no approver
        :raise UserError: not signed, in a payment list, or the reason is blank
        """
        reason = self._said(reason)
        self._claim(CLERK)
        if "approved" in self.mapped("state"):
            self._claim(APPROVER)
        for statement in self:
            if statement.state not in ("signed", "checked", "approved"):
                raise UserError(
                    self.env._("%(statement)s (%(state)s) cannot be sent back.", **statement._state_words())
                )
            own = statement.sudo()  # sudo: written by this step only, after the check of the group
            own._take_back_bill()
            own.write({"state": "sent", "return_reason": reason, **dict.fromkeys(self._signature_fields(), False)})
            own.message_post(
                body=self.env._("Your signature does not count any more, please sign again: %s", reason),
                partner_ids=own.merchant_id.ids,
            )

    def _signature_fields(self):
        """What a merchant's new signature and a new check write anew.

        :return: list of names
        """
        names = "signed_at signed_by signed_how late checked_by_id checked_at approved_by_id approved_at"
        return [*names.split(), "arrears_reference"]

    # ------------------------------------------------------------------ helpers

    def _said(self, reason):
        """A reason on one line.

        :param str reason: as somebody wrote it
        :return: str
        :raise UserError: it is blank
        """
        said = " ".join(str(reason or "").split())
        if not said:
            raise UserError(self.env._("Say why: it is kept, and somebody may ask."))
        return said

    def _claim(self, group):
        """Take the rows before anything is read from them: of two people at once the second waits, starts again and
        finds what the first has done.

        :param str group: who may
        :raise AccessError: not of the group, or not one's own company
        """
        if not self.env.su and not self.env.user.has_group(group):
            name = self.env.ref(group).sudo().display_name  # sudo: only its name, for the sentence
            raise AccessError(self.env._("Only “%s” can do this.", name))
        self.check_access("write")
        self.env.flush_all()
        self.env.cr.execute(
            SQL("SELECT id FROM merchant_statement WHERE id = ANY(%s) ORDER BY id FOR UPDATE", self.ids)
        )
        self.invalidate_recordset()

    def _claim_for(self, step):
        """Take the rows for a step.

        :param str step: check or approve
        :raise AccessError: see ``_claim``
        """
        self._claim(CLERK if step == "check" else APPROVER)

    def _expect(self, state, sentence):
        """Refuse what is in another state, or blocked.

        :param str state: state it must be in
        :param str sentence: what is told otherwise
        :raise UserError: see above
        """
        self.ensure_one()
        if self.state != state:
            raise UserError(
                self.env._("%(statement)s is in the state “%(state)s”. %(hint)s", **self._state_words(), hint=sentence)
            )
        if self.block_reason:
            raise UserError(
                self.env._("%(statement)s is blocked: %(reason)s", statement=self.name, reason=self.block_reason)
            )

    def _state_words(self):
        """Number and state, for sentences.

        :return: dict
        """
        self.ensure_one()
        states = dict(self._fields["state"]._description_selection(self.env))
        return {"statement": self.name, "state": states[self.state]}

    def _title(self):
        """Which statement a sentence is about.

        :return: str
        """
        self.ensure_one()
        return self.env._(
            "%(statement)s of %(merchant)s, %(month)s:",
            statement=self.name,
            merchant=self.merchant_id.display_name,
            month=format_date(self.env, self.month, date_format="MM/yyyy"),
        )

    def _today(self):
        """Today where the circuit is.

        :return: date
        """
        self.ensure_one()
        return local_day(fields.Datetime.now(), self.circuit_id.tz)
