from odoo import api, fields, models
from odoo.tools import SQL, format_amount

from .circuit_reconciliation_item import KINDS

FIGURES = ("ledger", "books", "other_day", "holds", "payments", "credits", "expiries", "manual", "unexplained")
REASON_OF = {
    "other_day": "other_day",
    "holds": "hold",
    "payments": "payment",
    "credits": "credit",
    "expiries": "expiry",
    "manual": "manual",
    "unexplained": "unexplained",
}


class CircuitReconciliation(models.Model):
    """What the circuit says of a funder's money against its account in the general ledger, to the cent (design 4.3,
    R-004-96): the credit of the citizens, and what is owed to the shops until it is billed. Each is made again by each
    check, and says when that was."""

    _name = "circuit.reconciliation"
    _description = "Reconciliation of the ledgers"
    _inherit = ["own.fields", "mail.thread", "mail.activity.mixin"]
    _order = "funder_id, kind"
    _rec_name = "funder_id"

    funder_id = fields.Many2one("circuit.funder", required=True, readonly=True, ondelete="cascade")
    kind = fields.Selection(KINDS, "What", required=True, readonly=True, default="credit")
    company_id = fields.Many2one(related="funder_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    account_id = fields.Many2one("account.account", "Account in the books", compute="_compute_account_id")
    checked_at = fields.Datetime("Last check", readonly=True)
    state = fields.Selection(
        [
            ("setup", "Accounts missing"),
            ("equal", "Agrees"),
            ("explained", "Differs, all explained"),
            ("unexplained", "Does not agree"),
        ],
        "Verdict",
        required=True,
        readonly=True,
        default="setup",
        tracking=True,
    )
    verdict = fields.Char("In a word", compute="_compute_verdict")
    line_ids = fields.One2many("circuit.reconciliation.line", "reconciliation_id", "Days", readonly=True)
    difference_line_ids = fields.One2many(
        "circuit.reconciliation.line",
        "reconciliation_id",
        "Days with a difference",
        readonly=True,
        domain=["|", ("difference", "!=", 0), ("unexplained_count", "!=", 0)],
    )
    ledger = fields.Monetary(
        "In the circuit",
        readonly=True,
        help="What is on the accounts of the citizens, holds taken off; or what the shops were paid with, less what was"
        " billed of it.",
    )
    books = fields.Monetary("In the books", readonly=True, help="Balance of the account of the general ledger.")
    difference = fields.Monetary(readonly=True, help="In the circuit less in the books.")
    other_day = fields.Monetary("Booked on another day", readonly=True, help="Always zero over all days.")
    holds = fields.Monetary("Held at tills", readonly=True, help="Waiting for the shop to confirm; not for the books.")
    payments = fields.Monetary("Payments not booked", readonly=True)
    credits = fields.Monetary("Credits not booked", readonly=True)
    expiries = fields.Monetary("Expiries not booked", readonly=True)
    manual = fields.Monetary("Entries made by hand", readonly=True)
    unexplained = fields.Monetary(readonly=True, help="Must be 0.00.")
    unexplained_count = fields.Integer("Unexplained items", readonly=True)

    _one_a_funder = models.UniqueIndex("(funder_id, kind)", "This funder has its reconciliation.")

    def _own_fields(self):
        return super()._own_fields() | {
            *FIGURES,
            "funder_id",
            "kind",
            "checked_at",
            "state",
            "difference",
            "unexplained_count",
            "line_ids",
            "difference_line_ids",
        }

    @api.depends("kind", "funder_id")
    def _compute_account_id(self):
        for check in self:
            funder = check.funder_id
            check.account_id = funder.merchant_account_id if check.kind == "shops" else funder.liability_account_id

    @api.depends("funder_id", "kind")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for check in self:
            check.display_name = f"{check.funder_id.name}: {kinds.get(check.kind)}"

    @api.depends("state", "difference", "unexplained", "unexplained_count")
    def _compute_verdict(self):
        for check in self:
            difference = format_amount(self.env, check.difference, check.currency_id)
            check.verdict = {
                "setup": self.env._("Set the accounts of this funder first."),
                "equal": self.env._("Both ledgers agree to the cent."),
                "explained": self.env._(
                    "The ledgers differ by %s, and every cent of it has its explanation.", difference
                ),
                "unexplained": self.env._(
                    "%(count)s items have no explanation (%(amount)s in all): open them and find out why.",
                    count=check.unexplained_count,
                    amount=format_amount(self.env, check.unexplained, check.currency_id),
                ),
            }[check.state]

    # ------------------------------------------------------------------ the check

    def action_check(self):
        """Button: compare both ledgers as they are now; on an empty set, those of every funder.

        :return: True
        """
        (self or self._of_all_funders())._check()
        return True

    @api.model
    def _of_all_funders(self):
        """The reconciliation of every funder with accounts or credit; what is missing is made.

        :return: circuit.reconciliation
        """
        # one row a programme: few
        funders = self.env["circuit.funder"].with_context(active_test=False).search([])  # pylint: disable=no-search-all
        # sudo: nobody else makes or writes a reconciliation
        known = self.sudo().search([("funder_id", "in", funders.ids)])
        there = {(check.funder_id, check.kind) for check in known}
        known |= self.sudo().create(
            [
                {"funder_id": funder.id, "kind": kind}
                for funder in funders
                for kind, _label in KINDS
                if (funder, kind) not in there
            ]
        )
        return known.with_env(self.env)

    def _check(self):
        """Add both ledgers up, by account and day, in one pass of the database."""
        self.check_access("read")
        self.env.flush_all()
        # one check of a funder at a time
        self.env.execute_query(
            SQL("SELECT 1 FROM circuit_reconciliation WHERE id = ANY(%s) ORDER BY id FOR UPDATE", self.ids)
        )
        self.env.cr.execute(SQL("DELETE FROM circuit_reconciliation_line WHERE reconciliation_id = ANY(%s)", self.ids))
        # millions of rows are joined and added up: in memory, and without compiling the query first
        self.env.cr.execute(SQL("SET LOCAL work_mem = '64MB'"))
        self.env.cr.execute(SQL("SET LOCAL jit = off"))
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO circuit_reconciliation_line (reconciliation_id, funder_id, kind, company_id, account_code,
                       day, ledger, books, difference, unexplained_count, %(names)s)
                SELECT r.id, i.funder_id, i.kind, r.company_id, i.account_code, i.day, sum(i.ledger), sum(i.books),
                       sum(i.ledger - i.books), coalesce(sum(i.count) FILTER (WHERE i.reason = 'unexplained'), 0),
                       %(sums)s
                  FROM (%(items)s) i JOIN circuit_reconciliation r ON r.funder_id = i.funder_id AND r.kind = i.kind
                 WHERE r.id = ANY(%(checks)s)
                 GROUP BY r.id, i.funder_id, i.kind, i.account_code, i.day
                """,
                names=SQL(", ").join(SQL.identifier(name) for name in REASON_OF),
                sums=SQL(", ").join(
                    SQL("coalesce(sum(i.ledger - i.books) FILTER (WHERE i.reason = %s), 0)", reason)
                    for reason in REASON_OF.values()
                ),
                checks=self.ids,
                items=self.env["circuit.reconciliation.item"]._sums(self.funder_id.ids),
            )
        )
        self.env.cr.execute(SQL("SET LOCAL work_mem TO DEFAULT"))
        self._total()

    def _total(self):
        """Take the totals of the days over and say what they mean."""
        names = ("ledger", "books", "difference", "unexplained_count", *REASON_OF)
        rows = self.env.execute_query_dict(
            SQL(
                "SELECT reconciliation_id, %s FROM circuit_reconciliation_line WHERE reconciliation_id = ANY(%s)"
                " GROUP BY reconciliation_id",
                SQL(", ").join(SQL("sum(%s) AS %s", SQL.identifier(name), SQL.identifier(name)) for name in names),
                self.ids,
            )
        )
        totals = {row.pop("reconciliation_id"): row for row in rows}
        self.env["circuit.reconciliation.line"].invalidate_model()
        self.invalidate_recordset(["line_ids", "difference_line_ids"])
        now = fields.Datetime.now()
        for check in self.sudo():  # sudo: nobody else writes a reconciliation
            total = totals.get(check.id) or dict.fromkeys(names, 0)
            check.write({**total, "state": check._verdict_of(total), "checked_at": now})

    def _verdict_of(self, total):
        """What the totals of a check mean.

        :param dict total: figures by name
        :return: str, value of ``state``
        """
        self.ensure_one()
        if total["unexplained_count"]:
            return "unexplained"
        if not self.account_id:
            return "setup"
        open_items = total["difference"] or any(total[name] for name in REASON_OF)
        return "explained" if open_items else "equal"

    # ------------------------------------------------------------------ every night

    @api.model
    def _cron_check(self):
        """Scheduled: check every funder; who looks after its books gets an activity when they do not agree.

        :return: circuit.reconciliation that do not agree
        """
        checks = self._of_all_funders()
        checks._check()
        wrong = checks.filtered(lambda check: check.state == "unexplained")
        for check in wrong:
            check.funder_id._tell_controller(check, self.env._("The ledgers do not agree"), check.verdict)
        return wrong

    # ------------------------------------------------------------------ where to look

    @api.model
    def action_all(self):
        """Menu: the verdict of every funder, those never checked yet included.

        :return: window action
        """
        checks = self._of_all_funders()
        fresh = checks.filtered(lambda check: not check.checked_at)
        if fresh:
            fresh._check()
        return self.env["ir.actions.act_window"]._for_xml_id("circuit_account.action_reconciliation")

    def _items_action(self, domain=()):
        """What makes the difference, as a list.

        :param list domain: which of this funder's items
        :return: window action
        """
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("circuit_account.action_reconciliation_item")
        return action | {"domain": [("funder_id", "=", self.funder_id.id), ("kind", "=", self.kind), *domain]}

    def action_items(self):
        """Smart button: every item that makes the difference."""
        return self._items_action([("reason", "!=", "same")])

    def action_unexplained(self):
        """Button: the items nobody has explained."""
        return self._items_action([("reason", "=", "unexplained")])

    def action_days(self):
        """Smart button: both ledgers by account and day."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("circuit_account.action_reconciliation_line")
        return action | {"domain": [("reconciliation_id", "=", self.id)]}
