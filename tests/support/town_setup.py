"""Runs inside Odoo's shell: a small town of our own for tests and benchmarks that need many real connections.

Everything goes through the addons' own methods; only the credit is generous and the PIN known.
"""

import json
from datetime import timedelta
from decimal import Decimal
from unittest.mock import patch

from stdnum.it import codicefiscale

PIN = "48213"
CONSONANTS = "BCDFGLMNPRSTVZ"
CREDIT_CHUNK = 500


def build(env, cards, merchants, credits):
    """Create circuit, programme, merchants with cashier and open till, cards with credit; commit and print a JSON.

    :param int cards: number of cards, of the standard kind
    :param int merchants: number of shops of COMMERCIO; login and password are shop0, shop1 …
    :param list credits: amounts (str) of the lots of each COMMERCIO account, the first expires first
    """
    env["ir.config_parameter"].sudo().set_param("sms_gateway.secret_retention_hours", "24")
    circuit = env["circuit.circuit"].create(
        # a measured shop has no customers who take their time, and its tills try PINs on purpose
        {"name": "Test circuit", "request_pace": 0, "guess_till": 0, "guess_merchant": 0}
    )
    shops = [_merchant(env, circuit, number) for number in range(merchants)]
    program = _program(env, circuit)
    issued = _cards(env, program, range(cards))
    facts = _facts(issued)
    _credit(env, [card["account"] for card in facts], credits)
    town = {
        "program": program.id,
        "circuit": circuit.id,
        "product": env.ref("pos_circuit.product_purchase_amount").id,
        "merchants": shops,
        "cards": facts,
    }
    env.cr.commit()
    print("TOWN " + json.dumps(town))


def add_program(env, circuit, code, numbers, terms):
    """Create one more programme in the town's circuit, with cards of its own; commit and print a JSON.

    :param int circuit: id of the town's circuit
    :param str code: code of the programme
    :param range numbers: which people get a card; nobody has had one before
    :param dict terms: values of the programme's terms
    """
    program = _program(env, env["circuit.circuit"].browse(circuit), code, terms)
    today = program._local_day(env.cr.now().replace(microsecond=0))
    period = program.period_ids.filtered(lambda period: period.date_start <= today <= period.date_end)
    facts = {"period": period.id, "cards": _facts(_cards(env, program, numbers))}
    env.cr.commit()
    print("TOWN " + json.dumps(facts))


def _facts(cards):
    accounts = {}
    for account in cards.account_ids:
        accounts.setdefault(account.card_id.id, {})[account.scheme_line_id.code] = account.id
    return [
        {
            "id": card.id,
            "code": card.fiscal_code,
            "accounts": accounts[card.id],
            "account": accounts[card.id]["COMMERCIO"],
        }
        for card in cards
    ]


def _merchant(env, circuit, number):
    login = f"shop{number}"
    wizard = env["circuit.merchant.onboarding"].create(
        {
            "partner_id": env["res.partner"].create({"name": f"Shop {number}", "is_company": True}).id,
            "circuit_id": circuit.id,
            "category_id": env.ref("merchant_circuit.category_commercio").id,
            "activity_id": env.ref("merchant_circuit.activity_grocery").id,
            "login": login,
            "password": login,
        }
    )
    config = wizard._onboard()
    cashier = env["res.users"].search([("login", "=", login)])
    config.with_user(cashier).sudo().open_ui()
    session = config.current_session_id
    session.with_user(cashier).sudo().set_opening_control(0, "")
    methods = config.payment_method_ids
    card_method = methods.filtered(lambda method: method.use_payment_terminal == "circuit")
    return {
        "id": config.merchant_id.id,
        "config": config.id,
        "session": session.id,
        "user": cashier.id,
        "company": config.company_id.id,
        "login": login,
        "password": login,
        "card_method": card_method.id,
        "other_method": (methods - card_method)[:1].id,
    }


def _program(env, circuit, code="TEST", terms=None):
    program = env["family.card.program"].create(
        {
            "name": "Test programme",
            "code": code,
            "circuit_id": circuit.id,
            "sender": "Test town",
        }
    )
    program.action_set_up()
    # One person runs the whole town, and nobody is checked.
    program.terms_ids.write({"four_eyes": False, "check_residence": False, "check_taxes": False, "check_abode": False})
    env["family.card.fund"].create(
        {
            "program_id": program.id,
            "name": "Own budget",
            "amount": 100000000,
            "available": True,
            "available_on": f"{program.year}-01-01",
        }
    )
    program.terms_ids.write(terms or {})
    program.action_open()
    return program


def _cards(env, program, numbers):
    people = env["res.partner"].create(
        [
            {
                "name": f"Head {number}",
                "l10n_it_codice_fiscale": _fiscal_code(number),
                "country_id": env.ref("base.it").id,
            }
            for number in numbers
        ]
    )
    households = env["res.partner"].create(
        [{"name": f"Household {number}", "is_household": True} for number in numbers]
    )
    env["family.household.member"].create(
        [
            {
                "household_id": household.id,
                "person_id": person.id,
                "relation": "head",
                "is_head": True,
                "valid_from": f"{program.year - 1}-01-01",
            }
            for household, person in zip(households, people, strict=True)
        ]
    )
    cards = env["family.card"].create(
        [
            {
                "program_id": program.id,
                "household_id": household.id,
                "holder_id": person.id,
                "kind": "standard",
                "annual_amount": 450,
                "phone": f"+39333{number:07d}",
            }
            for number, household, person in zip(numbers, households, people, strict=True)
        ]
    )
    with patch("odoo.addons.family_card.rules.pin.generate", lambda _length: PIN):
        cards.action_activate()
    return cards


def _fiscal_code(number):
    """A valid code of nobody: Z999 is no place on earth."""
    letters = ""
    for _place in range(6):
        number, rest = divmod(number, len(CONSONANTS))
        letters += CONSONANTS[rest]
    code = f"{letters}80A01Z999"
    return code + codicefiscale.calc_check_digit(code)


def _credit(env, accounts, amounts):
    now = env.cr.now().replace(microsecond=0)
    for number, amount in enumerate(amounts):
        for start in range(0, len(accounts), CREDIT_CHUNK):
            env["stored.value.account"]._credit(
                [
                    {
                        "account_id": account,
                        "amount": Decimal(amount),
                        "available_from": now - timedelta(hours=1),
                        "expires_at": now + timedelta(days=90 * (number + 1)),
                        "origin": f"test:{number}:{account}",
                        "memo": "Test credit",
                    }
                    for account in accounts[start : start + CREDIT_CHUNK]
                ]
            )
