from . import balance, portal
