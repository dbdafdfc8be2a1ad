"""B5: races for the last euro and against everything else that touches an account, each checked on its own."""

import random
import time
import uuid
from collections import Counter
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from support.till_client import together

TEN = Decimal("10.00")


class Result(NamedTuple):
    """What came out of a race: the credit there was, what was granted and kept, and whether the answers were allowed."""

    account: int
    before: Decimal
    credited: Decimal
    granted: Decimal
    right: bool


class Races:
    """Runs races of one kind after the other on fresh accounts."""

    def __init__(self, stage, seed=0):
        """Race on a Stage; the same seed gives the same plan."""
        self.town, self.tills, self.office, self.sql = stage.town, stage.tills, stage.office, stage.server.sql
        self.draw = random.Random(seed)
        self.cards = iter([])

    def kinds(self):
        """Share of each kind of race."""
        return {
            self.last_euro: 40,
            self.same_key: 20,
            self.void: 15,
            self.credit: 10,
            self.refund: 7,
            self.suspension: 5,
            self.expiry: 3,
        }

    def run(self, races):
        """Run races of all kinds in random order.

        :return: (metrics, list of the races that went wrong)
        """
        counts, bad, per_kind, answered = Counter(), [], Counter(), 0
        kinds = self.draw.choices(list(self.kinds()), list(self.kinds().values()), k=races)
        for kind in kinds:
            result = kind()
            verdict = self._judge(result)
            counts[verdict] += 1
            per_kind[kind.__name__] += 1
            answered += 1
            if verdict != "good":
                bad.append({"kind": kind.__name__, "verdict": verdict, **result._asdict()})
        metrics = {"races": answered, **{name: counts[name] for name in ("overspent", "lost", "duplicate", "wrong")}}
        metrics |= {f"races_{name}": count for name, count in sorted(per_kind.items())}
        return metrics, bad

    def _judge(self, result):
        """One word for a race: what the ledger says against what the tills were told."""
        moved = result.before + result.credited - self.town.available(result.account)
        if result.granted > result.before + result.credited:
            return "overspent"
        if moved < result.granted:
            return "lost"
        if moved > result.granted:
            return "duplicate"
        return "good" if result.right else "wrong"

    # ------------------------------------------------------------------ parts

    def _card(self, credit=None):
        """A card whose accounts no race has touched: its COMMERCIO account holds `credit` and nothing else."""
        try:
            card = next(self.cards)
        except StopIteration:
            self.cards = iter(self.town.cards)
            card = next(self.cards)
        # what earlier races and benchmarks left is given up: the ledger's own way is an expiry
        self.sql(
            "UPDATE stored_value_lot SET expires_at = greatest(available_from + interval '1 second',"
            " now() AT TIME ZONE 'UTC' - interval '2 seconds') WHERE account_id = %s AND remaining > 0",
            [card.account],
        )
        self.sql("SELECT stored_value_expire(%s, now() AT TIME ZONE 'UTC', 1)", [card.account])
        if credit:
            self.town.credit(card.account, credit)
        return card

    def _tills(self):
        return self.draw.sample(self.tills, self.draw.randint(2, len(self.tills)))

    def _ask(self, till, card, key=None):
        """A call for 10.00 of a purchase of 20.00."""
        return partial(till.authorize, card, "20.00", key=key or str(uuid.uuid4()), requested="10.00")

    @staticmethod
    def _later(call, milliseconds):
        def wait():
            time.sleep(milliseconds / 1000)
            return call()

        return wait

    # ------------------------------------------------------------------ races

    def last_euro(self):
        """2 to 16 tills want 10.00 of the last 10.00."""
        card = self._card(TEN)
        words = _words(together(self._ask(till, card) for till in self._tills()))
        right = words["authorized"] == 1 and set(words) <= {"authorized", "NO_CREDIT", "ACCOUNT_LIMIT"}
        return Result(card.account, TEN, Decimal(0), words["authorized"] * TEN, right)

    def same_key(self):
        """One till sends the same key 2 to 16 times: one debit, equal answers."""
        card, till, key = self._card("50.00"), self.draw.choice(self.tills), str(uuid.uuid4())
        replies = together([self._ask(till, card, key)] * self.draw.randint(2, 16))
        right = _words(replies).keys() == {"authorized"} and all(reply == replies[0] for reply in replies)
        return Result(card.account, Decimal(50), Decimal(0), TEN, right)

    def void(self):
        """A charge, and its void at about the same time: nothing stays held, the key is dead."""
        card, till, key = self._card("50.00"), self.draw.choice(self.tills), str(uuid.uuid4())
        void = self._later(lambda: till.void(key)[key], self.draw.uniform(0, 8))
        charge = self._later(self._ask(till, card, key), self.draw.uniform(0, 4))
        words = _words(together([charge, void, void]))
        right = words["voided"] == 2 and words["authorized"] + words["KEY_USED"] == 1
        return Result(card.account, Decimal(50), Decimal(0), Decimal(0), right)

    def credit(self):
        """Charges for 10.00 each while a second 10.00 is credited, twice with the same origin."""
        card, origin = self._card(TEN), f"race:{uuid.uuid4()}"
        credit = self._later(partial(self.town.credit, card.account, TEN, origin=origin), self.draw.uniform(0, 6))
        tills = self._tills()
        replies = together([*(self._ask(till, card) for till in tills), credit, credit])
        words = _words(replies[: len(tills)])
        right = words["authorized"] in (1, 2) and set(words) <= {"authorized", "NO_CREDIT", "ACCOUNT_LIMIT"}
        right = right and replies[len(tills) :] == [None, None]
        return Result(card.account, TEN, TEN, words["authorized"] * TEN, right)

    def refund(self):
        """Refunds of 4.00 of a captured 10.00 at once: never more than 10.00, and nothing moves before capture."""
        card, till = self._card("50.00"), self.draw.choice(self.tills)
        paid = self._ask(till, card)()
        self.sql("UPDATE circuit_transaction SET state = 'captured', captured_at = now() WHERE key = %s", [paid["key"]])
        calls = [partial(till.refund, paid["key"], "4.00", f"return-{n}") for n in range(self.draw.randint(2, 8))]
        replies = together(calls)
        granted = sum((Decimal(reply["amount"]) for reply in replies if reply.get("amount")), Decimal(0))
        right = granted == min(TEN, 4 * len(calls)) and set(_words(replies)) <= {"authorized", "ALREADY_REFUNDED"}
        return Result(card.account, Decimal(50), Decimal(0), TEN, right)

    def suspension(self):
        """Charges while the office suspends the card: afterwards none is accepted."""
        card, tills = self._card("200.00"), self._tills()
        suspend, reactivate = (
            self.office.call(
                "family.card.state.change",
                "create",
                {"card_ids": [[6, 0, [card.id]]], "target": target, "reason": "fraud"},
            )
            for target in ("suspended", "active")
        )
        apply = partial(self.office.call, "family.card.state.change", "action_apply")
        replies = together([*(self._ask(till, card) for till in tills), partial(apply, [suspend])])
        words = _words(replies[:-1])
        afterwards = self._ask(tills[0], card)()
        apply([reactivate])
        right = set(words) <= {"authorized", "SUSPENDED"} and afterwards.get("code") == "SUSPENDED"
        return Result(card.account, Decimal(200), Decimal(0), words["authorized"] * TEN, right)

    def expiry(self):
        """Charges around the second in which the credit expires, while the expiry is booked by two jobs."""
        card, tills = self._card(), self._tills()
        edge = int(time.time() + 1.3)
        self.town.credit(card.account, "500.00")
        self.sql(
            "UPDATE stored_value_lot SET expires_at = to_timestamp(%s) AT TIME ZONE 'UTC'"
            " WHERE account_id = %s AND remaining > 0",
            [edge, card.account],
        )

        def book():
            self.sql(
                "SELECT stored_value_expire(%s, date_trunc('second', now() AT TIME ZONE 'UTC'), 1)", [card.account]
            )

        wait = 1000 * (edge - time.time())
        calls = [self._later(self._ask(till, card), wait + self.draw.uniform(-25, 25)) for till in tills]
        jobs = [self._later(book, wait + self.draw.uniform(-5, 25)) for _job in range(2)]
        replies = together([*calls, *jobs])
        time.sleep(0.05)
        book()
        words = _words(replies[: len(tills)])
        [(expired,)] = self.sql(
            "SELECT coalesce(-sum(amount), 0)::text FROM stored_value_entry WHERE kind = 'expiry' AND lot_id ="
            " (SELECT max(id) FROM stored_value_lot WHERE account_id = %s)",
            [card.account],
        )
        right = set(words) <= {"authorized", "NO_CREDIT"}
        # what was not granted has expired: together exactly what was there
        return Result(card.account, Decimal(500), Decimal(0) - Decimal(expired), words["authorized"] * TEN, right)


def _words(replies):
    """How often each status or code was answered; a call that raised counts under its exception's name."""
    return Counter(
        type(reply).__name__ if isinstance(reply, Exception) else reply.get("code") or reply["status"]
        for reply in replies
    )


def measure(stage, options):
    """Run the races.

    :return: (metrics, races that went wrong)
    """
    return Races(stage).run(options.races)
