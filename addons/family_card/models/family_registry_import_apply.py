from odoo import models

from ..rules import fiscal_code
from ..tools import batched


class FamilyRegistryImport(models.Model):
    """Carries out what a file of the registry says."""

    _inherit = "family.registry.import"

    def _carry_out(self, plan):
        """Write households, people and events, in chunks within one database transaction.

        :param plan: rules.registry_plan.Plan without errors
        :raises UserError: something does not fit what is on record
        """
        self.ensure_one()
        partners = self.env["res.partner"].with_context(tracking_disable=True)
        for family, code in plan.codes:
            partners.browse(family).registry_code = code
        for person, row in plan.completed:
            partners.browse(person).write(self._code_values(row.fiscal_code))
        households = self._create_households(plan, partners)
        new_rows = [change.row for change in plan.changes if not change.person]
        values = [self._person_values(row) for row in new_rows]
        people = self._create_partners(partners, values, (40, 60, self.env._("Writing people")))
        person_of = {row.number: person for row, person in zip(new_rows, people, strict=True)}
        values = [
            {
                "kind": change.kind,
                "person_id": change.person or person_of[change.row.number],
                "household_id": households.get(change.household, change.household),
                "relation": change.relation,
                "date": change.day,
                "source": "registry",
                "company_id": self.company_id.id,
                "import_id": self.id,
            }
            for change in plan.changes
        ]
        self._supersede(plan)
        # sudo: which import an event comes from is not for users to write
        events = self.env["family.registry.event"].sudo()
        for chunk in batched(values):
            events += events.create(chunk)
            self._carried_out(len(events), len(values), 60, 90, self.env._("Writing events"))
        self._job_progress(90, 100, self.env._("Writing memberships"))
        events.sudo(False)._apply()

    def _carried_out(self, done, total, start, end, stage):
        """Tell how much of a stage is written, which takes the work from one percentage to another."""
        self._job_progress(start + (end - start) * done // max(total, 1), 100, f"{stage}: {done} / {total}")

    def _supersede(self, plan):
        """A death that waited for confirmation gives way to the one that the registry tells of."""
        dead = [change.person for change in plan.changes if change.kind == "death"]
        waiting = self.env["family.registry.event"].search(
            [("person_id", "in", dead), ("kind", "=", "death"), ("state", "=", "proposed")]
        )
        if waiting:
            waiting.action_dismiss()
            # The unique index must see it before the new event is written.
            waiting.flush_recordset(["state"])

    def _create_households(self, plan, partners):
        """Create the new households, named after their heads.

        :return: dict of number in the file to partner id
        """
        heads = {
            change.household: change.row
            for change in plan.changes
            if change.relation == "head" and isinstance(change.household, str)
        }
        values = [
            {
                "name": self.env._("Household %s", heads[code].name),
                "is_household": True,
                "registry_code": code,
                **self._address(heads[code]),
            }
            for code in plan.new_households
        ]
        stage = (30, 40, self.env._("Writing households"))
        return dict(zip(plan.new_households, self._create_partners(partners, values, stage), strict=True))

    def _create_partners(self, partners, values, stage):
        """Create partners of this company in chunks.

        :param stage: percentages at the beginning and at the end, and what to call it
        :return: their ids, in order
        """
        ids = []
        for chunk in batched([{**vals, "company_id": self.company_id.id} for vals in values]):
            ids += partners.create(chunk).ids
            self.env.flush_all()
            self._carried_out(len(ids), len(values), *stage)
            # A hundred thousand people in the cache would not fit into a worker.
            self.env.invalidate_all()
        return ids

    def _person_values(self, row):
        return {
            "name": row.name,
            "birth_date": row.birth_date,
            **self._address(row),
            **(self._code_values(row.fiscal_code) if row.fiscal_code else {}),
        }

    def _address(self, row):
        return {"street": row.street or False, "zip": row.zip or False, "city": row.city or False}

    def _code_values(self, code):
        """An 11-digit code is provisional: nothing else would be accepted for a person."""
        return {"provisional_fiscal_code": fiscal_code.is_provisional(code), "l10n_it_codice_fiscale": code}
