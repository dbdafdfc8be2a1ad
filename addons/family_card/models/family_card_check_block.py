from odoo import models

from ..rules import blocks

LIVED_HERE = ("residence", "abode")


class FamilyCardCheck(models.Model):
    """What a lost residence does to the card. The check itself already keeps new credit away; where the terms say
    that what is left is no longer usable, it blocks the card as well (requirements.md 2.3, A21)."""

    _inherit = "family.card.check"

    def _settle(self, outcome, reason, automatic=False):
        """Write the outcome, then block the card or lift what an earlier outcome blocked."""
        result = super()._settle(outcome, reason, automatic)
        of_residence = self.filtered(lambda check: check.kind in LIVED_HERE and check.period_id)
        for program, checks in of_residence.grouped("program_id").items():
            if program._current_terms().residual_after_loss == "stopped":
                checks._follow_on_cards(program, outcome, reason)
        return result

    def _follow_on_cards(self, program, outcome, reason):
        """Block or unblock the live cards of these checks' households.

        :param program: family.card.program of the checks
        :param str outcome: pending, passed or failed
        :param str reason: why it was not passed
        """
        # sudo: the block follows from the outcome, whoever gave it
        cards = (
            self.env["family.card"]
            .sudo()
            .search(
                [
                    ("program_id", "=", program.id),
                    ("household_id", "in", self.household_id.ids),
                    ("state", "in", ("active", "suspended")),
                ]
            )
        )
        if outcome == "failed":
            cards._block("residence", reason or "", blocks.SYSTEM)
            return
        own = cards._open_blocks().filtered(lambda block: block.reason == "residence" and block.set_role == "system")
        # sudo: the other checks count too, whoever may read them
        still = self.sudo().search(
            [
                ("program_id", "=", program.id),
                ("household_id", "in", own.card_id.household_id.ids),
                ("period_id", "in", self.period_id.ids),
                ("kind", "in", LIVED_HERE),
                ("outcome", "=", "failed"),
            ]
        )
        free = own.card_id.filtered(lambda card: card.household_id not in still.household_id)
        if free:
            free._unblock(["residence"], self.env._("Check passed"), blocks.SYSTEM)
