from . import customer_display, home, merchant, pos, till
