"""A till as a program: raw HTTP on one socket a request, so that its own cost and behaviour are known."""

import json
import re
import socket
import threading
import time
import uuid

from .town_setup import PIN


class NoAnswerError(Exception):
    """The server did not answer (or not with a result of the till): whoever asked does not know what happened."""


class Client:
    """A logged-in user that posts JSON-RPC.

    Odoo answers with HTTP/1.0 and closes: every request is a connection of its own, as behind a proxy.
    """

    def __init__(self, port, db, login, password, timeout=60):
        """Log in over HTTP; raises NoAnswerError when the login is refused."""
        self.port, self.timeout, self.cookie = port, timeout, ""
        reply, headers = self.exchange(
            self.frame("/web/session/authenticate", {"db": db, "login": login, "password": password})
        )
        match = re.search(rb"session_id=([^;\r\n]+)", headers)
        if "result" not in reply or not match:
            raise NoAnswerError(f"login refused: {reply}")
        self.cookie = match.group(1).decode()

    def frame(self, path, params):
        """The bytes of a request."""
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "call", "params": params}).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nContent-Type: application/json\r\n"
            f"Cookie: session_id={self.cookie}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
        )
        return head.encode() + body

    def send(self, frame):
        """Open a connection, send a request and return the socket, unread."""
        sock = socket.create_connection(("127.0.0.1", self.port), timeout=self.timeout)
        sock.sendall(frame)
        return sock

    def exchange(self, frame):
        """Send a request and return (decoded body, headers); raises NoAnswerError without a JSON answer."""
        try:
            with self.send(frame) as sock:
                chunks = []
                while chunk := sock.recv(65536):
                    chunks.append(chunk)
        except OSError as error:
            raise NoAnswerError(str(error)) from error
        headers, _separator, body = b"".join(chunks).partition(b"\r\n\r\n")
        if not headers.startswith((b"HTTP/1.0 200", b"HTTP/1.1 200")):
            raise NoAnswerError(headers[:60].decode(errors="replace") or "closed without an answer")
        try:
            return json.loads(body), headers
        except ValueError as error:
            raise NoAnswerError("half an answer") from error

    def rpc(self, path, **params):
        """Call a JSON-RPC route and return its result; raises NoAnswerError for anything else."""
        reply, _headers = self.exchange(self.frame(path, params))
        if "result" not in reply:
            raise NoAnswerError(str(reply.get("error", {}).get("data", {}).get("message") or reply))
        return reply["result"]

    def call(self, model, method, *args, **kwargs):
        """Call a model's public method."""
        return self.rpc(
            f"/web/dataset/call_kw/{model}/{method}", model=model, method=method, args=list(args), kwargs=kwargs
        )


class Till(Client):
    """A merchant's till: asks, captures by storing an order, takes back."""

    def __init__(self, server, town, merchant, timeout=60):
        """Log the merchant's cashier in."""
        super().__init__(server.port, server.db, merchant.login, merchant.password, timeout)
        self.town, self.merchant = town, merchant
        self.path = f"/pos_circuit/{merchant.config}/"

    def request(self, card, total, key=None, **changes):
        """Parameters of an authorisation: one purchase of `total` euros (str)."""
        key = key or str(uuid.uuid4())
        return {
            "key": key,
            "identifier": card.code,
            "secret": PIN,
            "lines": [{"product_id": self.town.product, "amount": total}],
            "requested": None,
            "order_ref": f"order-{key}",
            **changes,
        }

    def authorize(self, card, total, key=None, **changes):
        """Ask for a card's share of a purchase."""
        return self.rpc(self.path + "authorize", **self.request(card, total, key, **changes))

    def status(self, key):
        """Ask what became of a key."""
        return self.rpc(self.path + "status", key=key)

    def void(self, *keys):
        """Give holds up."""
        return self.rpc(self.path + "void", keys=list(keys))

    def refund(self, origin_key, amount, order_ref, key=None):
        """Prepare a refund."""
        return self.rpc(
            self.path + "refund",
            key=key or str(uuid.uuid4()),
            origin_key=origin_key,
            amount=amount,
            order_ref=order_ref,
        )

    def order(self, total, reply, order_ref):
        """An order as the browser stores it: `total` euros, what a card (or a list of coupons and a card) pays as
        authorised, the rest in cash."""
        replies = reply if isinstance(reply, list) else [reply]
        payments = [(one["key"], float(one["amount"]), self.merchant.card_method, "done") for one in replies]
        rest = round(float(total) - sum(payment[1] for payment in payments), 2)
        if rest > 0:
            payments.append((str(uuid.uuid4()), rest, self.merchant.other_method, False))
        now = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime())
        amount = float(total)
        return {
            "uuid": order_ref,
            "access_token": str(uuid.uuid4()),
            "session_id": self.merchant.session,
            "company_id": self.merchant.company,
            "user_id": self.merchant.user,
            "partner_id": False,
            "date_order": now,
            "amount_total": amount,
            "amount_paid": amount,
            "amount_tax": 0,
            "amount_return": 0,
            "fiscal_position_id": False,
            "pricelist_id": False,
            "lines": [
                [
                    0,
                    0,
                    {
                        "uuid": str(uuid.uuid4()),
                        "product_id": self.town.product,
                        "full_product_name": "Purchase",
                        "qty": 1,
                        "price_unit": amount,
                        "price_subtotal": amount,
                        "price_subtotal_incl": amount,
                        "discount": 0,
                        "tax_ids": [[6, 0, []]],
                        "pack_lot_ids": [],
                        "refunded_orderline_id": False,
                    },
                ]
            ],
            "payment_ids": [
                [
                    0,
                    0,
                    {"uuid": key, "amount": part, "payment_method_id": method, "name": now, "payment_status": status},
                ]
                for key, part, method, status in payments
            ],
            "state": "paid",
            "to_invoice": False,
        }

    def capture(self, total, reply, order_ref):
        """Store the order of an authorised purchase, which captures the card's part."""
        return self.call("pos.order", "sync_from_ui", [self.order(total, reply, order_ref)])


def together(calls, timeout=60):
    """Make calls at the same instant, each in a thread of its own.

    :param calls: functions without arguments
    :return: list of results; an exception stands for itself
    """
    calls = list(calls)
    results, gate = [None] * len(calls), threading.Barrier(len(calls))

    def run(number, call):
        gate.wait(timeout)
        try:
            results[number] = call()
        except Exception as error:
            results[number] = error

    threads = [threading.Thread(target=run, args=(number, call), daemon=True) for number, call in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout)
    return results
