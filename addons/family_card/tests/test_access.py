from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import CorletoCase

MODELS = (
    "family.card",
    "family.card.program",
    "family.card.terms",
    "family.card.scheme",
    "family.card.scheme.line",
    "family.card.period",
    "family.card.act",
    "family.card.check",
    "family.card.check.fail",
    "family.card.check.history",
    "family.card.credit.run",
    "family.card.credit.run.revoke",
    "family.card.credit.run.total",
    "family.card.fund",
    "family.card.yearly",
    "family.card.yearly.change",
    "family.card.credit.run.line",
    "family.household.member",
    "family.household.head",
    "family.household.history",
    "family.person.duplicate",
    "family.registry.event",
    "family.registry.import",
    "family.registry.import.line",
    "family.card.state.change",
    "family.card.credit",
    "family.card.application",
    "family.card.application.member",
    "family.card.application.window",
    "family.card.application.step",
    "family.card.portal.access",
    "family.card.clarification",
    "family.privacy.notice",
    "family.privacy.consent",
    "family.card.quotient",
    "family.card.quotient.scale",
    "family.card.quotient.rule",
    "family.card.quotient.result",
    "family.card.quotient.result.line",
    "family.card.quotient.compute",
    "family.card.quotient.simulation",
    "family.card.quotient.simulation.line",
)


@tagged("post_install", "-at_install")
class TestAccess(CorletoCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal = cls.user("citizen", "base.group_portal")
        cls.employee = cls.user("employee", "base.group_user")
        cls.officer = cls.user("officer", "family_card.group_officer")
        cls.manager = cls.user("manager", "family_card.group_manager")
        cls.the_card, cls.pin = cls.card({"COMMERCIO": "56.25"})

    def test_others_read_and_write_nothing(self):
        """Default deny for citizens and for employees of other offices (R-004-101)."""
        for user in (self.portal, self.employee):
            for name in MODELS:
                for operation in ("read", "write", "create", "unlink"):
                    with self.subTest(f"{user.login} {operation} {name}"):
                        self.assertFalse(self.env[name].with_user(user).has_access(operation))

    def test_others_do_not_see_birth_dates(self):
        """R-004-101."""
        with self.assertRaises(AccessError):
            self.the_card.holder_id.with_user(self.employee).read(["birth_date"])

    def test_other_offices_see_shops_and_no_residents(self):
        """R-004-101: contacts are Odoo's address book; whoever is no officer finds no resident in it, by no way."""
        holder, family = self.the_card.holder_id, self.the_card.household_id
        shop = self.env["res.partner"].create({"name": "Bottega", "is_company": True, "company_id": self.company.id})
        self.env["mail.followers"].create(
            {"res_model": "res.partner", "res_id": shop.id, "partner_id": holder.id, "subtype_ids": []}
        )
        for groups in (
            "base.group_user",
            "merchant_circuit.group_officer",
            "base.group_partner_manager,base.group_user",
        ):
            clerk = self.user(f"clerk.{groups}", groups)
            env = self.env(user=clerk)
            with self.subTest(groups):
                self.assertEqual(env["res.partner"].search([("id", "in", (holder | family | shop).ids)]), shop)
                self.assertFalse(env["res.partner"].name_search(holder.name))
                self.assertFalse(env["mail.followers"].search([("partner_id", "=", holder.id)]))
                with self.assertRaises(AccessError):
                    holder.with_user(clerk).read(["name"])
                own = env["res.partner"]
                if own.has_access("create"):
                    own = own.create({"name": "Artigiano", "l10n_it_codice_fiscale": self.fiscal_code()})
                    self.assertTrue(own.name)

    def test_officers_work_and_do_not_configure(self):
        """R-004-08: the public body's staff issue and credit; parameters belong to the manager."""
        env = self.env(user=self.officer)
        for name in ("family.card.program", "family.card.terms", "family.card.scheme", "family.card.act"):
            with self.subTest(name):
                self.assertTrue(env[name].has_access("read"))
                self.assertFalse(env[name].has_access("write"))
        self.assertFalse(env["family.card"].has_access("unlink"))

    def test_an_officer_does_the_daily_work(self):
        """Household, card, credit, suspension, new PIN, without a superuser."""
        env = self.env(user=self.officer)
        person = env["res.partner"].create({"name": "Anna Bianchi", "l10n_it_codice_fiscale": self.fiscal_code()})
        family = env["res.partner"].create({"name": "Household Bianchi", "is_household": True})
        env["family.household.member"].create(
            {"household_id": family.id, "person_id": person.id, "is_head": True, "valid_from": "2020-01-01"}
        )
        card = env["family.card"].create(
            {"program_id": self.program.id, "household_id": family.id, "annual_amount": 450, "phone": "+39 347 7654321"}
        )

        card.action_activate()
        run = env["family.card.credit.run"].create({"program_id": self.program.id, "period_id": self.q2.id})
        run.action_run()
        card.action_reset_pin()
        env["family.card.state.change"].create(
            {"card_ids": card.ids, "target": "suspended", "reason": "request"}
        ).action_apply()

        self.assertEqual(card.balance, 112.50)
        self.assertEqual(card.state, "suspended")
        self.assertEqual(run.card_count, 2)

    def test_nobody_writes_the_ledger(self):
        """Rows of the ledger are written by its own methods only, whoever asks."""
        for user in (self.officer, self.manager):
            for record in (
                self.the_card.account_ids[0],
                self.the_card.account_ids.lot_ids[0],
                self.the_card.last_entry_ids[0],
            ):
                for operation in ("write", "create", "unlink"):
                    with self.subTest(f"{user.login} {operation} {record._name}"):
                        self.assertFalse(record.with_user(user).has_access(operation))

    def test_a_run_is_filled_in_by_its_actions(self):
        """Nobody writes figures or a state into a run."""
        env = self.env(user=self.officer)
        run = env["family.card.credit.run"].create({"program_id": self.program.id, "period_id": self.q3.id})

        for vals in ({"state": "done"}, {"credited_total": 5.0}, {"credited_at": "2024-01-01 00:00:00"}):
            with self.subTest(str(vals)), self.assertRaises(UserError):
                run.write(vals)
        with self.assertRaises(UserError):
            env["family.card.credit.run"].create(
                {"program_id": self.program.id, "period_id": self.q4.id, "state": "done"}
            )

    def test_nobody_rewrites_when_something_was_learnt(self):
        """R-004-51: the recorded times of a membership are the system's."""
        line = self.the_card.household_id.household_member_ids.with_user(self.officer)

        for vals in ({"recorded_from": "2020-01-01 00:00:00"}, {"recorded_to": False}):
            with self.subTest(str(vals)), self.assertRaises(UserError):
                line.write(vals)

    def test_a_municipality_sees_only_itself(self):
        """Design 5: companies keep municipalities apart."""
        other = self.env["res.company"].create({"name": "Comune di Guardia Perticara"})
        stranger = new_test_user(
            self.env,
            "stranger",
            groups="family_card.group_manager",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        env = self.env(user=stranger, context={"allowed_company_ids": other.ids})
        for name in ("family.card", "family.card.program", "family.card.terms", "family.card.period"):
            with self.subTest(name):
                self.assertFalse(env[name].search([]))
        with self.assertRaises(AccessError):
            self.the_card.with_env(env).read(["number"])

    def test_public_methods_check_the_caller(self):
        """A button called by RPC from outside the office does nothing."""
        for user in (self.portal, self.employee):
            card = self.the_card.with_user(user)
            for method in ("action_activate", "action_reset_pin"):
                with self.subTest(f"{user.login} {method}"), self.assertRaises(AccessError):
                    getattr(card, method)()
        self.assertEqual(self.the_card.state, "active")

    def test_a_default_in_the_call_is_no_way_round_the_buttons(self):
        """R-004-74, R-004-101: what only buttons write is not filled in by whoever calls."""
        manager = new_test_user(self.env, "suggesting", groups="family_card.group_manager")
        suggested = {
            "circuit.circuit": ("state", "stopped"),
            "circuit.offer": ("state", "refused"),
            "family.card": ("state", "active"),
            "family.card.export": ("user_id", self.env.ref("base.user_admin").id),
            "family.card.quotient": ("state", "in_force"),
            "family.household.member": ("recorded_from", "2020-01-01 00:00:00"),
            "family.registry.import": ("state", "done"),
        }
        for model, (name, value) in suggested.items():
            with self.subTest(model):
                found = (
                    self.env[model].with_user(manager).with_context(**{f"default_{name}": value}).default_get([name])
                )
                self.assertNotEqual(str(found.get(name)), str(value))
