"""B15: the redemption of a coupon against PostgreSQL alone: the same floor as the card's."""

import random

from . import charge, function

COUPONS = 4000
# a coupon is drawn more than once in a run; its uses are counted at each
USES = 1000


def measure(stage, options):
    """Compare requests a second at one and eight clients, and the CPU of the two functions call by call.

    :return: (metrics, runs)
    """
    coupons, draw = stage.town.add_coupons(COUPONS, uses=USES), random.Random()
    stage.server.sql("VACUUM ANALYZE")

    def redeem(till):
        return till.path + "authorize", till.request(draw.choice(coupons), charge.PURCHASE)

    def vary(payload):
        payload["coupon_id"] = payload["hold"]["instrument_id"] = draw.choice(coupons).id

    return function.compare(stage, options, redeem, "ecoupon_charge", coupons, vary)
