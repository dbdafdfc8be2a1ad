from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools import to_decimal


class FamilyCard(models.Model):
    """The yearly credit a period is computed from: a change counts from the quarter after it, and the credit of
    the quarter of the change stays (R-004-53, B1, B2)."""

    _inherit = "family.card"

    yearly_ids = fields.One2many(
        "family.card.yearly", "card_id", string="Yearly credit over time", readonly=True, copy=False
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Create requests; the yearly credit they come with counts from the first quarter."""
        cards = super().create(vals_list)
        cards.filtered("annual_amount")._record_yearly()
        return cards

    def write(self, vals):
        """Keep since when a new yearly credit holds."""
        changed = self.browse()
        if "annual_amount" in vals and not self.env.context.get("yearly_recorded"):
            new = to_decimal(vals["annual_amount"] or 0)
            changed = self.filtered(lambda card: to_decimal(card.annual_amount) != new)
            changed._keep_initial()
        result = super().write(vals)
        changed._record_yearly()
        return result

    def _keep_initial(self):
        """Before a change, keep what cards older than this history began with."""
        for card in self.filtered(lambda card: card.annual_amount and not card.yearly_ids):
            card._record_yearly(card.program_id._local_day(card.activated_at or card.create_date), initial=True)

    def _record_yearly(self, day=None, **values):
        """Keep the present yearly credit with its day.

        :param date day: day of the change, today when empty
        :param values: amount, act_id, reason, result_id when they are not those of the card
        """
        vals = [
            {
                "card_id": card.id,
                "day": day or card.program_id._local_day(fields.Datetime.now()),
                "amount": card.annual_amount,
                "initial": card.state == "draft" or not card.yearly_ids,
                "user_id": self.env.uid,
                **values,
            }
            for card in self
        ]
        if vals:
            # sudo: the history of a credit is written by the card only
            self.env["family.card.yearly"].sudo().create(vals)
            self.invalidate_recordset(["yearly_ids"])
            for row, card in zip(vals, self, strict=True):
                if not row["initial"]:
                    card._end_variation_credit(row["day"])

    def _end_variation_credit(self, day):
        """Where the credit of the quarter of a change does not carry over, let it end with the quarter (A15).

        :param date day: day of the change
        """
        self.ensure_one()
        program = self.program_id
        terms = program._terms_at(day)
        quarter = program.period_ids.filtered(
            lambda period: period.kind == "quarter" and period.date_start <= day <= period.date_end
        )
        if not quarter or not terms or terms.variation_credit_carry_over:
            return
        # sudo: the ledger is nobody's to write
        lots = self.env["stored.value.lot"].sudo()
        lots = lots.search(
            [("account_id.card_id", "=", self.id), ("period_id", "=", quarter.id), ("remaining", ">", 0)]
        )
        lots._shorten(quarter._ends_at(), self.env._("Change of the yearly credit on %s", fields.Date.to_string(day)))

    def _set_annual(self, amount, day, act=None, reason=None):
        """Give a new yearly credit from a day on (R-004-06, R-004-53).

        :param Decimal amount: EUR a year
        :param date day: day of the change; it counts from the quarter after it
        :param act: family.card.act that decides it
        :param str reason: needed when there is no act
        :raises UserError: neither act nor reason, or a closed card
        """
        self.check_access("write")
        reason = (reason or "").strip() or False
        if not act and not reason:
            raise UserError(self.env._("Enter the act or the reason of the change."))
        if any(card.state == "closed" for card in self):
            raise UserError(self.env._("A closed card is not computed."))
        if amount < 0:
            raise UserError(self.env._("The yearly credit cannot be negative."))
        self._keep_initial()
        for card in self:
            card._record_yearly(day, amount=float(amount), act_id=act.id if act else False, reason=reason)
            card._show_latest_annual()

    def _show_latest_annual(self):
        """Let the card show the yearly credit that holds today."""
        self.ensure_one()
        rows = self._annual_rows(self.ids, fields.Date.add(fields.Date.context_today(self), days=1))
        amount = rows[0][1] if rows else None
        if amount is not None and Decimal(amount) != to_decimal(self.annual_amount):
            self.with_context(yearly_recorded=True).annual_amount = float(amount)

    @api.model
    def _annual_query(self, start):
        """SQL for the yearly credit that counts for what starts on a day, of each ``family_card c``.

        A change of before the start counts; without one, what the card began with; a card older than this
        history has the amount it shows.

        :param date start: first day of the period
        :return: SQL of a lateral join that yields ``yearly.amount`` and ``yearly.result_id``
        """
        return SQL(
            """
            LEFT JOIN LATERAL (
                SELECT y.amount, y.result_id FROM family_card_yearly y
                 WHERE y.card_id = c.id AND (y.initial OR y.day < %s)
                 ORDER BY y.initial, CASE WHEN y.initial THEN NULL ELSE y.day END DESC NULLS LAST, y.id DESC LIMIT 1
            ) yearly ON true
            """,
            start,
        )

    @api.model
    def _annual_rows(self, card_ids, start):
        """Yearly credit of cards for what starts on a day.

        :return: rows of card id, amount as text, id of the result it was computed by
        """
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                "SELECT c.id, coalesce(yearly.amount, c.annual_amount)::text, yearly.result_id"
                " FROM family_card c %s WHERE c.id = ANY(%s)",
                self._annual_query(start),
                list(card_ids),
            )
        )

    def _annual_for(self, period):
        """Yearly credit of this card that a period is computed from (R-004-53).

        :param period: family.card.period
        :return: (Decimal or None when there is no credit, family.card.quotient.result it was computed by or empty)
        """
        self.ensure_one()
        [(_card, amount, result)] = self._annual_rows(self.ids, period.date_start)
        value = Decimal(amount or 0)
        return value or None, self.env["family.card.quotient.result"].browse(result or [])
