from . import test_statement_chain, test_statement_run, test_statement_source
