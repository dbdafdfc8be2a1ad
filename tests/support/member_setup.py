"""Runs inside Odoo's shell: the town's first shop issues coupons and hands them out; a manager decides on campaigns."""

import json
from datetime import timedelta

#: Login and password of the manager.
MANAGER = "coupon.manager"


def build(env, circuit, merchant):
    """Create everything; commit and print a JSON.

    :param int circuit: id of the town's circuit
    :param int merchant: id of the shop that issues
    """
    circuit = env["circuit.circuit"].browse(circuit)
    agreement = env["circuit.agreement"].search([("circuit_id", "=", circuit.id), ("merchant_id", "=", merchant)])
    agreement.write({"role_issue": True, "role_distribute": True})
    operator = env["res.partner"].create({"name": "Operator of the circuit", "is_company": True})
    env["circuit.operator"].create({"circuit_id": circuit.id, "operator_id": operator.id, "date_from": "2020-01-01"})
    now = env.cr.now().replace(microsecond=0)
    desk = env["ecoupon.campaign"].create(
        {
            "name": "Seven off for loyal customers",
            "circuit_id": circuit.id,
            "issuer_agreement_id": agreement.id,
            "amount": 7,
            "accept": "all",
            "obtain": "earned",
            "distributor_ids": [(6, 0, agreement.ids)],
            "prize_reference": "CO/1/2026",
            "valid_from": now - timedelta(days=1),
            "valid_to": now + timedelta(days=30),
            "state": "published",
        }
    )
    env["res.users"].create(
        {
            "name": "Manager of the coupons",
            "login": MANAGER,
            "password": MANAGER,
            "group_ids": [(6, 0, [env.ref("merchant_circuit.group_manager").id])],
        }
    )
    env.cr.commit()
    print("TOWN " + json.dumps({"desk": desk.id}))
