from .isolation import read_committed
from .sql import install_functions, to_decimal
