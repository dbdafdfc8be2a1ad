from . import test_entitlements
