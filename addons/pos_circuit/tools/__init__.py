from .links import check_links
from .settled import SETTLED, is_storing, storing
