"""Three things that look wrong, for whoever shows the list of suspicious patterns: a card that runs from shop to shop, a
purchase in pieces, and a till at which somebody tries numbers. All go through the till service like every purchase."""

import uuid
from datetime import timedelta
from decimal import Decimal

from odoo import fields

from odoo.addons.merchant_circuit.rules.till import Line

from . import clock

#: Cards that nothing else in the demo speaks of, by household.
RUNNER, PIECES = "h07", "h09"
#: The runner's way: purchases of this value at these shops, one after the other.
WAY = ("alimentari", "abbigliamento", "casalinghi", "cartolibreria", "parrucchiera", "officina", "bar", "trattoria")
WAY_STOPS = 4
TRIES = 16


def act(story):
    """Carry the three out, some days ago, and let the office find them.

    :param story: story.Replay, whose cards and tills are used.
    """
    calendar = story.calendar
    last_week = (calendar.now - timedelta(days=4)).replace(hour=9, minute=5, second=0)
    _run(story, last_week)
    _pieces(story, last_week + timedelta(days=1, hours=2))
    _try_numbers(story, last_week + timedelta(days=2, hours=8))
    _look(story)


def _run(story, at):
    """One card at four shops within nine minutes."""
    stops = 0
    for shop in WAY:
        with clock.at(at + timedelta(minutes=3 * stops)):
            stops += bool(_pay(story, RUNNER, shop, Decimal("12.00")))
            story.deliver()
        if stops == WAY_STOPS:
            return


def _pieces(story, at):
    """Three purchases barely above the minimum, ten minutes apart."""
    for minutes, amount in ((0, "10.40"), (9, "11.00"), (21, "10.90")):
        with clock.at(at + timedelta(minutes=minutes)):
            _pay(story, PIECES, "alimentari", Decimal(amount))
            story.deliver()


def _try_numbers(story, at):
    """Card numbers that do not exist, one after the other, slow enough not to be made to wait."""
    till, terminal = story._till("bar")
    for number in range(TRIES):
        with clock.at(at + timedelta(minutes=9 * number)):
            till._authorize(
                terminal,
                {
                    "key": _key("try", number),
                    "identifier": f"FC-{story.calendar.year}-{900000 + number}",
                    "secret": "13579",
                    "lines": [{"amount": "30.00", "activity_id": None}],
                    "requested": None,
                    "order_ref": _key("order", number),
                },
            )


def _pay(story, family, shop, amount):
    """Charge a card at a shop.

    :return: whether it was accepted.
    """
    till, terminal = story._till(shop)
    key = _key(family, shop, fields.Datetime.now())
    reply = till._authorize(
        terminal,
        {
            "key": key,
            "identifier": story.cards[family].fiscal_code,
            "secret": story.families[family].facts["pin"],
            "lines": [{"amount": f"{amount:.2f}", "activity_id": None}],
            "requested": None,
            "order_ref": key,
        },
    )
    if reply["status"] != "authorized":
        return False
    till.env["circuit.transaction"]._capture(terminal, key, key, Decimal(reply["amount"]), [Line(amount, None)])
    return True


def _look(story):
    """Find the cases; one is taken up."""
    env = story.env
    office = env["res.users"].search([("login", "=", "responsabile")])
    story.shops.circuit.review_user_id = office
    with clock.at(story.calendar.now):
        cases = env["circuit.review.case"]._review_circuit(story.shops.circuit)
        cases.filtered(lambda case: case.kind == "failures").with_user(office).action_take_up()


def _key(*parts):
    return str(uuid.uuid5(uuid.NAMESPACE_OID, " ".join(map(str, parts))))
