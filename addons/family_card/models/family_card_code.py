from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.merchant_circuit.rules import one_time_code
from odoo.addons.stored_value.tools import read_committed

#: A login gets at most so many codes of a card …
MOST = 20
#: … in this time.
WINDOW = timedelta(minutes=10)
#: A till that lost its answer may ask again with the same code and key; then nobody needs the row any more.
KEPT = timedelta(days=7)


class FamilyCardCode(models.Model):
    """One-time codes (R-004-71, R-004-74): which card each opens, until when, and whether it was spent. SQL
    ``family_card_issue_code`` and ``family_card_charge`` write it; what the telephone shows is nowhere stored."""

    _name = "family.card.code"
    _description = "Family Card One-time Code"
    _log_access = False
    _order = "id desc"

    card_id = fields.Many2one("family.card", required=True, readonly=True, ondelete="cascade")
    user_id = fields.Many2one("res.users", "Login", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, ondelete="cascade")
    digest = fields.Char(required=True, readonly=True, help="SHA-256 of the random part.")
    issued_at = fields.Datetime(required=True, readonly=True)
    expires_at = fields.Datetime(required=True, readonly=True, index=True)
    used_at = fields.Datetime(readonly=True)
    transaction_id = fields.Many2one("circuit.transaction", "Purchase", readonly=True, ondelete="set null")

    _digest_unique = models.UniqueIndex("(digest)")
    _issued = models.Index("(card_id, user_id, issued_at)")

    @api.model
    def _issue(self, card, user):
        """A new one-time code of a card for a login; the one it showed before ends (R-004-74).

        :param card: family.card that the login may use: the caller has checked it
        :param user: res.users
        :return: (text of the QR code, seconds it can be used), or None when the card cannot pay now, the programme
            offers no codes or the login asked for too many
        """
        seconds = card._code_seconds()
        if not seconds:
            return None
        self.env.flush_all()
        read_committed(self.env)
        now = fields.Datetime.now()
        nonce = one_time_code.new_nonce()
        [(stored,)] = self.env.execute_query(
            SQL(
                "SELECT family_card_issue_code(%s, %s, %s, %s, %s, %s, %s)",
                card.id,
                user.id,
                one_time_code.digest(nonce),
                now,
                seconds,
                now - WINDOW,
                MOST,
            )
        )
        self.invalidate_model()
        return (one_time_code.encode(card._pin_secret(), nonce), seconds) if stored else None

    @api.model
    def _purchase(self, card, user):
        """What the newest code of a card was spent on, for the login that showed it.

        :param card: family.card that the login may use: the caller has checked it
        :param user: res.users
        :return: circuit.transaction, empty while the code was not used
        """
        newest = self.search([("card_id", "=", card.id), ("user_id", "=", user.id)], limit=1)
        return newest.transaction_id

    @api.autovacuum
    def _gc_codes(self):
        """Remove codes that ended a week ago."""
        self.env.cr.execute(
            SQL("DELETE FROM family_card_code WHERE expires_at < %s", fields.Datetime.now() - KEPT),
        )
