"""Runs inside Odoo's shell: campaigns of an issuer in the town's circuit, and their coupons.

The coupons are rows as the campaign's own methods make them; only their secret is the test's.
"""

import json
from datetime import timedelta

from odoo.addons.ecoupon.rules import coupon_code

SECRET = "of these tests alone"


def build(env, circuit, coupons, **values):
    """Create an issuer, a published campaign (5.00 off at every shop, unless said otherwise) and coupons; commit and
    print a JSON.

    :param int circuit: id of the town's circuit
    :param int coupons: how many
    :param values: of the campaign
    """
    circuit = env["circuit.circuit"].browse(circuit)
    now = env.cr.now().replace(microsecond=0)
    campaign = env["ecoupon.campaign"].create(
        {
            "name": "Five off",
            "circuit_id": circuit.id,
            "issuer_agreement_id": _issuer(env, circuit).id,
            "amount": 5,
            "accept": "all",
            "valid_from": now - timedelta(days=1),
            "valid_to": now + timedelta(days=30),
            "state": "published",
            **values,
        }
    )
    codes = []
    for _number in range(coupons):
        nonce = coupon_code.new_nonce()
        codes.append((nonce, coupon_code.encode(SECRET, nonce)))
    made = env["ecoupon.coupon"].create(
        [
            {
                "campaign_id": campaign.id,
                "company_id": campaign.company_id.id,
                "nonce": nonce,
                "digest": coupon_code.digest(code),
                "issued_at": now,
                "taken_at": now,
                "valid_from": campaign.valid_from,
                "expires_at": campaign.valid_to,
                "uses": campaign.uses,
            }
            for nonce, code in codes
        ]
    )
    env.cr.commit()
    print("TOWN " + json.dumps([{"id": one.id, "code": code} for one, (_nonce, code) in zip(made, codes, strict=True)]))


def _issuer(env, circuit):
    """Agreement of the company that pays for the coupons."""
    issuer = env["res.partner"].create({"name": "Issuer of coupons", "is_company": True, "is_merchant": True})
    agreement = env["circuit.agreement"].create(
        {
            "circuit_id": circuit.id,
            "merchant_id": issuer.id,
            "category_id": env.ref("merchant_circuit.category_commercio").id,
            "activity_id": env.ref("merchant_circuit.activity_grocery").id,
            "date_from": "2020-01-01",
            "role_issue": True,
        }
    )
    agreement.action_sign()
    return agreement
