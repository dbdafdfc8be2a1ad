from datetime import timedelta
from decimal import Decimal

from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .entitlement_common import CODES
from .wallet_common import WalletCase


@tagged("post_install", "-at_install")
class TestBehaviour(WalletCase):
    """Who says what is rewarded, and with which terms."""

    def test_only_the_region_writes_behaviours(self):
        """R-000-18: neither the operator's office nor its manager nor the promoter's operators, nor citizens."""
        operator = new_test_user(self.env, "wallet-operator", groups="merchant_circuit.group_operator")
        values = {"name": "Own", "code": "OWN", "circuit_id": self.circuit.id, "amount": 1, "source_id": self.town.id}

        for user in (self.officer, self.manager, operator, self.citizen):
            behaviour = self.behaviour.with_user(user)
            with self.subTest(user.login), self.assertRaises(AccessError):
                behaviour.create(values)
            with self.subTest(user.login), self.assertRaises(AccessError):
                behaviour.write({"most_times": 5})
            with self.subTest(user.login), self.assertRaises(AccessError):
                behaviour.unlink()
        self.behaviour.with_user(self.region).most_times = 5
        self.assertEqual(self.behaviour.most_times, 5)

    def test_the_office_reads_behaviours_of_its_companies(self):
        """R-000-18: record rule."""
        other = self.env["res.company"].create({"name": "Other operator"})
        circuit = self.env["circuit.circuit"].sudo().create({"name": "Theirs", "company_id": other.id})
        theirs = (
            self.env["ecoupon.behaviour"]
            .sudo()
            .create({"name": "T", "code": "T", "circuit_id": circuit.id, "amount": 1, "source_id": self.town.id})
        )

        found = self.env["ecoupon.behaviour"].with_user(self.officer).search([])

        self.assertIn(self.behaviour, found)
        self.assertNotIn(theirs, found)

    def test_eur_needs_a_source(self):
        """R-000-17: B05: somebody funds EUR; points nobody funds are allowed, and then the unit stays."""
        with self.assertRaisesRegex(ValidationError, "who funds"):
            self.make_behaviour(source_id=False)
        self.circuit.wallet_unit = "points"
        self.make_behaviour(source_id=False, name="Free")
        with self.assertRaisesRegex(ValidationError, "Free"):
            self.circuit.wallet_unit = "eur"

    def test_a_source_has_one_funder(self):
        """R-000-17: B05: the books go by who funds, not by behaviour."""
        same, other = self.make_behaviour(), self.make_behaviour(source_id=self.town.id)

        self.assertEqual(same.funder_id, self.behaviour.funder_id)
        self.assertNotEqual(other.funder_id, self.behaviour.funder_id)
        funder = other.funder_id.sudo()
        self.assertEqual((funder.kind, funder.partner_id, funder.circuit_id), ("wallet", self.town, self.circuit))

    def test_terms_are_dated(self):
        """R-000-17: another amount is another record of the same code, from a later day on."""
        self.behaviour.date_to = self.today - timedelta(days=1)
        new = self.make_behaviour(code=self.behaviour.code, date_from=self.today, amount=12)

        self.assertEqual(self.reward(new).amount, 12)
        self.assertEqual(self.reward(day=self.today - timedelta(days=1)).amount, 10)
        with self.assertRaisesRegex(ValidationError, "let it end"):
            self.make_behaviour(code=self.behaviour.code, date_from=self.today - timedelta(days=9))

    def test_what_was_rewarded_keeps_its_terms(self):
        """R-000-17: amount, days and source stay; what is still allowed is the end and the limits."""
        self.reward()

        for values in ({"amount": 11}, {"valid_days": 3}, {"source_id": self.town.id}):
            with self.subTest(values), self.assertRaisesRegex(UserError, "rewarded already"):
                self.behaviour.with_user(self.region).write(values)
        self.behaviour.with_user(self.region).write({"amount": 10, "most_times": 9, "date_to": self.today})

    def test_bad_terms(self):
        """R-000-17: nothing or less, reversed days, codes nobody can type."""
        with self.assertRaisesRegex(ValidationError, "capitals, digits"):
            self.make_behaviour(code="two words")
        for values in (
            {"amount": 0},
            {"date_from": self.today, "date_to": self.today - timedelta(days=1)},
            {"valid_days": 0},
            {"valid_days": 3651},
            {"most_times": -1},
        ):
            with (
                self.subTest(values),
                mute_logger("odoo.sql_db"),
                self.assertRaises(CheckViolation),
                self.env.cr.savepoint(),
            ):
                self.make_behaviour(code="BAD", **values)
        self.assertEqual(self.make_behaviour(code=" bike ").code, "BIKE")


@tagged("post_install", "-at_install")
class TestReward(WalletCase):
    """What is recorded is credited, once."""

    def test_a_recorded_behaviour_credits_the_wallet(self):
        """R-000-17: a lot that lives for the days of the behaviour, of the account of who funds it."""
        reward = self.reward()

        lot = reward.sudo().lot_id
        self.assertEqual((lot.amount, lot.remaining, lot.origin), (10.0, 10.0, f"reward:{reward.id}"))
        self.assertEqual(lot.account_id.funder_id, self.behaviour.sudo().funder_id)
        self.assertEqual(lot.account_id.wallet_id.partner_id, self.anna)
        self.assertEqual(self.circuit._local_day(lot.expires_at), self.today + timedelta(days=366))
        self.assertEqual(self.held(), Decimal("10.00"))

    def test_an_occurrence_is_rewarded_once(self):
        """R-000-17: the same number again, also with the next terms of the behaviour."""
        self.reward(reference="A1", day=self.today - timedelta(days=3))
        self.behaviour.date_to = self.today - timedelta(days=1)
        new = self.make_behaviour(code=self.behaviour.code, date_from=self.today)

        with self.assertRaisesRegex(UserError, "A1 was rewarded already"):
            self.reward(new, reference=" A1 ")
        self.assertEqual(self.held(), Decimal("10.00"))

    def test_only_who_is_entitled_is_rewarded(self):
        """R-000-16: R-000-15: without proof, without an entry in a list, and after its end."""
        other = new_test_user(self.env, "bruno", groups="base.group_portal").partner_id
        other.l10n_it_codice_fiscale = CODES[2]

        with self.assertRaisesRegex(UserError, "only who is entitled"):
            self.reward(partner=other)
        self.prove(other)
        with self.assertRaisesRegex(UserError, "only who is entitled"):
            self.reward(partner=other)
        self.assertFalse(self.env["ecoupon.wallet"]._of_citizen(other, self.circuit))
        self.entitle(CODES[2], day_from="2020-01-01")
        self.assertTrue(self.reward(partner=other).wallet_id)

    def test_times_a_year(self):
        """R-000-17: at most so often in a calendar year; what was taken back does not count."""
        self.behaviour.most_times = 2
        first = self.reward()
        self.reward()

        with self.assertRaisesRegex(UserError, "at most 2 times a year"), self.env.cr.savepoint():
            self.reward()
        self.reward(day=self.today.replace(year=self.today.year - 1))
        first.action_take_back()
        self.reward()

    def test_budget(self):
        """B05: never above it, in one request with many rewards neither, and then none of them is there."""
        self.behaviour.budget = 25
        values = {"behaviour_id": self.behaviour.id, "partner_id": self.anna.id, "day": self.today}

        with self.assertRaisesRegex(UserError, "5.00.* are left"), self.env.cr.savepoint():
            self.env["ecoupon.reward"].with_user(self.officer).create(
                [{**values, "reference": name} for name in ("A", "B", "C")]
            )
        self.reward()
        self.behaviour.invalidate_recordset(["granted"])
        self.assertEqual(self.behaviour.granted, 10)
        with self.assertRaisesRegex(ValidationError, "cannot be lower"):
            self.behaviour.budget = 9.99

    def test_days(self):
        """R-000-17: neither before its terms nor after them, nor tomorrow."""
        self.behaviour.write({"date_from": self.today - timedelta(days=5), "date_to": self.today + timedelta(days=5)})

        for days, sentence in ((-6, "is not rewarded on"), (6, "is not rewarded on"), (1, "has not come yet")):
            with self.subTest(days), self.assertRaisesRegex(UserError, sentence):
                self.reward(day=self.today + timedelta(days=days))

    def test_how_it_is_recorded(self):
        """R-000-17: what a partner's file shows is not written by hand."""
        self.behaviour.evidence = "file"

        with self.assertRaisesRegex(UserError, "file of a partner"):
            self.reward()

    def test_a_stopped_circuit(self):
        """R-000-17: nothing is credited until it runs again."""
        self.circuit.state = "stopped"

        with self.assertRaisesRegex(UserError, "circuit is stopped"):
            self.reward()

    def test_a_mistake_is_taken_back(self):
        """R-000-17: as long as nothing was spent; the record stays and says who did it."""
        reward, spent = self.reward(), self.reward()
        spent.sudo().lot_id.account_id._debit(Decimal("10.01"), "test")

        self.assertEqual(spent.state, "credited")
        with self.assertRaisesRegex(UserError, "spent or has expired"):
            reward.action_take_back()
        third = self.reward()
        third.action_take_back()
        self.assertEqual((third.state, third.taken_back_by_id), ("taken_back", self.officer))
        self.assertEqual(third.sudo().lot_id.remaining, 0)
        with self.assertRaisesRegex(UserError, "stay on record"):
            third.sudo().unlink()

    def test_nobody_writes_credits_by_hand(self):
        """R-000-17: neither the amount nor the lot, nor what was credited afterwards."""
        with self.assertRaises(AccessError):
            self.reward(amount=1000)
        reward = self.reward()
        with self.assertRaises(AccessError):
            reward.write({"state": "taken_back"})
        with self.assertRaisesRegex(UserError, "take it back"):
            reward.write({"day": self.today - timedelta(days=1)})
        reward.evidence = "seen at the desk"
        with self.assertRaises(AccessError):
            self.env["ecoupon.reward"].with_user(self.region).create({"behaviour_id": self.behaviour.id})
        with self.assertRaises(AccessError):
            self.env["ecoupon.wallet"].with_user(self.manager).create(
                {"circuit_id": self.circuit.id, "partner_id": self.anna.id, "company_id": self.env.company.id}
            )
        with self.assertRaises(AccessError):
            reward.with_user(self.citizen).read(["amount"])
