from datetime import date

from odoo import models
from odoo.fields import Command


class FamilyCardProgram(models.Model):
    """The food vouchers of Lecce as a programme of the same engine (R-001-01 to R-001-21)."""

    _inherit = "family.card.program"

    _LECCE_GOODS = ("grocery", "necessities")

    def action_set_up_lecce(self):
        """Button: give the programme what is missing of a voucher's arrangement — two tranches, one account for
        everybody, terms without own share, minimum and PIN (R-001-02, R-001-11, R-001-12, R-001-15, B09 to B11)."""
        for program in self:
            local = program.with_context(lang=program._message_lang())
            if not program.period_ids:
                first, second = self.env["family.card.period"].create(local._lecce_periods())
                # to each household again what it had in the first (R-001-09, V2)
                second.write({"amount_rule": "previous", "previous_id": first.id})
            if not program.scheme_ids:
                self.env["family.card.scheme"].create(local._lecce_scheme())
            if not program.terms_ids:
                self.env["family.card.terms"].create(program._lecce_terms())
                if program.card_label == self._fields["card_label"].default(self):
                    program.card_label = local.env._("Food voucher")
        return True

    def _lecce_periods(self):
        """Two tranches of the household's whole amount, spendable until the end of the year (R-001-08, B11)."""
        self.ensure_one()
        halves = ((date(self.year, 1, 1), date(self.year, 6, 30)), (date(self.year, 7, 1), date(self.year, 12, 31)))
        return [
            {
                "program_id": self.id,
                "name": self.env._("Tranche %s", number),
                "code": f"{self.year}-T{number}",
                "kind": "tranche",
                "amount_rule": "whole",
                "number": number,
                "date_start": start,
                "date_end": end,
                "load_by": end,
                "last_spending_day": date(self.year, 12, 31),
            }
            for number, (start, end) in enumerate(halves, 1)
        ]

    def _lecce_scheme(self):
        """One account for every kind of card, accepted by every kind of shop: the goods decide."""
        self.ensure_one()
        line = {
            "code": self.env._("VOUCHER"),
            "name": self.env._("Food voucher"),
            "weight": 100,
            # All of them are meant, and there are a few.
            "category_ids": [Command.set(self.env["circuit.category"].search([]).ids)],  # pylint: disable=no-search-all
        }
        return {
            "program_id": self.id,
            "name": self.env._("One account"),
            "for_standard": True,
            "for_senior": True,
            "for_special": True,
            "line_ids": [Command.create(line)],
        }

    def _lecce_terms(self):
        """The voucher pays all of food and basic necessities; the cashier looks at the documents."""
        self.ensure_one()
        terms = self.env["family.card.terms"]
        return {
            "program_id": self.id,
            "valid_from": date(self.year, 1, 1),
            "card_share_mode": "full",
            "max_card_share": 100,
            "min_spend": 0,
            "check_pin": False,
            "check_documents": True,
            "balance_by_pin": False,
            "excluded_activity_ids": [Command.clear()],
            "special_activity_ids": [Command.clear()],
            "allowed_activity_ids": [Command.set(terms._default_activities(self._LECCE_GOODS).ids)],
            # its notice has no numbered clauses
            **dict.fromkeys(terms._clause_fields(), False),
            "charge_notice": "residual",
            "on_exhaustion": "waiting_list",
            "check_residence": False,
            "check_taxes": False,
            "check_abode": False,
        }
