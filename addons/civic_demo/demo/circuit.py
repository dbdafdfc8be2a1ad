"""The circuit and its shops, each admitted through the onboarding wizard."""

import csv
from typing import NamedTuple

from odoo import Command
from odoo.tools import file_open

from . import company as companies


class Shops(NamedTuple):
    """The circuit, and the shops and tills by key."""

    circuit: object
    partners: dict
    tills: dict
    cashiers: dict


def open_circuit(env, calendar):
    """Create the circuit with its operator and admit the shops.

    :param calendar: the demo's Season.
    :return: Shops.
    """
    company = env.ref("base.main_company")
    operator = env["res.partner"].create(
        {
            "name": "Gestore Circuito Perticara s.r.l.",
            "is_company": True,
            "company_id": company.id,
            "city": "Potenza",
            "country_id": env.ref("base.it").id,
            "lang": companies.LANG,
            "comment": "Gestore operativo inventato per la dimostrazione.",
        }
    )
    circuit = env["circuit.circuit"].create(
        {
            "name": "Circuito Family Card Corleto",
            "company_id": company.id,
            "promoter_id": company.partner_id.id,
            "operator_id": operator.id,
            "information_phone": "+39 0971 000000",
            "information_email": "puntoinformazione@example.org",
        }
    )
    with file_open("civic_demo/demo/data/shops.csv") as source:
        rows = list(csv.DictReader(source))
    partners = {row["key"]: admit(env, calendar, company, circuit, row) for row in rows}
    tills = env["pos.config"].search([("merchant_id", "in", [p.id for p in partners.values()])])
    cashiers = env["res.users"].search([("merchant_id", "in", [p.id for p in partners.values()])])
    return Shops(
        circuit,
        partners,
        {key: tills.filtered(lambda till, p=partner: till.merchant_id == p) for key, partner in partners.items()},
        {key: cashiers.filtered(lambda user, p=partner: user.merchant_id == p) for key, partner in partners.items()},
    )


def admit(env, calendar, company, circuit, row):
    """Create a shop and admit it to a circuit through the onboarding wizard.

    :param dict row: columns of shops.csv.
    :return: res.partner.
    """
    partner = _partner(env, company, row)
    _onboard(env, calendar, circuit, partner, row)
    return partner


def _partner(env, company, row):
    return env["res.partner"].create(
        {
            "name": row["name"],
            "is_company": True,
            "company_id": company.id,
            "street": row["street"],
            "zip": "85012",
            "city": "Corleto Perticara",
            "state_id": env.ref("base.state_it_pz").id,
            "country_id": env.ref("base.it").id,
            "lang": companies.LANG,
            "partner_latitude": float(row["latitude"]),
            "partner_longitude": float(row["longitude"]),
            "shop_phone": row["phone"],
            # the code that signs a statement goes here; the prefix serves nobody
            "phone": row["mobile"],
            "email": f"{row['key']}@example.org",
            "vat": f"IT{row['vat']}",
            "bank_ids": [Command.create({"acc_number": row["iban"], "allow_out_payment": True})],
            "comment": "Esercizio inventato per la dimostrazione.",
        }
    )


def _onboard(env, calendar, circuit, partner, row):
    others = [env.ref(f"merchant_circuit.activity_{code}").id for code in row["other_activities"].split()]
    env["circuit.merchant.onboarding"].create(
        {
            "partner_id": partner.id,
            "shop_name": row["shop_name"],
            "company_id": circuit.company_id.id,
            "circuit_id": circuit.id,
            "category_id": env.ref(f"merchant_circuit.category_{row['category']}").id,
            "activity_id": env.ref(f"merchant_circuit.activity_{row['activity']}").id,
            "other_activity_ids": [Command.set(others)],
            "date_from": calendar.filing_opens,
            "cashier_name": row["cashier"],
            "login": row["key"],
            "password": row["key"],
        }
    ).action_onboard()
