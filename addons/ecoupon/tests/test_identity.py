from ast import literal_eval

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .entitlement_common import CODES, EntitlementCase


@tagged("post_install", "-at_install")
class TestIdentity(EntitlementCase):
    def test_the_office_proves_an_identity(self):
        """R-000-15: a fiscal code counts once the office has seen whose it is."""
        self.prove()

        self.assertEqual(self.anna.identity_proof, "office")
        self.assertTrue(self.anna.identity_proof_at)
        self.assertEqual(self.anna._proven_code(), CODES[0])

    def test_the_chatter_keeps_no_code(self):
        """R-000-15: the note about it masks the fiscal code."""
        self.prove()

        bodies = "".join(self.anna.message_ids.mapped("body"))
        self.assertIn("TST***********1C", bodies)
        self.assertNotIn(CODES[0], bodies)

    def test_without_a_code_nothing_is_proven(self):
        """R-000-15: there must be a code of a person."""
        self.anna.l10n_it_codice_fiscale = False

        with self.assertRaisesRegex(UserError, "fiscal code first"):
            self.prove()

    def test_one_code_one_person(self):
        """R-000-15: two contacts are not proven to be the same person."""
        self.prove()
        twin = self.env["res.partner"].create({"name": "Twin", "l10n_it_codice_fiscale": CODES[0]})

        with self.assertRaisesRegex(UserError, "Another contact"):
            twin.action_identity_seen()

    def test_one_code_one_person_in_the_database(self):
        """R-000-15: not even two who prove at the same instant; and the database's message does not tell the code."""
        self.prove()
        twin = self.env["res.partner"].create({"name": "Twin", "l10n_it_codice_fiscale": CODES[0].lower()})
        self.env.flush_all()

        with self.assertRaises(IntegrityError) as caught, mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.env.cr.execute("UPDATE res_partner SET identity_proof = 'office' WHERE id = %s", [twin.id])

        self.assertNotIn(CODES[0], str(caught.exception))

    def test_a_company_proves_nothing(self):
        """R-000-15: entitled are people."""
        company = self.env["res.partner"].create({"name": "Shop", "is_company": True})

        with self.assertRaisesRegex(UserError, "Only people"):
            self.prove(company)

    def test_another_code_ends_the_proof(self):
        """R-000-15: who changes the fiscal code is somebody else until proven again, also by the page of the portal,
        which writes with the rights of the system."""
        self.prove()

        self.anna.sudo().write({"l10n_it_codice_fiscale": CODES[1]})

        self.assertFalse(self.anna.identity_proof)
        self.assertEqual(self.anna._proven_code(), "")

    def test_the_same_code_keeps_the_proof(self):
        """R-000-15: saving the page without a change changes nothing."""
        self.prove()

        self.anna.write({"l10n_it_codice_fiscale": CODES[0].lower()})

        self.assertEqual(self.anna.identity_proof, "office")

    def test_withdrawn(self):
        """R-000-15: the office takes a proof back."""
        self.prove()
        self.entitle()

        self.anna.with_user(self.officer).action_identity_withdraw()

        self.assertFalse(self.holds())

    def test_only_the_office_proves(self):
        """R-000-15: neither the citizen nor the Region nor other staff say who somebody is."""
        for user in (self.citizen, self.region):
            with self.assertRaises(AccessError):
                self.anna.with_user(user).action_identity_seen()
        self.assertFalse(self.anna.identity_proof)

    def test_nobody_writes_a_proof(self):
        """R-000-15: a proof comes from the button alone, not from a form, an import or the context."""
        partners = self.env["res.partner"].with_user(self.officer)
        with self.assertRaises(AccessError):
            self.anna.with_user(self.officer).write({"identity_proof": "office"})
        with self.assertRaises(AccessError):
            partners.create({"name": "New", "identity_proof": "office"})

        made = partners.with_context(default_identity_proof="office").create({"name": "New"})

        self.assertFalse(made.identity_proof)

    def test_merging_contacts(self):
        """R-000-15: the contact that stays keeps its own proof, and does not get that of the one that goes away."""
        self.prove()
        twin = self.env["res.partner"].create({"name": "Anna again"})
        merge = self.env["base.partner.merge.automatic.wizard"].with_user(self.officer).create({})

        with self.assertRaisesRegex(AccessError, "withdraw the proof"), self.env.cr.savepoint():
            merge._update_values(self.anna.with_user(self.officer), twin.with_user(self.officer))
        merge._update_values(twin.with_user(self.officer), self.anna.with_user(self.officer))

        self.assertEqual((self.anna.identity_proof, twin.identity_proof), ("office", False))

    def test_copy_proves_nothing(self):
        """R-000-15: a copied contact is not proven."""
        self.prove()

        self.assertFalse(self.anna.copy({"l10n_it_codice_fiscale": False}).identity_proof)

    def test_provider(self):
        """R-000-19: SPID or CIE prove the code they tell, not another one on file."""
        other = self.env["res.partner"].create({"name": "Bruno"})

        self.assertFalse(self.anna._prove_by_provider(CODES[1]))
        self.assertTrue(self.anna._prove_by_provider(CODES[0]))
        self.assertTrue(other._prove_by_provider(CODES[1]))
        self.assertEqual((self.anna.identity_proof, other.identity_proof), ("oidc", "oidc"))
        self.assertEqual(other.l10n_it_codice_fiscale, CODES[1])

    def test_provider_of_a_code_proven_elsewhere(self):
        """R-000-15: a login whose code was proven for another contact proves nothing, and is not refused."""
        self.prove()
        other = self.env["res.partner"].create({"name": "Anna again"})

        self.assertFalse(other._prove_by_provider(CODES[0]))

        self.assertFalse(other.l10n_it_codice_fiscale)
        self.assertFalse(other.identity_proof)

    def test_the_office_finds_who_waits(self):
        """R-000-15: citizens whose identity is not proven are listed for the office."""
        action = self.env["ir.actions.act_window"]._for_xml_id("ecoupon.action_citizen")
        citizens = self.env["res.partner"].with_user(self.officer).search(literal_eval(action["domain"]))

        self.assertIn(self.anna, citizens)
        self.assertNotIn(self.region.partner_id, citizens)
