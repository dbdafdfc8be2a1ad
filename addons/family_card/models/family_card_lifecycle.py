from odoo import fields, models
from odoo.exceptions import UserError

from ..rules import blocks, fiscal_code


class FamilyCard(models.Model):
    """The life of a card: issued, suspended, reactivated, closed."""

    _inherit = "family.card"

    def _check_special(self):
        """A special card needs its giunta act (R-004-39).

        :raises UserError: none is given
        """
        for card in self:
            if card.kind == "special" and not card.special_act_id:
                raise UserError(self.env._("A special card needs the giunta act that approves it (notice §4)."))

    def _check_issuable(self):
        """What must be right before a card is issued (R-004-13, R-004-15).

        :raises UserError: the first thing that is not
        """
        for card in self:
            if card.state != "draft":
                raise UserError(self.env._("The card %s was issued already.", card.display_name))
            if card.program_id.state != "open":
                raise UserError(self.env._("Start the programme %s before issuing cards.", card.program_id.name))
            if card._live_cards([("household_id", "=", card.household_id.id)]):
                raise UserError(self.env._("The household already has a card in this programme."))
        self._check_holder()
        self._require_phone()
        self._check_special()

    def _check_holder(self):
        """The holder is the head today, has a fiscal code and no other card (R-004-15, R-004-17). The unique
        indexes are the last defence; asked first, no fiscal code ends up in a line of the log.

        :raises UserError: one of these is not so
        """
        for card in self:
            today = fields.Date.context_today(card)
            if card.holder_id != card.household_id._head_on(today):
                raise UserError(self.env._("The holder must be the head of the household today (notice §2.2)."))
            # sudo: the flag is for officers; who may issue is checked by the caller
            provisional = card.holder_id.sudo().provisional_fiscal_code
            if not fiscal_code.is_valid(card.fiscal_code or "", provisional):
                raise UserError(self.env._("%s has no valid personal fiscal code.", card.holder_id.name))
            if card._live_cards([("fiscal_code", "=", card.fiscal_code)]):
                raise UserError(self.env._("This person already holds a card in this programme."))

    def _live_cards(self, domain):
        """Other cards of the programme that are active or suspended."""
        self.ensure_one()
        return self.search_count(
            [
                ("id", "!=", self.id),
                ("program_id", "=", self.program_id.id),
                ("state", "in", ("active", "suspended")),
                *domain,
            ],
            limit=1,
        )

    def _open_accounts(self, day=None):
        """Open the accounts of each card's scheme that it has not yet (R-004-35, R-004-37).

        :param date day: local day whose scheme counts, today when empty
        """
        missing = []
        for card in self:
            lines = card.program_id._scheme_for(card.kind, day).line_ids - card.account_ids.scheme_line_id
            missing += [
                {
                    "name": f"{card.number} {line.code}",
                    "company_id": card.company_id.id,
                    "currency_id": card.currency_id.id,
                    "partner_id": card.holder_id.id,
                    "funder_id": card.program_id.funder_id.id,
                    "card_id": card.id,
                    "scheme_line_id": line.id,
                }
                for line in lines
            ]
        if missing:
            self.env["stored.value.account"]._open(missing)
            self.invalidate_recordset(["account_ids"])

    def action_activate(self):
        """Button: issue the cards — number, accounts, and the PIN by SMS where it is used (R-004-08, R-004-13, R-004-72).

        :raises UserError: something of :meth:`_check_issuable` is missing
        """
        self.check_access("write")
        self._check_issuable()
        for card in self:
            # sudo: state and number are written by this action only
            card.sudo().write(
                {
                    "number": card.number or card.program_id._next_number(),
                    "state": "active",
                    "state_reason": False,
                    "activated_at": fields.Datetime.now(),
                }
            )
            card._open_accounts()
            card._issue_pin()
        return True

    def _change_state(self, state, reason=False):
        """Suspend, reactivate or close issued cards; accounts and lots stay as they are (R-004-59).

        Suspending stops purchases and new credit, whatever the reason; :meth:`_block` follows the matrix instead.

        :param str state: active, suspended or closed
        :param str reason: one of ``REASONS``, empty when reactivating
        :raises UserError: the card is not in a state that allows it
        """
        self.check_access("write")
        allowed = {"suspended": {"active"}, "active": {"suspended"}, "closed": {"active", "suspended", "draft"}}
        for card in self:
            if card.state not in allowed[state]:
                raise UserError(self.env._("The card %s cannot change that way now.", card.display_name))
        if state == "suspended":
            self._block(reason or "other", stops=blocks.BOTH)
        elif state == "active":
            self._unblock()
        else:
            # sudo: the state is written by this action only, after the check above
            self.sudo().write({"state": state, "state_reason": reason})
