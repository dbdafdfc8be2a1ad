from . import (
    circuit_account_setup,
    merchant_payment_result,
    merchant_statement_batch,
    merchant_statement_batch_line,
    merchant_statement_reason,
)
