from . import test_access, test_access_log, test_data_export, test_erasure, test_transparency
