from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..rules import blocks


class FamilyCard(models.Model):
    """Blocks of a card and what follows from them: its state and whether it is credited (requirements.md 2.3)."""

    _inherit = "family.card"

    block_ids = fields.One2many("family.card.block", "card_id", string="Blocks", readonly=True)
    credit_stopped = fields.Boolean(
        "No new credit",
        readonly=True,
        copy=False,
        help="A block keeps new credit from this card; what is left may still be spent if the card is active.",
    )
    former_numbers = fields.Char(
        readonly=True,
        copy=False,
        help="Numbers of cards that were replaced: tills refuse them. Notice §2.2 (R-004-14).",
    )

    def _acting_role(self):
        """What the present user is to a card.

        :return: a role of rules.blocks
        :raises AccessError: neither the municipality nor the operator
        """
        if self.env.su:
            return blocks.SYSTEM
        if self.env.user.has_group("family_card.group_officer"):
            return blocks.COMUNE
        if self.env.user.has_group("merchant_circuit.group_operator"):
            return blocks.OPERATOR
        raise AccessError(self.env._("Only the municipality and the operator may block a card."))

    def _check_role(self, role, allowed, reasons):
        """Default deny: the role must be allowed, and the municipality must reach the cards.

        :param str role: role of rules.blocks
        :param allowed: rules.blocks.may_set or may_lift
        :param reasons: what is to be set or lifted
        :raises AccessError: otherwise
        """
        if role == blocks.COMUNE:
            self.check_access("write")
        refused = [reason for reason in reasons if not allowed(reason, role)]
        if refused:
            names = dict(self._fields["state_reason"]._description_selection(self.env))
            raise AccessError(
                self.env._(
                    "This is for the municipality to decide: %s.", ", ".join(names[reason] for reason in refused)
                )
            )

    def _hold_rows(self):
        """Write the cards' rows before their blocks are read: of two users at once, one starts again and sees what
        the other did."""
        self.env.flush_all()
        self.env.cr.execute(SQL("UPDATE family_card SET write_date = write_date WHERE id = ANY(%s)", sorted(self.ids)))

    def _block(self, reason, note="", role=None, stops=None):
        """Block issued cards for a reason; a card that is blocked for it already stays as it is.

        :param str reason: one of ``REASONS``
        :param str note: kept with the block
        :param str role: who asks, a role of rules.blocks; told from the user when empty. The portal passes
            ``citizen`` after it has checked whose card it is
        :param str stops: charges, credits or both; what the matrix says when empty
        :return: the new blocks
        :raises AccessError: the matrix does not let this role
        :raises UserError: a card was not issued or is closed
        """
        role = role or self._acting_role()
        self._check_role(role, blocks.may_set, [reason])
        # sudo: blocks are written here only, after the check above; the operator reads no cards
        cards = self.sudo()
        cards._check_blockable()
        cards._hold_rows()
        now = fields.Datetime.now()
        vals_list = []
        for card in cards:
            if card._open_blocks().filtered(lambda block: block.reason == reason):
                continue
            terms = card.program_id._terms_at(card.program_id._local_day(now))
            usable = not terms or terms.residual_after_loss == "usable"
            vals_list.append(
                {
                    "card_id": card.id,
                    "reason": reason,
                    "stops": stops or blocks.stops(reason, usable),
                    "set_role": role,
                    "set_by_id": self.env.uid,
                    "set_at": now,
                    "until": blocks.ends_at(reason, role, now, terms.fraud_hold_hours or 72),
                    "note": note,
                }
            )
        new = cards.env["family.card.block"].create(vals_list)
        for until in set(new.mapped("until")) - {False}:
            cards.env.ref("family_card.cron_block_end")._trigger(until)
        cards._follow_blocks()
        return new

    def _check_blockable(self):
        for card in self:
            if card.state not in ("active", "suspended"):
                raise UserError(self.env._("The card %s cannot change that way now.", card.display_name))

    def _open_blocks(self):
        """Blocks of these cards that nobody lifted yet."""
        return self.block_ids.filtered(lambda block: not block.lifted_at)

    def _unblock(self, reasons=None, note="", role=None):
        """Lift blocks; the others stay.

        :param reasons: which; all that are open when empty
        :param str note: kept with the blocks
        :param str role: who asks; told from the user when empty
        :raises AccessError: the matrix does not let this role
        :raises UserError: the holder is dead and no new head was appointed
        """
        role = role or self._acting_role()
        # sudo: see _block()
        cards = self.sudo()
        cards._hold_rows()
        cards.invalidate_recordset(["block_ids"])
        lifted = cards._open_blocks().filtered(lambda block: not reasons or block.reason in reasons)
        self._check_role(role, blocks.may_lift, set(lifted.mapped("reason")))
        for block in lifted.filtered(lambda block: block.reason == "holder_death"):
            if block.card_id.holder_id.death_date:
                raise UserError(
                    self.env._("The holder of %s died: appoint a new head of the household.", block.card_id.number)
                )
        lifted.write({"lifted_at": fields.Datetime.now(), "lifted_by_id": self.env.uid, "lift_note": note})
        cards._follow_blocks()

    def _follow_blocks(self):
        """Let state and credit follow the open blocks."""
        for card in self.filtered(lambda card: card.state in ("active", "suspended")):
            effect = blocks.combined(card._open_blocks().mapped(lambda block: (block.reason, block.stops)))
            vals = {
                "state": "suspended" if effect.suspended else "active",
                "state_reason": effect.reason or False,
                "credit_stopped": effect.credit_stopped,
            }
            changed = {name: value for name, value in vals.items() if card[name] != value}
            if changed:
                card.write(changed)

    def action_replace(self):
        """Button: give lost cards a new number and a new PIN; accounts, lots and expiries stay and the old number
        is refused at the tills (requirements.md 2.3).

        :raises UserError: the card is not issued, or has no phone number
        """
        self.check_access("write")
        self._check_blockable()
        self._require_phone()
        for card in self:
            old = card.number
            # sudo: the number is written by the card's actions only; account names follow it
            own = card.sudo()
            own.write(
                {
                    "number": card.program_id._next_number(),
                    "former_numbers": ", ".join(filter(None, [card.former_numbers, old])),
                }
            )
            for account in own.account_ids:
                account.name = f"{card.number} {account.scheme_line_id.code}"
            card._issue_pin(renewed=True)
            card._unblock(["lost", "pin"], self.env._("Replaced by %s", card.number))
            card.message_post(body=self.env._("Card %(old)s was replaced by %(new)s.", old=old, new=card.number))
        return True

    @api.model
    def _lifted_by_new_pin(self):
        """Reasons a new PIN does away with."""
        return [reason for reason, row in blocks.MATRIX.items() if row.new_pin]
