"""The citizens of the coupon tests: what the server is told of them, and what the browser types."""

import base64

#: Fiscal codes of invented people.
CODES = {"anna.coupons": "BNCNNA85B41F205Y", "luca.coupons": "VRDLGI70C15F205X"}
PASSWORD = "a-long-password-of-a-citizen"
#: Second factor of both.
SECRET = base64.b32encode(b"second-factor-tests!").decode()
