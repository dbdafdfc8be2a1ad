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

    def test_who_is_not_kept_to_a_region(self):
        """R-000-31: the office, and users whose contact belongs to no company."""
        theirs = self.entitle(circuit=self.elsewhere)
        self.assertTrue(theirs.with_user(self.officer).has_access("read"))

        self.region.partner_id.parent_id = False
        self.env.registry.clear_cache()

        self.assertTrue(theirs.with_user(self.region).has_access("read"))
