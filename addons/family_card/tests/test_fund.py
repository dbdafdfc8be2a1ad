from datetime import date, datetime
from decimal import Decimal

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CorletoCase


@tagged("post_install", "-at_install")
class TestFund(CorletoCase):
    def run_period(self, period):
        run = self.env["family.card.credit.run"].create({"program_id": self.program.id, "period_id": period.id})
        run.action_run()
        return run

    def source(self, amount, **vals):
        """Another source of funds, used after the first."""
        return self.env["family.card.fund"].create(
            {
                "program_id": self.program.id,
                "name": "Region",
                "kind": "region",
                "sequence": 20,
                "amount": amount,
                "available": True,
                "available_on": "2024-02-01",
                **vals,
            }
        )

    def figures(self, fund):
        """Figures of a fund without zeros."""
        return {name: value for name, value in fund._figures()[fund.id].items() if value}

    def test_what_becomes_of_a_source(self):
        """R-001-05, R-004-05: credited, spent, left on cards and still to credit."""
        self.fund.amount = 1000
        card, pin = self.card()
        self.run_period(self.q1)
        self.charge(card, pin, "40.00")

        self.assertEqual(
            self.figures(self.fund),
            {
                "assigned": Decimal("112.50"),
                "spent": Decimal("20.00"),
                "on_cards": Decimal("92.50"),
                "residual": Decimal("887.50"),
            },
        )
        self.assertEqual(self.fund.residual, 887.50)

    def test_lots_say_period_source_and_run(self):
        """R-001-05: every credit says which money it is."""
        card, _pin = self.card()

        run = self.run_period(self.q1)

        lots = card.account_ids.lot_ids
        self.assertEqual((lots.fund_id, lots.period_id, lots.run_id), (self.fund, self.q1, run))

    def test_a_credit_at_the_boundary_is_paid_by_two_sources(self):
        """R-001-05: 100.00 of royalties, the rest from the Region, and nobody notices."""
        self.fund.amount = 100
        region = self.source(1000)
        card, pin = self.card()

        run = self.run_period(self.q1)

        self.assertEqual(
            self.balances(card),
            {"COMMERCIO": Decimal("56.25"), "ARTIGIANATO": Decimal("45.00"), "SOMMINISTRAZIONE": Decimal("11.25")},
        )
        self.assertEqual(
            (self.figures(self.fund)["assigned"], self.figures(region)["assigned"]),
            (Decimal("100.00"), Decimal("12.50")),
        )
        self.assertEqual(run.fund_total_ids.mapped(lambda total: (total.fund_id, total.amount)), [
            (self.fund, 100.0),
            (region, 12.5),
        ])  # fmt: skip
        self.assertEqual(self.charge(card, pin, "90.00", merchant=self.mechanic)["amount"], "45.00")
        self.assertEqual(card.account_ids._verify(), [])

    def test_the_total_of_all_tranches_against_the_funds(self):
        """R-001-10."""
        self.fund.amount = 1000
        self.source(500)
        self.card()
        self.run_period(self.q1)
        self.run_period(self.q2)

        self.assertEqual((self.program.credited_total, self.program.fund_total), (225.0, 1500.0))

    def test_donors_and_what_they_gave(self):
        """R-001-06."""
        donor = self.env["res.partner"].create({"name": "Ditta Bianchi"})
        with self.assertRaises(ValidationError):
            self.source(250, kind="donor")

        gift = self.source(250, kind="donor", donor_id=donor.id, name="Gift")

        self.assertEqual(
            self.env["family.card.fund"]._read_group([("donor_id", "=", donor.id)], ["donor_id"], ["amount:sum"]),
            [(donor, 250.0)],
        )
        self.assertEqual(gift.residual, 250.0)

    def test_a_source_does_not_shrink_below_what_was_credited(self):
        """R-001-05: the books of a source always balance."""
        self.card()
        self.run_period(self.q1)

        self.fund.amount = 112.50
        with self.assertRaises(ValidationError):
            self.fund.amount = 112.49

    def test_available_money_has_its_day(self):
        """R-001-24: available since when, by which act."""
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.cr.savepoint():
            self.source(100, available_on=False)
            self.env.flush_all()
        other = self.env["family.card.program"].create(
            {
                "name": "Other",
                "code": "OTHER",
                "year": 2024,
                "circuit_id": self.circuit.id,
                "sender": "Comune",
            }
        )
        act = self.env["family.card.act"].create(
            {"program_id": other.id, "kind": "giunta", "number": "9", "date": "2024-02-01"}
        )
        with self.assertRaises(ValidationError):
            self.fund.act_id = act
        self.fund.write({"act_id": self.act.id, "available_on": "2024-03-01"})
        self.assertEqual(self.fund.available_on, date(2024, 3, 1))

    def test_a_source_with_credits_stays_in_its_programme(self):
        other = self.env["family.card.program"].create(
            {"name": "Other", "code": "OTHER", "year": 2024, "circuit_id": self.circuit.id, "sender": "Comune"}
        )
        self.card()
        self.run_period(self.q1)

        with self.assertRaises(ValidationError):
            self.fund.program_id = other

    def test_one_card_is_credited_from_the_funds_too(self):
        """R-001-24: the single card passes the same guard."""
        card, _pin = self.card()
        self.fund.amount = 100
        wizard = self.env["family.card.credit"].create({"card_ids": card.ids, "period_id": self.q2.id})

        with self.assertRaisesRegex(UserError, "funds"):
            wizard.action_credit()
        self.fund.amount = 112.50
        wizard.action_credit()

        self.assertEqual(self.fund.residual, 0.0)

    def test_an_expired_credit_is_not_spent(self):
        """R-001-05: what was not spent in time is told apart."""
        self.card()
        self.run_period(self.q1)
        self.env["stored.value.account"]._expire_due(datetime(2024, 9, 30, 22))

        self.assertEqual(self.figures(self.fund)["expired"], Decimal("112.50"))

    def test_the_office_reads_and_the_manager_writes(self):
        """R-004-08: parameters belong to the manager."""
        officer = self.user("fund_officer", "family_card.group_officer")
        manager = self.user("fund_manager", "family_card.group_manager")

        self.assertEqual(self.fund.with_user(officer).residual, 1000000.0)
        with self.assertRaises(AccessError):
            self.fund.with_user(officer).amount = 5
        self.fund.with_user(manager).amount = 2000000
        self.assertEqual(self.fund.residual, 2000000.0)

    def test_other_municipalities_see_nothing(self):
        """design.md 5: companies keep municipalities apart."""
        other = self.env["res.company"].create({"name": "Comune di Guardia Perticara"})
        stranger = self.user("fund_stranger", "family_card.group_manager")
        stranger.write({"company_id": other.id, "company_ids": [(6, 0, other.ids)]})
        env = self.env(user=stranger, context={"allowed_company_ids": other.ids})
        card, _pin = self.card()
        self.terms.write({"check_taxes": True})
        self.program._make_checks(self.q1)

        for name in ("family.card.fund", "family.card.check", "family.card.yearly", "family.card.credit.run.total"):
            with self.subTest(name):
                self.assertFalse(env[name].search([]))
        with self.assertRaises(AccessError):
            card.yearly_ids.with_env(env).read(["amount"])
