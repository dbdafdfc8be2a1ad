import psycopg2

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import TillCase


@tagged("post_install", "-at_install")
class TestAgreement(TillCase):
    def test_one_agreement_in_force_per_circuit(self):
        """R-004-43: a merchant belongs to exactly one macro-category."""
        second = self.agreement.copy({"category_id": self.env.ref("merchant_circuit.category_artigianato").id})

        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.errors.UniqueViolation):
            second.action_sign()

    def test_only_merchants_sign(self):
        """R-001-03: a partner becomes a merchant first."""
        citizen = self.env["res.partner"].create({"name": "Maria Bianchi"})

        with self.assertRaises(ValidationError):
            self.agreement.copy({"merchant_id": citizen.id})

    def test_signed_agreements_are_ended_not_deleted(self):
        """What was in force stays on record."""
        with self.assertRaises(ValidationError):
            self.agreement.unlink()

        self.agreement.action_end()

        self.assertEqual((self.agreement.state, bool(self.agreement.date_to)), ("ended", True))

    def test_operator_is_not_the_promoter(self):
        """R-000-01."""
        with self.assertRaises(ValidationError):
            self.circuit.operator_id = self.circuit.promoter_id
