from . import test_entitlement, test_identity, test_join, test_login_level, test_till, test_till_uses
