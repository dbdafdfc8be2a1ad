from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL

from odoo.addons.merchant_circuit.rules import one_time_code

from ..models.ecoupon_wallet_code import PREFIX
from ..rules import coupon_code
from .wallet_common import WalletCase


@tagged("post_install", "-at_install")
class TestWalletCode(WalletCase):
    """What the citizen's telephone shows."""

    def test_a_code_pays_without_anything_else(self):
        """R-000-16: the till asks for neither PIN nor documents."""
        self.reward()
        code = self.code()

        asked = self.till._lookup(self.terminals[self.shop], code)
        answer = self.pay(code)

        self.assertEqual(asked, {"status": "ready", "kind": "wallet_code", "checks": []})
        self.assertEqual((answer["status"], answer["amount"], answer["balance"]), ("authorized", "8.00", "2.00"))
        self.assertEqual((answer["instrument"], answer["account"]), ("Wallet", self.behaviour.sudo().funder_id.name))
        self.assertEqual(self.capture(answer).state, "captured")
        self.assertEqual(self.wallet._code_purchase(self.citizen).key, answer["key"])

    def test_a_code_pays_once_and_for_its_time(self):
        """R-000-19: a minute, or what the circuit says; the newest one only; what was lost is answered again."""
        self.reward()
        old, new = self.code(), self.code()

        self.refused("CODE_EXPIRED", self.pay(old))
        first = self.pay(new, "2.00")
        self.assertEqual(self.till._authorize(self.terminals[self.shop], self.sent), first)
        self.refused("CODE_EXPIRED", self.pay(new))
        self.circuit.wallet_code_seconds = 120
        code, seconds = self.wallet._issue_code(self.citizen)
        self.assertEqual(seconds, 120)
        with freeze_time(self.later(seconds=121)):
            self.refused("CODE_EXPIRED", self.pay(code))

    def test_forged_codes(self):
        """R-000-16: another server's secret, the card's prefix, rubbish; a guess where nobody is known."""
        self.reward()
        nonce = one_time_code.new_nonce()
        code = self.code()

        for text in (
            one_time_code.encode("another secret", nonce, PREFIX),
            one_time_code.encode(self.wallet._secret(), nonce, PREFIX),
            code[:-1] + ("A" if code[-1] != "A" else "B"),
            "CW1.",
            "CW1.X'; --",
        ):
            with self.subTest(text):
                self.refused("CODE_EXPIRED", self.pay(text))
        notes = self.env["circuit.refusal"].search([("merchant_id", "=", self.shop.id)])
        self.assertEqual((len(notes), set(notes.mapped("guess"))), (5, {True}))
        # the prefix is part of the signature
        self.assertNotEqual(self.pay("CC1." + code[4:])["status"], "authorized")

    def test_a_refused_purchase_does_not_spend_the_code(self):
        """R-000-16: the citizen need not make another one."""
        self.reward()
        code = self.code()

        self.refused("OWN_SHARE", self.pay(code, "3.00", requested="4.00"))
        self.assertEqual(self.pay(code, "3.00")["status"], "authorized")

    def test_who_gets_a_code(self):
        """R-000-15, R-000-16: the wallet's own citizen, entitled today, with something to spend, not without end."""
        with self.assertRaisesRegex(UserError, "nothing in your wallet"):
            self.code()
        self.reward()
        stranger = new_test_user(self.env, "stranger", groups="base.group_portal")
        with self.assertRaisesRegex(UserError, "not your wallet"):
            self.wallet._issue_code(stranger)
        with self.assertRaises(AccessError):
            self.wallet.with_user(stranger).read(["balance"])
        for _time in range(20):
            self.code()
        with self.assertRaisesRegex(UserError, "too many codes"):
            self.code()
        wallet = self.wallet
        self.entitlement.removed_at = fields.Datetime.now()
        with self.assertRaisesRegex(UserError, "not entitled"):
            wallet._issue_code(self.citizen)

    def test_nothing_of_a_code_is_stored(self):
        """R-000-16: a stolen copy of the database pays nowhere."""
        self.reward()
        code = self.code()

        row = self.env["ecoupon.wallet.code"].sudo().search([], limit=1)
        self.assertEqual(row.digest, one_time_code.digest(one_time_code.decode(self.wallet._secret(), code, PREFIX)))
        self.assertNotIn(row.digest, code)
        with self.assertRaises(AccessError):
            row.with_user(self.officer).read(["digest"])
        row.expires_at = fields.Datetime.now() - timedelta(days=8)
        row.flush_recordset()
        row._gc_codes()
        row.invalidate_recordset()
        self.assertFalse(row.exists())


@tagged("post_install", "-at_install")
class TestWalletTill(WalletCase):
    """What a wallet pays, and what happens to the lots."""

    def test_the_entitlement_is_looked_at_again(self):
        """R-000-15, R-000-16: taken off the list while the code was on the telephone."""
        self.reward()
        code = self.code()
        self.entitlement.removed_at = fields.Datetime.now()

        self.assertIn("not entitled today", self.refused("WALLET_PERSON", self.pay(code)))

    def test_what_is_not_in_the_wallet_is_paid_otherwise(self):
        """R-000-16: as with cards, the residual is proposed; a fixed wish is refused with what is possible."""
        self.reward()

        answer = self.pay(None, "25.00", requested="25.00")
        self.refused("ACCOUNT_LIMIT", answer)
        self.assertEqual(answer["possible"], "10.00")
        self.assertEqual(self.pay(None, "25.00")["amount"], "10.00")

    def test_goods_that_are_not_payable(self):
        """R-000-16: the shop's own exclusions."""
        self.reward()
        tobacco = {"amount": "5.00", "payable": False}

        self.refused("EXCLUDED_MERCHANT", self.pay(None, tobacco))
        self.assertEqual(self.pay(None, tobacco, "3.00")["amount"], "3.00")

    def test_what_ends_first_is_spent_first(self):
        """R-000-16: over the lots of an account, and over the accounts of a wallet."""
        late = self.make_behaviour(valid_days=300, source_id=self.town.id)
        self.reward(late)
        soon = self.reward(self.make_behaviour(valid_days=5))
        self.reward()

        answer = self.pay(None, "12.00")

        self.assertEqual((answer["amount"], answer["account"]), ("12.00", self.behaviour.sudo().funder_id.name))
        self.assertEqual(soon.sudo().lot_id.remaining, 0)
        # the account whose credit ends first now: the town's in 300 days, the region's in 365
        self.assertEqual(self.pay(None, "3.00")["account"], late.sudo().funder_id.name)

    def test_a_wish_goes_to_the_first_account_that_holds_it(self):
        """R-000-16: one payment is one funder's; the order is kept among those that hold enough."""
        soon = self.make_behaviour(valid_days=5, amount=3, source_id=self.town.id)
        self.reward(soon)
        self.reward()

        self.assertEqual(self.pay(None, "3.00", requested="3.00")["account"], soon.sudo().funder_id.name)
        self.assertEqual(self.pay(None, "9.00", requested="9.00")["account"], self.behaviour.sudo().funder_id.name)

    def test_points_that_nobody_funds_pay_no_shop(self):
        """B05: R-000-16: they are there, and buy coupons."""
        self.circuit.wallet_unit = "points"
        self.reward(self.make_behaviour(source_id=False))

        with self.assertRaisesRegex(UserError, "nothing in your wallet"):
            self.code()
        overview = self.wallet._overview()
        self.assertEqual((overview["balance"], overview["spendable"]), (Decimal("10.00"), Decimal(0)))
        self.assertEqual(overview["balance_text"].replace("\xa0", " "), "1,000 points ($ 10.00)")

    def test_a_void_and_a_refund_go_back_to_the_lots(self):
        """R-000-16: with the dates they had; a part of a refund to the lot that lives longest."""
        soon = self.reward(self.make_behaviour(valid_days=5, amount=3)).sudo().lot_id
        late = self.reward().sudo().lot_id

        void = self.pay()
        self.till._void(self.terminals[self.shop], [void["key"]])
        self.assertEqual((soon.remaining, late.remaining), (3, 10))
        payment = self.capture(self.pay())
        self.assertEqual((soon.remaining, late.remaining), (0, 5))
        terminal = self.terminals[self.shop]
        wish = {"key": str(uuid4()), "origin_key": payment.key, "amount": "6.00", "order_ref": "back"}
        refund = self.till._refund(terminal, wish)
        self.env["circuit.transaction"]._capture(terminal, refund["key"], "back", Decimal(refund["amount"]))
        self.assertEqual((soon.remaining, late.remaining), (1, 10))
        self.assertEqual(self.till._status(terminal, refund["key"])["balance"], "11.00")

    def test_expiry(self):
        """R-000-16: the ledger's own job books it; from that instant on it pays nothing, before too."""
        lot = self.reward().sudo().lot_id
        code = self.code()

        with freeze_time(lot.expires_at - timedelta(seconds=1)):
            self.assertEqual(self.held(), Decimal("10.00"))
        with freeze_time(lot.expires_at):
            self.env.cr.execute(SQL("UPDATE ecoupon_wallet_code SET expires_at = %s", lot.expires_at + timedelta(1)))
            self.refused("NO_CREDIT", self.pay(code))
            self.assertEqual(self.held(), Decimal(0))
            self.env["stored.value.account"]._expire_due()
            self.assertEqual(self.wallet._movements()[0]["kind"], "expiry")
        self.assertEqual(lot.remaining, 0)

    def test_a_shop_of_another_circuit(self):
        """R-000-16: no agreement, no money."""
        self.reward()
        self.agreements[0].date_to = "2020-02-01"

        self.refused("NO_AGREEMENT", self.pay())

    def test_after_a_coupon(self):
        """R-000-16: H16: the wallet pays what the coupon leaves; before it, the coupon is refused."""
        self.reward()
        coupon = self.coupon(3)

        self.assertEqual(self.pay(coupon, order_ref="same")["amount"], "3.00")
        self.assertEqual(self.pay(order_ref="same")["amount"], "5.00")
        self.refused("OWN_SHARE", self.pay(order_ref="same"))
        self.refused("COUPON_FIRST", self.pay(self.coupon(1), order_ref="same"))

    def coupon(self, amount):
        """The code of a coupon that every shop accepts."""
        # sudo: coupons are made elsewhere; here they are what the till finds
        now, later = fields.Datetime.now(), self.later(days=9)
        self.agreements[1].role_issue = True
        campaign = (
            self.env["ecoupon.campaign"]
            .sudo()
            .create(
                {
                    "name": "Off",
                    "circuit_id": self.circuit.id,
                    "issuer_agreement_id": self.agreements[1].id,
                    "amount": amount,
                    "accept": "all",
                    "valid_from": now,
                    "valid_to": later,
                    "state": "published",
                }
            )
        )
        nonce = coupon_code.new_nonce()
        code = coupon_code.encode("test secret", nonce)
        self.env["ecoupon.coupon"].sudo().create(
            {
                "campaign_id": campaign.id,
                "company_id": self.env.company.id,
                "nonce": nonce,
                "digest": coupon_code.digest(code),
                "issued_at": now,
                "valid_from": now,
                "expires_at": later,
                "uses": 1,
            }
        )
        self.env.flush_all()
        return code

    def test_movements_and_rewards(self):
        """R-000-16: what the citizen reads, newest first, one line an operation."""
        self.reward(self.make_behaviour(valid_days=5, amount=3, name="Bike to work"))
        self.reward()
        payment = self.capture(self.pay())
        payment._reverse("wrong goods")

        rows = self.wallet._movements()

        self.assertEqual(
            [(row["kind"], row["amount"]) for row in rows],
            [
                ("give_back", Decimal("8.00")),
                ("debit", Decimal("-8.00")),
                ("credit", Decimal("10.00")),
                ("credit", Decimal("3.00")),
            ],
        )
        self.assertEqual((rows[1]["memo"], rows[1]["reference"]), ("Groceries C", payment.reference))
        self.assertEqual(rows[3]["memo"], "Bike to work")
        self.assertEqual([row["name"] for row in self.wallet._rewards()], ["An hour of volunteering", "Bike to work"])
        self.assertEqual(self.wallet._overview()["expiries"][0]["amount"], Decimal("3.00"))
        self.assertIn("Bike to work", [row["name"] for row in self.circuit._behaviours()])

    def test_the_office_sees_the_wallet(self):
        """R-000-16: balance, rewards, purchases; the ledger for its auditors."""
        self.reward()
        self.capture(self.pay())
        wallet = self.wallet.with_user(self.officer)

        self.assertEqual((wallet.balance, wallet.reward_count, wallet.purchase_count), (2.0, 1, 1))
        self.assertEqual(wallet.action_purchases()["domain"][1], ("instrument_id", "in", wallet.ids))
        self.assertEqual(self.wallet.sudo().account_ids._verify(), [])
