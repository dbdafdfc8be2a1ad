from . import test_area, test_program
