from odoo import api, fields, models


class CircuitFunder(models.Model):
    """Who hears of it when the books of a funder do not agree with its ledger."""

    _inherit = "circuit.funder"

    controller_id = fields.Many2one(
        "res.users",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        ondelete="set null",
        help="Gets an activity when the ledgers do not agree, or when a statement was changed behind the programme's"
        " back. Empty: an administrator of the circuit.",
    )
    reconciliation_ids = fields.One2many("circuit.reconciliation", "funder_id", readonly=True)
    reconciliation_state = fields.Selection(
        selection="_reconciliation_states", string="Ledgers", compute="_compute_reconciliation_state"
    )

    @api.model
    def _reconciliation_states(self):
        return self.env["circuit.reconciliation"]._fields["state"]._description_selection(self.env)

    @api.depends("reconciliation_ids.state")
    def _compute_reconciliation_state(self):
        """The worse of the verdicts."""
        for funder in self:
            states = funder.reconciliation_ids.mapped("state")
            worst = [state for state in ("unexplained", "setup", "explained", "equal") if state in states]
            funder.reconciliation_state = worst[0] if worst else False

    def _told(self):
        """Who hears of what is wrong: the controller, else the first administrator of the circuit.

        :return: res.users, at most one
        """
        self.ensure_one()
        if self.controller_id.active:
            return self.controller_id
        managers = self.env.ref("merchant_circuit.group_manager").all_user_ids
        return managers.filtered(lambda user: user.active and self.company_id in user.company_ids).sorted("id")[:1]

    def _tell_controller(self, record, summary, note):
        """Leave an activity on a record, once: while it is open, no second one is made.

        :param record: record with activities, of this funder
        :param str summary: short, also what is looked for among the open ones
        :param str note: what is wrong, plain text
        """
        user = self._told()
        if user and not record.activity_ids.filtered(lambda activity: activity.summary == summary):
            record.with_context(mail_activity_quick_update=True).activity_schedule(
                "mail.mail_activity_data_warning", user_id=user.id, summary=summary, note=note
            )

    def action_reconciliation(self):
        """Smart button: both ledgers of this funder as they are now.

        :return: window action
        """
        self.ensure_one()
        checks = self.env["circuit.reconciliation"]._of_all_funders()
        checks.filtered(lambda one: one.funder_id == self).action_check()
        action = self.env["ir.actions.act_window"]._for_xml_id("circuit_account.action_reconciliation")
        return action | {"domain": [("funder_id", "=", self.id)]}
