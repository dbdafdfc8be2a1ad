from . import home, merchant, pos, till
