from . import circuit_merchant_onboarding
