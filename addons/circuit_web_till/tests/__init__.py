from . import test_access, test_pay, test_place, test_reversal, test_till_page
