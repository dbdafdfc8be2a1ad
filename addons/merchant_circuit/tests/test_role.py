from datetime import datetime

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import OfficeCase

NOON = datetime(2026, 6, 15, 10, 0)


@tagged("post_install", "-at_install")
class TestRole(OfficeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.member = cls.agreement
        cls.member.write({"role_accept": True, "role_distribute": True, "role_issue": True})

    def test_member_in_force_does_what_it_is_enabled_for(self):
        """R-000-03: any combination of distributing, accepting and issuing."""
        self.member.write({"role_accept": False, "role_distribute": True, "role_issue": False})

        allowed = {role: self.member._acts(role, NOON) for role in ("distribute", "accept", "issue")}

        self.assertEqual(allowed, {"distribute": True, "accept": False, "issue": False})

    def test_act_is_refused_with_the_flag_that_is_off(self):
        """R-000-03: each act is refused, and the sentence says which."""
        self.member.write({"role_accept": False, "role_distribute": False, "role_issue": False})

        for role, words in (("distribute", "hand out"), ("accept", "accept"), ("issue", "issue")):
            with self.subTest(role=role), self.assertRaisesRegex(UserError, words):
                self.member._must_act(role, NOON)

    def test_no_commitment_no_act(self):
        """R-000-02: a draft was not signed."""
        draft = self.member.copy()

        self.assertEqual([draft._acts(role, NOON) for role in ("distribute", "accept", "issue")], [False] * 3)

    def test_dates_are_local_days(self):
        """R-000-02: the last day of the commitment lasts until its midnight in Rome."""
        self.member.write({"date_from": "2026-06-01", "date_to": "2026-06-15"})
        instants = (
            datetime(2026, 5, 31, 21, 59),
            datetime(2026, 5, 31, 22, 0),
            datetime(2026, 6, 15, 21, 59),
            datetime(2026, 6, 15, 22, 0),
        )

        self.assertEqual([self.member._acts("accept", at) for at in instants], [False, True, True, False])

    def test_suspended_member_acts_no_more(self):
        """R-000-02: nor does one whose agreement has ended."""
        self.member._suspend("non_compliance", "Did not honour the coupons")
        suspended = self.member._acts("distribute")

        self.other_agreement.action_end()

        self.assertEqual((suspended, self.other_agreement._acts("accept")), (False, False))

    def test_signature_is_dated(self):
        """R-000-02: the commitment keeps when it was signed, and no form writes that day."""
        draft = self.member.copy({"merchant_id": self.member.merchant_id.copy({"name": "Panificio Viola"}).id})
        draft.action_sign()

        self.assertEqual(draft.signed_on, self.circuit._local_today())
        with self.assertRaises(AccessError):
            draft.with_user(self.officer).signed_on = "2020-01-01"

    def test_till_refuses_who_does_not_accept(self):
        """R-000-03: the flag alone closes the till, at once."""
        before = self.authorize()["status"]

        self.member.role_accept = False

        self.assertEqual((before, self.authorize()["code"]), ("authorized", "NO_AGREEMENT"))

    def test_acting_members_of_a_circuit(self):
        """R-000-03: lists ask for those who may."""
        self.other_agreement.role_issue = False

        self.assertEqual(self.env["circuit.agreement"]._acting(self.circuit, "issue", NOON), self.member)
