from odoo import api, fields, models
from odoo.tools import SQL

from ..rules import fiscal_code, registry_plan


class ResPartner(models.Model):
    """What the registry of residents says of people and households."""

    _inherit = "res.partner"

    registry_code = fields.Char(
        "Household number",
        index="btree_not_null",
        copy=False,
        help="Number of the household in the registry of residents: the import finds it by this number.",
    )
    death_date = fields.Date(
        "Died on", readonly=True, copy=False, groups="family_card.group_officer", help="Set by a registry event."
    )
    merged_into_id = fields.Many2one(
        "res.partner", "Same person as", readonly=True, copy=False, index="btree_not_null", ondelete="restrict"
    )
    registry_event_ids = fields.One2many(
        "family.registry.event", "person_id", string="Registry events", groups="family_card.group_officer"
    )
    needs_head = fields.Boolean(
        compute="_compute_needs_head",
        search="_search_needs_head",
        groups="family_card.group_officer",
        help="The household has members today but no head.",
    )

    def _compute_needs_head(self):
        today = fields.Date.context_today(self)
        for family in self:
            members = family._members_on(today) if family.is_household else family.household_member_ids.browse()
            family.needs_head = bool(members) and not any(members.mapped("is_head"))

    def _search_needs_head(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        headless = SQL(
            """(SELECT household_id FROM family_household_member
                 WHERE recorded_to IS NULL AND valid_from <= %(today)s AND (valid_to IS NULL OR valid_to >= %(today)s)
                 GROUP BY household_id HAVING NOT bool_or(is_head))""",
            today=today,
        )
        return [("id", "in" if True in value else "not in", headless)]

    @api.model
    def _registry_snapshot(self, company):
        """Everybody and every household that a file of the registry may mean, in two queries.

        :param company: the municipality
        :return: (list of rules.registry_plan.Person, list of rules.registry_plan.Household)
        """
        self.env.flush_all()
        people = self.env.execute_query(
            SQL(
                """
                SELECT p.id, p.name, p.birth_date, coalesce(p.l10n_it_codice_fiscale, ''), p.death_date,
                       m.household_id, m.relation, m.valid_from, l.latest
                  FROM res_partner p
                  LEFT JOIN family_household_member m
                    ON m.person_id = p.id AND m.recorded_to IS NULL AND m.valid_to IS NULL
                   AND m.company_id = %(company)s
                  LEFT JOIN (SELECT person_id, max(greatest(valid_from, valid_to)) AS latest
                               FROM family_household_member
                              WHERE recorded_to IS NULL AND company_id = %(company)s GROUP BY person_id) l
                    ON l.person_id = p.id
                 WHERE (p.company_id = %(company)s OR p.company_id IS NULL) AND p.active
                   AND NOT p.is_company AND NOT coalesce(p.is_household, false) AND NOT coalesce(p.is_merchant, false)
                   AND (p.l10n_it_codice_fiscale IS NOT NULL OR p.birth_date IS NOT NULL OR m.id IS NOT NULL)
                 ORDER BY p.id
                """,
                company=company.id,
            )
        )
        households = self.env.execute_query(
            SQL(
                """
                SELECT id, coalesce(upper(registry_code), '') FROM res_partner
                 WHERE is_household AND active AND (company_id = %s OR company_id IS NULL) ORDER BY id
                """,
                company.id,
            )
        )
        return (
            [
                registry_plan.Person(pid, name or "", birth, fiscal_code.normalise(code), *rest)
                for pid, name, birth, code, *rest in people
            ],
            [registry_plan.Household(*household) for household in households],
        )

    @api.model
    def _registry_aliases(self, company):
        """Fiscal codes of people who turned out to be somebody else on file.

        :param company: the municipality
        :return: dict of code to the id of the person kept
        """
        # sudo: archived people of this company only, whatever else the user may see
        merged = self.sudo().search(
            [
                ("merged_into_id", "!=", False),
                ("active", "=", False),
                ("company_id", "in", (company.id, False)),
                ("l10n_it_codice_fiscale", "!=", False),
            ]
        )
        return {fiscal_code.normalise(person.l10n_it_codice_fiscale): person.merged_into_id.id for person in merged}
