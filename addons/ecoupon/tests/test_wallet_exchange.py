from decimal import Decimal
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models import ecoupon_campaign_wallet, ecoupon_coupon_state
from .entitlement_common import CODES
from .wallet_common import WalletCase


class OfferCase(WalletCase):
    """A campaign whose coupons cost 4.00 of the wallet."""

    def setUp(self):
        super().setUp()
        self.agreements[1].role_issue = True
        self.offer = self.make_offer()

    def make_offer(self, **values):
        """A published campaign.

        :return: ecoupon.campaign
        """
        values = {
            "name": "Theatre",
            "circuit_id": self.circuit.id,
            "issuer_agreement_id": self.agreements[1].id,
            "amount": 5,
            "accept": "all",
            "area": "reserved",
            "obtain": "exchanged",
            "wallet_price": 4,
            "valid_from": self.later(hours=-1),
            "valid_to": self.later(days=9),
            "state": "published",
            **values,
        }
        # sudo: a campaign is approved elsewhere
        return self.env["ecoupon.campaign"].sudo().create(values)

    def exchange(self):
        """As the citizen's page does it."""
        return self.offer.with_user(self.citizen)._exchange(self.wallet.with_user(self.citizen))


@tagged("post_install", "-at_install")
class TestWalletExchange(OfferCase):
    """A coupon for what is in the wallet: both, or neither."""

    def test_a_coupon_is_bought(self):
        """R-000-16: the price leaves the credit that ends first, whoever funds it; the movement says what for."""
        soon = self.reward(self.make_behaviour(amount=3, valid_days=5, source_id=self.town.id)).sudo().lot_id
        late = self.reward().sudo().lot_id

        coupon = self.exchange()

        self.assertEqual(coupon.sudo().holder_id, self.anna)
        self.assertEqual((soon.remaining, late.remaining, self.held()), (0, 9, Decimal("9.00")))
        moved = self.wallet._movements()[0]
        self.assertEqual((moved["kind"], moved["label"], moved["memo"]), ("exchange", "Coupon", "Theatre"))
        self.assertEqual(moved["amount"], Decimal("-4.00"))
        self.assertEqual(self.wallet.sudo().account_ids._verify(), [])

    def test_not_enough(self):
        """R-000-16: a sentence with both figures, and neither coupon nor debit."""
        self.reward(self.make_behaviour(amount=3))

        with self.assertRaisesRegex(UserError, r"costs .*4\.00.* holds .*3\.00"):
            self.exchange()
        self.assertFalse(self.offer.coupon_ids)
        self.assertEqual(self.held(), Decimal("3.00"))

    def test_no_coupon_left(self):
        """R-000-16: the campaign's own limits hold, and the wallet keeps its money whatever the page does with the
        refusal."""
        self.offer = self.make_offer(per_person=2)
        self.reward()
        self.reward()
        self.exchange()
        self.exchange()

        with self.assertRaisesRegex(UserError, "you have yours already"):
            self.exchange()
        self.assertEqual(self.held(), Decimal("12.00"))
        with self.assertRaisesRegex(UserError, "not taken on the web"):
            self.offer._take(self.anna)

    def test_a_campaign_that_is_stopped_gives_the_money_back(self):
        """R-000-16: to the lots it came from, once; what was used stays used."""
        self.offer = self.make_offer(per_person=2)
        soon = self.reward(self.make_behaviour(amount=3, valid_days=5, source_id=self.town.id)).sudo().lot_id
        late = self.reward().sudo().lot_id
        used, unused = self.exchange(), self.exchange()
        self.assertEqual(self.pay(used.sudo()._code())["status"], "authorized")

        self.offer._stop("the theatre is closed")
        unused.sudo()._cancel("again")

        self.assertEqual((used.sudo().state, unused.sudo().state), ("held", "cancelled"))
        self.assertEqual((soon.remaining, late.remaining, self.held()), (0, 9, Decimal("9.00")))
        given = self.wallet._movements()[0]
        self.assertEqual((given["kind"], given["amount"]), ("exchange", Decimal("4.00")))
        self.assertEqual(self.wallet.sudo().account_ids._verify(), [])

    def test_what_a_till_gives_back_after_the_stop(self):
        """R-000-16: a purchase that is taken back while the campaign is stopped gives the coupon's price back too."""
        self.reward()
        used = self.exchange()
        authorized = self.pay(used.sudo()._code())
        self.offer._stop("the theatre is closed")
        self.till._void(self.terminals[self.shop], [authorized["key"]])

        self.env["ecoupon.campaign"]._cron_end()

        self.assertEqual((used.sudo().state, self.held()), ("cancelled", Decimal("10.00")))

    def test_funders_of_one_name(self):
        """R-000-16: what two of one name fund is told apart in the citizen's wallet."""
        twin = self.town.copy({"name": self.town.name})
        self.reward(self.make_behaviour(amount=3, source_id=self.town.id))
        self.reward(self.make_behaviour(amount=2, source_id=twin.id))

        accounts = self.wallet._overview()["accounts"]

        self.assertEqual(sorted(account["balance"] for account in accounts), [2, 3])
        self.assertEqual(len({account["funder"] for account in accounts}), 1)

    def test_a_stop_and_its_money_are_one(self):
        """R-000-16: nothing is saved between the stop and what it gives back."""
        self.offer = self.make_offer()
        self.reward()
        self.exchange()
        states = []
        with (
            patch.object(ecoupon_campaign_wallet, "read_committed", lambda _env: states.append(self.offer.state)),
            patch.object(ecoupon_coupon_state, "read_committed", lambda _env: states.append(self.offer.state)),
        ):
            self.offer._stop("the theatre is closed")

        self.assertEqual(states, ["published"])

    def test_points_that_nobody_funds_buy_coupons(self):
        """B05: R-000-16: the issuer pays for the coupon, so nobody has to fund the points."""
        self.circuit.wallet_unit = "points"
        self.reward(self.make_behaviour(source_id=False, amount=4))

        self.exchange()

        self.assertEqual(self.held(), 0)

    def test_only_what_is_for_sale(self):
        """R-000-16: not a coupon that is taken, and none of another circuit."""
        self.reward()
        with self.assertRaisesRegex(UserError, "cannot be bought"):
            self.make_offer(obtain="taken")._exchange(self.wallet)
        other = self.env["circuit.circuit"].sudo().create({"name": "Other"})
        self.entitle(CODES[0], day_from="2020-01-01", circuit=other)
        wallet = self.env["ecoupon.wallet"]._of_citizen(self.anna, other)
        with self.assertRaisesRegex(UserError, "cannot be bought"):
            self.offer._exchange(wallet)

    def test_who_is_no_longer_entitled(self):
        """R-000-15, R-000-16: buys nothing, and still sees the wallet."""
        self.reward()
        self.entitlement.removed_at = fields.Datetime.now()

        with self.assertRaisesRegex(UserError, "not entitled"):
            self.exchange()
        self.assertEqual(self.held(), Decimal("10.00"))

    def test_what_has_expired_buys_nothing(self):
        """R-000-16: also before the job has booked it."""
        lot = self.reward().sudo().lot_id
        lot.write({"available_from": self.later(days=-9), "expires_at": self.later(seconds=-1)})
        self.env.flush_all()

        with self.assertRaisesRegex(UserError, r"holds .*0\.00"):
            self.exchange()


@tagged("post_install", "-at_install")
class TestWalletBooks(OfferCase):
    """The books of who funds rewards, as those of a programme (B05)."""

    def setUp(self):
        super().setUp()
        if "circuit.account.setup" not in self.env:
            self.skipTest("circuit_account is not installed")
        self.funder = self.behaviour.sudo().funder_id
        self.env["circuit.account.setup"].create({"funder_id": self.funder.id})._apply()

    def saldo(self, name):
        """Balance of one of the funder's accounts."""
        lines = self.env["account.move.line"].sudo()
        domain = [("account_id", "=", self.funder[f"{name}_account_id"].id), ("parent_state", "=", "posted")]
        [(total,)] = lines._read_group(domain, [], ["balance:sum"])
        return Decimal(f"{total or 0:.2f}")

    def test_rewards_purchases_and_coupons_are_booked(self):
        """B05: R-000-16: a reward raises what is owed to citizens, a purchase turns it into a debt to the shop, a coupon
        bought and a reward taken back lower it again; the ledger and the books agree."""
        self.reward()
        self.reward().action_take_back()
        payment = self.capture(self.pay(None, "3.00"))
        self.exchange()
        other = self.make_behaviour(source_id=self.town.id)
        self.reward(other)

        self.funder._book_due(self.today)

        self.assertFalse(self.funder.books_problem)
        self.assertEqual(payment.move_id.state, "posted")
        self.assertEqual(
            (self.saldo("liability"), self.saldo("merchant"), self.saldo("contribution")),
            (Decimal("-3.00"), Decimal("-3.00"), Decimal("6.00")),
        )
        account = self.wallet.sudo().account_ids.filtered(lambda one: one.funder_id == self.funder)
        self.assertEqual(account._balance(), -self.saldo("liability"))
        self.assertEqual(self.funder.unbooked_count, 0)
