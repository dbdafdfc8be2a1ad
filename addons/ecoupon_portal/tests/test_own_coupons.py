from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.merchant_circuit.rules.till import Line

from .citizen_common import CitizenCase


@tagged("post_install", "-at_install")
class TestOwnCoupons(CitizenCase):
    def mine(self, user=None):
        """Coupons in a citizen's list."""
        return self.env["ecoupon.coupon"].sudo()._mine((user or self.citizen).partner_id)

    def handed_out(self, code_of=None, **values):
        """A coupon of paper that a member handed out at its counter.

        :return: (ecoupon.coupon with the rights of the system, its code)
        """
        campaign = code_of or self.campaign(
            name="Handed out", amount=3, obtain="earned", distributor_ids=self.commitment.ids, **values
        )
        coupon = campaign._hand_out(self.commitment, self.place_a, 1)
        return coupon, coupon._code()

    def test_one_press_takes_a_coupon(self):
        """R-000-05: and leads to its page with the code."""
        self.log_in()

        answer = self.post(f"/coupons/{self.public.id}/take")

        coupon = self.mine()
        self.assertEqual((answer.status_code, len(coupon)), (303, 1))
        self.assertTrue(answer.headers["Location"].endswith(f"/my/coupons/{coupon.id}"))
        page = self.get(f"/my/coupons/{coupon.id}")
        self.assertIn(coupon._code(), page)
        self.assertIn('class="o_code_picture"', page)

    def test_visitors_log_in_first(self):
        """R-000-11: seeing needs no login, having does."""
        self.assertIn(f"/web/login?redirect=/coupons/{self.public.id}", self.get(f"/coupons/{self.public.id}"))
        for path in ("/my/coupons", "/my/coupons/1", "/my/reserved"):
            answer = self.url_open(path, allow_redirects=False)
            self.assertIn("/web/login", answer.headers["Location"])

    def test_clear_refusals(self):
        """R-000-05: a second one, and none left: a sentence, and nothing taken."""
        self.public.quantity = 2
        self.log_in()
        self.post(f"/coupons/{self.public.id}/take")

        second = self.post(f"/coupons/{self.public.id}/take")
        self.assertEqual((second.status_code, len(self.mine())), (409, 1))
        self.assertIn('role="alert"', second.text)
        self.assertIn("You have this coupon already", self.get(f"/coupons/{self.public.id}"))

        self.public.quantity = 1
        self.log_in(self.luca)
        self.assertIn("All coupons of this campaign are taken.", self.get(f"/coupons/{self.public.id}"))
        self.assertEqual(self.post(f"/coupons/{self.public.id}/take").status_code, 409)
        self.assertFalse(self.mine(self.luca))

    def test_what_is_not_taken_on_the_web(self):
        """R-000-05: coupons that members hand out, or that the wallet buys, are not had by sending a form."""
        handed = self.campaign(name="Earned", amount=3, obtain="earned", distributor_ids=self.commitment.ids)
        bought = self.campaign(name="Bought", amount=3, obtain="exchanged", wallet_price=1)
        self.log_in()

        for campaign in handed | bought:
            self.assertEqual(self.post(f"/coupons/{campaign.id}/take").status_code, 409)
        self.assertFalse(self.mine())

    def test_coupons_accumulate_in_one_list(self):
        """R-000-05: several of one member's counter, and those of the web, with state, end and place."""
        campaign = self.campaign(
            name="Handed out", amount=3, obtain="earned", distributor_ids=self.commitment.ids, per_person=0
        )
        self.log_in()
        for _time in range(3):
            _coupon, code = self.handed_out(campaign)
            self.assertEqual(self.post("/my/coupons/add", code=code.lower()).status_code, 303)
        self.take()

        page = self.get("/my/coupons")

        self.assertEqual(page.count("From Issuer A, Counter A"), 3)
        self.assertEqual(page.count("Available"), 4)
        self.assertIn("Five off", page)

    def test_paper_belongs_to_who_adds_it_first(self):
        """R-000-05: then it is in nobody else's list."""
        _coupon, code = self.handed_out()
        self.log_in()
        self.post("/my/coupons/add", code=code)

        self.log_in(self.luca)
        answer = self.post("/my/coupons/add", code=code)

        self.assertEqual((answer.status_code, len(self.mine(self.luca))), (409, 0))
        self.assertIn("in somebody else", answer.text)

    def test_codes_that_are_none(self):
        """R-000-38: what was mistyped, cancelled, or is over is refused in one sentence."""
        cancelled, code = self.handed_out()
        cancelled.sudo().write({"cancelled_at": fields.Datetime.now()})
        self.log_in()

        for text in ("", "EC-1", "EC-0000-0000-0000-0000", "\x00", "x" * 500, code):
            answer = self.post("/my/coupons/add", code=text)
            self.assertEqual(answer.status_code, 409, text)
            self.assertIn("No coupon has this code", answer.text)

    def test_guesses_wait_and_are_noted(self):
        """R-000-38: whoever tries codes waits longer after each, also with a genuine one; mistyped ones are no guess."""
        _coupon, code = self.handed_out()
        self.log_in()
        for number in range(11):
            guessed = self.post("/my/coupons/add", code=f"EC-0000-0000-0000-{number:04d}")
            self.post("/my/coupons/add", code="EC-1")

        genuine = self.post("/my/coupons/add", code=code)

        self.assertIn("Too many wrong codes", guessed.text)
        self.assertIn("Too many wrong codes", genuine.text)
        self.assertEqual(self.env["ecoupon.code.try"].search_count([("user_id", "=", self.citizen.id)]), 10)

    def test_persons_limit_counts_paper_too(self):
        """R-000-05: one for each person, however it comes."""
        campaign = self.campaign(
            name="Handed out", amount=3, obtain="earned", distributor_ids=self.commitment.ids, per_person=1
        )
        codes = [self.handed_out(campaign)[1] for _time in range(2)]
        self.log_in()

        answers = [self.post("/my/coupons/add", code=code).status_code for code in codes]

        self.assertEqual(answers, [303, 409])

    def test_nobody_sees_anothers_coupon(self):
        """R-000-27: the number of another citizen's coupon finds nothing."""
        coupon = self.take()
        self.log_in(self.luca)

        self.get(f"/my/coupons/{coupon.id}", 404)
        self.assertNotIn("Five off", self.get("/my/coupons"))

    def test_spent_and_over(self):
        """R-000-05: what was spent or has ended is past, without its code."""
        spent, over = self.take(), self.take(self.campaign(name="Over", amount=2))
        code = spent._code()
        self.env.flush_all()
        self.use(code)
        over.write({"expires_at": fields.Datetime.now() - timedelta(days=1)})
        self.log_in()

        page = self.get("/my/coupons")

        self.assertIn("You have no coupon to spend", page)
        self.assertIn("Over", page[page.index('id="past"') :])
        for coupon in spent | over:
            self.assertNotIn("o_code_picture", self.get(f"/my/coupons/{coupon.id}"))

    def test_private_methods_are_not_called(self):
        """R-000-12: a citizen's call of the model is refused."""
        self.log_in()
        for method in ("_take", "_claim", "read", "create"):
            with mute_logger("odoo.http"):
                answer = self.make_jsonrpc_request_raw("ecoupon.campaign", method)
            self.assertIn("error", answer)
        self.assertFalse(self.mine())

    def make_jsonrpc_request_raw(self, model, method):
        """Call a model as the web client does.

        :return: dict, the answer
        """
        body = {"params": {"model": model, "method": method, "args": [self.public.ids], "kwargs": {}}}
        return self.url_open("/web/dataset/call_kw", json={"jsonrpc": "2.0", "method": "call", **body}).json()

    def use(self, code):
        """Spend a coupon at a shop's till."""
        line = {"amount": "40.00", "activity_id": None}
        key = str(uuid4())
        request = {"key": key, "identifier": code, "secret": "", "lines": [line], "requested": None, "order_ref": key}
        terminal = self.terminals[self.shop]
        answer = self.till._authorize(terminal, request)
        self.assertEqual(answer["status"], "authorized", answer)
        lines = [Line(Decimal("40.00"), None)]
        self.env["circuit.transaction"]._capture(terminal, key, key, Decimal(answer["amount"]), lines)
