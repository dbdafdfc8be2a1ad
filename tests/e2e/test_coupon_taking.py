"""Citizens who want the same coupons in the same instant, over HTTP: never one more than there are."""

import re
from functools import partial
from threading import Thread

import pytest
from support import database
from support.till_client import Client, together
from support.visitor import Visitor
from support.waiting import waiting

pytestmark = pytest.mark.timeout(300)
PASSWORD = "takes many coupons"


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
    return [Visitor(busy_server, login, PASSWORD) for login in logins]


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
    return together([partial(citizen.post, f"{path}/take", tokens[citizen]) for citizen in citizens] * times, 120)


def add(pairs):
    """Each citizen types the code of a coupon handed out on paper, all in one instant.

    :param pairs: list of (Visitor, code)
    :return: list of (address, text)
    """
    tokens = {citizen: citizen.token("/my/coupons") for citizen, _code in pairs}
    calls = [partial(citizen.post, "/my/coupons/add", tokens[citizen], code=code) for citizen, code in pairs]
    return together(calls, 120)


def taken(answers):
    """How many presses led to a coupon; none of the others may be an error of the server."""
    assert not [text[:500] for address, text in answers if address in ("400", "403", "500")]
    return sum(bool(re.search(r"/my/coupons/\d+$", address)) for address, _text in answers)


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


def test_one_paper_coupon_typed_by_eight_citizens(town, citizens):
    """R-000-05, R-000-38: whoever comes first has it, the others read that somebody has."""
    [coupon] = town.add_coupons(1)

    answers = add([(citizen, coupon.code) for citizen in citizens])

    assert taken(answers) == 1
    assert sum("somebody else" in text for _address, text in answers) == 7


def test_paper_coupons_where_a_person_has_one(busy_server, town, citizens):
    """R-000-05, R-000-38: one citizen types four codes of a campaign of one a person, all looked at before any is
    written, and keeps one."""
    coupons = town.add_coupons(4, per_person=1)
    kept = "SELECT count(*) FROM ecoupon_coupon WHERE id = ANY(%s) AND holder_id IS NOT NULL"
    answers = []
    typing = Thread(target=lambda: answers.extend(add([(citizens[0], coupon.code) for coupon in coupons])))

    with database.connection(busy_server.db) as held, held.cursor() as cursor:
        held.autocommit = False
        # nobody can become the holder of anything while this row is locked
        cursor.execute("SELECT 1 FROM res_partner WHERE name = 'wants_coupons_0@example.org' FOR UPDATE")
        typing.start()
        waiting(busy_server, count=4)
        held.rollback()
    typing.join(120)

    assert taken(answers) == 1
    assert town.sql(kept, [[coupon.id for coupon in coupons]]) == [(1,)]
