from odoo import _, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.stored_value.tools import install_functions

from ..rules.refusals import Code

RETENTION_CHUNK = 5000


class CircuitRefusal(models.Model):
    """What tills were refused: written by the till contract only, kept for a while, never what was typed."""

    _name = "circuit.refusal"
    _description = "Refused payment"
    _order = "id desc"
    _rec_name = "code"
    _log_access = False

    at = fields.Datetime("Date", required=True, readonly=True)
    code = fields.Selection("_codes", string="Reason", required=True, readonly=True)
    guess = fields.Boolean(
        "Unproven holder",
        readonly=True,
        help="The card was unknown, its PIN wrong or locked: what a script collects that tries codes.",
    )
    merchant_id = fields.Many2one("res.partner", required=True, readonly=True, ondelete="restrict")
    circuit_id = fields.Many2one(
        "circuit.circuit",
        readonly=True,
        ondelete="set null",
        help="Circuit of the card, where the till showed one that exists.",
    )
    channel = fields.Selection(
        [("pos", "Odoo POS"), ("web", "Web till"), ("api", "API"), ("staff", "Staff")], required=True, readonly=True
    )
    terminal = fields.Char(readonly=True, help="Which till of the shop.")
    instrument_model = fields.Char(readonly=True)
    instrument_id = fields.Many2oneReference(model_field="instrument_model", readonly=True)
    holder_mask = fields.Char("Holder", readonly=True, help="Fiscal code with its middle hidden.")
    user_id = fields.Many2one("res.users", string="Cashier", readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)

    _guess_idx = models.Index("(merchant_id, at) INCLUDE (terminal) WHERE guess")
    _merchant_idx = models.Index("(merchant_id, at) INCLUDE (code)")
    _company_idx = models.Index("(company_id, at)")

    def init(self):
        """Install the SQL side of the throttle."""
        install_functions(self.env.cr, "merchant_circuit/sql/guard.sql")

    @api.model
    def _codes(self):
        """Refusal codes with a name for the office; the till's own sentence is for the shop.

        :return: list of (code, name)
        """
        names = {
            Code.BAD_REQUEST: _("Incomplete request"),
            Code.BAD_AMOUNT: _("Invalid amount"),
            Code.BAD_IDENTIFIER: _("Neither fiscal code nor card number"),
            Code.UNKNOWN: _("Unknown code"),
            Code.UNKNOWN_OR_PIN: _("Unknown card or wrong PIN"),
            Code.DOCUMENTS: _("Documents not confirmed"),
            Code.PIN_WAIT: _("PIN waits"),
            Code.PIN_LOCKED: _("PIN locked"),
            Code.CODE_EXPIRED: _("One-time code expired"),
            Code.SUSPENDED: _("Card suspended"),
            Code.CLOSED: _("Card closed"),
            Code.NOT_YET: _("Credit not spendable yet"),
            Code.ENDED: _("Programme ended"),
            Code.MIN_SPEND: _("Below the minimum purchase"),
            Code.OWN_SHARE: _("Above the card's share"),
            Code.WRONG_SHARE: _("Not the card's exact share"),
            Code.ACCOUNT_LIMIT: _("Above the limit of the account"),
            Code.NO_CREDIT: _("No credit left"),
            Code.NO_ACCOUNT: _("No account for this kind of shop"),
            Code.EXCLUDED_MERCHANT: _("Activity or goods excluded"),
            Code.NO_AGREEMENT: _("No agreement in force"),
            Code.CIRCUIT_STOPPED: _("Circuit stopped"),
            Code.KEY_CONFLICT: _("Payment reference in use"),
            Code.KEY_USED: _("Payment cancelled or expired"),
            Code.TOO_MANY: _("Too many attempts"),
            Code.COUPON_UNKNOWN: _("Unknown coupon"),
            Code.COUPON_SPENT: _("Coupon spent"),
            Code.COUPON_ENDED: _("Coupon expired"),
            Code.COUPON_NOT_YET: _("Coupon not valid yet"),
            Code.COUPON_STOPPED: _("Coupon withdrawn"),
            Code.COUPON_CIRCUIT: _("Coupon of another circuit"),
            Code.COUPON_ELSEWHERE: _("Coupon of other shops"),
            Code.COUPON_GOODS: _("Coupon for other goods"),
            Code.COUPON_MINIMUM: _("Below the coupon's minimum"),
            Code.COUPON_PERSON: _("Coupon's holder not entitled"),
            Code.COUPON_STACK: _("Second coupon on a purchase"),
            Code.COUPON_FIRST: _("Coupon after the card"),
            Code.COUPON_AMOUNT: _("Not the coupon's amount"),
            Code.COUPON_NOTHING: _("Coupon takes nothing off"),
            Code.WALLET_PERSON: _("Wallet's holder not entitled"),
        }
        return [(code.value, names.get(code, code.value)) for code in Code]

    @api.model_create_multi
    def create(self, vals_list):  # pylint: disable=method-required-super
        """Nobody writes refusals by hand.

        :raise UserError: always
        """
        raise UserError(_("Refusals are noted by the tills."))

    def write(self, vals):  # pylint: disable=method-required-super
        """Refusals stay as they were noted.

        :raise UserError: always
        """
        raise UserError(_("Refusals are noted by the tills and cannot be changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        """Refusals go when their time is over, not before.

        :raise UserError: always
        """
        raise UserError(_("Refusals are deleted when the time set on the circuit is over."))

    @api.model
    def _cron_retention(self):
        """Scheduled: delete the refusals that were kept long enough; a public body with several circuits keeps them
        as long as the longest of these says.

        :return: int, refusals deleted
        """
        deleted = 0
        for company, days in self.env["circuit.circuit"]._read_group([], ["company_id"], ["refusal_days:max"]):
            while True:
                self.env.cr.execute(
                    SQL(
                        "DELETE FROM circuit_refusal WHERE id IN (SELECT id FROM circuit_refusal"
                        " WHERE company_id = %s AND at < %s LIMIT %s)",
                        company.id,
                        fields.Datetime.subtract(fields.Datetime.now(), days=days),
                        RETENTION_CHUNK,
                    )
                )
                deleted += self.env.cr.rowcount
                if self.env.cr.rowcount < RETENTION_CHUNK:
                    break
                self.env["ir.cron"]._commit_progress(RETENTION_CHUNK)
        self.invalidate_model()
        return deleted
