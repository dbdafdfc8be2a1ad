"""The API over HTTP, on a server with several workers: many programs at once, and the example of the documentation."""

import json
import re
import socket
import subprocess
import sys
import threading
from decimal import Decimal
from functools import partial
from uuid import uuid4

import pytest
import requests
from support.server import ROOT
from support.till_client import together
from support.town_setup import PIN

pytestmark = pytest.mark.timeout(300)

#: A shell does not tell the workers what to forget, as a request does.
COMMIT = "env.cr.commit()\nenv.registry.signal_changes()\n"


@pytest.fixture(scope="module")
def keys(busy_server, town):
    """An API key of each shop of the town."""
    ids = [merchant.id for merchant in town.merchants]
    out = busy_server.shell(
        f"for shop in env['res.partner'].browse({ids}):\n"
        "    shop.agreement_ids.circuit_id.api_per_minute = 1000\n"
        "    print('KEY', env['circuit.api.key']._issue(shop, 'Test', ['authorize', 'capture', 'void', 'refund', 'status'])"
        "[1])\n\n"
        f"{COMMIT}"
    )
    return re.findall(r"cck_\w+", out)


@pytest.fixture(autouse=True)
def sums_agree(town):
    """After every test every sum is right."""
    yield
    assert town.problems() == []


def call(server, text, method, path, body=None, key=None):
    """Call the API and return the response."""
    headers = {"Authorization": f"Bearer {text}", **({"Idempotency-Key": key} if key else {})}
    return requests.request(method, f"{server.url}/circuit/v1{path}", json=body, headers=headers, timeout=60)


def purchase(card, total, order="web-1"):
    """Body of an authorisation."""
    return {"identifier": card.code, "secret": PIN, "order_ref": order, "lines": [{"amount": total}]}


def test_the_same_key_ten_times_at_once_is_one_debit(busy_server, town, keys):
    """R-004-76, R-004-75: ten equal answers, one debit; the same for ten captures and ten refunds."""
    card, key = town.next_card("100.00"), str(uuid4())
    ask = partial(call, busy_server, keys[0])

    held = together([partial(ask, "POST", "/authorizations", purchase(card, "30.00"), key)] * 10)
    assert {reply.status_code for reply in held} == {201}
    assert len({reply.text for reply in held}) == 1
    assert town.available(card.account) == Decimal("85.00")

    capture = {"order_ref": "web-1", "amount": held[0].json()["amount"]}
    captured = together([partial(ask, "POST", f"/authorizations/{key}/capture", capture)] * 10)
    assert {(reply.status_code, reply.json()["status"]) for reply in captured} == {(200, "captured")}

    refund = {"origin_key": key, "amount": "5.00"}
    refunds = together(partial(ask, "POST", "/refunds", refund, str(uuid4())) for _time in range(10))
    assert sorted(reply.status_code for reply in refunds) == [200] * 7 + [201] * 3
    again = str(uuid4())
    assert town.available(card.account) == Decimal("100.00")
    assert {call(busy_server, keys[0], "POST", "/refunds", refund, again).json()["code"]} == {"ALREADY_REFUNDED"}


def test_a_hold_is_captured_or_voided_never_both(busy_server, town, keys):
    """R-004-76: a shop that captures and voids at the same instant."""
    card = town.next_card("100.00")
    ask = partial(call, busy_server, keys[0])
    for number in range(5):
        key, order = str(uuid4()), f"web-{number}"
        held = ask("POST", "/authorizations", purchase(card, "20.00", order), key).json()
        capture = {"order_ref": order, "amount": held["amount"]}
        replies = together(
            [
                partial(ask, "POST", f"/authorizations/{key}/capture", capture),
                partial(ask, "POST", f"/authorizations/{key}/void"),
            ]
        )
        assert sorted(reply.status_code for reply in replies) == [200, 409]
        assert ask("GET", f"/authorizations/{key}").json()["status"] in ("captured", "voided")


def test_a_key_in_a_loop_does_not_block_another(busy_server, town, keys):
    """SEC: two tills behind one address; the limit holds over all workers together."""
    busy_server.sql("UPDATE circuit_api_rate SET starts_at = starts_at - interval '2 minutes'")
    loop = together([partial(call, busy_server, keys[0], "GET", "/key")] * 20)
    assert {reply.status_code for reply in loop} == {200}
    [(hits,)] = busy_server.sql(
        "SELECT r.hits FROM circuit_api_rate r JOIN circuit_api_key k ON k.id = r.key_id WHERE k.prefix = %s",
        [keys[0][:12]],
    )
    assert hits == 20

    busy_server.sql("UPDATE circuit_api_rate SET hits = 1000 FROM circuit_api_key k WHERE k.id = key_id AND prefix = %s",
                    [keys[0][:12]])  # fmt: skip
    blocked = call(busy_server, keys[0], "GET", "/key")
    assert blocked.status_code == 429
    assert int(blocked.headers["Retry-After"]) >= 1
    card = town.next_card("100.00")
    other = call(busy_server, keys[1], "POST", "/authorizations", purchase(card, "30.00"), str(uuid4()))
    assert other.status_code == 201


def test_a_revoked_key_is_refused_by_every_worker(busy_server, town, keys):
    """SEC: at once, whatever each worker remembers."""
    text = keys[1]
    together([partial(call, busy_server, text, "GET", "/key")] * 12)
    busy_server.shell(f"env['circuit.api.key'].search([('prefix', '=', {text[:12]!r})])._revoke()\n{COMMIT}")
    replies = together([partial(call, busy_server, text, "GET", "/key")] * 12)
    assert {reply.status_code for reply in replies} == {401}


# -------------------------------------------------------------------- the example of the documentation


class Lossy:
    """Stands before the server and loses the answers to some requests, after the server has worked on them."""

    def __init__(self, server, lose):
        self.server, self.lose, self.seen = server, list(lose), []
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        """Pass requests on, one after the other, until the socket is closed."""
        while True:
            try:
                client, _address = self.socket.accept()
            except OSError:
                return
            with client:
                self.pass_on(client)

    def pass_on(self, client):
        """One request; its answer is lost when it is the next to be lost."""
        data = b""
        while b"\r\n\r\n" not in data:
            data += client.recv(65536)
        head, _separator, body = data.partition(b"\r\n\r\n")
        length = int((re.search(rb"(?i)content-length: *(\d+)", head) or [0, 0])[1])
        while len(body) < length:
            body += client.recv(65536)
        what = head.split(b" HTTP")[0].decode()
        self.seen.append(re.sub(r"[0-9a-f-]{36}", "KEY", what))
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=60) as upstream:
            upstream.sendall(head + b"\r\n\r\n" + body)
            answer = b""
            while chunk := upstream.recv(65536):
                answer += chunk
        if self.lose and self.seen[-1].endswith(self.lose[0]):
            self.lose.pop(0)
            return
        client.sendall(answer)


@pytest.fixture
def shop(busy_server, town):
    """Run the example: shop(url, card, secret, amounts…) returns what it prints."""
    out = busy_server.shell(
        f"print(env['circuit.api.key']._issue(env['res.partner'].browse({town.merchants[0].id}), 'Example',"
        " ['authorize', 'capture', 'void', 'status'])[1])\n" + COMMIT
    )
    text = re.search(r"cck_\w+", out)[0]

    def run(url, card, secret, *amounts):
        command = [
            sys.executable,
            str(ROOT / "docs" / "api_client.py"),
            url,
            text,
            card.code,
            secret,
            "web-7",
            *amounts,
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


def test_the_example_pays(busy_server, town, shop):
    """R-004-70: authorise and capture, as the documentation says."""
    card = town.next_card("100.00")
    paid = shop(busy_server.url, card, PIN, "20.00", "10.00")
    assert (paid["status"], paid["amount"]) == ("captured", "15.00")
    assert town.available(card.account) == Decimal("85.00")


def test_the_example_shows_a_refusal(busy_server, town, shop):
    """R-004-76: a sentence, nothing debited."""
    card = town.next_card("100.00")
    refused = shop(busy_server.url, card, PIN, "5.00")
    assert (refused["status"], refused["code"]) == ("refused", "MIN_SPEND")
    assert refused["message"]
    assert town.available(card.account) == Decimal("100.00")


@pytest.mark.parametrize("lost", [["/authorizations"], ["/capture"], ["/authorizations", "/capture"]], ids=" ".join)
def test_the_example_survives_lost_answers(busy_server, town, shop, lost):
    """R-004-76: the status of the same key, and one debit."""
    card, between = town.next_card("100.00"), Lossy(busy_server, lost)
    paid = shop(between.url, card, PIN, "30.00")
    between.socket.close()
    assert (paid["status"], paid["amount"]) == ("captured", "15.00")
    assert between.seen.count("GET /circuit/v1/authorizations/KEY") == len(lost)
    assert town.available(card.account) == Decimal("85.00")
