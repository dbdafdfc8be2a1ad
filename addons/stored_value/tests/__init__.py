from . import test_access, test_ledger, test_ledger_machine
