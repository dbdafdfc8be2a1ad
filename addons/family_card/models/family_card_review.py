from odoo import api, models
from odoo.tools import SQL


class FamilyCard(models.Model):
    """What is known of cards to whoever looks for suspicious patterns: no names."""

    _inherit = "family.card"

    @api.model
    def _circuit_group(self, ids):
        """Cards of one household belong together, whatever the programme (Issue 4).

        :param ids: ids of cards
        :return: dict of id to an opaque text
        """
        rows = self.env.execute_query(SQL("SELECT id, household_id FROM family_card WHERE id = ANY(%s)", list(ids)))
        return {card: f"household,{household}" for card, household in rows}

    @api.model
    def _circuit_minimum(self, ids, at):
        """Smallest purchase of each card's programme on a day (R-004-78).

        :param ids: ids of cards
        :param datetime at: naive UTC
        :return: dict of id to Decimal, EUR
        """
        rows = self.env.execute_query(SQL("SELECT id, program_id FROM family_card WHERE id = ANY(%s)", list(ids)))
        rules = {program: self.env["family.card.program"]._till_rules(program, at) for _card, program in rows}
        return {
            card: rules[program].terms.min_spend
            for card, program in rows
            if rules[program] and rules[program].terms.min_spend
        }

    @api.model
    def _circuit_may_block(self):
        """Cards can be blocked (requirements.md 2.3)."""
        return True

    def _circuit_block(self, note):
        """Block these cards for suspected abuse; a card that is not in use is left alone.

        :param str note: why
        :raises AccessError: the user may not block cards
        """
        # sudo: only whether the card is in use; the block itself checks who asks
        self.filtered(lambda card: card.sudo().state in ("active", "suspended"))._block("fraud", note)
