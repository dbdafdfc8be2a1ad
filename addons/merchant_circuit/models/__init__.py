from . import (
    circuit_activity,
    circuit_agreement,
    circuit_category,
    circuit_circuit,
    circuit_instrument,
    circuit_stop,
    circuit_suspension,
    circuit_till,
    circuit_transaction,
    res_partner,
    res_users,
)
