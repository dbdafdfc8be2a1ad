import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..rules import pin


class FamilyCard(models.Model):
    """The PIN: drawn, sent once, stored as a keyed digest, never shown (R-004-72, R-004-74).

    Wrong tries at the tills are counted per card. Counted per card and shop, every shop would have its own three
    tries, and whoever reads a fiscal code off a health card could go on guessing from shop to shop. The price is
    that somebody at a till can lock a family's card on purpose. That costs them three tries with growing waits
    between them; the family still pays with a one-time code while the card only waits; the office sees which till
    the wrong PINs came from and opens the card with a new PIN by SMS.
    """

    _inherit = "family.card"

    pin_hash = fields.Char(readonly=True, copy=False, groups="base.group_system")
    pin_salt = fields.Char(readonly=True, copy=False, groups="base.group_system")
    pin_failures = fields.Integer(
        "Wrong PINs", readonly=True, copy=False, default=0, help="Wrong tries at the tills since the last good one."
    )
    pin_failed_at = fields.Datetime(
        "Last wrong PIN",
        readonly=True,
        copy=False,
        help="From here on runs the wait until the tills take a PIN again. Notice §2.2 (R-004-74).",
    )
    web_failures = fields.Integer("Wrong PINs on the balance page", readonly=True, copy=False, default=0)
    web_failed_at = fields.Datetime("Last wrong PIN on the balance page", readonly=True, copy=False)
    pin_locked = fields.Boolean(compute="_compute_pin_locked", help="Only a new PIN opens the card again.")

    _PIN_PARAMETER = "family_card.pin_secret"

    @api.depends("pin_failures", "program_id")
    def _compute_pin_locked(self):
        now = fields.Datetime.now()
        for card in self:
            rules = card.program_id and self.env["family.card.program"]._till_rules(card.program_id.id, now)
            card.pin_locked = bool(rules) and card.pin_failures >= rules.pin_attempts

    @api.model
    def _ensure_pin_secret(self):
        """Draw the server's secret once, at installation. It is our own parameter because Odoo draws a
        new ``database.secret`` when a database is copied, and every PIN would die with the old one."""
        # sudo: the secret is for the server only
        parameters = self.env["ir.config_parameter"].sudo()
        if not parameters.get_param(self._PIN_PARAMETER):
            parameters.set_param(self._PIN_PARAMETER, secrets.token_hex(32))

    @api.model
    def _pin_secret(self):
        # sudo: the secret is for the server only
        return self.env["ir.config_parameter"].sudo().get_param(self._PIN_PARAMETER)

    def _pin_digest(self, salt, secret):
        """Digest of a typed PIN for a card's salt, or "" when it cannot be a PIN."""
        return pin.digest(self._pin_secret(), salt or "", secret) if pin.is_well_formed(secret) else ""

    def _code_seconds(self):
        """How long a one-time code of this card can be used, s; 0 when none is to be had: the programme offers none,
        the card is not active or waits for a new PIN."""
        self.ensure_one()
        rules = self.env["family.card.program"]._till_rules(self.program_id.id, fields.Datetime.now())
        if not rules or not rules.open or self.state != "active" or (rules.check_pin and self.pin_locked):
            return 0
        return rules.code_seconds

    def _code_needs_documents(self):
        """Whether the shop looks at documents beside a one-time code of this card (R-001-12)."""
        self.ensure_one()
        rules = self.env["family.card.program"]._till_rules(self.program_id.id, fields.Datetime.now())
        return bool(rules) and rules.check_documents and not rules.code_documents

    def _new_pin(self):
        """Give the card a new PIN and forget the failures.

        :return: the PIN, for the message to the household and for nothing else
        """
        self.ensure_one()
        code = pin.generate(self.program_id._current_terms().pin_length)
        salt = pin.new_salt()
        # sudo: officers may renew a PIN but can neither read nor choose it
        self.sudo().write(
            {
                "pin_salt": salt,
                "pin_hash": pin.digest(self._pin_secret(), salt, code),
                "pin_failures": 0,
                "pin_failed_at": False,
                "web_failures": 0,
                "web_failed_at": False,
            }
        )
        return code

    def _issue_pin(self, renewed=False):
        """Send the card a PIN, unless neither the tills nor the balance page ask for one (R-001-15).

        :param bool renewed: the card was active before
        """
        self.ensure_one()
        terms = self.program_id._current_terms()
        if terms.check_pin or terms.balance_by_pin:
            self._notify_pin(self._new_pin(), renewed)

    def action_reset_pin(self):
        """Button: send a new PIN by SMS; only this opens a locked card (R-004-74).

        :raises UserError: the card is not issued, or has no phone number
        """
        self.check_access("write")
        for card in self:
            if card.state not in ("active", "suspended"):
                raise UserError(self.env._("Only an issued card has a PIN."))
            card._require_phone()
            card._notify_pin(card._new_pin(), renewed=True)
            card._unblock(card._lifted_by_new_pin(), self.env._("New PIN"))
            card.message_post(body=self.env._("A new PIN was sent by SMS."))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("The new PIN is on its way by SMS."),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
