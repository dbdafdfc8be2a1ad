from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import ReviewCase


@tagged("post_install", "-at_install")
class TestCase(ReviewCase):
    def setUp(self):
        super().setUp()
        self.round_trip()
        self.guess(3)
        self.look()
        found = self.cases.search([("circuit_id", "=", self.circuit.id)])
        self.card_case = found.filtered(lambda case: case.kind == "merchants")
        self.shop_case = found.filtered(lambda case: case.kind == "failures")

    def test_an_officer_takes_up_and_decides_with_a_note(self):
        """Issue 4: decided by whom, when and why."""
        case = self.card_case.with_user(self.officer)
        case.action_take_up()
        with self.assertRaisesRegex(UserError, "outcome"):
            case.action_clear()
        case.note = "The holder goes to the market on Saturdays"
        case.action_clear()

        self.assertEqual((case.state, case.user_id, case.decided_by), ("cleared", self.officer, self.officer))
        self.assertTrue(case.decided_at)
        with self.assertRaises(UserError):
            case.action_confirm()

    def test_a_decision_can_be_taken_back(self):
        """Issue 4: reopened, unless another case about the same is open."""
        case = self.card_case.with_user(self.officer)
        case.note = "?"
        case.action_confirm()
        case.action_reopen()
        self.assertEqual((case.state, case.decided_by.id), ("review", False))

        case.action_clear()
        self.age(300)
        self.round_trip()
        self.look()
        with self.assertRaises(UserError):
            case.action_reopen()

    def test_state_and_facts_change_through_the_buttons_only(self):
        """Issue 4: nobody edits what was found."""
        for values in ({"state": "cleared"}, {"score": 0}, {"transaction_ids": [(5,)]}, {"decided_by": 1}):
            with self.subTest(values), self.assertRaises(AccessError):
                self.card_case.with_user(self.officer).write(values)
        for operation in ("create", "unlink"):
            self.assertFalse(self.card_case.with_user(self.officer).has_access(operation))

    def test_the_operator_reads_the_own_circuit_s_cases_and_decides_nothing(self):
        """R-004-103, R-001-25: masked holders, no names, no decision."""
        case = self.card_case.with_user(self.operator)
        self.assertEqual(case.search([("circuit_id", "=", self.circuit.id)]), self.card_case | self.shop_case)
        self.assertEqual((case.holder_mask, bool(case.reason)), ("TST***01", True))
        for action in (case.action_take_up, case.action_clear, case.action_confirm, case.action_block):
            with self.assertRaises(AccessError):
                action()

        stranger = new_test_user(self.env, "review-stranger", groups="merchant_circuit.group_operator")
        self.assertFalse(self.cases.with_user(stranger).search([]))
        self.assertFalse(self.terms.with_user(stranger).search([]))

    def test_other_people_see_no_cases(self):
        """R-004-101, R-003-08: employees, portal users, another municipality."""
        for group in ("base.group_user", "base.group_portal"):
            user = new_test_user(self.env, f"review-{group}", groups=group)
            for model in ("circuit.review.case", "circuit.review.terms"):
                with self.subTest((group, model)), self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([])
        other = self.env["res.company"].create({"name": "Comune di Viggiano"})
        abroad = new_test_user(
            self.env,
            "review-abroad",
            groups="merchant_circuit.group_manager",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        self.assertFalse(self.cases.with_user(abroad).search([]))
        self.assertFalse(self.terms.with_user(abroad).search([]))

    def test_a_case_leads_to_the_suspension_with_its_reason(self):
        """Issue 4, R-004-93: from the case to the existing wizard."""
        context = self.shop_case.with_user(self.operator).action_suspend()["context"]
        wizard = self.env["circuit.reason"].with_user(self.operator).with_context(**context).create({})
        wizard.action_apply()

        suspension = self.agreement.sudo().suspension_id
        self.assertEqual((self.agreement.state, suspension.ground), ("suspended", "fraud"))
        self.assertIn("failed attempts", suspension.reason)

    def test_a_case_without_a_shop_suspends_nobody(self):
        """Issue 4."""
        with self.assertRaises(UserError):
            self.card_case.with_user(self.officer).action_suspend()

    def test_only_cards_that_can_be_blocked_are(self):
        """Issue 4: the instrument says whether and who."""
        self.assertFalse(self.card_case.can_block)
        with self.assertRaises(UserError):
            self.card_case.with_user(self.officer).action_block()

    def test_shop_payment_and_circuit_lead_to_their_cases(self):
        """Issue 4: smart buttons."""
        self.assertEqual(self.merchant.review_case_count, 1)
        self.assertEqual(self.cases.search(self.merchant.action_review_cases()["domain"]), self.shop_case)
        transaction = self.card_case.transaction_ids[0]
        self.assertEqual(transaction.review_case_count, 1)
        self.assertEqual(self.cases.search(transaction.action_review_cases()["domain"]), self.card_case)
        self.assertEqual(self.circuit.review_case_count, 2)
        self.assertEqual(len(self.cases.search(self.circuit.action_review_cases()["domain"])), 2)

    def test_every_pattern_has_a_sentence_in_italian(self):
        """Issue 4: reasons with figures, for each kind, in the reader's language."""
        self.env["res.lang"]._activate_lang("it_IT")
        figures = dict.fromkeys(
            ("count", "merchants", "minutes", "days", "cards", "share", "times", "unknown", "paid", "total", "minimum"),
            "7",
        )
        for kind, _name in self.cases._fields["kind"].selection:
            case = self.cases.new({"kind": kind, "figures": figures, "circuit_id": self.circuit.id})
            with self.subTest(kind):
                self.assertIn("7", case.with_context(lang="it_IT")._sentence())
