"""The programme with the acts of the notice."""

from datetime import date

from . import company as companies

#: (kind, number, date, subject): premises and closing of the notice, Prot. 1027.
ACTS = (
    ("council", "29", date(2023, 12, 20), "Approvazione del regolamento Family Card"),
    ("giunta", "6", date(2024, 1, 31), "Incarico di pubblicare l'avviso della prima annualità"),
    ("determination", "6", date(2024, 2, 2), "Approvazione dello schema di avviso pubblico"),
    ("protocol", "1027", date(2024, 2, 2), "Avviso pubblico Corleto Family Card"),
)

#: What the programme may credit in all; the notice names the source and no figure.
FUND = 60000.0


def open_program(env, calendar, circuit):
    """Create and start the programme-year.

    The acts keep their real dates; everything else is the notice of 2024 with
    the running year in place of 2024.

    :return: family.card.program.
    """
    program = env["family.card.program"].create(
        {
            "name": f"Corleto Family Card {calendar.year}",
            "code": f"CORLETO-{calendar.year}",
            "year": calendar.year,
            "company_id": circuit.company_id.id,
            "circuit_id": circuit.id,
            "card_label": "Family Card",
            "sender": "Comune di Corleto Perticara",
            "responsible": "ing. Massimo Caporeale",
            "signatory_name": "ing. Massimo Caporeale",
            "signatory_role": "Il Responsabile dell'Area",
            "contact_phone": "0971 965701",
            "contact_email": "sisco.familycard@comune.corletoptericara.pz.it",
            "fund_source": "Royalties delle compagnie petrolifere",
        }
    )
    companies.set_up_books(env, program)
    acts = env["family.card.act"].create(
        [
            {"program_id": program.id, "kind": kind, "number": number, "date": day, "subject": subject}
            for kind, number, day, subject in ACTS
        ]
    )
    program.action_set_up()
    program.terms_ids.write(
        {
            "spendable_from": calendar.spendable_from,
            "act_id": acts.filtered(lambda act: act.kind == "giunta").id,
            "note": (
                f"Parametri dell'avviso del 2024 (prot. 1027) riportati sull'anno {calendar.year}. "
                "Dall'avviso o dalla stampa viene solo l'importo di 450,00 euro per chi vive solo: "
                "gli altri importi sono inventati, perché il prospetto A non è pubblico."
            ),
        }
    )
    # The first quarter was loaded together with the second (A3), so it is not late in April.
    program.period_ids.filtered(lambda period: period.number == 1).load_by = date(calendar.year, 4, 10)
    env["family.card.fund"].create(
        {
            "program_id": program.id,
            "name": "Royalties petrolifere (importo inventato)",
            "kind": "royalties",
            "amount": FUND,
            "available": True,
            "available_on": date(calendar.year, 1, 31),
            "act_id": acts.filtered(lambda act: act.kind == "giunta").id,
        }
    )
    program.action_open()
    return program


def special_act(env, program):
    """The giunta act that approves a special card; its number is invented.

    :return: family.card.act.
    """
    return env["family.card.act"].create(
        {
            "program_id": program.id,
            "kind": "giunta",
            "number": "000 (inventata)",
            "date": date(program.year, 3, 20),
            "subject": "Riconoscimento di una Family Card Speciale (dato inventato)",
        }
    )
