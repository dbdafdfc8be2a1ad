from . import (
    circuit_reason_campaign,
    circuit_reason_join,
    ecoupon_entitlement_key_new,
    ecoupon_entitlement_key_show,
    ecoupon_reward_import,
)
