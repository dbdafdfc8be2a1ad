from ..rules.safe_sheet import safe_cell, write_csv, write_xlsx
from .isolation import read_committed
from .kept import kept_transaction
from .sql import install_functions, query_about_a_person, to_decimal
