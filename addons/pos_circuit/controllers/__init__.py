from . import home, pos, till
