"""A small shop without a point of sale: its owner charges cards with the web till, on a telephone."""

from odoo import Command

from . import company as companies

SHOP = {
    "name": "Edicola Il Balcone di Russo Pietro",
    "shop_name": "Edicola Il Balcone",
    "street": "Piazza del Plebiscito 7",
    "partner_latitude": 40.38289,
    "partner_longitude": 16.04008,
    "vat": "IT99990219992",
    "phone": "+393130000221",
    "email": "edicola@example.org",
}
IBAN = "IT21X9999942110000000001021"
LOGIN, OWNER = "edicola", "Pietro Russo"


def open_newsstand(env, circuit, calendar):
    """Admit the shop and give its owner a portal login for the web till (R-001-26).

    :param circuit: circuit.circuit.
    :param calendar: the demo's Season.
    :return: res.users.
    """
    company = circuit.company_id
    shop = env["res.partner"].create(
        {
            **SHOP,
            "bank_ids": [Command.create({"acc_number": IBAN, "allow_out_payment": True})],
            "is_company": True,
            "is_merchant": True,
            "company_id": company.id,
            "zip": "85012",
            "city": "Corleto Perticara",
            "state_id": env.ref("base.state_it_pz").id,
            "country_id": env.ref("base.it").id,
            "lang": companies.LANG,
            "comment": "Esercizio inventato per la dimostrazione.",
        }
    )
    env["circuit.agreement"].create(
        {
            "circuit_id": circuit.id,
            "merchant_id": shop.id,
            "category_id": env.ref("merchant_circuit.category_commercio").id,
            "activity_id": env.ref("merchant_circuit.activity_bookshop").id,
            "date_from": calendar.filing_opens,
        }
    ).action_sign()
    owner = env["res.partner"].create(
        {"name": OWNER, "parent_id": shop.id, "company_id": company.id, "lang": companies.LANG}
    )
    return (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            {
                "login": LOGIN,
                "password": LOGIN,
                "partner_id": owner.id,
                "merchant_id": shop.id,
                "lang": companies.LANG,
                "tz": companies.TZ,
                "company_id": company.id,
                "company_ids": [Command.set(company.ids)],
                "group_ids": [Command.set(env.ref("base.group_portal").ids)],
            }
        )
    )
