"""Runs inside Odoo's shell: an issuer in the town's circuit, its campaigns, an entitled citizen and one who is not."""

import json
from datetime import timedelta

from odoo.addons.ecoupon.rules import person

from .citizen_facts import CODES, PASSWORD, SECRET


def build(env, circuit):
    """Create everything; commit and print a JSON.

    :param int circuit: id of the town's circuit
    """
    circuit = env["circuit.circuit"].browse(circuit)
    issuer = env["res.partner"].create({"name": "Bakery Aurora", "is_company": True, "is_merchant": True})
    milan = env.ref("base.state_it_mi")
    env["circuit.place"].create(
        {
            "name": "Bakery Aurora",
            "merchant_id": issuer.id,
            "street": "Via Torino 3",
            "city": "Milano",
            "state_id": milan.id,
            "country_id": milan.country_id.id,
            "latitude": 45.46,
            "longitude": 9.18,
        }
    )
    agreement = env["circuit.agreement"].create(
        {
            "circuit_id": circuit.id,
            "merchant_id": issuer.id,
            "category_id": env.ref("merchant_circuit.category_commercio").id,
            "activity_id": env.ref("merchant_circuit.activity_grocery").id,
            "date_from": "2020-01-01",
            "role_issue": True,
            "role_distribute": True,
        }
    )
    agreement.action_sign()
    now = env.cr.now().replace(microsecond=0)
    policy = env["ecoupon.policy"].create({"name": "Measure of the tests", "code": "TESTS"})
    common = {
        "circuit_id": circuit.id,
        "issuer_agreement_id": agreement.id,
        "accept": "all",
        "valid_from": now - timedelta(days=1),
        "valid_to": now + timedelta(days=30),
        "state": "published",
    }
    campaigns = env["ecoupon.campaign"]
    public = campaigns.create({**common, "name": "Five off at Aurora", "amount": 5, "min_purchase": 20})
    extra = campaigns.create(
        {**common, "name": "Quarter off for you", "kind": "percent", "percent": 25, "area": "reserved"}
    )
    people = {login: _citizen(env, login, code) for login, code in CODES.items()}
    key = env["ecoupon.entitlement.key"]._own_of(circuit)
    entitlement = env["ecoupon.entitlement"].create(
        {
            "circuit_id": circuit.id,
            "company_id": circuit.company_id.id,
            "key_id": key.id,
            "person_hash": person.keyed_hash(key.secret, CODES["anna.coupons"]),
            "policy_id": policy.id,
            "date_from": "2020-01-01",
        }
    )
    env.cr.commit()
    print(
        "TOWN " + json.dumps({"public": public.id, "extra": extra.id, "entitlement": entitlement.id, "people": people})
    )


def _citizen(env, login, code):
    """A portal login with a second factor, whose identity the office has seen.

    :return: id of the contact
    """
    user = env["res.users"].create(
        {
            "name": login.split(".")[0].title(),
            "login": login,
            "password": PASSWORD,
            "group_ids": [(6, 0, env.ref("base.group_portal").ids)],
        }
    )
    user.partner_id.l10n_it_codice_fiscale = code
    user.partner_id._prove("office")
    user.totp_secret = SECRET
    return user.partner_id.id
