from . import household_data
