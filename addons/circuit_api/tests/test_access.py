from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import ApiCase


@tagged("post_install", "-at_install")
class TestAccess(ApiCase):
    def test_nobody_else_reads_keys(self):
        """R-004-101: default deny, for employees, portal users, operators."""
        for group in ("base.group_user", "base.group_portal", "merchant_circuit.group_operator"):
            user = new_test_user(self.env, f"api-{group}", groups=group)
            for model in ("circuit.api.key", "circuit.api.rate", "circuit.api.key.new"):
                with self.subTest((group, model)), self.assertRaises(AccessError):
                    self.env[model].with_user(user).search([])

    def test_staff_read_keys_and_write_none(self):
        """SEC: keys are made and revoked by their buttons; the digest is not even shown."""
        key = self.key.with_user(self.officer)

        self.assertEqual(key.name, "Web shop")
        for operation in ("write", "create", "unlink"):
            with self.subTest(operation):
                self.assertFalse(key.has_access(operation))
        with self.assertRaises(AccessError):
            key.read(["digest"])

    def test_another_municipality_sees_no_key(self):
        """R-003-08."""
        other = self.env["res.company"].create({"name": "Comune di Viggiano"})
        officer = new_test_user(
            self.env,
            "api-officer-2",
            groups="merchant_circuit.group_officer",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )

        self.assertFalse(self.keys.with_user(officer).search([]))
        with self.assertRaises(AccessError):
            self.key.with_user(officer).action_revoke()

    def test_the_technical_user_cannot_log_in(self):
        """SEC: who stands for the programs has no password, no group and is archived."""
        user = self.env.ref("circuit_api.user_api")

        self.assertFalse(user.active or user.group_ids)
