"""The loop: each event in the oracle and in Odoo, the two answers side by side, and the ledger every evening."""

import random
from collections import Counter, deque
from datetime import date, timedelta

from .checks import Evening
from .oracle import day_of, first_day_of, start_of
from .people import Population
from .tamper import WAYS
from .till import TillOracle
from .world import World

FIRST, LAST = date(2024, 1, 1), date(2024, 12, 31)


def funds(households):
    """Cents of the sources that pay: the first is spent in the middle of a run."""
    return [20000 * households, 200000 * households]


class DifferenceError(Exception):
    """The oracle and Odoo do not agree; the text says on what."""


class Year:
    """A simulated 2024."""

    def __init__(self, driver, seed=1, households=1000, shops=60, purchases=8, until=LAST, tamper=None):
        """Prepare the municipality in Odoo.

        :param driver: driver.Driver
        :param int purchases: how many a household makes a year, about
        :param date until: last day to live
        :param tamper: tamper.Tamper, what is spoilt behind the oracle's back, or None
        """
        self.driver, self.until, self.tamper = driver, until, tamper
        self.rng = random.Random(seed)  # noqa: S311  a year to repeat, not a secret
        self.oracle = TillOracle(funds(households))
        self.population = Population(self.rng, households, shops)
        self.world = World(self.rng, self.population, self.oracle, purchases)
        self.counts, self.credited, self.story, self.applied = Counter(), Counter(), {}, set()
        self.day = FIRST
        driver.build(self.population, self.rng, self.oracle.funds)
        self.evening = Evening(driver, self.oracle)

    def live(self):
        """Live the year, day by day.

        :raises DifferenceError: at the first thing on which oracle and Odoo do not agree
        """
        while self.day <= self.until:
            for event in self.world.day(self.day):
                self.driver.travel(event.at)
                self.at = event.at
                getattr(self, event.kind)(**event.facts)
            if self.tamper and self.tamper.day == self.day:
                self._spoil()
            tomorrow = self.day + timedelta(days=1)
            full = tomorrow.day == 1 or self.day == self.until
            self._compare(self.day, full)
            self.counts["days"] += 1
            self.day = tomorrow
        if self.until == LAST:
            self._last_night()

    def _last_night(self):
        """The credit that ends with the year is lost as the new one begins."""
        self.at = start_of(self.day) + timedelta(minutes=15)
        self.driver.travel(self.at)
        self.expire()
        self._compare(self.day, full=True)

    def _spoil(self):
        """Try every way of spoiling and take it back; then, when one was asked for, do it in earnest."""
        self._compare(self.day, full=False)
        for name, spoil in WAYS.items():
            caught = self.evening.rehearse(self.day, spoil)
            if not caught:
                self.differ(None, f"spoilt {name}", "caught", "not noticed")
            self.counts[f"spoilt {name}: caught"] += 1
        if self.tamper.way:
            WAYS[self.tamper.way](self.driver)

    def _compare(self, day, full):
        self.driver.commit()
        for found in self.evening.differences(day, full):
            self.differ(found.card, found.where, found.expected, found.found)

    # ------------------------------------------------------------------ comparison

    def tell(self, card, text):
        """Remember what happened to a card."""
        self.story.setdefault(card and card.household.number, deque(maxlen=12)).append(f"{self.at} {text}")

    def same(self, card, where, expected, found):
        """Compare an answer of Odoo with the oracle's."""
        if expected != found:
            self.differ(card, where, expected, found)

    def differ(self, card, where, expected, found):
        """Stop: say what, where, and what happened before.

        :raises DifferenceError: always
        """
        number = card and card.household.number
        lines = [f"{self.day}: {where}", f"  expected {expected}", f"  found    {found}"]
        if card:
            lines += [f"last events of the card of household {number} ({card.kind}, {card.state}):"]
            lines += [f"  {line}" for line in self.story.get(number, [])]
        raise DifferenceError("\n".join(lines))

    # ------------------------------------------------------------------ the office

    def expire(self):
        """Nightly: what is past its time."""
        expected, found = self.oracle.expire(self.at), self.driver.expire()
        self.same(None, "lots expired tonight", expected, found)
        self.counts["lots expired"] += found

    def expire_holds(self):
        """Nightly: what nobody confirmed."""
        expected, found = self.oracle.expire_holds(self.at), self.driver.expire_holds()
        self.same(None, "holds expired tonight", expected, found)
        self.counts["holds expired"] += found

    def checks(self, quarter, verdicts):
        """The office looks at the requirements of a quarter; `verdicts` are (card, passed, failed or open)."""
        for card, verdict in verdicts:
            self.oracle.check(card, quarter, verdict)
            self.counts[f"checks {card.checks[quarter]}"] += 1
        self.driver.check(quarter, verdicts)

    def run(self, quarter):
        """Credit a quarter on all cards: one prepares, another confirms."""
        expected = {}
        for number, card in self.oracle.cards.items():
            state, reason, cents = self.oracle.credit(card, quarter, self.at)
            expected[number] = (state, reason)
            self.tell(card, f"run of {quarter}: {state} {reason or ''} {cents / 100:.2f}")
            self.counts["in runs: " + (reason or ("credited" if cents else "credited before"))] += 1
            self.credited[quarter] += cents
        found = self.driver.run(quarter)
        for number, outcome in expected.items():
            self.same(self.oracle.cards[number], f"credit of {quarter}", outcome, found.get(number))
        self.same(None, f"cards of the run of {quarter}", len(expected), len(found))
        late = day_of(self.at) > first_day_of(quarter).replace(day=10)
        self.same(
            None, f"total and lateness of {quarter}", (self.credited[quarter], late), self.driver.run_facts(quarter)
        )
        self.counts["runs"] += 1

    def act(self, first, changes):
        """The giunta changes parameters from a day."""
        self.oracle.act(first, changes)
        self.driver.act(first, changes)
        self.counts["acts"] += 1

    def extend(self, cards, quarter, ends):
        """The giunta lets some lots live longer."""
        for card in cards:
            self.oracle.extend(card, quarter, ends)
            self.tell(card, f"lots of {quarter} extended to {ends}")
        self.counts["lots extended"] += self.driver.extend(cards, quarter, ends)

    def stop(self, stopped):
        """The circuit is stopped, or started again."""
        self.oracle.stopped = stopped
        self.driver.stop(stopped)
        self.counts["circuit switched"] += 1

    def agreement(self, shop, **facts):
        """A shop's agreement is suspended, or in force again."""
        shop.open = facts["open"]
        self.driver.agreement(shop)
        self.counts["agreements switched"] += 1

    def new_pin(self, card):
        """A locked card gets a new PIN."""
        card.pin = self.driver.new_pin(card)
        card.wrong = 0
        self.tell(card, "new PIN")
        self.counts["PINs renewed"] += 1

    def block(self, card, reason):
        """A card is lost, or the taxes are not paid."""
        card.blocks.add(reason)
        self.driver.block(card, reason)
        self.tell(card, f"blocked: {reason}")
        self.counts[f"blocked: {reason}"] += 1

    def unblock(self, card, reason):
        """It was found again, they were paid."""
        card.blocks.discard(reason)
        self.driver.unblock(card, reason)
        self.tell(card, f"no longer blocked: {reason}")
        self.counts["blocks lifted"] += 1

    def new_head(self, card, person):
        """Somebody else takes over the card of a dead holder; without anybody it is closed."""
        if not person:
            self._close(card, "holder_death")
            return
        day = day_of(self.at)
        heir = self.driver.appoint(card, person, day)
        person.until, heir.since = day - timedelta(days=1), day
        card.household.people.append(heir)
        card.holder = heir
        card.blocks.discard("holder_death")
        self.tell(card, f"{heir.name} is the new head")
        self.counts["new heads"] += 1

    def _close(self, card, reason):
        card.closed = True
        self.driver.close_card(card, reason)
        self.tell(card, f"closed: {reason}")
        self.counts["cards closed"] += 1

    # ------------------------------------------------------------------ residents

    def apply(self, family):
        """A household applies."""
        if family.head(day_of(self.at)):
            self.driver.apply(family)
            self.applied.add(family.number)
            self.counts["applications"] += 1

    def decide(self, family):
        """The card is issued, or the household is gone."""
        day = day_of(self.at)
        if family.number not in self.applied:
            return
        if not family.head(day) or family.head(day) is not family.head(day_of(family.filed)):
            self.driver.refuse(family)
            self.counts["applications refused"] += 1
            return
        card = self.oracle.issue(family, day, self.driver.approve(family))
        self.tell(card, f"issued to {card.holder.name}, {card.kind}, from {card.first}")
        self.same(card, "kind, first quarter and accounts", *self._issued(card))
        self.counts["cards issued"] += 1

    def _issued(self, card):
        return (card.kind, card.first, sorted(card.accounts)), self.driver.issued(card)

    def birth(self, family, person):
        """A child is born."""
        family.people.append(person)
        self._registry("birth", family, person, person.since)

    def move_in(self, family, person):
        """Somebody joins a household."""
        family.people.append(person)
        self._registry("move_in", family, person, person.since)

    def move_out(self, family, people):
        """Somebody leaves, or everybody; then the card is closed."""
        for person in people:
            self._registry("move_out", family, person, day_of(self.at))
        card = self.oracle.cards.get(family.number)
        if card and not family.members(day_of(self.at) + timedelta(days=1)) and card.state != "closed":
            self._close(card, "residence")

    def death(self, family, person):
        """A resident dies; a holder's card is suspended."""
        self._registry("death", family, person, day_of(self.at))
        card = self.oracle.cards.get(family.number)
        if card and card.holder is person and not card.closed:
            card.blocks.add("holder_death")
            self.tell(card, "the holder died")

    def _registry(self, kind, family, person, day):
        if kind in ("death", "move_out"):
            person.until = day
        self.driver.registry(kind, family, person, day)
        self.counts[f"registry: {kind}"] += 1

    def coming_of_age(self):
        """The weekly list of who came of age, without any declaration."""
        expected = self.oracle.of_age(self.population.households, day_of(self.at))
        found = self.driver.coming_of_age()
        self.same(None, "who came of age", expected, found)
        self.counts["registry: coming_of_age"] += len(found)

    # ------------------------------------------------------------------ shops

    def sale(self, ask, fate):
        """A purchase, and what the till does with the answer."""
        expected = self.oracle.purchase(self.at, ask)
        found = self.driver.purchase(ask)
        cents = sum(amount for amount, _activity in ask.lines)
        self.tell(ask.card, f"{cents / 100:.2f} at {ask.shop.category}/{ask.shop.activity} → {expected}")
        self.same(ask.card, f"answer to {ask}", expected, found)
        self.counts["purchases"] += 1
        if expected["status"] == "refused":
            self.counts[f"refused {expected['code']}"] += 1
            return
        self.counts["cents authorised"] += expected["amount"]
        if fate == "twice":
            self.same(ask.card, "the same key again", self.oracle.purchase(self.at, ask), self.driver.purchase(ask))
        elif fate == "conflict":
            ask.lines = [*ask.lines, (100, None)]
            self.same(ask.card, "key with more goods", self.oracle.purchase(self.at, ask), self.driver.purchase(ask))
            ask.lines.pop()
        self.counts[f"sales: {fate}"] += 1
        if fate in ("void", "conflict"):
            self.oracle.release(ask.key, self.at, "voided")
            self.driver.void(ask)
        elif fate != "forget":
            self.counts["cents spent"] += self.oracle.capture(ask.key).amount
            self.driver.capture(ask, expected["amount"])
        self.tell(ask.card, fate)

    def refund(self, payment, key, cents):
        """Goods come back."""
        expected = self.oracle.refund(self.at, key, payment.key, payment.shop, cents)
        self.tell(payment.card, f"refund of {cents / 100:.2f} on {payment.amount / 100:.2f} → {expected}")
        self.same(payment.card, "refund", expected, self.driver.refund(payment, key, cents))
        self._refunded(expected)

    def reverse(self, payment):
        """The office reverses a payment: all that is left of it goes back."""
        key, found = self.driver.reverse(payment)
        expected = self.oracle.refund(self.at, key, payment.key, payment.shop, payment.amount)
        self.tell(payment.card, f"reversal of {payment.amount / 100:.2f} → {expected}")
        self.same(payment.card, "reversal", expected.get("amount"), found)
        self._refunded(expected)

    def _refunded(self, expected):
        self.counts["refunds"] += 1
        if expected["status"] == "refused":
            self.counts[f"refused {expected['code']}"] += 1
        else:
            self.counts["cents given back"] += expected["amount"]
