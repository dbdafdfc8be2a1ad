from ast import literal_eval

from .common import CorletoCase


class QuotientCase(CorletoCase):
    """Tables of the programme and households to compute."""

    @classmethod
    def table(cls, preset="corleto_demo", state="in_force", **vals):
        """A quotient table filled in from a preset."""
        table = cls.env["family.card.quotient"].create(
            {
                "program_id": cls.program.id,
                "name": preset,
                "valid_from": "2024-01-01",
                "base": 450.0,
                "preset": preset,
                **vals,
            }
        )
        table.action_fill()
        if state == "in_force":
            table.action_in_force()
        return table

    @classmethod
    def people(cls, count):
        """Adults."""
        return [cls.person() for _ in range(count)]

    @classmethod
    def disable(cls, family):
        """The last member of a household has a severe disability."""
        family.household_member_ids.sorted("id")[-1].disability = "severe"
        family.invalidate_recordset()

    @classmethod
    def join(cls, family, person, day):
        """A child enters a household."""
        cls.env["family.household.member"].create(
            {"household_id": family.id, "person_id": person.id, "relation": "child", "valid_from": day}
        )
        family.invalidate_recordset()

    def work_list(self):
        """Households that cannot be computed, as the menu shows them."""
        action = self.env["ir.actions.act_window"]._for_xml_id("family_card.action_quotient_problem")
        return self.env["family.card.quotient.result"].search(literal_eval(action["domain"]))
