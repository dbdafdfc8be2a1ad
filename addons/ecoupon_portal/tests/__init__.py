from . import test_catalogue, test_engagement, test_join, test_member, test_own_coupons, test_reserved_area
