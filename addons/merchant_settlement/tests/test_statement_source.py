from datetime import datetime

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import SettlementCase


def at(day, month=4):
    return datetime(2024, month, day, 10)


@tagged("post_install", "-at_install")
class TestStatementSource(SettlementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.region = cls.env["family.card.fund"].create(
            {"program_id": cls.program.id, "name": "Region", "kind": "region", "amount": 100000.0}
        )

    def sources(self, statement):
        """Amount by source."""
        return {source.fund_id.name: source.amount for source in statement.source_ids}

    def charge_april(self):
        for day, amount in enumerate(("15.00", "5.00", "5.00", "41.25"), 3):
            self.charge(amount, at(day))

    def test_by_the_credit_that_was_spent(self):
        """N7, R-001-05: 66.25 of which 39.75 were credited from royalties and 26.50 by the Region."""
        self.give("39.75", self.fund, datetime(2024, 6, 1))
        self.give("26.50", self.region, datetime(2024, 7, 1))
        self.charge_april()

        statement = self.run_month("2024-04")

        self.assertEqual(self.sources(statement), {"Oil royalties": 39.75, "Region": 26.5})

    def test_what_goes_back_goes_back_to_its_source(self):
        """R-001-05, R-004-84: the credit of the Region, spent last, comes back first."""
        self.give("10.00", self.fund, datetime(2024, 6, 1))
        self.give("10.00", self.region, datetime(2024, 7, 1))
        payment = self.charge("20.00", at(3))
        self.refund(payment, "4.00", at(4))

        self.assertEqual(self.sources(self.run_month("2024-04")), {"Oil royalties": 10.0, "Region": 6.0})

    def test_what_is_carried_over_keeps_its_source(self):
        """N6, R-001-05."""
        self.give("20.00", self.region, datetime(2024, 8, 1))
        payment = self.charge("20.00", at(3))
        self.run_month("2024-04")
        self.refund(payment, "8.00", at(4, 5))
        may = self.run_month("2024-05")
        self.give("30.00", self.fund, datetime(2024, 7, 15))
        self.charge("30.00", at(4, 6))

        june = self.run_month("2024-06")

        self.assertEqual(self.sources(may), {"Region": -8.0})
        self.assertEqual(self.sources(june), {"Oil royalties": 30.0, "Region": -8.0})

    def test_credit_without_a_source(self):
        """R-001-05: it is not hidden among the others."""
        self.give("5.00", None, datetime(2024, 6, 1))
        self.charge("5.00", at(3))

        statement = self.run_month("2024-04")

        self.assertEqual([(source.fund_id.id, source.amount) for source in statement.source_ids], [(False, 5.0)])

    def test_fixed_shares(self):
        """N7, R-001-05: 60 % royalties, 40 % Region."""
        self.settlement_terms.share_ids = [
            (0, 0, {"fund_id": self.fund.id, "percent": 60, "sequence": 1}),
            (0, 0, {"fund_id": self.region.id, "percent": 40, "sequence": 2}),
        ]
        self.charge_april()

        self.assertEqual(self.sources(self.run_month("2024-04")), {"Oil royalties": 39.75, "Region": 26.5})

    def test_fixed_shares_that_are_not_the_whole(self):
        """R-001-05."""
        with self.assertRaisesRegex(ValidationError, "make them 100 %"), self.env.cr.savepoint():
            self.settlement_terms.share_ids = [(0, 0, {"fund_id": self.fund.id, "percent": 60})]

    def test_shares_entered_one_by_one(self):
        """R-001-05: the run refuses what does not make up the whole."""
        self.env["settlement.terms.share"].create(
            {"terms_id": self.settlement_terms.id, "fund_id": self.fund.id, "percent": 60}
        )
        self.charge_april()

        with self.assertRaisesRegex(UserError, "make them 100 %"):
            self.run_month("2024-04")
