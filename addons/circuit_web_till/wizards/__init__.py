from . import circuit_web_till_access
