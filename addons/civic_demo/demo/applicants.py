"""Two households without a card: one has applied and waits for the checks, the other can be tried by the visitor."""

import csv
from datetime import date, timedelta

from odoo.tools import file_open

from . import clock, portal, users


def apply(env, calendar, programme):
    """Record the two households, give them portal logins and let the first one apply.

    :param calendar: Season.
    :param programme: family.card.program.
    """
    with file_open("civic_demo/demo/data/applicants.csv") as source:
        rows = list(csv.DictReader(source))
    people = {row["fiscal_code"]: _person(env, programme, row) for row in rows}
    for key in sorted({row["household"] for row in rows}):
        _household(env, calendar, programme, [row for row in rows if row["household"] == key], people)
    logins = {
        login: users.create_citizen(env, programme.company_id, login, name)
        for login, name in (("elena.marino", "Elena Marino"), ("pietro.lauria", "Pietro Lauria"))
    }
    head, child = rows[:2]
    with clock.at(calendar.now - timedelta(hours=20)):
        _file(env, programme, logins["elena.marino"], head, child)
    env["sms.sms"].search([("state", "=", "outgoing")]).send()


def _person(env, programme, row):
    return env["res.partner"].create(
        {
            "name": f"{row['given_name']} {row['surname']}",
            "l10n_it_codice_fiscale": row["fiscal_code"],
            "birth_date": row["birth_date"],
            "street": row["street"],
            "zip": "85012",
            "city": "Corleto Perticara",
            "country_id": env.ref("base.it").id,
            "company_id": programme.company_id.id,
            "phone": row["phone"],
            "comment": "Persona inventata per la dimostrazione.",
        }
    )


def _household(env, calendar, programme, rows, people):
    head = rows[0]
    family = env["res.partner"].create(
        {
            "name": f"Famiglia {head['surname']} {head['given_name']}",
            "is_household": True,
            "street": head["street"],
            "zip": "85012",
            "city": "Corleto Perticara",
            "company_id": programme.company_id.id,
            "comment": "Persone inventate. Nucleo senza card, per provare la domanda.",
        }
    )
    env["family.household.member"].create(
        [
            {
                "household_id": family.id,
                "company_id": programme.company_id.id,
                "person_id": people[row["fiscal_code"]].id,
                "relation": row["relation"],
                "is_head": row["relation"] == "head",
                "valid_from": max(date.fromisoformat(row["birth_date"]), date(calendar.year - 6, 1, 1)),
            }
            for row in rows
        ]
    )


def _file(env, programme, user, head, child):
    """Fill in and send the form as the citizen does."""
    # sudo: as the portal's controller does for the login's own application
    application = env["family.card.application"].with_user(user).sudo()._draft_for(user, programme)
    application._fill(
        {
            "name": f"{head['given_name']} {head['surname']}",
            "fiscal_code": head["fiscal_code"],
            "birth_date": head["birth_date"],
            "street": f"{head['street']}, Corleto Perticara",
            "phone": head["phone"],
            "privacy_notice_id": programme._privacy_notice().id,
            "self_certified": True,
            "members": [
                {
                    "name": f"{child['given_name']} {child['surname']}",
                    "fiscal_code": child["fiscal_code"],
                    "birth_date": child["birth_date"],
                    "relation": "child",
                }
            ],
        }
    )
    application._attach("stato di famiglia.pdf", portal.pdf("Stato di famiglia", "Famiglia Marino Elena (inventata)."))
    application._file()


def explain(env, calendar, families):
    """Let the table say why Mario Rossi's household has what it has (R-004-19)."""
    card = env["family.card"].search([("household_id", "=", families["h01"].partner.id)])
    with clock.at(calendar.now - timedelta(minutes=30)):
        card._compute_amounts(card.program_id._local_day(calendar.now))
