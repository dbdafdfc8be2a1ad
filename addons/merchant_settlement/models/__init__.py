from . import (
    circuit_funder,
    merchant_payment_line,
    merchant_payment_list,
    merchant_statement,
    merchant_statement_line,
    merchant_statement_run,
    merchant_statement_source,
    settlement_legal,
    settlement_terms,
    settlement_terms_share,
)
