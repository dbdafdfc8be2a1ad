"""One company presses the button of the joining form several times in one instant, over HTTP."""

from functools import partial

import pytest
from support.till_client import Client, together
from support.visitor import Visitor

pytestmark = pytest.mark.timeout(300)
FORM = {
    "name": "Pasticceria Viola s.r.l.",
    "vat": "12345670017",
    "city": "Bergamo",
    "email": "viola@example.org",
    "contact": "Anna Viola",
    "role_accept": "1",
    "has_shop": "1",
}


@pytest.fixture(scope="module")
def terms(busy_server, town):
    """Id of the terms the town's circuit publishes."""
    office = Client(busy_server.port, busy_server.db, "admin", "admin")
    [terms] = office.call(
        "ecoupon.join.terms",
        "create",
        [{"circuit_id": town.circuit, "date_from": "2020-01-01", "text": "<p>The same for everybody.</p>"}],
    )
    return terms


def record(town, name):
    """Id of a record that an addon brings."""
    module, name = name.split(".")
    return town.sql("SELECT res_id FROM ir_model_data WHERE module = %s AND name = %s", [module, name])[0][0]


def test_one_company_presses_four_times_at_once(busy_server, town, terms):
    """R-000-37: one request is filed, the other presses read that it was received."""
    visitors = [Visitor(busy_server) for _window in range(4)]
    path = f"/circuit/town-{town.circuit}/join"
    tokens = [visitor.token(path) for visitor in visitors]
    form = FORM | {
        "terms": terms,
        "country_id": record(town, "base.it"),
        "activity_id": record(town, "merchant_circuit.activity_grocery"),
    }

    answers = together(
        [partial(visitor.post, path, token, **form) for visitor, token in zip(visitors, tokens, strict=True)], 180
    )

    filed = town.sql("SELECT number FROM ecoupon_join_request WHERE terms_id = %s", [terms])
    assert len(filed) == 1
    assert sum(filed[0][0] in text for _address, text in answers) == 1
    assert sum("was received already" in text for _address, text in answers) == 3
