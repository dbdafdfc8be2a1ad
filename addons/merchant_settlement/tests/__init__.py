from . import (
    test_payment_list,
    test_payment_result,
    test_settlement_exception,
    test_settlement_report,
    test_settlement_setup,
    test_statement_approval,
    test_statement_bill,
    test_statement_chain,
    test_statement_random,
    test_statement_run,
    test_statement_source,
)
