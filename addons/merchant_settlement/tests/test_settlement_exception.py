from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .approval_common import APRIL, MAY, ApprovalCase


@tagged("post_install", "-at_install")
class TestSettlementException(ApprovalCase):
    """What somebody should look at before a statement is paid."""

    def kinds(self, statement):
        """Kinds of what is not settled."""
        statement._refresh_exceptions()
        return statement.exception_ids.filtered(lambda row: not row.settled_at).mapped("kind")

    def test_an_ordinary_statement_has_none(self):
        """R-001-22: what is in order is not listed."""
        statement = self.signed("15.00")

        self.assertEqual((self.kinds(statement), statement.exception_count), ([], 0))

    def test_a_high_payment_is_listed(self):
        """R-001-22: a single payment above the terms' amount is listed, with its operation; one at it is not."""
        statement = self.signed("500.00", "500.01")

        self.assertEqual(self.kinds(statement), ["above"])
        row = statement.exception_ids
        self.assertEqual((row.amount, row.stops), (500.01, False))
        self.assertEqual(row.action_open()["res_id"], row.transaction_id.id)

    def test_reversals_are_listed_on_both_statements(self):
        """R-004-84, R-001-22: a reversal in the month after is listed where it was paid and where it is taken off."""
        april = self.signed("15.00", "100.00")
        self.refund(april.line_ids.transaction_id[0], "15.00", MAY)
        may = self.signed("300.00", month="2024-05", at=MAY)

        self.assertEqual((self.kinds(april), self.kinds(may)), (["reversed_since"], ["reversed"]))

    def test_a_late_signature_is_listed(self):
        """R-004-98: a statement signed late is listed as such."""
        statement = self.signed("15.00")
        statement.late = True

        self.assertEqual(self.kinds(statement), ["late"])

    def test_a_suspended_merchant_is_listed_until_its_charges_were_looked_at(self):
        """R-001-22: past charges of a suspended merchant wait for the public body's look."""
        statement = self.signed("15.00")
        agreement = self.env["circuit.agreement"].search([("merchant_id", "=", self.merchant.id)])
        agreement._suspend("fraud", "Cards used at night")
        self.assertEqual(self.kinds(statement), ["suspended"])

        agreement.suspension_id._review("All in order")

        self.assertEqual(self.kinds(statement), [])
        self.assertEqual((statement.stop_count, len(statement.exception_ids)), (0, 1))

    def test_suspicious_patterns_are_listed_where_they_are_looked_for(self):
        """R-001-22: payments of an open case are listed with it, until it is cleared."""
        if "circuit.review.case" not in self.env:
            self.skipTest("circuit_review is not installed")
        statement = self.signed("15.00", "5.00")
        case = self.env["circuit.review.case"].create(
            {
                "kind": "night",
                "subject": "test",
                "circuit_id": self.circuit.id,
                "merchant_id": self.merchant.id,
                "transaction_ids": [(6, 0, statement.line_ids.transaction_id[0].ids)],
                "first_at": APRIL,
                "last_at": APRIL,
            }
        )
        self.assertEqual(self.kinds(statement), ["suspicious"])
        self.assertEqual(statement.exception_ids.action_open()["res_model"], "circuit.review.case")

        case.state = "cleared"

        self.assertEqual(self.kinds(statement), [])

    def test_without_the_addon_of_patterns_the_list_works(self):
        """R-001-22: the list does not need the addon that looks for patterns."""
        statement = self.signed("15.00")

        with patch.object(type(self.env), "__contains__", lambda env, name: name != "circuit.review.case"):
            self.assertEqual(self.kinds(statement), [])

    def test_what_comes_back_is_open_again(self):
        """R-001-22: looking twice lists once; what was settled and comes back is open again."""
        statement = self.signed("15.00")
        vat, self.merchant.vat = self.merchant.vat, False
        self.kinds(statement)
        self.kinds(statement)
        self.merchant.vat = vat
        self.assertEqual(self.kinds(statement), [])

        self.merchant.vat = False

        self.assertEqual(self.kinds(statement), ["no_fiscal_code"])
        self.assertEqual(len(statement.exception_ids), 1)

    def test_the_check_says_who_looked(self):
        """R-001-22: whoever checks a statement has seen its exceptions."""
        statement = self.signed("900.00")

        self.check(statement)

        self.assertEqual(statement.exception_ids.seen_by_id, self.clerk)

    def test_people_write_the_outcome_only(self):
        """R-001-22: what was found is written by the statement; people write what came of it."""
        statement = self.signed("900.00")
        row = statement.exception_ids.with_user(self.clerk)
        row.note = "Seen the receipt"

        with self.assertRaises(AccessError):
            row.kind = "late"
        with self.assertRaises(AccessError):
            row.unlink()

    def test_exceptions_of_another_company_are_not_seen(self):
        """R-004-96: each public body sees its own."""
        self.signed("900.00")
        company = self.env["res.company"].create({"name": "Other town"})
        stranger = self.user("stranger", "merchant_settlement.group_clerk")
        stranger.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})

        found = (
            self.env["settlement.exception"]
            .with_user(stranger)
            .with_context(allowed_company_ids=company.ids)
            .search([])
        )

        self.assertFalse(found)
