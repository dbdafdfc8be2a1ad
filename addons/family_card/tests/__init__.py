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
    test_quotient,
    test_quotient_simulation,
    test_till_examples,
)
