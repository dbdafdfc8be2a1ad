from odoo import api, fields, models
from odoo.exceptions import UserError

from ..rules.cents import cents


class MerchantPaymentList(models.Model):
    """What is paid together: the list for the treasurer, or a SEPA file (R-004-96)."""

    _name = "merchant.payment.list"
    _description = "Payment list"
    _inherit = ["own.fields", "mail.thread"]
    _order = "date desc, id desc"

    name = fields.Char("Number", required=True, readonly=True, copy=False, default="/")
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    journal_id = fields.Many2one(
        "account.journal",
        "Paid from",
        required=True,
        check_company=True,
        domain="[('type', '=', 'bank'), ('company_id', '=', company_id)]",
        default=lambda self: self._default_journal(),
        ondelete="restrict",
        help="Journal of the treasurer's account.",
    )
    funder_id = fields.Many2one(
        "circuit.funder",
        "Only of",
        check_company=True,
        ondelete="restrict",
        help="Collects only the statements of this programme; empty: of all.",
    )
    date = fields.Date(required=True, default=fields.Date.context_today, help="Day the payment is asked for.")
    state = fields.Selection(
        [("draft", "To confirm"), ("confirmed", "Confirmed"), ("sent", "Handed over"), ("done", "Paid")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    line_ids = fields.One2many("merchant.payment.line", "list_id", "Payments", readonly=True)
    line_count = fields.Integer("Number of payments", readonly=True, copy=False)
    last_number = fields.Integer(readonly=True, copy=False, help="A reference is given once, also to what was removed.")
    total = fields.Monetary(readonly=True, copy=False, help="Control sum of the list.")
    left_out = fields.Text(
        readonly=True, copy=False, help="Statements that were not collected, each with what is missing."
    )
    prepared_by_ids = fields.Many2many(
        "res.users",
        "merchant_payment_list_preparer",
        string="Prepared by",
        readonly=True,
        copy=False,
        help="Who took part in preparing the list; somebody else confirms it.",
    )
    confirmed_by_id = fields.Many2one("res.users", "Confirmed by", readonly=True, copy=False, ondelete="restrict")
    confirmed_at = fields.Datetime(readonly=True, copy=False)
    sent_on = fields.Date("Handed over on", readonly=True, copy=False)

    _name_unique = models.UniqueIndex("(company_id, name) WHERE name <> '/'", "Another list has this number.")

    _WHILE_DRAFT = frozenset({"journal_id", "funder_id", "date", "company_id"})

    def _own_fields(self):
        return super()._own_fields() | {
            "name",
            "state",
            "line_ids",
            "line_count",
            "last_number",
            "total",
            "left_out",
            "prepared_by_ids",
            "confirmed_by_id",
            "confirmed_at",
            "sent_on",
        }

    def _own_refusal(self):
        return self.env._("A payment list is filled in by its buttons.")

    @api.model
    def _default_journal(self):
        """Journal of the last list, else the first bank journal.

        :return: account.journal
        """
        last = self.search([("company_id", "=", self.env.company.id)], limit=1)
        # sudo: a clerk need not read the journals of the accountants
        journals = self.env["account.journal"].sudo()
        domain = [("type", "=", "bank"), ("company_id", "=", self.env.company.id)]
        return last.sudo().journal_id or journals.search(domain, limit=1)

    @api.model_create_multi
    def create(self, vals_list):
        """Number the lists and note who begins them."""
        lists = super().create(vals_list)
        for found in lists.sudo():  # sudo: number and preparers are fields of the actions
            # sudo: an officer may not read the sequences
            sequence = self.env["ir.sequence"].sudo().with_company(found.company_id)
            found.name = sequence.next_by_code("merchant.payment.list", sequence_date=found.date)
            found._prepared()
        return lists

    def write(self, vals):
        """Change day, journal and programme while the list is a draft; nobody moves it to another company.

        :raise UserError: the list was confirmed, or holds payments of another programme
        """
        touched = vals.keys() & self._WHILE_DRAFT
        if touched and not self.env.su:
            self._need("draft", self.env._("Take the list back to change it."))
            # sudo: payments of any programme count, also of one the user does not see
            if touched & {"company_id", "funder_id"} and self.sudo().line_ids:
                raise UserError(self.env._("The list holds payments: make another list."))
        result = super().write(vals)
        if touched and not self.env.su:
            self.sudo()._prepared()  # sudo: who prepared is a field of the actions
        return result

    def unlink(self):
        """Give the statements of a draft list back.

        :raise UserError: the list was confirmed
        """
        self._need("draft", self.env._("Take the list back first: what was handed over is kept."))
        self.line_ids.action_take_out()
        return super().unlink()

    def action_confirm(self):
        """Button: a second person looks at the list and confirms it.

        :raise UserError: the same person prepared it, it is empty, or a payment cannot be made any more
        """
        self.ensure_one()
        self._need_approver()
        self._lock()
        self._need("draft", self.env._("It was confirmed already."))
        # sudo: who prepared is compared also where the reader may not see it
        if self.env.user in self.sudo().prepared_by_ids:
            raise UserError(
                self.env._("You took part in preparing this list: somebody else must confirm it (four eyes).")
            )
        if not self.line_ids:
            raise UserError(self.env._("The list holds no payment: collect the statements first."))
        # sudo: what makes a payment impossible may lie on records of the shop's bank accounts
        faults = self.sudo().line_ids._faults()
        if faults:
            raise UserError(
                self.env._("Some payments cannot be made; take them out or correct them:\n%s", "\n".join(faults))
            )
        # sudo: state is a field of the actions
        self.sudo().write(
            {"state": "confirmed", "confirmed_by_id": self.env.uid, "confirmed_at": fields.Datetime.now()}
        )

    def action_back(self):
        """Button: take a confirmed list back, before it is handed over."""
        self.ensure_one()
        self.check_access("write")
        self._lock()
        self._need("confirmed", self.env._("Only a confirmed list that was not handed over can be taken back."))
        # sudo: state is a field of the actions
        self.sudo().write({"state": "draft", "confirmed_by_id": False, "confirmed_at": False})

    def action_hand_over(self):
        """Button: the treasurer has the list, or the bank has the file; from now on results are entered."""
        self.ensure_one()
        self.check_access("write")
        self._lock()
        self._need("confirmed", self.env._("Somebody must confirm the list first."))
        # sudo: state is a field of the actions
        self.sudo().write({"state": "sent", "sent_on": fields.Date.context_today(self)})

    def _need(self, state, sentence):
        """Refuse what is done in another state.

        :param str state: state all lists must have
        :param str sentence: what to do
        :raise UserError: a list has another state
        """
        labels = dict(self._fields["state"]._description_selection(self.env))
        for found in self:
            if found.state != state:
                raise UserError(
                    self.env._(
                        "%(list)s is in state “%(state)s”. %(hint)s",
                        list=found.name,
                        state=labels[found.state],
                        hint=sentence,
                    )
                )

    def _need_approver(self):
        """Refuse whom only the approvers' steps are kept from.

        :raise UserError: the user is no approver
        """
        self.check_access("write")
        if not self.env.user.has_group("merchant_settlement.group_approver"):
            raise UserError(self.env._("Only an approver confirms a payment list."))

    def _lock(self):
        """Let two people at once act one after the other."""
        self.env.cr.execute(
            "SELECT id FROM merchant_payment_list WHERE id = ANY(%s) ORDER BY id FOR UPDATE", [self.ids]
        )
        self.invalidate_recordset()

    def _prepared(self):
        """Note who took part (called with the rights of the system)."""
        self.write({"prepared_by_ids": [(4, self.env.uid)]})

    def _recount(self):
        """Number, control sum and state by the lines (called with the rights of the system)."""
        for found in self:
            lines = found.line_ids
            values = {
                "line_count": len(lines),
                "total": float(sum((cents(line.amount) for line in lines), cents(0))),
            }
            if found.state == "sent" and lines and "open" not in lines.mapped("state"):
                values["state"] = "done"
            found.write(values)
