from . import balance, portal, registry
