"""Food vouchers after the model of Lecce, beside the Family Card: a circuit of their own with one shop and
one beneficiary, so that the till with documents instead of the PIN can be tried."""

from datetime import date, timedelta

from . import circuit as circuits
from . import clock
from . import company as companies

#: Columns of shops.csv; pans are sold too, and the voucher does not pay them.
SHOP = {
    "key": "supermercato",
    "name": "Market Sud di Greco Luigi",
    "shop_name": "Market Sud",
    "category": "commercio",
    "activity": "grocery",
    "other_activities": "necessities household_goods",
    "street": "Via Lecce 7",
    "cashier": "Luigi Greco",
    "latitude": "40.38188",
    "longitude": "16.04125",
    "phone": "",
    "mobile": "+393130000220",
    "vat": "99990209993",
    "iban": "IT44W9999942110000000001020",
}
#: Invented: the birthplace Z999 exists nowhere, the telephone prefix serves nobody.
BENEFICIARY = {
    "name": "Anna Greco",
    "l10n_it_codice_fiscale": "GRCNNA58C54Z999E",
    "birth_date": "1958-03-14",
    "phone": "+393130000099",
    "street": "Via Lecce 12",
    "comment": "Persona inventata per la dimostrazione.",
}
AMOUNT = 150


def open_vouchers(env, calendar):
    """Open circuit, shop and programme and credit the beneficiary's first tranche (R-001-01 to R-001-21).

    :param calendar: the demo's Season.
    """
    company = env.ref("base.main_company")
    circuit = env["circuit.circuit"].create(
        {
            "name": "Circuito Buoni spesa (modello Lecce)",
            "company_id": company.id,
            "promoter_id": company.partner_id.id,
        }
    )
    circuits.admit(env, calendar, company, circuit, SHOP)
    at = calendar.loads[-1].at
    program = env["family.card.program"].create(
        {
            "name": f"Buoni spesa {calendar.year} (modello Lecce)",
            "code": f"BUONI-{calendar.year}",
            "year": calendar.year,
            "company_id": company.id,
            "circuit_id": circuit.id,
            "sender": "Comune di Corleto Perticara",
            "number_prefix": "BS",
            "fund_source": "Donazioni (dato inventato)",
        }
    )
    companies.set_up_books(env, program)
    program.action_set_up_lecce()
    tranche, _second = program.period_ids.sorted("number")
    # a demo of the winter replays the year before: the voucher shall be spendable all the same
    program.period_ids.last_spending_day = max(tranche.last_spending_day, (calendar.now + timedelta(days=90)).date())
    tranche.spendable_from = at
    donor = env["res.partner"].create({"name": "Associazione Insieme (inventata)", "is_company": True})
    env["family.card.fund"].create(
        {
            "program_id": program.id,
            "name": "Donazioni (importo inventato)",
            "kind": "donor",
            "donor_id": donor.id,
            "amount": 1000,
            "available": True,
            "available_on": at.date(),
        }
    )
    program.action_open()
    with clock.at(at):
        card = _card(env, calendar, program)
        card._credit_period(tranche, at)
        env["sms.sms"].search([("state", "=", "outgoing")]).send()


def _card(env, calendar, program):
    home = {"city": "Corleto Perticara", "zip": "85012", "company_id": program.company_id.id, "lang": companies.LANG}
    head, household = env["res.partner"].create(
        [
            {**home, **BENEFICIARY},
            {**home, "name": "Famiglia Greco Anna", "is_household": True, "street": BENEFICIARY["street"]},
        ]
    )
    env["family.household.member"].create(
        {
            "household_id": household.id,
            "company_id": program.company_id.id,
            "person_id": head.id,
            "relation": "head",
            "is_head": True,
            "valid_from": date(calendar.year - 6, 1, 1),
        }
    )
    card = env["family.card"].create(
        {
            "program_id": program.id,
            "household_id": household.id,
            "holder_id": head.id,
            "annual_amount": AMOUNT,
            "phone": BENEFICIARY["phone"],
        }
    )
    card.action_activate()
    return card
