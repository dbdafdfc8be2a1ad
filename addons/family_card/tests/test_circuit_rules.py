from datetime import datetime
from decimal import Decimal
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.family_card.models import family_card_credit_run_work as work

from .common import CorletoCase


@tagged("post_install", "-at_install")
class TestCircuitRules(CorletoCase):
    """What the circuit decides for the cards: its end, its shops, the lists that the giunta changes."""

    def test_the_end_of_the_circuit_stops_charges_and_credits(self):
        """R-004-60, A21: one switch stops everything at once, and nothing is lost."""
        card, pin = self.card({"COMMERCIO": "41.25"})
        run = self.env["family.card.credit.run"].create({"program_id": self.program.id, "period_id": self.q1.id})

        self.circuit._propose_stop("The circuit ends")
        charge = self.charge(card, pin, "30.00")
        with self.assertRaisesRegex(UserError, "circuit is stopped"):
            run.action_run()
        stopped = self.balances(card)["COMMERCIO"]
        self.circuit._lift_stop("It goes on")
        run.action_run()

        self.assertEqual((charge["code"], stopped), ("CIRCUIT_STOPPED", Decimal("41.25")))
        self.assertEqual((run.state, self.charge(card, pin, "30.00")["status"]), ("done", "authorized"))

    def test_a_run_under_way_stops_with_the_circuit(self):
        """R-004-60: a run that the queue is working on stops between two chunks and goes on afterwards."""
        for _number in range(3):
            self.card()
        run = self.env["family.card.credit.run"].create({"program_id": self.program.id, "period_id": self.q1.id})
        credit_chunk = type(run)._credit_chunk

        def stop_after_one(model):
            credit_chunk(model)
            self.circuit._propose_stop("The circuit ends")

        with patch.object(work, "CHUNK", 1), patch.object(type(run), "_credit_chunk", stop_after_one):
            run.action_run()
        halted = (run.state, run.done)
        self.circuit._lift_stop("It goes on")
        run.action_run()

        self.assertEqual((halted, run.state, run.done), (("running", 1), "done", 3))

    def test_a_suspended_merchant_charges_no_card(self):
        """Requirements 2.3, R-004-90: the Comune suspends a shop; the other shops go on."""
        card, pin = self.card({"COMMERCIO": "41.25", "SOMMINISTRAZIONE": "10.00"})
        suspension = self.grocery.agreement_ids._suspend("non_compliance", "No discount given")
        refused = self.charge(card, pin, "30.00")["code"]
        elsewhere = self.charge(card, pin, "12.00", merchant=self.bar)["status"]
        suspension._lift("Promised to comply")

        self.assertEqual((refused, elsewhere), ("NO_AGREEMENT", "authorized"))
        self.assertEqual(self.charge(card, pin, "30.00")["status"], "authorized")

    def test_the_giunta_changes_the_special_list_without_code(self):
        """R-004-41, R-004-40: from the day of the act, and not before, a special card pays at another kind of shop."""
        insurance = self.env.ref("merchant_circuit.activity_insurance")
        insurer = self.shop("Assicurazioni Lucane", "commercio", "insurance")
        self.terms.special_activity_ids = [Command.unlink(insurance.id)]
        special, pin = self.card({"UNICO": "100.00"}, kind="special")
        act = self.env["family.card.act"].create(
            {"program_id": self.program.id, "kind": "giunta", "number": "31", "date": "2024-05-20"}
        )
        later = self.terms.copy(
            {
                "valid_from": "2024-06-01",
                "act_id": act.id,
                "special_activity_ids": [Command.set((self.terms.special_activity_ids | insurance).ids)],
            }
        )
        before = self.charge(special, pin, "30.00", merchant=insurer)["code"]
        with freeze_time(datetime(2024, 6, 3, 8, 0)):
            after = self.charge(special, pin, "30.00", merchant=insurer)["status"]

        self.assertEqual((before, after), ("EXCLUDED_MERCHANT", "authorized"))
        self.assertEqual(later.act_id, act)

    def test_the_card_is_valid_at_all_shops_all_year(self):
        """R-004-102: every kind of shop of the circuit, from the first spendable day to New Year's Eve."""
        card, pin = self.card({"COMMERCIO": "100.00", "ARTIGIANATO": "100.00", "SOMMINISTRAZIONE": "100.00"})
        for day in ("2024-04-03", "2024-08-15", "2024-12-31"):
            with freeze_time(f"{day} 10:00:00"):
                for merchant in (self.grocery, self.mechanic, self.bar):
                    with self.subTest((day, merchant.name)):
                        reply = self.charge(card, pin, "20.00", merchant=merchant)
                        self.assertEqual((reply["status"], reply["amount"]), ("authorized", "10.00"))
