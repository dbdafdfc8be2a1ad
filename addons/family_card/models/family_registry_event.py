from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..rules import blocks, household
from ..tools import batched
from .family_household_member import RELATIONS

LOOK_BACK = timedelta(days=366)


class FamilyRegistryEvent(models.Model):
    """Something that happened to a resident: what, when, when we learnt it, from whom. Applied, it edits the
    memberships as dated corrections and stays as it is (R-004-51, R-004-52)."""

    _name = "family.registry.event"
    _inherit = ["own.fields"]
    _description = "Registry event"
    _order = "date desc, id desc"

    kind = fields.Selection(
        [
            ("birth", "Birth"),
            ("death", "Death"),
            ("move_in", "Arrival"),
            ("move_out", "Departure"),
            ("household_change", "Change of household or role"),
            ("coming_of_age", "Coming of age"),
        ],
        required=True,
    )
    state = fields.Selection(
        [("proposed", "To confirm"), ("applied", "Applied"), ("dismissed", "Dismissed")],
        default="proposed",
        required=True,
        readonly=True,
        copy=False,
    )
    person_id = fields.Many2one(
        "res.partner",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("is_household", "=", False), ("is_company", "=", False)],
    )
    household_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        ondelete="restrict",
        domain=[("is_household", "=", True)],
        help="The household joined, or the one that the person belongs to.",
    )
    relation = fields.Selection(RELATIONS, help="Role in the household joined.")
    date = fields.Date(
        required=True,
        default=fields.Date.context_today,
        help="Birth, arrival and change: first day in the household. Death and departure: last day in it.",
    )
    learnt_on = fields.Date(
        required=True, default=fields.Date.context_today, help="Day on which the office learnt of it."
    )
    source = fields.Selection(
        [
            ("registry", "Registry of residents"),
            ("declaration", "Declaration"),
            ("staff", "Staff"),
            ("date", "Date of birth on file"),
        ],
        default="staff",
        required=True,
    )
    note = fields.Text()
    user_id = fields.Many2one("res.users", "Author", default=lambda self: self.env.user, required=True, readonly=True)
    applied_at = fields.Datetime("Applied on", readonly=True, copy=False)
    applied_by_id = fields.Many2one("res.users", "Applied by", readonly=True, copy=False)
    import_id = fields.Many2one("family.registry.import", readonly=True, index="btree_not_null", ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, index=True, default=lambda self: self.env.company)

    _once = models.UniqueIndex(
        "(person_id, kind, company_id) WHERE kind IN ('birth', 'death', 'coming_of_age') AND state <> 'dismissed'",
        "This is on record already for this person.",
    )

    _JOINS = frozenset({"birth", "move_in", "household_change"})
    _LEAVES = frozenset({"death", "move_out"})
    _OWN = frozenset({"state", "user_id", "applied_at", "applied_by_id", "import_id"})

    @api.depends("kind", "person_id")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for event in self:
            event.display_name = f"{kinds.get(event.kind, '')}: {event.person_id.display_name or ''}"

    @api.constrains("kind", "household_id", "relation", "date", "learnt_on")
    def _check_facts(self):
        """Nothing is known before it happens, and who joins a household joins a known one.

        :raises ValidationError: otherwise
        """
        for event in self:
            if event.date > event.learnt_on:
                raise ValidationError(self.env._("An event is recorded when it has happened, not before."))
            if event.kind in self._JOINS and not (event.household_id and event.relation):
                raise ValidationError(self.env._("Enter the household joined and the role in it."))

    @api.onchange("person_id", "kind")
    def _onchange_person_id(self):
        if self.person_id and self.kind not in self._JOINS:
            self.household_id = self.person_id.membership_ids.filtered(lambda line: not line.valid_to)[:1].household_id

    def _own_fields(self):
        return super()._own_fields() | self._OWN

    def _own_refusal(self):
        return self.env._("An event changes state through its buttons.")

    def write(self, vals):
        """Change an event that was not applied yet.

        :raises UserError: it was, or a field of the actions is among the values
        """
        if not self.env.su and any(event.state != "proposed" for event in self):
            raise UserError(self.env._("This event was decided and stays as it is."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not self.env.su:
            raise UserError(self.env._("Events are never deleted: dismiss them."))

    def action_apply(self):
        """Button: apply the events, the oldest first.

        :raises UserError: one was decided already or does not fit what is on record
        """
        self.check_access("write")
        if any(event.state != "proposed" for event in self):
            raise UserError(self.env._("This event was decided and stays as it is."))
        for event in self.sorted(lambda event: (event.date, event.id)):
            event._apply()
        return True

    def action_dismiss(self):
        """Button: it did not happen, or needs nothing."""
        self.check_access("write")
        if any(event.state != "proposed" for event in self):
            raise UserError(self.env._("This event was decided and stays as it is."))
        self.sudo().state = "dismissed"  # sudo: the state is written by the actions only, see write()
        return True

    def _apply(self):
        """Carry out events of different persons: memberships, deaths, cards.

        :raises UserError: an event does not fit what is on record
        """
        lines = self.env["family.household.member"].search(
            [("person_id", "in", self.person_id.ids), ("recorded_to", "=", False)], order="valid_from, id"
        )
        of_person = lines.grouped("person_id")
        opened = []
        # All ends before all beginnings: two heads may change places.
        for event in self:
            opened += event._edit_memberships(of_person.get(event.person_id, lines.browse()))
        for chunk in batched(opened):
            lines.create(chunk)
        self.filtered(lambda event: event.kind == "death")._record_deaths()
        # sudo: the state is written by the actions only, see write()
        self.sudo().write({"state": "applied", "applied_at": fields.Datetime.now(), "applied_by_id": self.env.uid})

    def _edit_memberships(self, lines):
        """End what the event ends.

        :param lines: memberships of the person that hold now, by first day
        :return: values of the memberships to open
        :raises UserError: the person died, or a later membership is on record
        """
        self.ensure_one()
        timeline = lines._memberships()
        if self.kind in self._LEAVES:
            lines._edit(household.end_of(timeline, self.date))
        if self.kind not in self._JOINS:
            return []
        if self.person_id.death_date:
            raise UserError(self.env._("%s is on record as dead.", self.person_id.name))
        is_head = self.relation == "head"
        new = household.Membership(self.household_id.id, self.person_id.id, is_head, self.date, None)
        try:
            lines._edit(household.change_of(timeline, new))
        except ValueError:
            raise UserError(
                self.env._(
                    "%(name)s has a membership that starts on %(day)s or later: correct it in the household first.",
                    name=self.person_id.name,
                    day=fields.Date.to_string(self.date),
                )
            ) from None
        # Facts of the person, whichever household they live in, pass over from the last membership.
        return [
            {
                **lines[-1:]._fact_values(),
                "household_id": self.household_id.id,
                "person_id": self.person_id.id,
                "company_id": self.company_id.id,
                "relation": self.relation,
                "is_head": is_head,
                "valid_from": self.date,
                "valid_to": False,
            }
        ]

    def _record_deaths(self):
        """Keep the day of death; the cards of the dead are suspended from now on (B3, R-004-59)."""
        for event in self:
            event.person_id.death_date = event.date
        cards = self.env["family.card"].search(
            [("holder_id", "in", self.person_id.ids), ("state", "in", ("active", "suspended"))]
        )
        cards._block("holder_death", role=blocks.SYSTEM)

    @api.model
    def _cron_coming_of_age(self):
        """Scheduled: propose to staff who came of age, without any declaration (R-004-54)."""
        today = fields.Date.context_today(self)
        found = []
        for person, family, company, birth in self._minors_of_late(today):
            day = household.comes_of_age(birth, today - LOOK_BACK, today)
            if day:
                found.append(
                    {
                        "kind": "coming_of_age",
                        "person_id": person,
                        "household_id": family,
                        "company_id": company,
                        "date": day,
                        "learnt_on": today,
                        "source": "date",
                    }
                )
        self.create(found)

    def _minors_of_late(self, today):
        """Members today who may have come of age within the last year and for whom nothing is recorded.

        :param date today: local day
        :return: rows of person, household, company, birth date
        """
        return self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (m.person_id, m.company_id) m.person_id, m.household_id, m.company_id, p.birth_date
                  FROM family_household_member m
                  JOIN res_partner p ON p.id = m.person_id
                 WHERE m.recorded_to IS NULL AND m.valid_from <= %(today)s
                   AND (m.valid_to IS NULL OR m.valid_to >= %(today)s)
                   AND p.birth_date BETWEEN %(today)s - interval '20 years' AND %(today)s - interval '17 years'
                   AND p.death_date IS NULL
                   AND NOT EXISTS (SELECT 1 FROM family_registry_event e
                                    WHERE e.person_id = m.person_id AND e.company_id = m.company_id
                                      AND e.kind = 'coming_of_age')
                """,
                today=today,
            )
        )
