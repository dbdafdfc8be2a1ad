from . import entitlements
