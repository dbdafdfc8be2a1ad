from datetime import datetime, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from .till_common import CouponTillCase


@tagged("post_install", "-at_install")
class TestCouponTill(CouponTillCase):
    """What a coupon takes off, and what the shop and the books hear of it."""

    def test_an_own_coupon_is_a_discount(self):
        """R-000-20, R-000-07: C1, C10: the issuer accepts its own coupon, nobody owes anything."""
        reply = self.use(self.coupon(), shop=self.issuer)

        self.assertEqual((reply["status"], reply["amount"]), ("authorized", "5.00"))
        self.assertEqual((reply["kind"], reply["vat_treatment"]), ("coupon", "discount"))
        self.assertFalse(self.transaction(reply).funder_id)

    def test_a_coupon_of_another_member_is_a_payment(self):
        """R-000-06, R-000-20: C4, C10: issued by A, accepted by C; the clearing owes C the discount, C nothing."""
        coupon = self.coupon()

        reply = self.use(coupon, "30.00")
        transaction = self.capture(reply)

        self.assertEqual((reply["amount"], reply["eligible"], reply["vat_treatment"]), ("5.00", "30.00", "payment"))
        self.assertEqual(reply["instrument"], "Five off")
        self.assertEqual(reply["holder"], f"EC-***-{self.code(coupon)[-4:]}")
        self.assertEqual(transaction.funder_id, self.circuit._clearing_funder())
        self.assertFalse(transaction.account_id)
        self.assertEqual((transaction.state, transaction.amount), ("captured", 5.0))

    def test_a_percentage_is_rounded_half_up(self):
        """R-000-08: C2 and C5."""
        self.assertEqual(self.use(self.coupon(self.campaign(percent=15)), "39.90")["amount"], "5.99")
        capped = self.coupon(self.campaign(percent=20, max_discount=15))
        self.assertEqual(self.use(capped, "120.00")["amount"], "15.00")

    def test_a_fixed_amount_gives_no_change(self):
        """R-000-07: C3: the rest of the coupon is lost."""
        self.assertEqual(self.use(self.coupon(self.campaign(amount=10)), "7.50")["amount"], "7.50")

    def test_only_where_its_campaign_says(self):
        """R-000-06: the issuer alone, shops by name or by category, or all."""
        own = self.campaign(accept="issuer")
        by_name = self.campaign(accept="listed", accept_merchant_ids=[(6, 0, self.shop.ids)])
        by_category = self.campaign(accept="listed", accept_category_ids=[(6, 0, self.category.ids)])

        self.refused("COUPON_ELSEWHERE", self.use(self.coupon(own)))
        self.refused("COUPON_ELSEWHERE", self.use(self.coupon(by_name), shop=self.bookshop))
        for campaign, shop in ((own, self.issuer), (by_name, self.shop), (by_category, self.bookshop)):
            self.assertEqual(self.use(self.coupon(campaign), shop=shop)["status"], "authorized")

    def test_only_on_its_goods(self):
        """R-000-13: a discount on books looks at the books, and is refused on anything else."""
        campaign = self.campaign(percent=25, goods_ids=[(6, 0, self.books.ids)], min_purchase=10)

        reply = self.use(self.coupon(campaign), ("40.00", self.books), "20.00")
        self.assertEqual((reply["amount"], reply["eligible"]), ("10.00", "40.00"))
        self.assertEqual(self.use(self.coupon(campaign), "40.00", shop=self.bookshop)["amount"], "10.00")
        self.refused("COUPON_GOODS", self.use(self.coupon(campaign), "40.00"))
        small = self.use(self.coupon(campaign), ("9.99", self.books), "20.00")
        self.refused("COUPON_MINIMUM", small)
        self.assertEqual(small["limit"], "10.00")

    def test_a_reserved_coupon_asks_for_its_holders_entitlement_of_the_day(self):
        """R-000-13: C6: a discount for the entitled, refused from the day on which its holder is not."""
        holder = self.env["res.partner"].create({"name": "Anna"})
        policy = self.env["ecoupon.policy"].create({"name": "Families", "code": "FAMTEST"})
        reserved = self.campaign(percent=25, area="reserved", policy_ids=[(6, 0, policy.ids)])
        asked = []

        def holds(model, partner, circuit, day, policies=None):
            asked.append((partner, circuit, day, policies))
            return len(asked) == 1

        with patch.object(type(self.env["ecoupon.entitlement"]), "_holds", holds, create=True):
            first = self.use(self.coupon(reserved, holder_id=holder.id), "60.00")
            self.refused("COUPON_PERSON", self.use(self.coupon(reserved, holder_id=holder.id), "60.00"))
            self.refused("COUPON_PERSON", self.use(self.coupon(reserved), "60.00"))

        self.assertEqual(first["amount"], "15.00")
        self.assertEqual(len(asked), 2)
        self.assertEqual((asked[0][0], asked[0][1], asked[0][3]), (holder, self.circuit, policy))
        self.assertEqual(self.use(self.coupon(self.campaign(percent=10)), "60.00")["amount"], "6.00")

    def test_less_than_a_cent_is_nothing(self):
        """R-000-08: the coupon is kept for a purchase of which something comes off."""
        coupon = self.coupon(self.campaign(percent=1))

        reply = self.use(coupon, "0.40")

        self.refused("COUPON_NOTHING", reply)
        self.assertEqual(self.use(coupon, "100.00")["amount"], "1.00")

    def test_the_amount_is_the_coupons(self):
        """R-000-07: a till may not take another amount off."""
        coupon = self.coupon()

        reply = self.use(coupon, requested="4.00")

        self.refused("COUPON_AMOUNT", reply)
        self.assertEqual(reply["limit"], "5.00")
        self.assertEqual(self.use(coupon, requested="5.00")["amount"], "5.00")

    def test_nothing_is_asked_beside_the_code(self):
        """R-000-06: no PIN and no documents, typed as printed or scanned."""
        coupon = self.coupon()
        code = self.code(coupon)
        shown = "-".join(["EC", *(code[at : at + 4] for at in range(2, 18, 4))]).lower()

        reply = self.till._lookup(self.terminals[self.shop], shown)

        self.assertEqual(reply, {"status": "ready", "kind": "coupon", "checks": []})
        for other in ("ECORSS85T10A562S", "EC-2024-000123"):  # somebody's fiscal code, a card's number
            self.assertIsNone(self.env["ecoupon.coupon"]._circuit_kind(other))
        self.assertEqual(self.use(shown)["status"], "authorized")


@tagged("post_install", "-at_install")
class TestCouponRefusals(CouponTillCase):
    """Must be shown 5: each a clear sentence, and nothing is used."""

    def test_unknown_codes_are_guesses(self):
        """R-000-38: a code that does not exist is refused, noted, and the till has to wait in the end."""
        for code in ("EC-0000-0000-0000-0000", "EC-0000-0000-0000", "EC0000000000000000UU"):
            self.refused("COUPON_UNKNOWN", self.use(code))
        self.assertIn("No coupon has this code", self.use("EC-0000-0000-0000-0001")["message"])
        self.circuit.guess_till = 3

        self.refused("TOO_MANY", self.use(self.coupon()))

        notes = self.env["circuit.refusal"].search([("merchant_id", "=", self.shop.id)], order="id")
        self.assertEqual(notes[0].code, "COUPON_UNKNOWN")
        self.assertTrue(notes[0].guess)

    def test_spent(self):
        """R-000-38: once is once, and somebody else's till says so."""
        coupon = self.coupon()
        self.use(coupon)

        self.assertIn("already spent", self.refused("COUPON_SPENT", self.use(coupon, shop=self.bookshop)))

    def test_its_dates(self):
        """R-000-06: before its first instant, and from its last one on."""
        now = fields.Datetime.now()
        later = now + timedelta(days=2)

        early = self.use(self.coupon(valid_from=later))
        self.assertIn("can be used from", self.refused("COUPON_NOT_YET", early))
        self.assertTrue(early["until"])
        self.refused("COUPON_ENDED", self.use(self.coupon(expires_at=now)))
        self.refused("COUPON_ENDED", self.use(self.coupon(self.campaign(valid_to=datetime(2020, 2, 1)))))

    def test_withdrawn(self):
        """R-000-06: a campaign that was stopped and a coupon that was cancelled; one that ended is still honoured."""
        self.refused("COUPON_STOPPED", self.use(self.coupon(self.campaign(state="stopped"))))
        self.refused("COUPON_STOPPED", self.use(self.coupon(cancelled_at=datetime(2020, 2, 1))))
        self.assertEqual(self.use(self.coupon(self.campaign(state="ended")))["status"], "authorized")

    def test_of_another_circuit(self):
        """R-000-06: a shop that is no member; one that does not accept; one whose agreement is over."""
        stranger = self.env["res.partner"].create({"name": "Stranger", "is_merchant": True})
        self.terminals[stranger] = self.terminals[self.shop]._replace(merchant_id=stranger.id, ref="pos.config,0")

        self.assertIn("another circuit", self.refused("COUPON_CIRCUIT", self.use(self.coupon(), shop=stranger)))
        self.agreements[2].role_accept = False
        self.agreements[2].role_distribute = True
        self.refused("COUPON_ELSEWHERE", self.use(self.coupon()))
        self.agreements[1].date_to = "2020-02-01"
        self.refused("NO_AGREEMENT", self.use(self.coupon(), shop=self.bookshop))

    def test_of_a_circuit_that_is_stopped(self):
        """R-000-06: no coupon until it runs again."""
        self.circuit.state = "stopped"

        self.refused("CIRCUIT_STOPPED", self.use(self.coupon()))

    def test_a_refused_coupon_is_not_used(self):
        """R-000-38: whatever the reason."""
        coupon = self.coupon(self.campaign(min_purchase=100))
        self.refused("COUPON_MINIMUM", self.use(coupon))

        self.assertEqual(self.use(coupon, "100.00")["status"], "authorized")
