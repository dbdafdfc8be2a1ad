from . import (
    account_move,
    circuit_booking,
    circuit_funder,
    circuit_funder_booking,
    circuit_funder_controller,
    circuit_reconciliation,
    circuit_reconciliation_item,
    circuit_reconciliation_line,
    circuit_transaction,
    stored_value_entry,
)
