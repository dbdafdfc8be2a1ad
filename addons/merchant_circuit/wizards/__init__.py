from . import circuit_reason, circuit_transaction_reverse
