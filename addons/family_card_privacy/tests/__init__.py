from . import test_access, test_access_log, test_citizen, test_data_export, test_erasure, test_transparency
