"""The events of a simulated year through the addons' own methods, in a database of the simulation's own.

Office work is done as an officer, the tills' calls as the till's controller makes them. Money comes back in cents.
"""

from contextlib import closing, contextmanager
from datetime import date
from decimal import Decimal
from unittest.mock import patch

from freezegun import freeze_time

from .oracle import first_day_of
from .setting import Setting

CHUNK = 500


def cents(text):
    """Whole cents of an amount."""
    value = Decimal(str(text)) * 100
    if value != int(value):
        raise ValueError(f"{text} has fractions of a cent")
    return int(value)


def euro(value):
    """An amount as tills write it."""
    return f"{Decimal(value) / 100:.2f}"


class Driver:
    """Talks to Odoo; `env` is the superuser's environment of an open cursor."""

    def __init__(self, env, start):
        """Stop the clock of this process at an instant (UTC)."""
        self.env = env
        self._freezer = freeze_time(start)
        self.clock = self._freezer.start()
        self._pin = patch("odoo.addons.family_card.rules.pin.generate", self._draw_pin)
        self._pin.start()

    def close(self):
        """Let the clock run again."""
        self._pin.stop()
        self._freezer.stop()

    def travel(self, at):
        """Set the clock."""
        self.clock.move_to(at)

    @staticmethod
    def today():
        """The day of the stopped clock."""
        return date.today()

    def commit(self):
        """End of a day: keep what was written, forget what was read."""
        self.env.flush_all()
        self.env.cr.commit()
        self.env.invalidate_all()

    def _draw_pin(self, length):
        self.pin = "".join(str(self.rng.randrange(10)) for _digit in range(length))
        return self.pin

    def build(self, population, rng, funds):
        """Make the municipality: circuit, shops, programme, funds (cents), residents."""
        self.rng = rng
        self.town = Setting(self.env, population, funds)
        self.env = self.town.env
        self.till = self.env["circuit.till"]
        self.office = self.town.env(user=self.town.officer.id)
        self.cards, self.applications, self.suspended = {}, {}, {}
        self.runs, self.computed = {}, {}
        self.commit()

    # ------------------------------------------------------------------ cards

    def card(self, card, env=None):
        """The family.card of an oracle's card."""
        return (env or self.office)["family.card"].browse(self.cards[card.household.number])

    def apply(self, family):
        """A household files its application at the Information Point; the registry fills it in."""
        head = self.office["res.partner"].browse(self.town.people[family.head(self.today()).code])
        application = self.office["family.card.application"].create({"program_id": self.town.program.id})
        application.sudo().write(application._registry_values(head))  # as the form does for a known head
        application.write(
            {
                "street": "Via Roma 1",
                "phone": family.phone,
                "self_certified": True,
                "privacy_notice_id": self.town.notice.id,
                "special_requested": family.special,
                "special_reason": family.special and "Simulated",
            }
        )
        application.action_file()
        self.applications[family.number] = application

    def refuse(self, family):
        """An application is refused."""
        self.applications[family.number]._refuse("The head of household changed meanwhile: simulated.")

    def approve(self, family):
        """Pass the checks, approve the application, and return the PIN of the card."""
        application = self.applications[family.number]
        for check in application.check_ids.filtered(lambda check: check.outcome == "pending"):
            check._decide("passed")
        if family.special:
            application.write(
                {
                    "special_outcome": "granted",
                    "social_assessment": "Simulated",
                    "special_act_id": self.town.special_act.id,
                }
            )
        application.action_approve()
        self.cards[family.number] = application.card_id.id
        return self.pin

    def issued(self, card):
        """Kind, first quarter and account codes of a card just issued."""
        record = self.card(card)
        return record.kind, record.first_period_id.code, sorted(record.account_ids.scheme_line_id.mapped("code"))

    def new_pin(self, card):
        """Reset the PIN and return the new one."""
        self.card(card).action_reset_pin()
        return self.pin

    def block(self, card, reason):
        """Block a card."""
        self.card(card)._block(reason)

    def unblock(self, card, reason):
        """Lift one block."""
        self.card(card)._unblock([reason])

    def close_card(self, card, reason):
        """Close a card for good."""
        self.card(card)._change_state("closed", reason)

    def appoint(self, card, person, day):
        """A member becomes head and holder; returns the same person in the new role."""
        self.office["family.household.head"].create(
            {
                "household_id": self.town.households[card.household.number],
                "person_id": self.town.people[person.code],
                "date": day,
            }
        ).action_appoint()
        return self.town.heir(person, day)

    # ------------------------------------------------------------------ registry

    def registry(self, kind, family, person, day):
        """Something that the registry tells."""
        if kind in ("birth", "move_in"):
            self.town.add_people([person])
        relation = person.relation if kind in ("birth", "move_in") else False
        self._event(kind, family, person, day, relation=relation).action_apply()

    def _event(self, kind, family, person, day, **facts):
        return self.office["family.registry.event"].create(
            {
                "kind": kind,
                "person_id": self.town.people[person.code],
                "household_id": self.town.households[family.number],
                "date": day,
                "source": "registry",
                **facts,
            }
        )

    def coming_of_age(self):
        """Let the system look for who came of age, apply all; returns their fiscal codes."""
        events = self.env["family.registry.event"]
        events._cron_coming_of_age()
        found = self.office["family.registry.event"].search(
            [("kind", "=", "coming_of_age"), ("state", "=", "proposed")]
        )
        codes = found.person_id.mapped("l10n_it_codice_fiscale")
        found.action_apply()
        return sorted(codes)

    # ------------------------------------------------------------------ office

    def expire(self):
        """The nightly expiry of credit."""
        return self.env["stored.value.account"]._cron_expire()

    def expire_holds(self):
        """The nightly end of holds."""
        return self.env["circuit.transaction"]._cron_expire_holds()

    def check(self, quarter, verdicts):
        """Make the checks of a quarter and decide what the registry does not tell."""
        period = self.office["family.card.period"].browse(self.town.periods[quarter].id)
        period.program_id._make_checks(period)
        pending = self.office["family.card.check"].search([("period_id", "=", period.id), ("outcome", "=", "pending")])
        verdict = {self.town.households[card.household.number]: word for card, word in verdicts}
        outcomes = pending.grouped(lambda check: verdict[check.household_id.id] if check.kind == "taxes" else "passed")
        for outcome, checks in outcomes.items():
            if outcome != "open":
                checks._decide(outcome, "Simulated" if outcome == "failed" else None)

    def run(self, quarter):
        """Credit a quarter; returns {household number: (state, reason)}."""
        self._compute(quarter)
        run = self.runs.get(quarter) or self.office["family.card.credit.run"].create(
            {"program_id": self.town.program.id, "period_id": self.town.periods[quarter].id}
        )
        self.runs[quarter] = run
        run.action_preview()
        run.with_user(self.town.colleague).action_confirm()
        rows = self.sql("SELECT card_id, state, reason FROM family_card_credit_run_line WHERE run_id = %s", run.id)
        numbers = {card: number for number, card in self.cards.items()}
        return {numbers[card]: (state, reason) for card, state, reason in rows}

    def _compute(self, quarter):
        """Compute the amounts as of the last day before the quarter, once a card."""
        done = self.computed.setdefault(quarter, set())
        cards = self.office["family.card"].search(
            [("program_id", "=", self.town.program.id), ("state", "!=", "closed"), ("id", "not in", list(done))]
        )
        done.update(cards.ids)
        cards._compute_amounts(first_day_of(quarter) - self.town.one_day)

    def run_facts(self, quarter):
        """What a run says of itself: cents credited so far, and whether it was late."""
        run = self.runs[quarter]
        return cents(run.credited_total), run.late

    def act(self, first, changes):
        """New terms from a day, with their act."""
        names = {"minimum": "min_spend", "share": "max_card_share", "quarters": "expiry_quarters"}
        vals = {names[name]: value / 100 if name == "minimum" else value for name, value in changes.items()}
        old = self.office["family.card.terms"].browse(self.town.program._terms_at(first).id)
        old.copy({"valid_from": first, "act_id": self.town.act(f"terms {first}").id, **vals})

    def extend(self, cards, quarter, ends):
        """Extend the open lots of a quarter; returns how many."""
        lots = self.town.lots(self.town.periods[quarter], [self.cards[card.household.number] for card in cards])
        lots._extend(ends, self.town.act(f"extension {quarter}").display_name)
        return len(lots)

    def stop(self, stopped):
        """The circuit's switch."""
        circuit = self.office["circuit.circuit"].browse(self.town.circuit.id)
        circuit._propose_stop("Simulated") if stopped else circuit._lift_stop("Simulated")

    def agreement(self, shop):
        """Suspend a shop, or lift the suspension."""
        if shop.open:
            self.suspended.pop(shop.number)._lift("Simulated")
        else:
            agreement = self.office["circuit.agreement"].browse(self.town.agreements[shop.number].id)
            self.suspended[shop.number] = agreement._suspend("non_compliance", "Simulated")

    # ------------------------------------------------------------------ till

    def purchase(self, ask):
        """Authorise; the answer in the oracle's words."""
        identifier = {"unknown": self.town.unknown, "nonsense": "???"}.get(ask.identifier)
        reply = self.till._authorize(
            self.town.terminals[ask.shop.number],
            {
                "key": ask.key,
                "identifier": identifier or ask.card.holder.code,
                "secret": ask.pin,
                "lines": self._rows(ask),
                "requested": None if ask.requested is None else euro(ask.requested),
                "order_ref": ask.order,
            },
        )
        return self._answer(reply)

    def _rows(self, ask):
        return [
            {"amount": euro(amount), "activity_id": activity and self.town.activity(activity)}
            for amount, activity in ask.lines
        ]

    @staticmethod
    def _answer(reply):
        if reply["status"] == "refused":
            limit = reply.get("limit")
            return {"status": "refused", "code": reply["code"], "limit": limit and cents(limit)}
        amounts = {name: cents(reply[name]) for name in ("amount", "eligible", "balance")}
        return {"status": reply["status"], **amounts, "account": reply["account"]}

    def capture(self, ask, amount):
        """The sale is stored."""
        terminal = self.town.terminals[ask.shop.number]
        self.env["circuit.transaction"]._capture(
            terminal, ask.key, ask.order, Decimal(euro(amount)), self.town.parse_lines(self._rows(ask))
        )

    def void(self, ask):
        """The till gives up."""
        self.till._void(self.town.terminals[ask.shop.number], [ask.key])

    def refund(self, payment, key, amount):
        """Open and confirm a refund."""
        terminal = self.town.terminals[payment.shop.number]
        reply = self.till._refund(
            terminal,
            {"key": key, "origin_key": payment.key, "amount": euro(amount), "order_ref": f"refund-{key[:8]}"},
        )
        if reply["status"] == "refused":
            limit = reply.get("limit")
            return {"status": "refused", "code": reply["code"], "limit": limit and cents(limit)}
        self.env["circuit.transaction"]._capture(terminal, key, f"refund-{key[:8]}", Decimal(reply["amount"]))
        return {"status": "authorized", "amount": cents(reply["amount"])}

    def reverse(self, payment):
        """Reverse from the office; returns the key of the refund and the cents, None for both when nothing was left."""
        from odoo.exceptions import UserError

        transaction = self.env["circuit.transaction"].search([("key", "=", payment.key)])
        try:
            refund = transaction._reverse("Simulated")
        except UserError:
            return None, None
        return refund.key, cents(refund.amount)

    # ------------------------------------------------------------------ what is in the database

    @contextmanager
    def undone(self):
        """What is written inside does not stay."""
        with closing(self.env.cr.savepoint(flush=False)):  # closing rolls back
            yield

    def sql_write(self, statement):
        """Write behind everybody's back."""
        self.env.flush_all()
        self.env.cr.execute(statement)
        self.env.invalidate_all()

    def sql(self, query, *parameters):
        """Rows of a query."""
        self.env.flush_all()
        self.env.cr.execute(query, parameters)
        return self.env.cr.fetchall()
