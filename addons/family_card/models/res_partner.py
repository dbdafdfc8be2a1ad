from stdnum.it import codicefiscale

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..rules import fiscal_code, household, quotient, senior


class ResPartner(models.Model):
    _inherit = "res.partner"

    is_household = fields.Boolean(index="btree_not_null")
    birth_date = fields.Date(
        compute="_compute_birth_date",
        store=True,
        readonly=False,
        groups="family_card.group_officer",
        help="Read from the fiscal code, which has two digits for the year: correct it for people over a hundred.",
    )
    provisional_fiscal_code = fields.Boolean(
        "Provisional fiscal code",
        groups="family_card.group_officer",
        help="Accept an 11-digit personal code given until the final one arrives.",
    )
    household_member_ids = fields.One2many(
        "family.household.member",
        "household_id",
        string="Members",
        domain=[("recorded_to", "=", False)],
        groups="family_card.group_officer",
    )
    membership_ids = fields.One2many(
        "family.household.member",
        "person_id",
        string="Households",
        domain=[("recorded_to", "=", False)],
        groups="family_card.group_officer",
    )
    income_band = fields.Integer(
        groups="family_card.group_officer",
        help="Band of income of the household, 1 for the lowest; 0: not known. Only tables with a rule on income "
        "ask for it (R-004-28).",
    )
    family_card_ids = fields.One2many(
        "family.card", "household_id", string="Cards of the household", groups="family_card.group_officer"
    )

    @api.depends("l10n_it_codice_fiscale")
    def _compute_birth_date(self):
        today = fields.Date.context_today(self)
        for partner in self:
            code = fiscal_code.normalise(partner.l10n_it_codice_fiscale or "")
            if not partner.birth_date and len(code) == 16 and fiscal_code.is_valid(code):
                partner.birth_date = fiscal_code.birth_date(code, today)
            else:
                partner.birth_date = partner.birth_date

    @api.constrains("l10n_it_codice_fiscale", "provisional_fiscal_code")
    def validate_codice_fiscale(self):
        """As the Italian localisation, without repeating the code in the message; and an 11-digit code
        flagged as provisional passes on its check digit alone, for it is no VAT number.

        :raises ValidationError: not a valid code
        """
        for partner in self:
            code = partner.l10n_it_codice_fiscale
            if not code:
                continue
            # sudo: whoever edits a contact need not see the flag
            provisional = partner.sudo().provisional_fiscal_code
            if provisional and len(code) == 11 and fiscal_code.is_valid(code, provisional=True):
                continue
            if not codicefiscale.is_valid(code):
                # The localisation's own message would repeat the code, and Odoo logs messages.
                raise ValidationError(
                    self.env._(
                        "The fiscal code of %s is not valid: a person's has 16 characters, a company's 11 digits.",
                        partner.name,
                    )
                )

    @api.constrains("l10n_it_codice_fiscale", "birth_date")
    def _check_birth_date(self):
        """The birth date on file agrees with the fiscal code.

        :raises ValidationError: it does not
        """
        for partner in self.sudo():  # sudo: the constraint also runs for users who may not see the date
            code = fiscal_code.normalise(partner.l10n_it_codice_fiscale or "")
            if not partner.birth_date or len(code) != 16 or not fiscal_code.is_valid(code):
                continue
            try:
                fiscal_code.birth_date(code, partner.birth_date, stored=partner.birth_date)
            except ValueError:
                raise ValidationError(
                    self.env._("The birth date of %s contradicts the fiscal code.", partner.name)
                ) from None

    @api.constrains("household_member_ids")
    def _check_head(self):
        """A household with members has a head on every day (R-004-15).

        :raises ValidationError: a day without a head
        """
        for family in self:
            day = household.first_headless_day(family.household_member_ids._memberships())
            if day:
                raise ValidationError(
                    self.env._("The household “%(name)s” has no head on %(day)s.", name=family.name, day=day)
                )

    def _members_on(self, day, known_at=None):
        """Members of this household on a day, as known now or as it was known at an instant (R-004-17, R-004-51).

        :param date day: local day
        :param datetime known_at: naive UTC; None: what is known now
        :return: family.household.member
        """
        self.ensure_one()
        if known_at is None:
            return self.household_member_ids.filtered(lambda line: household.covers(line._memberships()[0], day))
        lines = self.env["family.household.member"].search([("household_id", "=", self.id)])
        return lines.filtered(lambda line: household.members_on(line._recorded(), day, known_at))

    def _head_on(self, day):
        """The person who is head of this household on a day: res.partner, possibly empty."""
        return self._members_on(day).filtered("is_head").person_id

    def _is_senior_household(self, terms):
        """Whether the household is exempt from the split for age (R-004-36).

        :param terms: family.card.terms that say which ages and on which day
        :return: True or False, None when it cannot be told (nobody there, or a birth date is missing)
        """
        self.ensure_one()
        day = terms.senior_reference or fields.Date.context_today(self)
        births = self._members_on(day).mapped(lambda line: line.person_id.birth_date)
        if not births or not all(births) or any(birth > day for birth in births):
            return None
        return senior.is_senior(births, day, terms._age_rule())

    def _quotient_household(self, day):
        """This household as the quotient table looks at it (R-004-19).

        :param date day: members of this local day, as known now
        :return: rules.quotient.Household
        """
        self.ensure_one()
        members = tuple(
            quotient.Member(
                birth=line.person_id.birth_date or None,
                relation=line.relation,
                disability=line.disability,
                student=line.student,
                pregnant=line.pregnant,
                name=line.person_id.name,
            )
            for line in self._members_on(day)
        )
        return quotient.Household(members, self.income_band or None)
