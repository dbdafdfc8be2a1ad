from odoo import api, models


class PosSession(models.Model):
    """A cashier has no right to write sessions: what the till's screens do to them goes through the
    methods below, each after a check under the cashier's own record rules."""

    _inherit = "pos.session"

    def _circuit_as_till(self):
        """This session with the rights its screens need.

        :return: the same records, sudo for a merchant's cashier who may read them
        :raise AccessError: another merchant's session
        """
        if self.env.su or not self.env.user.has_group("pos_circuit.group_merchant_cashier"):
            return self
        self.check_access("read")
        return self.sudo()  # sudo: only after the check above, only from the methods below

    @api.model_create_multi
    def create(self, vals_list):
        """Core creates sessions with sudo for every till user: check whose till it is first."""
        if not self.env.su and self.env.user.has_group("pos_circuit.group_merchant_cashier"):
            for vals in vals_list:
                config_id = vals.get("config_id") or self.env.context.get("default_config_id")
                self.env["pos.config"].browse(config_id).check_access("read")
        return super().create(vals_list)

    def set_opening_control(self, cashbox_value, notes):
        return super(PosSession, self._circuit_as_till()).set_opening_control(cashbox_value, notes)

    def update_closing_control_state_session(self, notes):
        return super(PosSession, self._circuit_as_till()).update_closing_control_state_session(notes)

    def post_closing_cash_details(self, counted_cash):
        return super(PosSession, self._circuit_as_till()).post_closing_cash_details(counted_cash)

    def close_session_from_ui(self, bank_payment_method_diff_pairs=None):
        return super(PosSession, self._circuit_as_till()).close_session_from_ui(bank_payment_method_diff_pairs)

    def get_closing_control_data(self):
        return super(PosSession, self._circuit_as_till()).get_closing_control_data()

    def get_cash_in_out_list(self):
        self.check_access("read")  # core reads the list with sudo
        return super().get_cash_in_out_list()
