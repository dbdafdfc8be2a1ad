from . import (
    test_access,
    test_agreement,
    test_capture,
    test_category,
    test_complaint,
    test_directory,
    test_merchant_page,
    test_offer,
    test_operator,
    test_stop,
    test_suspension,
    test_till,
)
