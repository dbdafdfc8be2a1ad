"""Citizens who want the same coupons in the same instant, over HTTP: never one more than there are."""

import re
import threading
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest
from support.till_client import Client

pytestmark = pytest.mark.timeout(300)
PASSWORD = "takes many coupons"


class Citizen:
    """A citizen with a session of the public site."""

    def __init__(self, server, login):
        """Log in."""
        self.url, self.opener = server.url, build_opener(HTTPCookieProcessor(CookieJar()))
        self.post("/web/login", self.token("/web/login"), login=login, password=PASSWORD)

    def token(self, path):
        """The token of the form on a page."""
        with self.opener.open(f"{self.url}{path}", timeout=60) as page:
            return re.search(r'name="csrf_token"\s+value="([^"]+)"', page.read().decode()).group(1)

    def post(self, path, token, **values):
        """Send a form.

        :return: (address of the page it led to, its text)
        """
        data = urlencode({"csrf_token": token, **values}).encode()
        try:
            with self.opener.open(f"{self.url}{path}", data, timeout=120) as page:
                return page.geturl(), page.read().decode()
        except HTTPError as error:
            return str(error.code), error.read().decode()


@pytest.fixture(scope="module")
def citizens(busy_server):
    """Eight citizens, logged in."""
    office = Client(busy_server.port, busy_server.db, "admin", "admin")
    [[portal]] = busy_server.sql("SELECT res_id FROM ir_model_data WHERE module = 'base' AND name = 'group_portal'", [])
    logins = [f"wants_coupons_{number}@example.org" for number in range(8)]
    office.call(
        "res.users",
        "create",
        [
            {"login": login, "name": login, "email": login, "password": PASSWORD, "group_ids": [(6, 0, [portal])]}
            for login in logins
        ],
    )
    return [Citizen(busy_server, login) for login in logins]


@pytest.fixture
def campaign(town):
    """campaign(**values): id of a published campaign of which nobody has a coupon."""

    def publish(**values):
        town.add_coupons(0, **values)
        return town.sql("SELECT max(id) FROM ecoupon_campaign", [])[0][0]

    return publish


def press(citizens, campaign, times):
    """All citizens press the button of a campaign that many times at once.

    :return: list of (address, text), an answer for each press
    """
    path = f"/coupons/{campaign}"
    tokens = {citizen: citizen.token(path) for citizen in citizens}
    start, answers = threading.Barrier(len(citizens) * times), []

    def work(citizen):
        start.wait()
        answers.append(citizen.post(f"{path}/take", tokens[citizen]))

    threads = [threading.Thread(target=work, args=(citizen,)) for citizen in citizens for _time in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert len(answers) == len(threads)
    return answers


def taken(answers):
    """How many presses led to a coupon; none of the others may be an error of the server."""
    assert not [text[:500] for address, text in answers if address in ("400", "403", "500")]
    return sum("/my/coupons/" in address for address, _text in answers)


def coupons(town, campaign):
    """Holder and digest of each coupon of a campaign."""
    return town.sql("SELECT holder_id, digest FROM ecoupon_coupon WHERE campaign_id = %s", [campaign])


def test_forty_presses_for_the_last_coupon(town, citizens, campaign):
    """R-000-38, R-000-05: eight citizens press five times each in one instant: one of them gets the last coupon."""
    last = campaign(quantity=1)

    answers = press(citizens, last, 5)

    assert taken(answers) == 1
    assert len(coupons(town, last)) == 1


def test_as_many_as_a_person_may_have(town, citizens, campaign):
    """R-000-38, R-000-05: two a person, pressed five times at once by four citizens: two each, all different."""
    wanted = campaign(per_person=2)

    answers = press(citizens[:4], wanted, 5)

    made = coupons(town, wanted)
    assert taken(answers) == len(made) == len({digest for _holder, digest in made}) == 8
    assert len({holder for holder, _digest in made}) == 4
