from . import test_application, test_application_state, test_area, test_code, test_program
