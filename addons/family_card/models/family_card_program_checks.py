from datetime import timedelta

from odoo import _, api, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date


class FamilyCardProgram(models.Model):
    """The checks that a period's credit needs (R-004-26, R-004-27)."""

    _inherit = "family.card.program"

    def _make_checks(self, period):
        """Create the checks that are missing for the live cards of a period; residence is read from the
        registry, again for a check still open or told by the registry before (R-004-10, R-004-23, R-004-26).

        :param period: family.card.period of this programme
        :return: number of checks created
        :raises UserError: no terms are in force on the first day of the period
        """
        self.ensure_one()
        terms = self._terms_at(period.date_start) or self.terms_ids.sorted("valid_from")[:1]
        if not terms:
            raise UserError(_("The programme %s has no terms in force yet.", self.name))
        kinds = terms._check_kinds()
        day = period._reference_day()
        self.env.flush_all()
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT DISTINCT ON (c.household_id, k.kind) c.id AS card_id, c.household_id, k.kind
                  FROM family_card c CROSS JOIN unnest(%(kinds)s::text[]) AS k(kind)
                 WHERE c.program_id = %(program)s AND c.state IN ('active', 'suspended')
                   AND NOT EXISTS (SELECT 1 FROM (%(checks)s) x
                                    WHERE x.household_id = c.household_id AND x.kind = k.kind)
                 ORDER BY c.household_id, k.kind, c.id
                """,
                kinds=kinds,
                program=self.id,
                checks=period._checks_query(),
            )
        )
        checks = self.env["family.card.check"].create(
            [{**row, "program_id": self.id, "period_id": period.id, "reference_day": day} for row in rows]
        )
        self._read_residence(period, terms)
        return len(checks)

    def _read_residence(self, period, terms):
        """Let the registry tell the residence of every check it may still decide."""
        checks = self.env["family.card.check"].search(
            [
                ("period_id", "=", period.id),
                ("kind", "=", "residence"),
                "|",
                ("outcome", "=", "pending"),
                ("automatic", "=", True),
            ]
        )
        missing = self._residence_missing(checks.household_id.ids, period._reference_day(), terms)
        outcomes = {}
        for check in checks:
            lacking = missing.get(check.household_id.id)
            outcome = ("failed", lacking) if lacking else ("passed", None)
            if check.outcome != outcome[0]:
                outcomes.setdefault(outcome, []).append(check.id)
        for (outcome, lacking), ids in outcomes.items():
            reason = lacking and _("Not resident on %s", format_date(self.env, lacking))
            checks.browse(ids)._settle(outcome, reason or False, automatic=True)

    @api.model
    def _residence_missing(self, household_ids, day, terms):
        """Households that did not live in the municipality when they had to (R-004-23, A14, example A6).

        A household is resident on a day when one of those who are its members on the reference day was in
        a household of the registry then.

        :param list household_ids: res.partner ids
        :param date day: reference day
        :param terms: family.card.terms with the residence rule
        :return: dict of household id to the day on which it was not resident
        """
        self.env.flush_all()
        days = [day] if terms.residence_rule == "quarter_end" else [terms._residence_cutoff(), day]
        rows = self.env.execute_query(
            SQL(
                """
                SELECT h.id, min(d.day)
                  FROM unnest(%(households)s::int[]) AS h(id) CROSS JOIN unnest(%(days)s::date[]) AS d(day)
                 WHERE NOT EXISTS (
                       SELECT 1 FROM family_household_member now
                         JOIN family_household_member past ON past.person_id = now.person_id
                          AND past.company_id = now.company_id AND past.recorded_to IS NULL
                          AND past.valid_from <= d.day AND (past.valid_to IS NULL OR past.valid_to >= d.day)
                        WHERE now.household_id = h.id AND now.company_id = %(company)s AND now.recorded_to IS NULL
                          AND now.valid_from <= %(day)s AND (now.valid_to IS NULL OR now.valid_to >= %(day)s))
                 GROUP BY h.id
                """,
                households=household_ids,
                days=days,
                day=day,
                company=terms.company_id.id,
            )
        )
        return dict(rows)

    def action_view_checks(self):
        """Smart button: the checks of the programme."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("family_card.action_family_card_check")
        return action | {"domain": [("program_id", "=", self.id)]}


class FamilyCardPeriod(models.Model):
    _inherit = "family.card.period"

    def _reference_day(self):
        """Day as of which the requirements of this period are looked at: the end of the quarter before (R-004-26).

        :return: date
        """
        self.ensure_one()
        return self.date_start - timedelta(days=1)

    def _checks_query(self):
        """SQL of the checks that count for this period: its own, else what was found in order at the application
        as of the same day or later (R-004-23, R-004-27, A30).

        :return: SQL of rows of household_id, kind, outcome, reason, required; one for a household and kind
        """
        self.ensure_one()
        return SQL(
            """
            SELECT household_id, kind, outcome, reason, required FROM family_card_check WHERE period_id = %(period)s
            UNION ALL
            SELECT DISTINCT ON (a.household_id, a.kind) a.household_id, a.kind, a.outcome, NULL, a.required
              FROM family_card_check a
             WHERE a.program_id = %(program)s AND a.period_id IS NULL AND a.outcome = 'passed'
               AND greatest(a.reference_day, (a.decided_at AT TIME ZONE 'UTC' AT TIME ZONE %(tz)s)::date) >= %(day)s
               AND NOT EXISTS (SELECT 1 FROM family_card_check own
                                WHERE own.period_id = %(period)s AND own.household_id = a.household_id
                                  AND own.kind = a.kind)
            """,
            period=self.id,
            program=self.program_id.id,
            tz=self.program_id.tz,
            day=self._reference_day(),
        )

    def action_make_checks(self):
        """Button: create the checks of these periods and open them."""
        self.env["family.card.check"].check_access("create")
        for period in self:
            period.program_id._make_checks(period)
        action = self.env["ir.actions.act_window"]._for_xml_id("family_card.action_family_card_check")
        return action | {"domain": [("period_id", "in", self.ids)]}
