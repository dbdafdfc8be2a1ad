from . import (
    test_campaign_books,
    test_invoice_access,
    test_invoice_books,
    test_invoice_portal,
    test_invoice_run,
    test_invoice_tax,
)
