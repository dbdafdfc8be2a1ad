from . import (
    test_capture,
    test_closing,
    test_forgery,
    test_holds,
    test_isolation,
    test_onboarding,
    test_place,
    test_refund,
    test_routes,
    test_session_report,
    test_tour,
)
