from datetime import datetime

from odoo import Command, fields

from .common import SettlementCase

#: captured in April, in Corleto's own time
APRIL = datetime(2024, 4, 10, 10)
MAY = datetime(2024, 5, 10, 10)


class ApprovalCase(SettlementCase):
    """Statements that are signed and whose operations are in the books."""

    def setUp(self):
        super().setUp()
        self.as_clerk = self.env["merchant.statement"].with_user(self.clerk)
        self.as_approver = self.env["merchant.statement"].with_user(self.approver)

    def signed(self, *amounts, month="2024-04", at=APRIL, booked=True):
        """The signed statement of charges of a month.

        :param str amounts: EUR
        :return: merchant.statement
        """
        for amount in amounts:
            self.charge(amount, at)
        statement = self.run_month(month).filtered(lambda row: row.merchant_id == self.merchant)
        if booked:
            self.book(statement)
        return self.sign(statement)

    def sign(self, statements):
        """Sign statements as their merchants do."""
        statements.write({"state": "signed", "signed_at": fields.Datetime.now(), "signed_by": "Anna Rossi"})
        return statements

    def book(self, statements):
        """Book what of these statements is not in the books yet."""
        for statement in statements:
            transactions = statement.line_ids.transaction_id.filtered(lambda row: not row.move_id)
            total = float(sum(row._signed_amount() for row in transactions))
            if not transactions:
                continue
            move = self.env["account.move"].create(
                {
                    "journal_id": self.funder.journal_id.id,
                    "date": "2024-04-03",
                    "line_ids": [
                        Command.create({"account_id": account.id, "partner_id": partner.id, "balance": sign * total})
                        for account, partner, sign in (
                            (self.funder.liability_account_id, self.env["res.partner"], 1),
                            (self.funder.merchant_account_id, statement.merchant_id, -1),
                        )
                    ],
                }
            )
            move.action_post()
            transactions.write({"move_id": move.id})

    def check(self, statement):
        """The clerk checks."""
        statement.with_user(self.clerk).action_check()

    def approve(self, statement):
        """The approver approves."""
        statement.with_user(self.approver).action_approve()

    def approved(self, *amounts, **options):
        """A statement with its bill."""
        statement = self.signed(*amounts, **options)
        self.check(statement)
        statement.arrears_reference = "2024/17 of 03/05/2024"
        self.approve(statement)
        return statement

    def hold(self, statement, step, reason, user):
        """Block, unblock or send back through the wizard."""
        self.env["merchant.statement.reason"].with_user(user).create(
            {"step": step, "statement_ids": [Command.set(statement.ids)], "reason": reason}
        ).action_apply()

    def open_on_merchant_account(self):
        """What the books still owe the merchant without a bill."""
        lines = self.env["account.move.line"].search(
            [
                ("account_id", "=", self.funder.merchant_account_id.id),
                ("partner_id", "=", self.merchant.id),
                ("parent_state", "=", "posted"),
            ]
        )
        return round(sum(lines.mapped("amount_residual")), 2)

    def close_by_hand(self, statement, amount):
        """Somebody books part of what is owed elsewhere."""
        owed = statement.line_ids.transaction_id.move_id.line_ids.filtered(
            lambda line: line.account_id == self.funder.merchant_account_id
        )
        move = self.env["account.move"].create(
            {
                "journal_id": self.funder.journal_id.id,
                "date": "2024-04-03",
                "line_ids": [
                    Command.create({"account_id": account.id, "partner_id": self.merchant.id, "balance": balance})
                    for account, balance in (
                        (self.funder.merchant_account_id, amount),
                        (self.funder.contribution_account_id, -amount),
                    )
                ],
            }
        )
        move.action_post()
        (owed | move.line_ids.filtered(lambda line: line.account_id == owed.account_id)).reconcile()
