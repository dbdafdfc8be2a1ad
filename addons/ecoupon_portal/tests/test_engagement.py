from datetime import date
from decimal import Decimal
from uuid import uuid4

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from odoo.addons.merchant_circuit.rules.till import Line

from .citizen_common import CitizenCase


@tagged("post_install", "-at_install")
class TestEngagement(CitizenCase):
    def figures(self, groups=(), domain=()):
        """Sums of the circuit's figures, as staff read them.

        :return: list of tuples: groups, opened, taken, active
        """
        self.env.flush_all()
        self.env["ecoupon.engagement"].invalidate_model()
        return (
            self.env["ecoupon.engagement"]
            .with_user(self.officer)
            ._read_group(
                [("circuit_id", "=", self.circuit.id), *domain],
                groups,
                ["opened:sum", "taken:sum", "person_key:count_distinct"],
            )
        )

    def test_openings_are_counted_and_nobody_is_noted(self):
        """R-000-35: a number a day and campaign; no login, address or browser is kept."""
        browser = {"User-Agent": "Mozilla/5.0"}
        self.url_open(f"/coupons/{self.public.id}", headers=browser)
        self.log_in()
        self.url_open(f"/coupons/{self.public.id}", headers=browser)

        self.assertEqual(self.figures(), [(2, 0, 0)])
        self.assertEqual(
            set(self.env["ecoupon.view"]._fields),
            {"id", "display_name", "campaign_id", "company_id", "day", "count"},
        )

    def test_machines_are_not_counted(self):
        """R-000-35: search engines open pages too."""
        self.url_open(f"/coupons/{self.public.id}", headers={"User-Agent": "Googlebot/2.1"})

        self.assertFalse(self.env["ecoupon.view"].search([("campaign_id", "=", self.public.id)]))

    def test_people_are_counted_once(self):
        """R-000-35: two coupons of one citizen are one active citizen, however it is grouped."""
        other = self.campaign(name="Other", amount=2, per_person=0)
        self.take()
        self.take(other)
        self.take(other)
        self.take(other, self.luca)

        self.assertEqual(self.figures(), [(0, 4, 2)])
        by_campaign = {campaign.name: rest for campaign, *rest in self.figures(["campaign_id"])}
        self.assertEqual(by_campaign, {"Five off": [0, 1, 1], "Other": [0, 3, 2]})

    def test_by_place_and_category(self):
        """R-000-35: where coupons were handed out, and of which macro-category."""
        campaign = self.campaign(name="Earned", amount=3, obtain="earned", distributor_ids=self.commitment.ids)
        coupon = campaign._hand_out(self.commitment, self.place_a, 1)
        coupon.sudo().holder_id = self.anna

        [(place, state, category, *rest)] = self.figures(["place_id", "state_id", "category_id"])

        self.assertEqual((place, state), (self.place_a, self.milan))
        self.assertEqual(category, self.env.ref("merchant_circuit.category_commercio"))
        self.assertEqual(rest, [0, 1, 1])

    def test_spent_and_taken_back(self):
        """R-000-35: spent coupons by the place where they were spent; what is taken back in full is spent no more."""
        coupon = self.take()
        self.env.flush_all()
        key, terminal = str(uuid4()), self.terminals[self.shop]
        line = {"amount": "40.00", "activity_id": None}
        request = {"identifier": coupon._code(), "secret": "", "lines": [line], "requested": None, "order_ref": key}
        answer = self.till._authorize(terminal, {"key": key, **request})
        transactions = self.env["circuit.transaction"]
        lines = [Line(Decimal("40.00"), None)]
        transactions._capture(terminal, key, key, Decimal(answer["amount"]), lines)
        spent = [("kind", "=", "spent"), ("circuit_id", "=", self.circuit.id)]
        figures = self.env["ecoupon.engagement"]
        self.env.flush_all()

        self.assertEqual(figures._read_group(spent, [], ["spent:sum", "discount:sum"]), [(1, 5.0)])
        transactions.search([("key", "=", key)])._reverse("Mistake of the shop")
        self.env.flush_all()
        self.assertEqual(figures._read_group(spent, [], ["spent:sum", "discount:sum"]), [(0, 0.0)])

    def test_registered(self):
        """R-000-35: citizens who made a login, by day; no staff, no merchants."""
        domain = [("kind", "=", "registered"), ("company_id", "=", self.env.company.id)]
        before = self.env["ecoupon.engagement"].search_count(domain)
        new_test_user(self.env, "new-citizen", groups="base.group_portal")
        new_test_user(self.env, "new-officer", groups="merchant_circuit.group_officer")
        self.env.flush_all()

        self.assertEqual(self.env["ecoupon.engagement"].search_count(domain) - before, 1)

    def test_days_that_are_over_are_added_up(self):
        """R-000-35: the numbers stay, the rows become one."""
        views = self.env["ecoupon.view"].sudo()
        views.create([{"campaign_id": self.public.id, "day": date(2026, 1, 5), "count": 1} for _time in range(3)])
        self.env.flush_all()

        views._gc_openings()

        row = views.search([("campaign_id", "=", self.public.id)])
        self.assertEqual((len(row), row.count, row.company_id), (1, 3, self.public.company_id))

    def test_who_reads_the_figures(self):
        """R-000-35: the office and the Region of the same company, and nobody else."""
        self.take()
        self.env.flush_all()
        stranger = new_test_user(self.env, "stranger-engagement", groups="base.group_user")
        other = self.env["res.company"].create({"name": "Another region"})
        elsewhere = new_test_user(
            self.env,
            "elsewhere",
            groups="merchant_circuit.group_officer",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        for model in ("ecoupon.engagement", "ecoupon.view"):
            self.env[model].with_user(self.region).search([])
            self.assertFalse(self.env[model].with_user(elsewhere).search([("campaign_id", "=", self.public.id)]))
            with self.assertRaises(AccessError):
                self.env[model].with_user(stranger).search([])
