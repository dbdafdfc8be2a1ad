from . import circuit_transaction_reverse
