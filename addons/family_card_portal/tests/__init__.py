from . import test_application, test_area, test_program
