from . import ecoupon_entitlement_list
