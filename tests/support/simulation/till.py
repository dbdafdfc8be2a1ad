"""What the notice says at the till: the oracle's answers to purchases, voids and refunds."""

from datetime import timedelta

from .oracle import CLOSED_TO_ALL, HOLD, OPEN_TO_SPECIAL, Oracle, Payment


def refused(code, limit=None):
    """A refusal as the till tells it; the limit in cents."""
    return {"status": "refused", "code": code, "limit": limit}


class TillOracle(Oracle):
    """Purchases, voids, refunds and holds that nobody confirms."""

    def purchase(self, at, ask):
        """Answer a purchase. `ask` has key, card, identifier ("code", "unknown" or "nonsense"), pin, shop, lines
        ((cents, activity or None)), requested (cents or None) and order."""
        total = sum(cents for cents, _activity in ask.lines)
        if total <= 0 or (ask.requested is not None and ask.requested <= 0):
            return refused("BAD_AMOUNT")
        if ask.identifier == "nonsense":
            return refused("BAD_IDENTIFIER")
        if ask.identifier == "unknown":
            return refused("UNKNOWN_OR_PIN")
        known = self.payments.get(ask.key)
        if known:
            return self.known(known, ask)
        card = ask.card
        doubt = self.doubt(at, card, ask.pin)
        if doubt:
            return refused(doubt)
        if card.state == "suspended":
            return refused("SUSPENDED")
        if card.state != "active":
            return refused("CLOSED")
        if not ask.shop.open:
            return refused("NO_AGREEMENT")
        if self.stopped:
            return refused("CIRCUIT_STOPPED")
        return self.by_the_rules(at, ask, card, total)

    def doubt(self, at, card, pin):
        """Why a PIN does not prove the holder, and None when it does."""
        if card.wrong >= self.rule("tries", at):
            return "PIN_LOCKED"
        if card.wrong > 1:
            wait = self.rule("wait", at) * self.rule("growth", at) ** (card.wrong - 2)
            if at < card.wrong_at + timedelta(seconds=wait):
                return "PIN_WAIT"
        if pin != card.pin:
            card.wrong, card.wrong_at = card.wrong + 1, at
            return "UNKNOWN_OR_PIN"
        card.wrong = 0
        return None

    def by_the_rules(self, at, ask, card, total):
        """The right card with the right PIN at a shop that may charge."""
        if at < self.spendable_from:
            return refused("NOT_YET")
        out = CLOSED_TO_ALL - OPEN_TO_SPECIAL if card.kind == "special" else CLOSED_TO_ALL | OPEN_TO_SPECIAL
        if ask.shop.activity in out:
            return refused("EXCLUDED_MERCHANT")
        good = sum(cents for cents, activity in ask.lines if (activity or ask.shop.activity) not in out)
        good = min(good, total)
        if good <= 0:
            return refused("EXCLUDED_MERCHANT")
        if good < self.rule("minimum", at):
            return refused("MIN_SPEND", self.rule("minimum", at))
        most = good * self.rule("share", at) // 100
        if ask.requested is not None and ask.requested > most:
            return refused("OWN_SHARE", most)
        label = ask.shop.category if card.kind == "standard" else "UNICO"
        account = card.accounts[label]
        there = account.available(at)
        if there <= 0:
            coming = [lot for lot in account.lots if lot.remaining and lot.starts > at]
            return refused("NOT_YET" if coming else "NO_CREDIT")
        if ask.requested is not None and ask.requested > there:
            return refused("ACCOUNT_LIMIT", there)
        amount = ask.requested if ask.requested is not None else min(most, there)
        return self.take(at, ask, card, account, amount, good)

    def take(self, at, ask, card, account, amount, good):
        """Take an amount from the lots that end first."""
        left, taken = amount, []
        for lot in sorted(account.lots, key=lambda lot: lot.ends):
            part = min(left, lot.remaining) if lot.open(at) else 0
            if part:
                lot.remaining -= part
                left -= part
                taken.append([lot, part])
                self.write(card, account.label, lot, "debit", -part)
        answer = {
            "status": "authorized",
            "amount": amount,
            "eligible": good,
            "balance": account.available(at),
            "account": account.label,
        }
        payment = Payment(ask.key, card, account, ask.shop, amount, at, ask.content(), answer, taken)
        self.payments[ask.key] = self.holds[ask.key] = payment
        return answer

    @staticmethod
    def known(payment, ask):
        """The same key again."""
        if payment.shop is not ask.shop:
            return refused("KEY_CONFLICT")
        if payment.state in ("voided", "expired"):
            return refused("KEY_USED")
        if payment.request != ask.content():
            return refused("KEY_CONFLICT")
        return {**payment.answer, "status": payment.state}

    def capture(self, key):
        """The sale is made."""
        payment = self.holds.pop(key)
        payment.state = "captured"
        return payment

    def release(self, key, at, state):
        """A hold ends: its money goes back where it came from."""
        payment = self.holds.pop(key)
        payment.state = state
        self.give_back(payment, payment.amount, at)

    def expire_holds(self, at):
        """End the holds that are too old. Returns how many."""
        old = [key for key, payment in self.holds.items() if payment.at + HOLD <= at]
        for key in old:
            self.release(key, at, "expired")
        return len(old)

    def give_back(self, payment, cents, at):
        """Return part of a payment to its lots, the one that lives longest first; what has expired is lost."""
        lots = payment.account.lots
        for taken in sorted(payment.taken, key=lambda taken: (taken[0].ends, lots.index(taken[0])), reverse=True):
            lot, part = taken[0], min(cents, taken[1])
            if part:
                taken[1] -= part
                cents -= part
                self.write(payment.card, payment.account.label, lot, "give_back", part)
                if lot.ends <= at:
                    self.write(payment.card, payment.account.label, lot, "expiry", -part)
                else:
                    lot.remaining += part

    def refund(self, at, key, origin_key, shop, cents):
        """Open and confirm a refund."""
        origin = self.payments.get(origin_key)
        if cents <= 0:
            return refused("BAD_AMOUNT")
        if not origin or origin.shop is not shop or origin.state != "captured" or origin.origin:
            return refused("NO_ORIGIN")
        amount = min(cents, origin.left())
        if amount <= 0:
            return refused("ALREADY_REFUNDED")
        refund = Payment(key, origin.card, origin.account, shop, amount, at, (), {}, [], "captured", origin=origin)
        self.payments[key] = refund
        origin.refunds.append(refund)
        self.give_back(origin, amount, at)
        return {"status": "authorized", "amount": amount}
