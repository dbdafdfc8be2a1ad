from . import (
    test_booking,
    test_reconciliation,
    test_reconciliation_access,
    test_setup,
)
