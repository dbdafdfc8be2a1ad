from . import (
    test_entitlement,
    test_entitlement_key,
    test_entitlement_list,
    test_entitlement_log,
    test_identity,
    test_join,
    test_login_level,
    test_reserved_rpc,
    test_till,
    test_till_uses,
    test_wallet_reward,
    test_wallet_till,
)
