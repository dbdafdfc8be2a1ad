from . import (
    circuit_account_setup,
    circuit_transaction_reverse,
    merchant_payment_result,
    merchant_statement_batch,
    merchant_statement_batch_line,
    merchant_statement_reason,
)
