from odoo import api, fields, models

from odoo.addons.stored_value.tools import to_decimal

from ..rules import sms_text
from ..tools import local_time


class FamilyCard(models.Model):
    """What the household is told by SMS (examples 4.6). The texts are put in the queue; the
    gateway sends them after the transaction."""

    _inherit = "family.card"

    @api.model
    def _message_env(self, program):
        """Environment in the language of a programme's messages.

        :param program: family.card.program
        """
        lang = program.sms_lang or program.company_id.partner_id.lang or self.env.lang or "en_US"
        return self.with_context(lang=lang).env

    @api.model
    def _locale(self, env):
        """Decimal point, date and time formats of a message language."""
        data = env["res.lang"]._get_data(code=env.lang or "en_US")
        return data.decimal_point or ".", data.date_format or "%Y-%m-%d"

    def _message(self, body, **extra):
        """A message to this card's household, ready for the queue."""
        self.ensure_one()
        return {
            "number": self.phone,
            "body": body,
            "company_id": self.company_id.id,
            "partner_id": self.holder_id.id,
            **extra,
        }

    def _queue_messages(self, messages):
        # sudo: messages are written by the system on behalf of officers and tills
        self.env["sms.sms"].sudo()._queue([message for message in messages if message["number"]])

    def _notify_pin(self, pin, renewed=False):
        """S1: the card is active, here is its PIN (R-004-72).

        :param str pin: the new PIN; the queue keeps it masked
        :param bool renewed: the card was active before
        """
        self.ensure_one()
        program = self.program_id
        env = self._message_env(program)
        if renewed:
            template = env._(
                "%(sender)s: new PIN %(pin)s for %(label)s no. %(number)s. Tell it to nobody but the shopkeeper when you buy."
            )
        else:
            template = env._(
                "%(sender)s: %(label)s no. %(number)s active. PIN %(pin)s. Tell it to nobody but the shopkeeper when you buy."
            )
        values = {"sender": program.sender, "label": program.card_label, "number": self.number, "pin": pin}
        body = sms_text.fit(template, values, cut=("sender", "label"))
        self._queue_messages([self._message(body, secret=pin)])

    @api.model
    def _notify_credits(self, period, terms, credited):
        """S2: what was credited to each account and until when it can be spent (R-004-48, A17).

        :param period: family.card.period
        :param terms: family.card.terms in force at the credit
        :param list credited: (card, last day, [(account code, Decimal), …]) of each household
        """
        if terms.credit_sms == "none":
            return
        program = period.program_id
        env = self._message_env(program)
        point, date_format = self._locale(env)
        template = env._(
            "%(label)s %(number)s: credit of %(period)s %(currency)s %(total)s: %(accounts)s. Spend it by %(until)s."
        )
        quarter = env._("Q%(number)s %(year)s", number=period.number, year=period.date_start.year)
        messages = []
        for card, until, parts in credited:
            groups = [[part] for part in parts] if terms.credit_sms == "per_account" else [parts]
            for group in groups:
                values = {
                    "label": program.card_label,
                    "number": card.number,
                    "period": quarter,
                    "currency": card.currency_id.name,
                    "total": sms_text.money(sum(amount for _code, amount in group), point),
                    "accounts": sms_text.listing(group, point),
                    "until": until.strftime(date_format),
                }
                messages.append(card._message(sms_text.fit(template, values, cut=("label",))))
        self._queue_messages(messages)

    @api.model
    def _notify_transactions(self, transactions):
        """S3: what was paid where, and what is left on that account (R-004-80). The balance is the one
        the charge itself returned.

        :param transactions: circuit.transaction of this instrument, just captured
        """
        messages = []
        # sudo: a shop's cashier captures, and may read neither cards nor programmes
        for transaction in transactions.sudo():
            card = self.sudo().browse(transaction.instrument_id)
            program = card.program_id
            terms = program._terms_at(program._local_day(transaction.authorized_at))
            if card.phone and (not terms or terms.charge_notice == "sms"):
                messages.append(card._message(self._transaction_text(transaction, card, program)))
        self._queue_messages(messages)

    @api.model
    def _transaction_text(self, transaction, card, program):
        """Text S3 of one transaction.

        :return: str in GSM-7, one segment; the name of the shop is cut when it is too long
        """
        env = self._message_env(program)
        point, date_format = self._locale(env)
        when = local_time(transaction.captured_at or fields.Datetime.now(), program.tz)
        if transaction.kind == "refund":
            template = env._(
                "%(label)s: %(currency)s %(amount)s given back by %(shop)s on %(when)s."
                " %(account)s balance %(currency)s %(balance)s. Op. %(reference)s"
            )
        else:
            template = env._(
                "%(label)s: %(currency)s %(total)s spent at %(shop)s on %(when)s, paid by card %(amount)s."
                " %(account)s balance %(currency)s %(balance)s. Op. %(reference)s"
            )
        values = {
            "label": program.card_label,
            "currency": transaction.currency_id.name,
            "total": sms_text.money(to_decimal(transaction.purchase_total), point),
            "amount": sms_text.money(to_decimal(transaction.amount), point),
            "balance": sms_text.money(to_decimal(transaction.balance_after), point),
            "shop": transaction.merchant_id._shop_label(),
            "when": when.strftime(f"{date_format} %H:%M"),
            "account": self._circuit_account_label(transaction.account_id.id),
            "reference": transaction.reference or "",
        }
        return sms_text.fit(template, values, cut=("shop", "label"))
