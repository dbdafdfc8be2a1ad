from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, consteq, hmac
from odoo.tools.misc import format_amount

from ..rules import sign_code

#: So many codes for a statement and login …
MOST = 5
#: … in this time.
WINDOW = timedelta(hours=1)


class MerchantStatementCode(models.Model):
    """Codes sent by SMS: which statement each signs, until when and how often it was tried. The code itself is not
    kept, only a digest under the database's key (R-004-97)."""

    _name = "merchant.statement.code"
    _description = "Code that signs a statement"
    _order = "id desc"

    statement_id = fields.Many2one("merchant.statement", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="statement_id.company_id", store=True)
    user_id = fields.Many2one("res.users", "Login", required=True, readonly=True, ondelete="cascade")
    phone = fields.Char(readonly=True, help="Masked.")
    digest = fields.Char(required=True, readonly=True)
    issued_at = fields.Datetime(required=True, readonly=True)
    expires_at = fields.Datetime(required=True, readonly=True)
    tries = fields.Integer(default=0, required=True, readonly=True)
    used_at = fields.Datetime(readonly=True)

    @api.model
    def _issue(self, statement, user):
        """Send a new code; the one before ends.

        :param statement: merchant.statement that the login may sign: the caller has checked it
        :param user: res.users
        :return: str, the masked number it went to
        :raise UserError: no number on file, or too many codes
        """
        number = statement._sign_phone()
        phone = sign_code.mask_phone(number)
        if not phone:
            raise UserError(
                self.env._("The office has no telephone number of yours to send a code to: ask it to enter one.")
            )
        now = fields.Datetime.now()
        mine = [("statement_id", "=", statement.id), ("user_id", "=", user.id)]
        if self.search_count([*mine, ("issued_at", ">", now - WINDOW)]) >= MOST:
            raise UserError(self.env._("You asked for many codes in a short time: wait an hour."))
        code = sign_code.new_code()
        self.create(
            {
                "statement_id": statement.id,
                "user_id": user.id,
                "phone": phone,
                "digest": self._digest(statement, user, code),
                "issued_at": now,
                "expires_at": now + timedelta(minutes=statement.terms_id.code_minutes),
            }
        )
        self.env["sms.sms"]._queue(
            [
                {
                    "number": number,
                    "body": self._text(statement, code),
                    "secret": code,
                    "company_id": statement.company_id.id,
                    "partner_id": statement.merchant_id.id,
                }
            ]
        )
        return phone

    @api.model
    def _use(self, statement, user, text):
        """Try a code. A wrong one is counted, so the caller has to let the transaction end well.

        :param statement: merchant.statement
        :param user: res.users
        :param text: what was typed
        :return: (merchant.statement.code or None, str: why not, for the page)
        """
        _ = self.env._
        newest = self.search([("statement_id", "=", statement.id), ("user_id", "=", user.id)], limit=1)
        if not newest or newest.used_at:
            return None, _("Ask for a code first.")
        if newest.expires_at < fields.Datetime.now():
            return None, _("The code has expired: ask for a new one.")
        most = statement.terms_id.code_tries
        # in SQL: two tries at once are two tries
        self.env.cr.execute(
            SQL(
                "UPDATE merchant_statement_code SET tries = tries + 1 WHERE id = %s AND tries < %s RETURNING tries",
                newest.id,
                most,
            )
        )
        counted = self.env.cr.fetchone()
        newest.invalidate_recordset(["tries"])
        if not counted:
            return None, _("Too many wrong codes: ask for a new one.")
        code = sign_code.typed(text)
        if not code or not consteq(newest.digest, self._digest(statement, user, code)):
            left = most - counted[0]
            if not left:
                return None, _("Too many wrong codes: ask for a new one.")
            return None, _("This is not the code of the last SMS: type its six digits. Tries left: %s.", left)
        newest.used_at = fields.Datetime.now()
        return newest, ""

    def _digest(self, statement, user, code):
        """Keyed digest of a code, bound to what it signs: another statement, or the same one with other figures, has
        another."""
        bound = (statement.id, statement.digest, statement.pdf_digest, user.id, code)
        # sudo: the key is the database's own
        return hmac(self.env(su=True), "merchant_statement_code", bound)

    def _text(self, statement, code):
        """The SMS, in the language of the merchant's documents."""
        statement = statement.with_context(lang=statement._document_lang())
        return statement.env._(
            "Code %(code)s to sign the statement %(number)s of %(amount)s. It ends in %(minutes)s minutes."
            " Give it to nobody.",
            code=code,
            number=statement.name,
            amount=format_amount(statement.env, statement.total, statement.currency_id).replace("\xa0", " "),
            minutes=statement.terms_id.code_minutes,
        )

    @api.autovacuum
    def _gc_codes(self):
        """Remove codes a week after they ended."""
        self.search([("expires_at", "<", fields.Datetime.now() - timedelta(days=7))]).unlink()
