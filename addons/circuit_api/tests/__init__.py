from . import (
    test_access,
    test_calls,
    test_document,
    test_errors,
    test_key,
    test_merchant_page,
    test_place,
    test_rate,
    test_refusals,
)
