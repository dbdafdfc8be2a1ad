from . import ecoupon_api_key_new, ecoupon_api_key_show
