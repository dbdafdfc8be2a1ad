from . import (
    account_move,
    circuit_booking,
    circuit_funder,
    circuit_funder_booking,
    circuit_transaction,
    stored_value_entry,
)
