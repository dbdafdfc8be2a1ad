from ..rules.safe_sheet import safe_cell, write_csv, write_xlsx
from .defaults import own_defaults
from .isolation import read_committed
from .sql import install_functions, to_decimal
