"""What the tests of entitlements need: a circuit, a policy, a citizen with a fiscal code."""

import base64
from contextlib import contextmanager
from datetime import date
from types import SimpleNamespace
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import TransactionCase, new_test_user

from ..models import res_users
from ..models.res_users import KEPT
from ..rules import person

CODES = ("TSTMRA80A01H501C", "TSTMRA80A01F205F", "TSTNNA85B41F205A", "TSTLGI70C15F205J", "TSTLCU90D22F205K")


class EntitlementCase(TransactionCase):
    """Circuit, policy, an officer, a user of the Region and a citizen who is a portal user."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        env = cls.env
        cls.circuit = env["circuit.circuit"].create({"name": "Lombardia"})
        cls.policy, cls.other_policy = env["ecoupon.policy"].create(
            [{"name": "Reddito di Autonomia", "code": "TRDA"}, {"name": "Bonus famiglia", "code": "TFAM"}]
        )
        cls.region = new_test_user(env, "region", groups="ecoupon.group_region")
        cls.officer = new_test_user(
            env, "desk-officer", groups="merchant_circuit.group_officer,base.group_partner_manager"
        )
        cls.citizen = new_test_user(env, "anna", groups="base.group_portal", password="anna-password")
        cls.anna = cls.citizen.partner_id
        cls.anna.l10n_it_codice_fiscale = CODES[0]
        cls.day = date(2026, 6, 15)

    def key(self, circuit=None):
        """The server's own key."""
        return self.env["ecoupon.entitlement.key"]._own_of(circuit or self.circuit)

    def prove(self, partner=None):
        """The office has seen the citizen."""
        (partner or self.anna).with_user(self.officer).action_identity_seen()

    def entitle(self, code=CODES[0], day_from="2026-01-01", day_to=None, policy=None, circuit=None):
        """An entitlement as a list would make it.

        :return: ecoupon.entitlement
        """
        key = self.key(circuit)
        return (
            self.env["ecoupon.entitlement"]
            .sudo()
            .create(
                {
                    "circuit_id": (circuit or self.circuit).id,
                    "company_id": self.env.company.id,
                    "key_id": key.id,
                    "person_hash": person.keyed_hash(key.secret, code),
                    "policy_id": (policy or self.policy).id,
                    "date_from": day_from,
                    "date_to": day_to,
                }
            )
        )

    def holds(self, partner=None, day=None, **kwargs):
        """Whether the citizen is entitled."""
        return self.env["ecoupon.entitlement"]._holds(partner or self.anna, self.circuit, day or self.day, **kwargs)


class ListCase(EntitlementCase):
    """Lists as the Region delivers them, on 15 June 2026."""

    def setUp(self):
        super().setUp()
        clock = freeze_time("2026-06-15 10:00:00")
        clock.start()
        self.addCleanup(clock.stop)

    def deliver(self, *rows, header="fiscal code;policy;from;to;action", user=None, **values):
        """A list that was uploaded.

        :return: ecoupon.entitlement.list of the Region's user
        """
        content = "\n".join([header, *rows]) + "\n"
        return (
            self.env["ecoupon.entitlement.list"]
            .with_user(user or self.region)
            .create(
                {
                    "circuit_id": self.circuit.id,
                    "file": base64.b64encode(content.encode()),
                    "file_name": "list.csv",
                    **values,
                }
            )
        )

    def apply(self, *rows, **values):
        """A list that was applied."""
        record = self.deliver(*rows, **values)
        self.assertEqual(record.state, "checked", record.problems)
        record.action_apply()
        return record

    def figures(self, record):
        """What a list changed."""
        return record.added_count, record.changed_count, record.removed_count

    def entitlements(self, code=CODES[0]):
        """A person's entitlements, oldest first, also those taken off."""
        key = self.key()
        domain = [("person_hash", "=", person.keyed_hash(key.secret, code))]
        return self.env["ecoupon.entitlement"].search(domain, order="id")

    def log(self, code=CODES[0]):
        """A person's events, oldest first."""
        events = self.entitlements(code).event_ids.sorted("id")
        return [(event.kind, event.date_from, event.date_to or None) for event in events]


@contextmanager
def logged_in(user, level="second_factor"):
    """A request in whose session a user has logged in.

    :param user: res.users; None: nobody
    :param str level: of ``rules.login_level.LEVELS``; None: nothing was noted
    """
    session = {KEPT: [user.id, level]} if user and level else {}
    fake = SimpleNamespace(session=Session(session, uid=user.id if user else None))
    with patch.object(res_users, "request", fake):
        yield fake.session


class Session(dict):
    """As much of a session as the level of a login wants."""

    def __init__(self, content, uid):
        super().__init__(content)
        self.uid = uid
