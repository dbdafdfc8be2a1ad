from . import test_consent, test_newsletter, test_promotion_report
