"""The simulated municipality in Odoo: company, circuit, shops, programme, residents."""

from dataclasses import replace
from datetime import date, timedelta

ADDONS = ("family_card", "merchant_circuit")
TERMINAL = "pos.config,{0}"
OPENING = date(2024, 2, 5)
UNKNOWN = "BBBBBB80A01Z999"


class Setting:
    """Records made once, and the maps from the simulation's things to them."""

    one_day = timedelta(days=1)

    def __init__(self, env, population, funds):
        """Make everything; nothing is committed."""
        from odoo.addons.merchant_circuit.rules.till import Terminal, parse_lines

        self.parse_lines = parse_lines
        self._company(env)
        env = self.env
        self.circuit = env["circuit.circuit"].create({"name": "Simulated circuit"})
        self._program()
        self._funds(funds)
        self.special_act = self.act("special cards")
        self.agreements = {shop.number: self._shop(shop) for shop in population.shops}
        self.terminals = {
            number: Terminal(agreement.merchant_id.id, self.company.id, "pos", TERMINAL.format(number), "pos.session,1")
            for number, agreement in self.agreements.items()
        }
        self.people, self.households = {}, {}
        self._residents(population)

    def _company(self, env):
        # the database's own company: a new one would install the accounting of its country
        self.company = env.ref("base.main_company")
        self.company.write({"name": "Simulated municipality", "currency_id": env.ref("base.EUR").id})
        self.officer, self.colleague = (
            env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                [
                    {
                        "name": login,
                        "login": login,
                        "tz": "Europe/Rome",
                        "company_id": self.company.id,
                        "company_ids": [(6, 0, self.company.ids)],
                        "group_ids": [(4, env.ref(f"{addon}.group_manager").id) for addon in ADDONS],
                    }
                    for login in ("simulated-officer", "simulated-colleague")
                ]
            )
        )
        context = {"tz": "Europe/Rome", "lang": "en_US", "allowed_company_ids": self.company.ids}
        self.env = env(context=context)

    def _program(self):
        env = self.env
        self.program = env["family.card.program"].create(
            {
                "name": "Simulated programme 2024",
                "code": "SIM-2024",
                "year": 2024,
                "circuit_id": self.circuit.id,
                "company_id": self.company.id,
                "sender": "Simulated municipality",
                "number_prefix": "SIM",
                "applications_from": OPENING,
            }
        )
        self.program.action_set_up()
        self.program.terms_ids.spendable_from = "2024-03-31 22:00:00"
        table = env["family.card.quotient"].create(
            {"program_id": self.program.id, "name": "Demo", "valid_from": "2023-12-01", "preset": "corleto_demo"}
        )
        table.action_fill()
        table.action_in_force()
        self.program.action_open()
        self.periods = {period.code: period for period in self.program.period_ids}
        env["family.card.application.window"].create(
            {
                "program_id": self.program.id,
                "date_from": OPENING,
                "date_to": "2024-03-04",
                "first_period_id": self.periods["2024-Q1"].id,
            }
        )
        self.notice = env["family.privacy.notice"].create(
            {"name": "Privacy", "version": "1", "valid_from": "2024-01-01", "body": "<p>Simulated</p>"}
        )

    def _funds(self, funds):
        self.env["family.card.fund"].create(
            [
                {
                    "program_id": self.program.id,
                    "name": f"Source {place}",
                    "sequence": place,
                    "amount": cents / 100,
                    "available": True,
                    "available_on": "2024-01-01",
                }
                for place, cents in enumerate(funds)
            ]
        )

    def act(self, number):
        """A giunta act of today."""
        return self.env["family.card.act"].create(
            {"program_id": self.program.id, "kind": "giunta", "number": number, "date": date.today()}
        )

    def activity(self, code):
        """Id of an activity."""
        return self.env.ref(f"merchant_circuit.activity_{code}").id

    def _shop(self, shop):
        partner = self.env["res.partner"].create(
            {"name": f"Shop {shop.number}", "is_merchant": True, "company_id": self.company.id}
        )
        agreement = self.env["circuit.agreement"].create(
            {
                "circuit_id": self.circuit.id,
                "merchant_id": partner.id,
                "category_id": self.env.ref(f"merchant_circuit.category_{shop.category.lower()}").id,
                "activity_id": self.activity(shop.activity),
                "date_from": "2024-01-01",
            }
        )
        agreement.action_sign()
        return agreement

    def _residents(self, population):
        families = population.households
        made = self.env["res.partner"].create(
            [
                {"name": f"Household {family.number}", "is_household": True, "company_id": self.company.id}
                for family in families
            ]
        )
        self.households = dict(zip((family.number for family in families), made.ids, strict=True))
        self.add_people([person for family in families for person in family.people])
        self.env["family.household.member"].create(
            [
                {
                    "household_id": self.households[family.number],
                    "company_id": self.company.id,
                    "person_id": self.people[person.code],
                    "relation": person.relation,
                    "is_head": person.relation == "head",
                    "disability": person.disability,
                    "valid_from": max(person.since, person.birth),
                }
                for family in families
                for person in family.people
            ]
        )

    def add_people(self, people):
        """Make partners of persons."""
        made = self.env["res.partner"].create(
            [
                {
                    "name": person.name,
                    "l10n_it_codice_fiscale": person.code,
                    "birth_date": person.birth,
                    "company_id": self.company.id,
                }
                for person in people
            ]
        )
        self.people.update(zip((person.code for person in people), made.ids, strict=True))

    @staticmethod
    def heir(person, day):
        """The same person as head from a day on."""
        return replace(person, relation="head", since=day, until=None)

    def lots(self, period, card_ids):
        """Open lots of a period on some cards."""
        return self.env["stored.value.lot"].search(
            [("account_id.card_id", "in", card_ids), ("memo", "=", period.name), ("expires_at", ">", "2024-09-20")]
        )

    @property
    def unknown(self):
        """A valid fiscal code that nobody has."""
        from stdnum.it import codicefiscale

        return UNKNOWN + codicefiscale.calc_check_digit(UNKNOWN)
