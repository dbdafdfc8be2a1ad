from datetime import datetime, timedelta

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import NOW, CorletoCase


@tagged("post_install", "-at_install")
class TestBlock(CorletoCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = cls.user("block_officer", "family_card.group_officer")
        cls.circuit.operator_id = cls.env["res.partner"].create({"name": "Gestore s.r.l.", "is_company": True})
        cls.operator = cls.user("block_operator", "merchant_circuit.group_operator")
        cls.operator.partner_id.parent_id = cls.circuit.operator_id

    def wizard(self, card, target, reason=False, note=""):
        """What the office's dialog does."""
        self.env["family.card.state.change"].with_user(self.officer).create(
            {"card_ids": card.ids, "target": target, "reason": reason, "note": note}
        ).action_apply()

    def suspect(self, user, card):
        """What the dialog on a list of purchases does."""
        purchase = self.env["circuit.transaction"].search([("instrument_id", "=", card.id)], limit=1)
        wizard = self.env["family.card.fraud"].with_user(user)
        return wizard.create({"transaction_ids": purchase.ids, "note": "Five in ten minutes"}).action_block()

    def credited(self, card):
        """Whether the card gets its second quarter."""
        return card._credit_period(self.q2, NOW)[0].state == "credited"

    def test_a_suspected_card_is_refused_and_still_credited(self):
        """A21, matrix 2.3: fraud stops purchases only."""
        card, pin = self.card({"COMMERCIO": "56.25"})

        self.wizard(card, "suspended", "fraud")

        self.assertEqual((card.state, card.state_reason), ("suspended", "fraud"))
        self.assertEqual(self.charge(card, pin, "20.00")["code"], "SUSPENDED")
        self.assertTrue(self.credited(card))

    def test_unpaid_taxes_stop_new_credit_only(self):
        """A21, matrix 2.3, R-004-24: what is left can be spent."""
        card, pin = self.card({"COMMERCIO": "56.25"})

        self.wizard(card, "suspended", "taxes")

        self.assertEqual(card.state, "active")
        self.assertEqual(self.charge(card, pin, "20.00")["status"], "authorized")
        self.assertEqual(card._credit_period(self.q2, NOW)[0].reason, "blocked")
        self.wizard(card, "active")
        self.assertTrue(self.credited(card))

    def test_residence_lost_leaves_the_residue(self):
        """A21: usable until it expires, or no longer, as the terms say."""
        card, pin = self.card({"COMMERCIO": "56.25"})
        card._block("residence")
        self.assertEqual(self.charge(card, pin, "20.00")["status"], "authorized")
        card._unblock()

        self.env["family.card.terms"].create(
            {
                "program_id": self.program.id,
                "valid_from": "2024-05-01",
                "act_id": self.act.id,
                "residual_after_loss": "stopped",
            }
        )
        with freeze_time(datetime(2024, 5, 2, 8)):
            card._block("residence")
            self.assertEqual(self.charge(card, pin, "20.00")["code"], "SUSPENDED")

    def residence_check(self, card):
        """A quarterly check of the residence, still open."""
        return self.env["family.card.check"].create(
            {
                "program_id": self.program.id,
                "household_id": card.household_id.id,
                "period_id": self.q2.id,
                "kind": "residence",
                "reference_day": "2024-03-31",
            }
        )

    def test_a_failed_check_blocks_what_is_left_where_the_terms_say_so(self):
        """A21, matrix 2.3: automatic at the quarter's check, lifted when it is passed after all."""
        self.terms.residual_after_loss = "stopped"
        card, pin = self.card({"COMMERCIO": "56.25"})
        check = self.residence_check(card).with_user(self.officer)

        check._decide("failed", "Moved to Potenza on 15/03/2024")

        self.assertEqual((card.block_ids.reason, card.block_ids.set_role), ("residence", "system"))
        self.assertEqual(self.charge(card, pin, "20.00")["code"], "SUSPENDED")
        check._decide("passed")
        self.assertEqual(self.charge(card, pin, "20.00")["status"], "authorized")

    def test_a_failed_check_leaves_what_is_left(self):
        """A21: the default; the check keeps new credit away by itself."""
        card, pin = self.card({"COMMERCIO": "56.25"})

        self.residence_check(card).with_user(self.officer)._decide("failed", "Moved to Potenza")

        self.assertFalse(card.block_ids)
        self.assertEqual(self.charge(card, pin, "20.00")["status"], "authorized")

    def test_lifting_one_block_leaves_the_others(self):
        """Matrix 2.3: a card may have several at once."""
        card, _pin = self.card()
        self.wizard(card, "suspended", "lost")
        self.wizard(card, "suspended", "taxes")
        lost, taxes = (card.block_ids.filtered(lambda block, r=r: block.reason == r) for r in ("lost", "taxes"))

        lost.with_user(self.officer).action_lift()

        self.assertEqual((card.state, card.credit_stopped), ("active", True))
        self.assertEqual((lost.lifted_by_id, taxes.is_open), (self.officer, True))
        with self.assertRaises(UserError):
            lost.action_lift()

    def test_the_history_tells_who_and_why(self):
        """Matrix 2.3: a closed block stays as history."""
        card, _pin = self.card()
        self.wizard(card, "suspended", "request", "Holidays")
        self.wizard(card, "active", note="Back home")

        block = card.block_ids
        self.assertEqual(
            (block.reason, block.set_role, block.set_by_id, block.note, block.lift_note, block.lifted_at),
            ("request", "comune", self.officer, "Holidays", "Back home", NOW),
        )

    def test_the_same_reason_once(self):
        card, _pin = self.card()
        self.wizard(card, "suspended", "lost")

        with self.assertRaises(UserError):
            self.wizard(card, "suspended", "lost")
        vals = card.block_ids.copy_data()[0]
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation), self.cr.savepoint():
            card.block_ids.create(vals)

    def test_the_operator_blocks_for_some_hours(self):
        """R-004-103, A21: 72 hours, then it ends by itself; no card is shown to the operator."""
        card, pin = self.card({"COMMERCIO": "56.25"})
        self.charge(card, pin, "20.00")

        self.suspect(self.operator, card)

        block = card.block_ids
        self.assertEqual((block.set_role, block.until), ("operator", NOW + timedelta(hours=72)))
        self.assertEqual(self.charge(card, pin, "20.00")["code"], "SUSPENDED")
        self.assertFalse(card.with_user(self.operator).has_access("read"))
        with freeze_time(NOW + timedelta(hours=71, minutes=59)):
            self.assertEqual(self.env["family.card.block"]._cron_end(), 0)
        with freeze_time(NOW + timedelta(hours=72)):
            self.assertEqual(self.env["family.card.block"]._cron_end(), 1)
            self.assertEqual(self.charge(card, pin, "20.00")["status"], "authorized")

    def test_the_municipality_confirms_what_the_operator_suspects(self):
        """A21: a confirmed block stays."""
        card, pin = self.card({"COMMERCIO": "56.25"})
        self.charge(card, pin, "20.00")
        self.suspect(self.operator, card)

        card.block_ids.with_user(self.officer).action_confirm()

        with freeze_time(NOW + timedelta(days=30)):
            self.assertEqual(self.env["family.card.block"]._cron_end(), 0)
        self.assertEqual((card.state, card.block_ids.confirmed_by_id), ("suspended", self.officer))

    def test_the_municipality_suspects_until_it_lifts(self):
        """A21: only the operator's block ends by itself."""
        card, pin = self.card({"COMMERCIO": "56.25"})
        self.charge(card, pin, "20.00")

        self.suspect(self.officer, card)

        self.assertFalse(card.block_ids.until)

    def test_what_the_operator_may_not(self):
        """R-004-08, R-004-103: issue, credit and all other blocks belong to the municipality."""
        card, _pin = self.card()
        card._block("fraud")
        theirs = card.with_user(self.operator)

        for reason in ("holder_death", "residence", "taxes", "other"):
            with self.subTest(reason), self.assertRaises(AccessError):
                theirs._block(reason)
        for call in (theirs._unblock, theirs.action_activate, theirs.action_replace, theirs.action_reset_pin):
            with self.subTest(call.__name__), self.assertRaises(AccessError):
                call()
        for model in ("family.card.credit", "family.card.credit.run", "family.card.block", "family.card"):
            with self.subTest(model), self.assertRaises(AccessError):
                self.env[model].with_user(self.operator).check_access("create")

    def test_strangers_block_nothing(self):
        """Default deny."""
        card, _pin = self.card()
        clerk = self.user("clerk_elsewhere", "base.group_user")

        with self.assertRaises(AccessError):
            card.with_user(clerk)._block("fraud")
        with self.assertRaises(AccessError):
            card.with_user(self.officer).block_ids.create({"card_id": card.id, "reason": "lost", "stops": "both"})

    def test_the_household_reports_a_lost_card(self):
        """A21, R-004-74: the portal and the desk block at once, the municipality lifts."""
        card, pin = self.card({"COMMERCIO": "56.25"})

        card.sudo()._block("lost", role="citizen")

        self.assertEqual(self.charge(card, pin, "20.00")["code"], "SUSPENDED")
        with self.assertRaises(AccessError):
            card.sudo()._unblock(role="citizen")
        with self.assertRaises(AccessError):
            card.sudo()._block("fraud", role="citizen")

    def test_a_new_pin_lifts_a_compromised_one(self):
        """A21, R-004-74."""
        card, _pin = self.card({"COMMERCIO": "56.25"})
        card._block("pin")
        card._block("fraud")

        card.with_user(self.officer).action_reset_pin()

        self.assertEqual(card._open_blocks().mapped("reason"), ["fraud"])

    def test_a_lost_card_is_replaced(self):
        """A21: new number and PIN, the same lots and expiries; the old number and the old PIN are refused."""
        card, pin = self.card({"COMMERCIO": "56.25"})
        card._block("lost")
        old, lots = card.number, card.account_ids.lot_ids
        expiries = lots.mapped("expires_at")

        card.with_user(self.officer).action_replace()

        self.assertNotEqual(card.number, old)
        self.assertEqual((card.state, card.former_numbers), ("active", old))
        self.assertEqual(card.account_ids.lot_ids, lots)
        self.assertEqual(lots.mapped("expires_at"), expiries)
        self.assertEqual(set(card.account_ids.mapped(lambda account: account.name.split()[0])), {card.number})
        self.assertIn(card.number, self.messages(card)[-1])
        new = card._new_pin()
        self.assertEqual(self.charge(old, new, "20.00")["code"], "UNKNOWN_OR_PIN")
        self.assertEqual(self.charge(card.number, pin, "20.00")["code"], "UNKNOWN_OR_PIN")
        self.assertEqual(self.charge(card.number, new, "20.00")["status"], "authorized")
        self.assertFalse(card.account_ids._verify())

    def test_death_needs_a_new_head(self):
        """B3, R-004-59, A22: nothing but a new head lifts it; lots, expiries and movements stay; no credit meanwhile."""
        holder, heir = self.person(), self.person()
        card, pin = self.card({"COMMERCIO": "56.25"}, household_id=self.household(holder, heir).id)
        lots, entries = card.account_ids.lot_ids, card.account_ids.entry_ids
        before = [(lot.id, lot.remaining, lot.expires_at) for lot in lots]
        with freeze_time(datetime(2024, 5, 20, 15)):
            self.env["family.registry.event"].create(
                {"kind": "death", "person_id": holder.id, "date": "2024-05-20", "learnt_on": "2024-05-20"}
            ).action_apply()
            self.assertEqual((card.block_ids.reason, card.block_ids.set_role), ("holder_death", "system"))
        with freeze_time(datetime(2024, 5, 21, 8)):
            self.assertEqual(self.charge(card, pin, "20.00")["code"], "SUSPENDED")
            with self.assertRaises(UserError):
                card.with_user(self.officer)._unblock()
        with freeze_time(datetime(2024, 7, 5, 8)):
            self.assertEqual(card._credit_period(self.q3, datetime(2024, 7, 5, 8))[0].reason, "suspended")
            card.household_id.invalidate_recordset()
            self.env["family.household.head"].with_user(self.officer).create(
                {"household_id": card.household_id.id, "person_id": heir.id, "date": "2024-07-05"}
            ).action_appoint()

            self.assertEqual((card.state, card.holder_id), ("active", heir))
            self.assertEqual([(lot.id, lot.remaining, lot.expires_at) for lot in card.account_ids.lot_ids], before)
            self.assertEqual(card.account_ids.entry_ids, entries)
            self.assertEqual(self.charge(card, card._new_pin(), "20.00")["status"], "authorized")
            self.assertTrue(card._credit_period(self.q3, datetime(2024, 7, 5, 8))[0].state == "credited")

    def test_a_closed_card_is_not_blocked(self):
        card, _pin = self.card()
        card._change_state("closed", "request")

        with self.assertRaises(UserError):
            card._block("lost")

    def test_open_blocks_are_found(self):
        card, _pin = self.card()
        card._block("lost")
        card._block("taxes")
        card._unblock(["lost"])
        model = self.env["family.card.block"]

        for wanted, reason in ((True, "taxes"), (False, "lost")):
            found = model.search([("card_id", "=", card.id), ("is_open", "=", wanted)])
            self.assertEqual(found.reason, reason)

    def test_a_municipality_sees_only_its_own_blocks(self):
        """Design 5."""
        card, _pin = self.card()
        card._block("lost")
        other = self.env["res.company"].create({"name": "Comune di Guardia Perticara"})
        stranger = self.user("elsewhere", "family_card.group_manager")
        stranger.write({"company_ids": [fields.Command.set(other.ids)], "company_id": other.id})

        found = self.env["family.card.block"].with_user(stranger).with_context(allowed_company_ids=other.ids)

        self.assertFalse(found.search([]))
