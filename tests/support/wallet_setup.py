"""Runs inside Odoo's shell: entitled citizens of the town's circuit with wallets, and one-time codes to pay with.

A login has one open code at a time; so that many tills can try at once, the codes here are of many logins.
"""

import json
from datetime import timedelta
from uuid import uuid4

from stdnum.it import codicefiscale

from odoo.addons.ecoupon.models.ecoupon_wallet_code import PREFIX
from odoo.addons.ecoupon.rules import person
from odoo.addons.merchant_circuit.rules import one_time_code

#: At most, for there may be fewer logins.
CODES = 20


def build(env, circuit, number, **values):
    """Create a behaviour that somebody funds (10.00, unless said otherwise), entitled citizens who were rewarded once,
    and codes of their wallets; commit and print a JSON.

    :param int circuit: id of the town's circuit
    :param int number: how many citizens
    :param values: of the behaviour
    """
    circuit = env["circuit.circuit"].browse(circuit)
    source = env["res.partner"].create({"name": f"Source {uuid4()}"})
    behaviour = env["ecoupon.behaviour"].create(
        {
            "name": "An hour of volunteering",
            "code": f"V{uuid4().hex[:12]}".upper(),
            "circuit_id": circuit.id,
            "amount": 10,
            "date_from": "2020-01-01",
            "source_id": source.id,
            **values,
        }
    )
    facts = [_wallet(env, behaviour) for _number in range(number)]
    env.cr.commit()
    print("TOWN " + json.dumps({"behaviour": behaviour.id, "wallets": facts}))


def _wallet(env, behaviour):
    login = f"wallet-{uuid4()}"
    user = env["res.users"].create(
        {"name": login, "login": login, "group_ids": [(6, 0, env.ref("base.group_portal").ids)]}
    )
    circuit, code = behaviour.circuit_id, _fiscal_code(user.id)
    user.partner_id.l10n_it_codice_fiscale = code
    user.partner_id._prove("office")
    key = env["ecoupon.entitlement.key"]._own_of(circuit)
    policy = env["ecoupon.policy"].search([], limit=1) or env["ecoupon.policy"].create({"name": "Test", "code": "TEST"})
    env["ecoupon.entitlement"].create(
        {
            "circuit_id": circuit.id,
            "company_id": circuit.company_id.id,
            "key_id": key.id,
            "person_hash": person.keyed_hash(key.secret, code),
            "policy_id": policy.id,
            "date_from": "2020-01-01",
        }
    )
    env["ecoupon.reward"].create(
        {"behaviour_id": behaviour.id, "partner_id": user.partner_id.id, "reference": login, "day": "2021-01-01"}
    )
    wallet = env["ecoupon.wallet"]._of_citizen(user.partner_id, circuit)
    return {"id": wallet.id, "partner": user.partner_id.id, "codes": _codes(env, wallet)}


def _codes(env, wallet):
    now = env.cr.now().replace(microsecond=0)
    found = []
    for user in env["res.users"].with_context(active_test=False).search([], limit=CODES):
        nonce = one_time_code.new_nonce()
        env["ecoupon.wallet.code"].create(
            {
                "wallet_id": wallet.id,
                "user_id": user.id,
                "company_id": wallet.company_id.id,
                "digest": one_time_code.digest(nonce),
                "issued_at": now,
                "expires_at": now + timedelta(hours=1),
            }
        )
        found.append(one_time_code.encode(wallet._secret(), nonce, PREFIX))
    return found


def _fiscal_code(number):
    """A valid fiscal code of somebody born in Rome; another one for another number."""
    letters = "".join("BCDFGHJKLMNPQRSTVWXZ"[number // 20**place % 20] for place in range(6))
    code = f"{letters}80A01H501"
    return code + codicefiscale.calc_check_digit(code)
