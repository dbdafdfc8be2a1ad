"""Charge a card from a web shop or till: authorise, capture, and what to do when an answer is lost. Python alone.

python api_client.py https://circuit.example cck_… IDENTIFIER SECRET ORDER AMOUNT [AMOUNT …]
"""

import json
import sys
import uuid
from urllib.error import HTTPError
from urllib.request import Request, urlopen


class Circuit:
    """The calls of one shop; the key says which."""

    def __init__(self, address, api_key, language="it"):
        self.address = address + "/circuit/v1"
        self.headers = {"Authorization": f"Bearer {api_key}", "Accept-Language": language}

    def call(self, method, path, body=None, **headers):
        """Return (status, answer). Raises OSError when no answer came: then nobody knows yet what happened."""
        data = None if body is None else json.dumps(body).encode()
        headers = {**self.headers, "Content-Type": "application/json", **headers}
        try:
            reply = urlopen(Request(self.address + path, data, headers, method=method), timeout=20)
        except HTTPError as problem:  # an answer too: problem+json
            reply = problem
        with reply:
            if reply.status >= 500:
                raise OSError(f"the server has failed: {reply.status}")
            return reply.status, json.load(reply)

    def pay(self, identifier, secret, order, amounts):
        """Let a card pay its share of a purchase; return the captured payment or the refusal."""
        key = str(uuid.uuid4())  # keep it with the order before you ask
        purchase = {"identifier": identifier, "order_ref": order, "lines": [{"amount": amount} for amount in amounts]}
        if secret:  # never keep it, never log it
            purchase["secret"] = secret
        name = {"Idempotency-Key": key}
        status, payment = self.certainly(key, lambda: self.call("POST", "/authorizations", purchase, **name))
        if status != 201:  # 200: refused; anything else: a problem
            return payment
        # here the order is stored, and the citizen pays the rest: total less payment["amount"]
        capture = {"order_ref": order, "amount": payment["amount"]}
        return self.certainly(key, lambda: self.call("POST", f"/authorizations/{key}/capture", capture))[1]

    def certainly(self, key, ask):
        """Ask; where the answer is lost, ask for the status of the same key; where that is unknown, void it."""
        try:
            return ask()
        except OSError:
            status, payment = self.call("GET", f"/authorizations/{key}")
            if status == 404:  # perhaps the request is still on its way: from now on it is refused
                status, payment = self.call("POST", f"/authorizations/{key}/void")
            return ask() if payment.get("status") == "authorized" else (status, payment)


if __name__ == "__main__":
    url, api_key, identifier, secret, order, *amounts = sys.argv[1:]
    print(json.dumps(Circuit(url, api_key).pay(identifier, secret, order, amounts), ensure_ascii=False))
