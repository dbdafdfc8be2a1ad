from . import home, till
