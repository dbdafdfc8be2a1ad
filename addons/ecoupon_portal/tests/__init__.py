from . import test_join
