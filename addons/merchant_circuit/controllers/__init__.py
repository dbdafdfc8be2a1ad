from . import merchant
