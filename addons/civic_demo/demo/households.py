"""Forty invented households.

Apart from the well-known specimen RSSMRA85T10A562S, every fiscal code names
the birthplace Z999, which belongs to no place on earth: valid for every check,
yet nobody's. Phone numbers have a prefix that serves no mobile subscriber.
"""

import csv
from datetime import date
from typing import NamedTuple

from odoo.tools import file_open

from . import company as companies

BASE_AMOUNT = "450.00"
FROM_THE_PRESS = "Persona inventata. Importo annuo: 450,00 euro per chi vive solo, come riferito dalla stampa."
INVENTED = "Persone inventate. Importo annuo inventato: il prospetto A del regolamento non è pubblico."


class Family(NamedTuple):
    """A household with the facts its card is made of."""

    partner: object
    head: object
    facts: dict


def register(env, calendar):
    """Create people and households as the registry office knows them at the end of the year before.

    :return: dict of Family by key.
    """
    people = _rows("people.csv")
    facts = {row["household"]: row for row in _rows("households.csv")}
    home = {
        "zip": "85012",
        "city": "Corleto Perticara",
        "state_id": env.ref("base.state_it_pz").id,
        "country_id": env.ref("base.it").id,
        "company_id": env.ref("base.main_company").id,
        "lang": companies.LANG,
    }
    heads = {row["household"]: row for row in people if row["relation"] == "head"}
    persons = env["res.partner"].create([_person(row, facts[row["household"]], home) for row in people])
    partners = env["res.partner"].create(
        [
            {
                **home,
                "name": f"Famiglia {heads[key]['surname']} {heads[key]['given_name']}",
                "is_household": True,
                "street": row["street"],
                "comment": FROM_THE_PRESS if row["annual_amount"] == BASE_AMOUNT else INVENTED,
            }
            for key, row in facts.items()
        ]
    )
    households = dict(zip(facts, partners, strict=True))
    env["family.household.member"].create(
        [
            {
                "household_id": households[row["household"]].id,
                "company_id": home["company_id"],
                "person_id": person.id,
                "relation": row["relation"],
                "is_head": row["relation"] == "head",
                "valid_from": max(date.fromisoformat(row["birth_date"]), date(calendar.year - 6, 1, 1)),
            }
            for row, person in zip(people, persons, strict=True)
        ]
    )
    head_of = {
        row["household"]: person for row, person in zip(people, persons, strict=True) if row["relation"] == "head"
    }
    return {key: Family(households[key], head_of[key], facts[key]) for key in facts}


def _rows(name):
    with file_open(f"civic_demo/demo/data/{name}") as source:
        return list(csv.DictReader(source))


def _person(row, household, home):
    return {
        **home,
        "name": f"{row['given_name']} {row['surname']}",
        "l10n_it_codice_fiscale": row["fiscal_code"],
        "birth_date": row["birth_date"],
        "street": household["street"],
        "phone": household["phone"] if row["relation"] == "head" else False,
        "comment": "Persona inventata per la dimostrazione.",
    }
