import random
from datetime import timedelta
from decimal import Decimal

from odoo import fields
from odoo.tests import tagged

from odoo.addons.stored_value.tools import to_decimal

from .redemption_common import RedemptionCase


@tagged("post_install", "-at_install")
class TestPosition(RedemptionCase):
    """R-000-21, R-000-26: who owes whom, at once after each coupon."""

    def positions(self, member):
        """Figures of a member by the other side.

        :return: dict of other member to (count, owed, owing, commission)
        """
        self.env.invalidate_all()
        rows = self.env["ecoupon.position"].search(
            [("circuit_id", "=", self.circuit.id), ("member_id", "=", member.id)]
        )
        return {row.counterpart_id: (row.count, row.owed, row.owing, row.commission) for row in rows}

    def test_both_sides(self):
        """R-000-21, C4: A owes C 5.00 and the operator 0.15; C is owed 5.00."""
        operator = self.env["res.partner"].create({"name": "Gestore"})
        self.circuit.operator_id = operator

        self.spend("30.00")

        self.assertEqual(self.positions(self.shop), {self.issuer: (1, 5, 0, 0)})
        self.assertEqual(self.positions(self.issuer), {self.shop: (1, 0, 5, 0), operator: (0, 0, 0, 0.15)})

    def test_a_sponsor_gives_back_its_share(self):
        """R-000-20, R-000-21: A owes C all of 5.00, and the sponsor owes A its 40 %, until the sale is reversed."""
        sponsor = self.env["res.partner"].create({"name": "Regione"})
        noted = self.spend("30.00", sponsor_id=sponsor.id, sponsor_share=40)

        self.assertEqual(self.positions(self.issuer)[sponsor], (0, 2, 0, 0))
        self.assertEqual(self.positions(self.issuer)[self.shop], (1, 0, 5, 0))
        self.assertEqual(self.positions(sponsor), {self.issuer: (0, 0, 2, 0)})

        self.give_back(noted, "5.00")

        self.assertFalse(any(map(any, self.positions(self.issuer).values())))

    def test_a_reversal_takes_back(self):
        """R-000-25, C9: nothing is left on either side."""
        self.give_back(self.spend("40.00"), "5.00")

        self.assertEqual(self.positions(self.shop), {self.issuer: (0, 0, 0, 0)})

    def test_random_circuits(self):
        """R-000-20, R-000-24: what issuers owe is what acceptors are owed and the commission, in any circuit."""
        chance = random.Random(6)  # noqa: S311  the same circuit at each run
        shops = [self.issuer, self.bookshop, self.shop]
        for agreement in self.agreements:
            agreement.role_issue = True
        for _use in range(12):
            noted = self.spend(
                f"{chance.randint(100, 9999) / 100:.2f}",
                shop=chance.choice(shops),
                issuer_agreement_id=chance.choice(self.agreements).id,
                amount=chance.randint(1, 20),
            )
            if chance.random() < 0.3:
                self.give_back(noted, f"{to_decimal(noted.discount) * chance.choice([1, Decimal('0.5')]):.2f}")
        self.env.flush_all()

        rows = self.env["ecoupon.position"].search([("circuit_id", "=", self.circuit.id)])
        noted = self.env["ecoupon.redemption"].search([("circuit_id", "=", self.circuit.id)])
        owed, owing, commission, net = self.figures(rows, "owed", "owing", "commission", "net")

        self.assertEqual(owed, owing)
        self.assertEqual((owed, commission), self.figures(noted, "owed", "commission"))
        self.assertEqual(net, -commission)

    def test_figures(self):
        """R-000-26, R-000-35: made, taken, spent, expired, each on its day, and by policy of the circuit."""
        policy = self.env["ecoupon.policy"].create({"name": "Reddito di Autonomia", "code": "RDA-TEST"})
        self.circuit.policy_ids = policy
        self.spend("40.00")
        self.give_back(self.spend("40.00"), "5.00")
        self.coupon(expires_at=fields.Datetime.now() - timedelta(days=1))
        self.env.flush_all()

        rows = self.env["ecoupon.figure"].search(
            [("circuit_id", "=", self.circuit.id), ("policy_ids", "in", policy.ids)]
        )

        sums = tuple(sum(rows.mapped(name)) for name in ("issued", "taken", "spent", "expired", "discount"))
        # the coupon that came back is as good as new
        self.assertEqual(sums, (3, 3, 1, 1, 5))
        self.assertFalse(rows.filtered(lambda row: not row.category_id))

    def test_near_the_threshold(self):
        """R-000-35: somebody of the circuit is told once when a limited network has to be notified (PSD2)."""
        self.env["ecoupon.threshold"].create({"date_from": "2024-01-01", "amount": 6, "source": "Test"})
        self.spend("40.00")

        for _week in range(2):
            self.env["circuit.circuit"]._cron_watch_volume()

        self.assertEqual((self.circuit.volume_year, self.circuit.volume_percent), (5, 83))
        self.assertEqual(len(self.circuit.activity_ids), 1)

        self.circuit.activity_ids.action_done()
        self.env["circuit.circuit"]._cron_watch_volume()

        self.assertFalse(self.circuit.activity_ids)

    def test_when_somebody_is_told(self):
        """R-000-35: the share of the threshold is the circuit's own."""
        self.env["ecoupon.threshold"].create({"date_from": "2024-01-01", "amount": 6, "source": "Test"})
        self.circuit.volume_near = 90
        self.spend("40.00")

        self.env["circuit.circuit"]._cron_watch_volume()

        self.assertFalse(self.circuit.activity_ids)
