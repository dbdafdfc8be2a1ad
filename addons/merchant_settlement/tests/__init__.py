from . import test_settlement_report, test_statement_chain, test_statement_run, test_statement_source
