from odoo.exceptions import AccessError
from odoo.tests import tagged

from .entitlement_common import CODES, ListCase


@tagged("post_install", "-at_install")
class TestRegionScope(ListCase):
    """Two Regions whose circuits one operator runs in one company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        mine, theirs = cls.env["res.partner"].create(
            [{"name": "Regione", "is_company": True}, {"name": "Altra Regione", "is_company": True}]
        )
        cls.circuit.promoter_id = mine
        cls.elsewhere = cls.env["circuit.circuit"].create({"name": "Elsewhere", "promoter_id": theirs.id})
        cls.region.partner_id.parent_id = mine

    def test_a_region_delivers_into_its_own_circuits(self):
        """R-000-31: a list for a circuit of another Region is refused."""
        self.assertEqual(self.apply(f"{CODES[0]};TRDA;2026-01-01;;").state, "applied")

        with self.assertRaises(AccessError):
            self.deliver(f"{CODES[0]};TRDA;2026-01-01;;", circuit_id=self.elsewhere.id)

    def test_a_region_sees_its_own(self):
        """R-000-31: neither circuits nor keys nor entitlements nor lists of another Region."""
        mine = self.entitle()
        theirs = self.entitle(circuit=self.elsewhere)
        for model, own, other in (
            ("circuit.circuit", self.circuit, self.elsewhere),
            ("ecoupon.entitlement", mine, theirs),
            ("ecoupon.entitlement.key", mine.key_id, theirs.key_id),
        ):
            with self.subTest(model):
                seen = self.env[model].with_user(self.region).search([("id", "in", (own | other).ids)])
                self.assertEqual(seen, own)
        with self.assertRaises(AccessError):
            theirs.key_id.with_user(self.region).active = False

    def test_a_region_sees_no_business_of_others(self):
        """R-000-31: neither members nor campaigns, terms, requests nor funders of another Region's circuit."""
        shop = self.env["res.partner"].create({"name": "Shop", "is_merchant": True})
        theirs = {"circuit_id": self.elsewhere.id}
        trade = {
            "category_id": self.env.ref("merchant_circuit.category_commercio").id,
            "activity_id": self.env.ref("merchant_circuit.activity_grocery").id,
        }
        agreement = self.env["circuit.agreement"].create({**theirs, **trade, "merchant_id": shop.id})
        place = self.env["circuit.place"].create({"name": "Shop", "merchant_id": shop.id})
        campaign = self.env["ecoupon.campaign"].create(
            {
                **theirs,
                "name": "Five off",
                "issuer_agreement_id": agreement.id,
                "amount": 5,
                "valid_to": "2026-12-31 23:00:00",
            }
        )
        for record in (
            agreement,
            place,
            campaign,
            self.env["ecoupon.commission"].create({**theirs, "date_from": "2026-01-01"}),
            self.env["ecoupon.join.terms"].create({**theirs, "date_from": "2026-01-01", "text": "Terms"}),
            self.elsewhere._clearing_funder(),
        ):
            with self.subTest(record._name):
                self.assertFalse(record.with_user(self.region).has_access("read"))
                self.circuit.promoter_id, mine = self.elsewhere.promoter_id, self.circuit.promoter_id
                self.elsewhere.promoter_id = mine
                self.assertTrue(record.with_user(self.region).has_access("read"))
                self.circuit.promoter_id, self.elsewhere.promoter_id = mine, self.circuit.promoter_id

    def test_a_region_changes_its_own_policies(self):
        """R-000-31: those of another Region are read only."""
        mine = self.env["ecoupon.policy"].with_user(self.region).create({"name": "Mine", "code": "TMINE"})
        theirs = mine.sudo().copy({"code": "TTHEIRS", "region_id": self.elsewhere.promoter_id.id})
        self.assertEqual(mine.region_id, self.circuit.promoter_id)

        (mine | self.policy.with_user(self.region)).write({"act": "DGR 1/2026"})

        self.assertEqual(theirs.with_user(self.region).code, "TTHEIRS")
        with self.assertRaises(AccessError):
            theirs.with_user(self.region).name = "Ours"

    def test_who_is_not_kept_to_a_region(self):
        """R-000-31: the office, and users whose contact belongs to no company."""
        theirs = self.entitle(circuit=self.elsewhere)
        self.assertTrue(theirs.with_user(self.officer).has_access("read"))

        self.region.partner_id.parent_id = False

        self.assertTrue(theirs.with_user(self.region).has_access("read"))
