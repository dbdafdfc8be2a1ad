from . import (
    test_access,
    test_balance_overview,
    test_card,
    test_credit_run,
    test_household,
    test_identify,
    test_messages,
    test_pin,
    test_program,
    test_registry_event,
    test_registry_import,
    test_till_examples,
)
