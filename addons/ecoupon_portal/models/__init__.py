from . import (
    ecoupon_campaign,
    ecoupon_campaign_words,
    ecoupon_code_try,
    ecoupon_coupon,
    ecoupon_engagement,
    ecoupon_view,
    res_partner_member,
)
