from datetime import datetime
from decimal import Decimal

from odoo.tests import tagged

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.merchant_circuit.rules.till import Terminal
from odoo.addons.merchant_circuit.tests.common import TillCase


@tagged("post_install", "-at_install")
class BooksCase(TillCase, AccountTestInvoicingCommon):
    """A funder whose books are set up, with 41.25 credited today and two shops with a web till."""

    @classmethod
    def get_default_groups(cls):
        return super().get_default_groups() | cls.quick_ref("merchant_circuit.group_manager")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["circuit.account.setup"].create({"funder_id": cls.funder.id})._apply()
        cls.web = Terminal(cls.merchant.id, cls.env.company.id, "web", "web,1", "")
        cls.other_web = Terminal(cls.other_merchant.id, cls.env.company.id, "web", "web,2", "")
        cls.today = cls.circuit._local_today()

    def pay(self, terminal=None, at=None):
        """A captured payment of 15.00.

        :param datetime at: UTC instant of the capture, now when empty
        :return: circuit.transaction
        """
        terminal = terminal or self.web
        reply = self.authorize(terminal=terminal)
        self.assertEqual(reply["status"], "authorized", reply)
        self.capture(reply, terminal=terminal)
        transaction = self.transaction(reply)
        if at:
            self.cr.execute("UPDATE circuit_transaction SET captured_at = %s WHERE id = %s", [at, transaction.id])
            transaction._forget()
        return transaction

    def give(self, amount, origin, at=None, expires=None, account=None):
        """Credit the account.

        :param str amount: EUR
        :param str origin: key of the credit
        :param datetime at: UTC instant, now when empty
        :param datetime expires: UTC instant of the end, never when empty
        :return: stored.value.lot
        """
        self.env["stored.value.account"]._credit(
            [
                {
                    "account_id": (account or self.account).id,
                    "amount": Decimal(amount),
                    "available_from": datetime(2020, 1, 1),
                    "expires_at": expires,
                    "origin": origin,
                    "memo": "",
                }
            ],
            at,
        )
        return self.env["stored.value.lot"].sudo().search([("origin", "=", origin)])

    def book(self, until=None):
        """Book what is due.

        :return: account.move recordset
        """
        return self.funder._book_due(until or self.today)

    def saldo(self, name):
        """Balance of an account of the funder.

        :param str name: liability, contribution or merchant
        :return: Decimal
        """
        account = self.funder[f"{name}_account_id"]
        lines = self.env["account.move.line"].sudo()
        [(total,)] = lines._read_group(
            [("account_id", "=", account.id), ("parent_state", "=", "posted")], [], ["balance:sum"]
        )
        return Decimal(f"{total or 0:.2f}")
