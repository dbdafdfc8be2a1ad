from . import circuit_funder, circuit_transaction
