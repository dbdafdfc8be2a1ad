from . import circuit_account_setup
