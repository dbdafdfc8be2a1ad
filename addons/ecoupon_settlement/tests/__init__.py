from . import test_invoice_run, test_invoice_tax
