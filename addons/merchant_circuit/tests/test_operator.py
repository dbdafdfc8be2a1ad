from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from .common import TillCase

OPERATIONS = ("read", "write", "create", "unlink")
#: What an operating manager may do with the models of this suite; everything else is closed.
RIGHTS = {
    "circuit.circuit": {"read"},
    "circuit.funder": {"read"},
    "circuit.category": {"read"},
    "circuit.activity": {"read"},
    "circuit.agreement": {"read"},
    "circuit.agreement.document": {"read"},
    "circuit.transaction": {"read"},
    "circuit.ateco": {"read"},
    "circuit.complaint": {"read", "write", "create"},
    "circuit.offer": {"read", "write"},
    "circuit.operator": {"read"},
    "circuit.place": {"read"},
    "circuit.refusal": {"read"},
    "circuit.session.report": {"read"},
    "circuit.stop": {"read"},
    "circuit.suspension": {"read"},
}
#: Of addons built on this one, where they are installed.
MORE = {
    "circuit.review.case": {"read"},
    "circuit.review.terms": {"read"},
    "ecoupon.campaign": {"read", "write", "create", "unlink"},
    "ecoupon.batch": {"read", "write", "create"},
    "ecoupon.commission": {"read", "write", "create"},
    "ecoupon.coupon.figure": {"read"},
    "ecoupon.engagement": {"read"},
    "ecoupon.figure": {"read"},
    "ecoupon.join.request": {"read", "write"},
    "ecoupon.join.terms": {"read"},
    "ecoupon.policy": {"read"},
    "ecoupon.position": {"read"},
    "ecoupon.redemption": {"read"},
    "ecoupon.threshold": {"read"},
}
OWN_MODELS = ("circuit.", "family.", "stored.value.", "ecoupon.", "merchant.", "sms.sms", "sms.gateway", "pos.order")


@tagged("post_install", "-at_install")
class TestOperator(TillCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_of_operator = cls.env["res.partner"].create({"name": "Gestore s.r.l.", "is_company": True})
        cls.circuit.operator_id = cls.company_of_operator
        cls.operator = new_test_user(cls.env, "operator", groups="merchant_circuit.group_operator")
        cls.operator.partner_id.parent_id = cls.company_of_operator
        cls.citizen = cls.env["res.partner"].create({"name": "Maria Bianchi", "email": "maria@example.org"})

    def as_operator(self, model):
        """A model with the operator's rights."""
        return self.env[model].with_user(self.operator)

    def test_matrix_of_rights(self):
        """R-004-103, R-001-25: operating data only, and nothing of households, cards, ledgers or messages."""
        rights = {
            model._name: {operation for operation in OPERATIONS if model.has_access(operation)}
            for model in (self.as_operator(name) for name in self.env if name.startswith(OWN_MODELS))
            if not model._abstract and not model._transient
        }

        wanted = RIGHTS | {name: granted for name, granted in MORE.items() if name in self.env}
        self.assertEqual({name: granted for name, granted in rights.items() if granted}, wanted)

    def test_sees_merchants_and_no_citizen(self):
        """R-001-25: merchants of the operator's circuit, no other person, by no road."""
        portal = new_test_user(self.env, "citizen-login", groups="base.group_portal")
        bank = self.env["res.partner.bank"].create(
            {"acc_number": "IT60X0542811101000000123456", "partner_id": self.citizen.id}
        )
        self.merchant.is_merchant = True

        partners = self.as_operator("res.partner").search([])

        self.assertIn(self.merchant, partners)
        for name, record in (("citizen", self.citizen), ("portal user", portal.partner_id)):
            with self.subTest(name):
                self.assertNotIn(record, partners)
                with self.assertRaises(AccessError):
                    record.with_user(self.operator).read(["name", "email"])
        for record in (portal, bank):
            with self.subTest(record._name), self.assertRaises(AccessError):
                record.with_user(self.operator).read([])
        self.assertFalse(self.as_operator("res.partner").name_search("Maria Bianchi"))
        self.assertEqual(self.as_operator("res.users").search([]), self.operator)

    def test_sees_transactions_masked(self):
        """R-001-25: of a purchase the operator reads shop, amount and a masked holder."""
        transaction = self.transaction(self.authorize()).with_user(self.operator)

        self.assertEqual(transaction.holder_mask, "TST***01")
        # an account is called as its card: neither read, nor searched, nor grouped by
        for ask in (
            lambda: transaction.account_id.read(["name"]),
            lambda: transaction.read(["account_id"]),
            lambda: transaction.search([("account_id", "!=", False)]),
            lambda: transaction.formatted_read_group([], ["account_id"], ["__count"]),
        ):
            with self.assertRaises(AccessError):
                ask()

    def test_another_operators_circuit_stays_closed(self):
        """R-004-103: an operator sees the circuits it runs."""
        transaction = self.transaction(self.authorize())
        self.circuit.operator_id = self.citizen

        for records in (self.circuit, self.agreement, transaction, self.merchant):
            with self.subTest(records._name):
                self.assertFalse(records.with_user(self.operator).search([("id", "in", records.ids)]))

    def test_promoter_keeps_its_rights(self):
        """R-004-103: who works for the public body too is not fenced in."""
        self.operator.group_ids = [Command.link(self.env.ref("merchant_circuit.group_officer").id)]

        self.assertTrue(self.citizen.with_user(self.operator).has_access("read"))

    def test_opens_its_screens(self):
        """R-004-103: lists and forms of what the operator reads can be opened and filled."""
        transaction = self.transaction(self.authorize())
        for record in (self.merchant, self.agreement, self.circuit, transaction):
            with self.subTest(record._name):
                views = self.as_operator(record._name).get_views([(False, "list"), (False, "search"), (False, "form")])
                # internal notes may speak of citizens, and name people the operator does not know
                self.assertNotIn("<chatter", views["views"]["form"]["arch"])
                self.assertEqual(Form(record.with_user(self.operator)).record.id, record.id)
