from . import ecoupon_promotion_report
