"""B3: Odoo's own eWallet in the same till, in the same minutes: redemption, whole payment, and the last ten euros twice."""

import contextlib
import time
import uuid
from decimal import Decimal
from functools import partial

from support.till_client import Client, NoAnswerError, together
from support.town import Merchant

from . import charge, load

CLIENTS = 2
TOTAL, PART = "20.00", 10.0
OVERSPENDS = 5


class Wallets:
    """An eWallet programme, and for each till a user of Odoo who sees it."""

    def __init__(self, stage):
        """Create them through Odoo's public methods."""
        self.stage, self.call = stage, stage.office.call
        action = self.call("loyalty.program", "create_from_template", "ewallet")
        self.program = action["res_id"]
        [reward] = self.call("loyalty.reward", "search_read", [["program_id", "=", self.program]], [])
        self.reward, self.product = reward["id"], reward["discount_line_product_id"][0]
        self.tills = [
            Wallet(stage.server, stage.town, self._till(number), stage.stock_user(number, "group_pos_manager"))
            for number in range(CLIENTS)
        ]
        for till in self.tills:
            till.wallets, till.card = self, self.card("1000000")

    def _till(self, number):
        """An open till that belongs to no merchant: those of merchants refuse lines below zero, as a wallet's is."""
        config = self.call("pos.config", "create", {"name": f"Stock {number}"})
        self.call("pos.config", "open_ui", [config])
        [facts] = self.call("pos.config", "read", [config], ["current_session_id", "company_id", "payment_method_ids"])
        session = facts["current_session_id"][0]
        with contextlib.suppress(NoAnswerError):  # it answers nothing when all is well
            self.call("pos.session", "set_opening_control", [session], 0, "")
        return Merchant(
            id=None,
            config=config,
            session=session,
            user=self.call("res.users", "search", [["login", "=", "admin"]])[0],
            company=facts["company_id"][0],
            login="",
            password="",
            card_method=None,
            other_method=self.call(
                "pos.payment.method",
                "search",
                [["id", "in", facts["payment_method_ids"]], ["use_payment_terminal", "=", False]],
            )[0],
        )

    def card(self, points):
        """A wallet with so many euros; its id."""
        partner = self.call("res.partner", "create", {"name": f"Wallet {uuid.uuid4()}"})
        return self.call(
            "loyalty.card", "create", {"program_id": self.program, "partner_id": partner, "points": float(points)}
        )

    def points(self, card):
        """What is left on a wallet."""
        return self.call("loyalty.card", "read", [card], ["points"])[0]["points"]


class Wallet(Client):
    """A stock till that takes 10.00 of a purchase of 20.00 from a wallet, in Odoo's three calls."""

    def __init__(self, server, town, merchant, login):
        """Log a POS manager in."""
        super().__init__(server.port, server.db, login, login)
        self.town, self.merchant = town, merchant

    def validate(self, card):
        """Ask whether the wallet is good for it; True when it is."""
        return self.call("pos.order", "validate_coupon_programs", [], {str(card): -PART}, [])["successful"]

    def pay(self, card):
        """Store the order and take the money from the wallet."""
        code, order = uuid.uuid4().hex[:8], f"order-{uuid.uuid4()}"
        stored = self.call("pos.order", "sync_from_ui", [self._order(order, card, code)])
        number = stored["pos.order"][0]["id"]
        change = {"points": -PART, "program_id": self.wallets.program, "coupon_id": card, "barcode": False}
        self.call("pos.order", "confirm_coupon_programs", [number], {str(card): {**change, "line_codes": [code]}})

    def redeem(self, card=None):
        """The whole payment, as the till's browser does it."""
        card = card or self.card
        if not self.validate(card):
            return "refused"
        self.pay(card)
        return "paid"

    def _order(self, order_ref, card, code):
        line = {
            "full_product_name": "Purchase",
            "qty": 1,
            "discount": 0,
            "tax_ids": [[6, 0, []]],
            "pack_lot_ids": [],
            "refunded_orderline_id": False,
        }
        amounts = [(self.town.product, float(TOTAL), {}), (self.wallets.product, -PART, self._reward(card, code))]
        now = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime())
        rest = float(TOTAL) - PART
        payment = {
            "uuid": str(uuid.uuid4()),
            "amount": rest,
            "payment_method_id": self.merchant.other_method,
            "name": now,
        }
        return {
            "uuid": order_ref,
            "access_token": str(uuid.uuid4()),
            "session_id": self.merchant.session,
            "company_id": self.merchant.company,
            "user_id": self.merchant.user,
            "partner_id": False,
            "date_order": now,
            "amount_total": rest,
            "amount_paid": rest,
            "amount_tax": 0,
            "amount_return": 0,
            "fiscal_position_id": False,
            "pricelist_id": False,
            "lines": [
                [0, 0, {**line, **more, "uuid": str(uuid.uuid4()), "product_id": product, **_priced(amount)}]
                for product, amount, more in amounts
            ],
            "payment_ids": [[0, 0, payment]],
            "state": "paid",
            "to_invoice": False,
        }

    def _reward(self, card, code):
        return {
            "is_reward_line": True,
            "reward_id": self.wallets.reward,
            "coupon_id": card,
            "reward_identifier_code": code,
            "points_cost": PART,
        }


def _priced(amount):
    return {"price_unit": amount, "price_subtotal": amount, "price_subtotal_incl": amount}


def card_payment(town):
    """The whole payment of a purchase with the card: authorised, then stored, which captures it."""
    cards = iter(town.cards * 1000)

    def work(till):
        reply = till.authorize(next(cards), TOTAL)
        till.capture(TOTAL, reply, f"order-{reply['key']}")
        return "paid"

    return work


def measure(stage, options):
    """Interleave the authorisation, the card's whole payment and the wallet's, then race for the last ten euros.

    :return: (metrics, runs)
    """
    wallets, tills = Wallets(stage), stage.tills[:CLIENTS]
    pay, authorise = card_payment(stage.town), charge.authorise(stage.town)
    subjects = {
        "authorise": lambda: load.closed_loop(stage.server, tills, authorise, options.seconds, charge.word),
        "payment": lambda: load.work_loop(stage.server, tills, pay, options.seconds),
        "wallet": lambda: load.work_loop(stage.server, wallets.tills, lambda till: till.redeem(), options.seconds),
    }
    runs = []
    for repetition in range(options.repetitions + 1):
        for name, subject in subjects.items():
            run = subject()
            if set(run.answers) - {"authorized", "paid"}:
                raise RuntimeError(f"{name}: not every answer was good: {run.answers}")
            if repetition:  # the first turn fills the caches
                runs.append({"subject": name, "repetition": repetition, **run._asdict()})
    metrics = _metrics(runs)
    metrics["wallet_races"] = metrics["races"] = OVERSPENDS
    metrics["wallet_overspent"] = sum(_both_pay(wallets) for _race in range(OVERSPENDS))
    metrics["overspent"] = sum(_both_charge(stage) for _race in range(OVERSPENDS))
    return metrics, runs


def _both_pay(wallets):
    """Two tills, one wallet with 10.00: whether more was taken than there was."""
    card = wallets.card(PART)
    together([partial(till.redeem, card) for till in wallets.tills])
    return wallets.points(card) < 0


def _both_charge(stage):
    """The same with a card, of which both want six tenths."""
    card = stage.town.cards[-1]
    before = stage.town.available(card.account)
    wish = f"{before * 6 / 10:.2f}"
    replies = together([partial(till.authorize, card, "999999.00", requested=wish) for till in stage.tills[:CLIENTS]])
    return sum(Decimal(reply.get("amount", 0)) for reply in replies) > before


def _metrics(runs):
    def of(subject, figure):
        return [run[figure] for run in runs if run["subject"] == subject]

    def ratios(subject, other, figure):
        return load.spread([mine / its for mine, its in zip(of(subject, figure), of(other, figure), strict=True)])

    cpu = {name: [o + p for o, p in zip(of(name, "odoo_ms"), of(name, "postgres_ms"), strict=True)] for name in NAMES}
    metrics = {
        "tps_ratio": ratios("authorise", "wallet", "tps"),
        "payment_p50_ratio": ratios("payment", "wallet", "p50"),
        "cpu_ratio": load.spread([w / a for w, a in zip(cpu["wallet"], cpu["authorise"], strict=True)]),
        "payment_cpu_ratio": load.spread([p / w for p, w in zip(cpu["payment"], cpu["wallet"], strict=True)]),
    }
    for name in NAMES:
        metrics[f"{name}_cpu_ms"] = load.spread(cpu[name])
        for figure in ("tps", "p50", "p95"):
            metrics[f"{name}_{figure}"] = load.spread(of(name, figure))
    return metrics


NAMES = ("authorise", "payment", "wallet")
