from . import test_entitlements, test_rewards
