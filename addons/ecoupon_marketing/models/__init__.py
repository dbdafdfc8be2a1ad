from . import (
    circuit_circuit,
    ecoupon_campaign,
    ecoupon_consent,
    ecoupon_newsletter,
    link_tracker_click,
    mailing_mailing,
)
