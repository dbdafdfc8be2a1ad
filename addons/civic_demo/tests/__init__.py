from . import test_data, test_purchases, test_seasons, test_settlement
