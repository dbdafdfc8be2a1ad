from datetime import timedelta
from uuid import uuid4

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from odoo.addons.merchant_circuit.rules import one_time_code

from .common import NOW, CorletoCase

SEEN = {"health_card": True, "identity": True}


@tagged("post_install", "-at_install")
class TestOneTimeCode(CorletoCase):
    """The code on the telephone takes the place of the PIN, once and for a minute."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.codes = cls.env["family.card.code"]
        cls.citizen = new_test_user(cls.env, "otc_citizen", groups="base.group_portal")
        cls.mine, cls.pin = cls.card({"COMMERCIO": "56.25"})

    def issue(self, card=None, user=None):
        """A fresh code of a card."""
        return self.codes._issue(card or self.mine, user or self.citizen)[0]

    def pay(self, code, *lines, **changes):
        """Pay with a code and no PIN."""
        return self.charge(code, "", *(lines or ("20.00",)), **changes)

    def later(self, seconds):
        """The clock so many seconds on."""
        return freeze_time(NOW + timedelta(seconds=seconds))

    # --------------------------------------------------------------------- use

    def test_a_code_pays_without_pin(self):
        """R-004-71, R-004-74: identifies the card and proves the holder."""
        answer = self.pay(self.issue())

        self.assertEqual((answer["status"], answer["amount"]), ("authorized", "10.00"))
        self.assertTrue(self.env["circuit.transaction"].search([("key", "=", answer["key"])]).by_code)

    def test_a_code_pays_once(self):
        """R-004-83: the second purchase is refused and counts as no wrong PIN."""
        code = self.issue()
        self.pay(code)

        self.assertEqual(self.pay(code, merchant=self.mechanic)["code"], "CODE_EXPIRED")
        self.assertEqual(self.mine.pin_failures, 0)

    def test_the_same_request_gets_the_same_answer(self):
        """R-004-83: a till that lost the answer asks again, even when the code has long expired."""
        code, key = self.issue(), str(uuid4())
        first = self.pay(code, key=key)

        with self.later(3600):
            self.assertEqual(self.pay(code, key=key), first)
        self.assertEqual(self.pay(code, "30.00", key=key)["code"], "KEY_CONFLICT")
        self.assertEqual(self.balances(self.mine)["COMMERCIO"], 46.25)

    def test_a_code_ends_at_its_instant(self):
        """R-004-74: paid one second before, refused at the instant."""
        early, late = self.issue(), self.issue(user=self.env.user)

        with self.later(59):
            self.assertEqual(self.pay(early)["status"], "authorized")
        with self.later(60):
            self.assertEqual(self.pay(late)["code"], "CODE_EXPIRED")

    def test_the_programme_says_how_long(self):
        """R-004-74: a dated parameter."""
        self.change_terms(one_time_seconds=120)
        code, seconds = self.codes._issue(self.mine, self.citizen)

        self.assertEqual(seconds, 120)
        with self.later(119):
            self.assertEqual(self.pay(code)["status"], "authorized")

    def test_a_refused_purchase_does_not_spend_the_code(self):
        """R-004-77: the citizen need not make a new one because the purchase was too small."""
        code = self.issue()

        self.assertEqual(self.pay(code, "5.00")["code"], "MIN_SPEND")
        self.assertEqual(self.pay(code)["status"], "authorized")

    def test_a_new_code_ends_the_one_before(self):
        """R-004-74: each login has one open code of a card; the spouse's own stays."""
        old, spouse, new = self.issue(), self.issue(user=self.env.user), self.issue()

        self.assertEqual(self.pay(old)["code"], "CODE_EXPIRED")
        self.assertEqual(self.pay(new)["status"], "authorized")
        self.assertEqual(self.pay(spouse)["status"], "authorized")

    def test_forged_codes_are_refused(self):
        """R-004-74: another installation's secret, a changed character, rubbish: no PIN is counted as wrong."""
        nonce = one_time_code.new_nonce()
        unknown = one_time_code.encode(self.mine._pin_secret(), nonce)
        code = self.issue()
        forged = code[:10] + ("A" if code[10] != "A" else "B") + code[11:]

        for text in (one_time_code.encode("another secret", nonce), unknown, forged, "CC1.", "CC1.X'; --", "CC1." * 16):
            with self.subTest(text):
                self.assertEqual(self.pay(text)["code"], "CODE_EXPIRED")
        self.assertEqual(self.mine.pin_failures, 0)

    def test_the_refusal_says_what_to_do(self):
        """R-004-71: a sentence for the shopkeeper."""
        self.assertIn("Ask the citizen for a new code", self.pay("CC1.X")["message"])

    def test_a_pin_beside_a_code_is_ignored(self):
        """R-004-74: neither right nor wrong, nothing is counted."""
        answer = self.charge(self.issue(), self.wrong(self.pin), "20.00")

        self.assertEqual(answer["status"], "authorized")
        self.assertEqual(self.mine.pin_failures, 0)

    # ------------------------------------------------------------------- cards

    def test_locked_is_locked(self):
        """R-004-74: after too many wrong PINs no code works and none is issued."""
        code = self.issue()
        self.change_terms(pin_delay_seconds=0)
        for _try in range(3):
            self.charge(self.mine, self.wrong(self.pin), "20.00")

        self.assertEqual(self.pay(code)["code"], "PIN_LOCKED")
        self.assertIsNone(self.codes._issue(self.mine, self.citizen))

    def test_a_code_works_while_the_pin_waits(self):
        """R-004-74: who types wrong PINs on purpose cannot keep the family waiting; the wait itself goes on."""
        for _try in range(2):
            self.charge(self.mine, self.wrong(self.pin), "20.00")

        self.assertEqual(self.pay(self.issue())["status"], "authorized")
        self.assertEqual(self.charge(self.mine, self.pin, "20.00")["code"], "PIN_WAIT")
        self.assertEqual(self.mine.pin_failures, 2)

    def test_a_card_that_cannot_pay_has_no_code(self):
        """R-004-59: a code of before the suspension tells the same as the PIN."""
        code = self.issue()
        self.mine._change_state("suspended", "holder_death")

        self.assertEqual(self.pay(code)["code"], "SUSPENDED")
        self.assertIsNone(self.codes._issue(self.mine, self.citizen))

    def test_a_programme_may_do_without(self):
        """R-004-74: codes of before the change are refused as well."""
        code = self.issue()
        self.change_terms(one_time_code=False)

        self.assertEqual(self.pay(code)["code"], "CODE_EXPIRED")
        self.assertIsNone(self.codes._issue(self.mine, self.citizen))

    # --------------------------------------------------------------- documents

    def test_documents_are_still_looked_at(self):
        """R-001-12: the notice asks for them; the code only spares the PIN."""
        self.change_terms(check_documents=True)
        code = self.issue()

        self.assertEqual(self.pay(code)["code"], "DOCUMENTS")
        self.assertEqual(self.pay(code, documents=SEEN)["status"], "authorized")

    def test_vouchers_without_pin_have_no_code(self):
        """R-001-12, B09: it would spare nothing."""
        self.change_terms(check_pin=False, check_documents=True)

        self.assertIsNone(self.codes._issue(self.mine, self.citizen))

    def test_a_programme_may_take_the_code_for_the_documents(self):
        """R-001-12, B09: only where it says so."""
        self.change_terms(check_pin=False, check_documents=True, one_time_documents=True)

        self.assertEqual(self.pay(self.issue())["status"], "authorized")
        self.assertEqual(self.charge(self.mine, "", "20.00")["code"], "DOCUMENTS")

    # ------------------------------------------------------------------ hygiene

    def test_a_login_gets_so_many_codes(self):
        """R-004-74: twenty in ten minutes, then the PIN; another login is not concerned."""
        issued = [self.codes._issue(self.mine, self.citizen) for _n in range(21)]

        self.assertEqual([bool(one) for one in issued], [True] * 20 + [False])
        self.assertTrue(self.codes._issue(self.mine, self.env.user))
        with self.later(601):
            self.assertTrue(self.codes._issue(self.mine, self.citizen))

    def test_what_is_stored_makes_no_code(self):
        """R-004-74: neither the text nor its random part."""
        code = self.issue()
        nonce = one_time_code.decode(self.mine._pin_secret(), code)

        self.env.cr.execute("SELECT string_agg(row_to_json(c)::text, '') FROM family_card_code c")
        [(stored,)] = self.env.cr.fetchall()
        self.assertNotIn(code[4:], stored)
        self.assertNotIn(nonce.hex(), stored)

    def test_nothing_about_the_card_is_in_the_code(self):
        """R-004-101: no fiscal code, no number; two codes of one card have nothing in common."""
        one, other = self.issue(), self.issue()

        self.assertNotIn(self.mine.fiscal_code, one)
        self.assertNotIn(self.mine.number, one)
        self.assertLess(sum(a == b for a, b in zip(one[4:], other[4:], strict=True)), 20)

    def test_old_codes_are_removed(self):
        """R-004-101: after a week, when no till can ask again."""
        self.issue()
        with freeze_time(NOW + timedelta(days=6)):
            self.codes._gc_codes()
            self.assertTrue(self.codes.search_count([("card_id", "=", self.mine.id)]))
        with freeze_time(NOW + timedelta(days=8)):
            self.codes._gc_codes()
            self.assertFalse(self.codes.search_count([("card_id", "=", self.mine.id)]))

    def test_only_the_system_reads_codes(self):
        """R-004-101: default deny, and only of its own companies."""
        self.issue()
        for groups in ("family_card.group_manager", "base.group_portal"):
            user = new_test_user(self.env, f"otc_{groups[-6:]}", groups=groups)
            with self.subTest(groups), self.assertRaises(AccessError):
                self.codes.with_user(user).search([])
        system = new_test_user(self.env, "otc_system", groups="base.group_system")
        other = self.env["res.company"].create({"name": "Another municipality"})
        self.assertTrue(self.codes.with_user(system).search([("card_id", "=", self.mine.id)]))
        system.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        elsewhere = self.codes.with_user(system).with_context(allowed_company_ids=other.ids)
        self.assertFalse(elsewhere.search([("card_id", "=", self.mine.id)]))
        with self.assertRaises(AccessError):
            self.codes.with_user(system).create({"card_id": self.mine.id})

    def test_times_are_checked(self):
        """R-004-74: the instants are the server's."""
        self.issue()
        row = self.codes.search([("card_id", "=", self.mine.id)], limit=1)

        self.assertEqual(row.expires_at - row.issued_at, timedelta(seconds=60))
        self.assertEqual(row.issued_at, fields.Datetime.now())
