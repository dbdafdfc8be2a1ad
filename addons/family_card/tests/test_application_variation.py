from datetime import date, datetime

from odoo.exceptions import UserError
from odoo.tests import tagged

from .application_common import ApplicationCase
from .quotient_common import QuotientCase

FILED = datetime(2024, 4, 2, 8, 0)


@tagged("post_install", "-at_install")
class TestVariation(QuotientCase, ApplicationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.head = cls.person(name="Anna Verdi")
        cls.son = cls.person(name="Luca Verdi")
        cls.family = cls.household(cls.head, cls.son)
        cls.the_card, _pin = cls.card(family=cls.family)

    def declare(self, *members, **vals):
        """File a declaration of changes that differs from the registry in some people, and approve it."""
        draft = self.draft(self.family, kind="variation", **vals)
        draft.write(draft._registry_values(self.head))
        for changes in members:
            person = changes.pop("person", None)
            if person:
                draft.member_ids.filtered(lambda m, person=person: m.person_id == person).write(changes)
            else:
                draft.member_ids = [(0, 0, changes)]
        draft._file(FILED)
        return draft

    def approve(self, declaration):
        declaration.check_ids.filtered(lambda check: check.outcome == "pending").action_pass()
        declaration.with_user(self.officer).action_approve()

    def members(self, day):
        return set(self.family._members_on(day).person_id.mapped("name"))

    def test_a_birth(self):
        """R-004-50, R-004-52, example B1: declared with the same form, recorded as an event of its day."""
        declaration = self.declare(
            {"name": "Sofia Verdi", "birth_date": date(2024, 3, 12), "relation": "child", "since": date(2024, 3, 12)}
        )

        self.approve(declaration)

        self.assertEqual(self.members(date(2024, 3, 11)), {"Anna Verdi", "Luca Verdi"})
        self.assertEqual(self.members(date(2024, 3, 12)), {"Anna Verdi", "Luca Verdi", "Sofia Verdi"})
        event = self.env["family.registry.event"].search([("household_id", "=", self.family.id)])
        self.assertEqual((event.kind, event.source, event.state), ("birth", "declaration", "applied"))
        self.assertEqual((event.date, event.note), (date(2024, 3, 12), declaration.number))

    def test_the_amount_is_computed_again(self):
        """R-004-52: the changed household has a new yearly credit, explained line by line."""
        self.table()
        self.the_card._compute_amounts(date(2024, 4, 3))
        before = self.the_card.annual_amount
        declaration = self.declare({"name": "Sofia Verdi", "birth_date": date(2024, 3, 12), "relation": "child"})

        self.approve(declaration)

        self.assertGreater(self.the_card.annual_amount, before)
        self.assertEqual(self.the_card.quotient_result_id.members, 3)

    def test_who_left(self):
        """R-004-52: gone from the declared day on."""
        declaration = self.declare({"person": self.son, "dropped": True, "since": date(2024, 3, 20)})

        self.approve(declaration)

        self.assertEqual(self.members(date(2024, 3, 19)), {"Anna Verdi", "Luca Verdi"})
        self.assertEqual(self.members(date(2024, 3, 20)), {"Anna Verdi"})

    def test_a_student(self):
        """R-004-52: a fact of a person holds from the declared day, not before."""
        declaration = self.declare({"person": self.son, "student": True, "since": date(2024, 3, 1)})

        self.approve(declaration)

        lines = {day: self.family._members_on(day).filtered(lambda m: m.person_id == self.son) for day in self.days}
        self.assertEqual([line.student for line in lines.values()], [False, True])

    days = (date(2024, 2, 29), date(2024, 3, 1))

    def test_a_disability_needs_its_grade(self):
        """R-004-52: the office reads the grade from the documents."""
        declaration = self.declare({"person": self.son, "disability": True})
        with self.assertRaisesRegex(UserError, "grade"):
            self.approve(declaration)

        declaration.member_ids.with_user(self.officer).grade = "severe"
        self.approve(declaration)

        today = self.family._members_on(date(2024, 4, 3))
        self.assertEqual(today.filtered(lambda m: m.person_id == self.son).disability, "severe")

    def test_nothing_happens_before_the_approval(self):
        """R-004-50: a declaration is looked at before it counts."""
        declaration = self.declare({"person": self.son, "dropped": True})

        self.assertEqual(declaration.card_id, self.the_card)
        self.assertEqual(self.members(date(2024, 4, 3)), {"Anna Verdi", "Luca Verdi"})

    def test_all_or_nothing(self):
        """R-004-50: when one change does not fit, none is made."""
        declaration = self.declare(
            {"name": "Sofia Verdi", "birth_date": date(2024, 3, 12), "relation": "child"},
            {"person": self.son, "disability": True},
        )

        with self.assertRaises(UserError), self.cr.savepoint():
            self.approve(declaration)

        self.env.invalidate_all()
        self.assertEqual(self.members(date(2024, 4, 3)), {"Anna Verdi", "Luca Verdi"})

    def test_deaths_need_no_form(self):
        """R-004-51: a death comes from the registry and is applied with no declaration."""
        event = self.env["family.registry.event"].create(
            {"kind": "death", "person_id": self.son.id, "date": "2024-03-30", "source": "registry"}
        )

        event.action_apply()

        self.assertEqual(self.members(date(2024, 4, 1)), {"Anna Verdi"})
        self.assertFalse(self.env["family.card.application"].search([("household_id", "=", self.family.id)]))

    def test_the_special_card_asked_for_later(self):
        """R-004-39: a household with a card asks for the special one with the same form."""
        declaration = self.declare(special_requested=True, special_reason="Serious illness")
        declaration.write(
            {"special_outcome": "granted", "social_assessment": "Assessed", "special_act_id": self.act.id}
        )

        self.approve(declaration)

        self.assertEqual((self.the_card.kind, self.the_card.special_act_id), ("special", self.act))
        self.assertEqual(len(self.the_card.account_ids.scheme_line_id.filtered(lambda line: line.code == "UNICO")), 1)
