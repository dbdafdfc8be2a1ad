from . import (
    circuit_circuit,
    circuit_review_case,
    circuit_review_decide,
    circuit_review_facts,
    circuit_review_run,
    circuit_review_terms,
    circuit_transaction,
    res_partner,
)
