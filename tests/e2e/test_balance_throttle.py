"""The balance page against somebody who guesses PINs in parallel (R-004-85)."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

URL = "/family-card/balance"
GUESSES = 20
LIMIT = 5


def guess(server, code, pin):
    """Post the form once in a session of its own and return the answer's status and text."""
    with requests.Session() as visitor:
        page = visitor.get(server.url + URL, timeout=30)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]
        answer = visitor.post(server.url + URL, data={"csrf_token": token, "fiscal_code": code, "pin": pin}, timeout=60)
        return answer.status_code, answer.text


@pytest.mark.parametrize("code", ["CNTFNC91T55Z999H", "BNCLRA80A41Z999H"], ids=["known", "unknown"])
def test_parallel_guesses_count_one_by_one(server, sql, code):
    """Exactly five of twenty simultaneous tries are looked at, whether the code has a card or not."""
    with ThreadPoolExecutor(GUESSES) as crowd:
        answers = list(crowd.map(lambda n: guess(server, code, f"{n:02d}314"), range(GUESSES)))
    statuses = sorted(status for status, _text in answers)
    assert statuses == [200] * LIMIT + [429] * (GUESSES - LIMIT)
    # The till does not care about what happens here.
    assert sql("select coalesce(sum(pin_failures), 0) from family_card where fiscal_code = %s", [code]) == [(0,)]


def test_guessed_pins_are_not_in_the_log(server):
    """R-004-74: neither the PIN nor the code of a guess is written anywhere."""
    guess(server, "CNTFNC91T55Z999H", "70314")
    log = server.log.read_text(errors="replace")
    assert "70314" not in log
    assert "CNTFNC91T55Z999H" not in log
