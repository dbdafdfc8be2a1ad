from . import test_access, test_kept, test_ledger, test_ledger_machine
