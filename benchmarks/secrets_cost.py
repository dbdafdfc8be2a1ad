"""B13: what it costs to know who asks (an API key) and who pays (the PIN), against the empty route."""

import re

from support.till_client import Client

from . import charge, load

ROUNDS = 3000
# Odoo's passwords are slow on purpose; a PIN is a keyed digest whose tries are counted
PIN = f"""
import time
card = env["family.card"]
digests = [card._pin_digest("salt", f"{{number:05d}}") for number in range(100)]
start = time.process_time()
for number in range({ROUNDS}):
    card._pin_digest("salt", f"{{number:05d}}")
print("PIN", 1000 * (time.process_time() - start) / {ROUNDS})
"""
KEY = """
circuit = env["circuit.circuit"].browse(%(circuit)s)
circuit.api_per_minute = 100000
_key, text = env["circuit.api.key"]._issue(env["res.partner"].browse(%(merchant)s), "Benchmark", {"status"}, None)
env.cr.commit()
print("KEY", text)
"""


class ApiClient(Client):
    """A program outside that asks what became of a payment."""

    def __init__(self, port, key, timeout=60):
        """Nothing is sent yet."""
        self.port, self.key, self.timeout = port, key, timeout

    def frame(self, path, _params):
        """The bytes of a request."""
        host = f"Host: 127.0.0.1:{self.port}\r\nAuthorization: Bearer {self.key}"
        return f"GET {path} HTTP/1.1\r\n{host}\r\nConnection: close\r\n\r\n".encode()

    def exchange(self, frame):
        """Send a request; the answer as JSON-RPC would wrap it."""
        body, headers = super().exchange(frame)
        return {"result": body}, headers


def measure(stage, options):
    """CPU of the empty route and of the same question through the session and through the API.

    :return: (metrics, runs)
    """
    till = stage.tills[0]
    paid = till.authorize(stage.town.cards[0], charge.PURCHASE)["key"]
    api = ApiClient(stage.server.port, _print(stage, "KEY", KEY % _ids(stage, till)))
    pin = float(_print(stage, "PIN", PIN))
    subjects = {
        "ping": ([till] * 2, charge.ping, None),
        "session": ([till] * 2, lambda client: (f"{client.path}status", {"key": paid}), charge.word),
        "api": ([api] * 2, lambda _client: (f"/circuit/v1/authorizations/{paid}", {}), charge.word),
    }
    runs = []
    for repetition in range(options.repetitions + 1):
        for name, (clients, request, answer) in subjects.items():
            run = load.closed_loop(stage.server, clients, request, options.seconds, answer)
            charge.all_good(name, run)
            if repetition:  # the first turn fills the caches
                runs.append({"subject": name, "repetition": repetition, **run._asdict()})
    cpu = {name: [r["odoo_ms"] + r["postgres_ms"] for r in runs if r["subject"] == name] for name in subjects}
    rows = list(zip(*cpu.values(), strict=True))
    metrics = {
        "auth_ratio": load.spread([(pin + api - session) / ping for ping, session, api in rows]),
        "pin_ratio": load.spread([pin / ping for ping in cpu["ping"]]),
        "pin_ms": round(pin, 5),
        **{f"{name}_cpu_ms": load.spread(values) for name, values in cpu.items()},
    }
    return metrics, runs


def _ids(stage, till):
    return {"circuit": stage.town.circuit, "merchant": till.merchant.id}


def _print(stage, word, code):
    return re.search(rf"{word} (\S+)", stage.server.shell(code))[1]
