"""The year replayed event by event, in the order in which it happened."""

import uuid
from datetime import date, time, timedelta
from decimal import Decimal
from unittest.mock import patch

from odoo.addons.family_card.rules import pin as pins
from odoo.addons.merchant_circuit.rules.till import Line, Terminal

from . import clock, program, purchases, settlement
from .seasons import instant

#: The card every description of the demo speaks of: 56.25 on COMMERCIO, nothing spent.
STORY = "h01"
STORY_NUMBER = 123

#: Credited for the first time in the current quarter and left alone, for whoever shows the till.
UNTOUCHED = 0


class Replay:
    """Carries out the events, each at its own time."""

    def __init__(self, env, calendar, programme, shops, families, rng):
        """See ``replay``."""
        self.env, self.calendar, self.programme = env, calendar, programme
        self.shops, self.families, self.rng = shops, families, rng
        self.periods = {period.number: period for period in programme.period_ids}
        self.tobacco = env.ref("merchant_circuit.activity_tobacco").id
        self.special_act = program.special_act(env, programme)
        self.cards, self.issued_at = {}, {}
        self.settlement = settlement.Settlement(self)

    # ------------------------------------------------------------ the timeline

    def events(self):
        """All events as (instant, function, arguments), in order."""
        events = []
        for key, family in self.families.items():
            self.issued_at[key] = self._issue_date(family)
            events.append((self.issued_at[key], self.issue, (key,)))
        events += [(load.at, self.load, (load,)) for load in self.calendar.loads]
        expiry = instant(date(self.calendar.year, 10, 1), time(0, 10))
        if expiry < self.calendar.now:
            events.append((expiry, self.expire, ()))
        events += self._shopping()
        events += self.settlement.events()
        return sorted(events, key=lambda event: event[0])

    def _issue_date(self, family):
        """When the application was accepted: it decides the first quarter (R-004-21, R-004-22)."""
        first = int(family.facts["first_quarter"])
        if first == UNTOUCHED:
            return self.calendar.loads[-1].at - timedelta(days=6)
        if first == 1:
            day = self.calendar.filing_opens + timedelta(days=self.rng.randint(1, 26))
        else:
            day = date(self.calendar.year, 3, 21) + timedelta(days=self.rng.randint(0, 9))
        return instant(day, time(self.rng.randint(9, 12), self.rng.randint(0, 59)))

    def _shopping(self):
        """Purchases, two of them taken back, and the suspension after a holder's death."""
        events = []
        for key, family in self.families.items():
            if int(family.facts["first_quarter"]) == UNTOUCHED:
                continue
            start = max(self.calendar.loads[0].at, self.issued_at[key])
            end = self.calendar.now - timedelta(minutes=10)
            if family.facts["state"] == "suspended":
                end = max(self.calendar.now - timedelta(days=12), self.issued_at[key] + timedelta(hours=1))
                events.append((end, self.suspend, (key,)))
            bought = purchases.plan(self.rng, key, family.facts["kind"] == "special", start, end)
            events += [(purchase.at, self.buy, (purchase,)) for purchase in bought]
            if key in ("h05", "h20") and bought:
                back = bought[-1].at + timedelta(minutes=45)
                events.append((min(back, self.calendar.now), self.take_back, (bought[-1],)))
        return events

    # --------------------------------------------------------------- the events

    def issue(self, key):
        """Issue a card with the PIN of the data file (R-004-72)."""
        family = self.families[key]
        facts = family.facts
        card = self.env["family.card"].create(
            {
                "program_id": self.programme.id,
                "household_id": family.partner.id,
                "holder_id": family.head.id,
                "kind": facts["kind"],
                "special_act_id": self.special_act.id if facts["kind"] == "special" else False,
                "annual_amount": facts["annual_amount"],
                "first_period_id": self._first_period(facts).id,
                "phone": facts["phone"],
                "number": f"FC-{self.programme.year}-{STORY_NUMBER:06d}" if key == STORY else False,
            }
        )
        with patch.object(pins, "generate", lambda length: facts["pin"]):
            card.action_activate()
        self.cards[key] = card

    def _first_period(self, facts):
        first = int(facts["first_quarter"])
        return self.periods[self.calendar.loads[-1].quarter if first == UNTOUCHED else first]

    def load(self, load):
        """Check the requirements, prepare the credit run of a quarter and let a second person confirm it
        (R-004-27, R-004-49)."""
        period = self.periods[load.quarter]
        office, head = (self._staff(login) for login in ("ufficio", "responsabile"))
        self.programme.with_user(office)._make_checks(period)
        checks = self.env["family.card.check"].with_user(office)
        checks.search([("period_id", "=", period.id), ("outcome", "=", "pending")]).action_pass()
        run = self.env["family.card.credit.run"].with_user(office)
        run = run.create({"program_id": self.programme.id, "period_id": period.id})
        run.action_preview()
        run.with_user(head).action_confirm()

    def _staff(self, login):
        return self.env["res.users"].search([("login", "=", login)])

    def expire(self):
        """Book what was not spent in time (R-004-55)."""
        self.env["stored.value.account"]._expire_due()

    def suspend(self, key):
        """Suspend a card at the holder's death (R-004-59)."""
        self.cards[key]._change_state("suspended", "holder_death")

    def buy(self, purchase):
        """Charge a card at a shop's till; a refusal for want of credit simply ends the visit."""
        till, terminal = self._till(purchase.shop)
        lines = self._lines(purchase)
        key = self._key(purchase)
        reply = till._authorize(
            terminal,
            {
                "key": key,
                "identifier": self.cards[purchase.family].fiscal_code,
                "secret": self.families[purchase.family].facts["pin"],
                "lines": [{"amount": f"{line.amount:.2f}", "activity_id": line.activity_id} for line in lines],
                "requested": None,
                "order_ref": key,
            },
        )
        if reply["status"] == "authorized":
            till.env["circuit.transaction"]._capture(terminal, key, key, Decimal(reply["amount"]), lines)

    def take_back(self, purchase):
        """Refund a purchase; the credit returns to its lots (R-004-84)."""
        till, terminal = self._till(purchase.shop)
        origin = till.env["circuit.transaction"].search([("key", "=", self._key(purchase))])
        if origin.state != "captured":
            return
        key = str(uuid.uuid5(uuid.NAMESPACE_OID, f"refund {origin.key}"))
        reply = till._refund(
            terminal,
            {
                "key": key,
                "origin_key": origin.key,
                "amount": f"{origin.amount:.2f}",
                "order_ref": key,
                "reason": "Merce restituita",
            },
        )
        if reply["status"] == "authorized":
            till.env["circuit.transaction"]._capture(terminal, key, key, Decimal(reply["amount"]))

    # ---------------------------------------------------------------- helpers

    def _till(self, shop):
        """The till service as the shop's cashier calls it, and the shop's terminal."""
        partner, config = self.shops.partners[shop], self.shops.tills[shop]
        # sudo: as the till's controller does after it checked the terminal.
        till = self.env["circuit.till"].with_user(self.shops.cashiers[shop][:1]).sudo()
        return till, Terminal(partner.id, config.company_id.id, "pos", f"pos.config,{config.id}", "")

    def _lines(self, purchase):
        goods = [Line(purchase.amount, None)]
        return [*goods, Line(purchase.tobacco, self.tobacco)] if purchase.tobacco else goods

    @staticmethod
    def _key(purchase):
        return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{purchase.family} {purchase.at} {purchase.shop}"))

    def deliver(self):
        """Send the queued messages, so that the outbox shows them at their time."""
        self.env["sms.sms"].search([("state", "=", "outgoing")]).send()


def replay(env, calendar, programme, shops, families, rng):
    """Issue the cards, load the quarters, go shopping and settle the shops up to now.

    :param calendar: Season.
    :param programme: family.card.program.
    :param shops: circuit.Shops.
    :param families: dict of households.Family.
    :param rng: random.Random.
    :return: Replay.
    """
    story = Replay(env, calendar, programme, shops, families, rng)
    story.settlement.set_terms()
    for moment, event, arguments in story.events():
        with clock.at(moment):
            event(*arguments)
            story.deliver()
    story.settlement.reconcile()
    return story
