from . import test_access, test_pay, test_reversal, test_till_page
