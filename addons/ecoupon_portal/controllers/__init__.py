from . import citizen_catalogue, citizen_coupons, citizen_reserved, join, member_campaigns, member_coupons
