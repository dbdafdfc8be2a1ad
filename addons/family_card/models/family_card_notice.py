from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from ..rules import sms_text
from ..tools import local_time


class FamilyCard(models.Model):
    """What the household is told by SMS (examples 4.6). The texts are put in the queue; the
    gateway sends them after the transaction."""

    _inherit = "family.card"

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
        env = self.with_context(lang=program._message_lang()).env
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
        :param list credited: the Plan of each card that was credited
        """
        if terms.credit_sms == "none" or not credited:
            return
        program = period.program_id
        env = self.with_context(lang=program._message_lang()).env
        point, date_format = self._locale(env)
        template = env._(
            "%(label)s %(number)s: credit of %(period)s %(currency)s %(total)s: %(accounts)s. Spend it by %(until)s."
        )
        endless = env._("%(label)s %(number)s: credit of %(period)s %(currency)s %(total)s: %(accounts)s.")
        quarter = period.with_env(env)._label()
        shared = {"label": program.card_label, "period": quarter, "currency": program.currency_id.name}
        cards = self._reached_by_message([plan.card_id for plan in credited])
        messages, said = [], {}
        for plan in credited:
            # households with the same accounts and day share these words
            key = (plan.parts, plan.expires_at)
            if plan.card_id in cards and key not in said:
                groups = [[part] for part in plan.parts] if terms.credit_sms == "per_account" else [plan.parts]
                said[key] = [
                    {
                        **shared,
                        "total": sms_text.money(sum(amount for _line, amount in group), point),
                        "accounts": sms_text.listing([(line.code, amount) for line, amount in group], point),
                        **self._last_day_text(plan.expires_at, program.tz, date_format),
                    }
                    for group in groups
                ]
            if card := cards.get(plan.card_id):
                for words in said[key]:
                    values = {**words, "number": card["number"]}
                    body = sms_text.fit(template if plan.expires_at else endless, values, cut=("label",))
                    messages.append({**card["message"], "body": body})
        self._queue_messages(messages)

    @api.model
    def _last_day_text(self, expires_at, tz, date_format):
        """The last day on which a credit can be spent, as the place of a text.

        :param expires_at: naive UTC instant at which it ends, None when it never does
        :return: dict with ``until``, empty when it never ends
        """
        if not expires_at:
            return {}
        return {"until": local_time(expires_at - timedelta(seconds=1), tz).strftime(date_format)}

    @api.model
    def _reached_by_message(self, card_ids):
        """The cards that have a telephone number: what stands in a message and what goes with it.

        :return: dict of card id to dict of number (of the card) and message (to be queued, without its text)
        """
        self.flush_model(["number", "phone", "holder_id", "company_id"])
        rows = self.env.execute_query(
            SQL(
                "SELECT id, number, phone, holder_id, company_id FROM family_card"
                " WHERE id = ANY(%s) AND phone IS NOT NULL AND phone <> ''",
                card_ids,
            )
        )
        return {
            card: {"number": number, "message": {"number": phone, "partner_id": holder, "company_id": company}}
            for card, number, phone, holder, company in rows
        }

    @api.model
    def _notify_transactions(self, transactions):
        """S3: what was paid where, and what is left on that account (R-004-80). The balance is the one
        the charge itself returned. It runs inside the shop's sale: one query, terms from memory.

        :param transactions: circuit.transaction of this instrument, just captured
        """
        self.flush_model(["phone", "holder_id"])
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT t.kind, t.reference, t.purchase_total::text AS total, t.amount::text AS amount,
                       t.balance_after::text AS balance, t.authorized_at, t.captured_at, cur.name AS currency,
                       coalesce(nullif(m.shop_name, ''), m.name, '') AS shop, l.code AS account,
                       c.phone, c.holder_id, c.company_id, c.program_id
                  FROM circuit_transaction t
                  JOIN family_card c ON c.id = t.instrument_id
                  JOIN stored_value_account a ON a.id = t.account_id
                  JOIN family_card_scheme_line l ON l.id = a.scheme_line_id
                  JOIN res_partner m ON m.id = t.merchant_id
                  JOIN res_currency cur ON cur.id = t.currency_id
                 WHERE t.id = ANY(%s) ORDER BY t.id
                """,
                transactions.ids,
            )
        )
        messages = []
        for row in rows:
            rules = self.env["family.card.program"]._till_rules(row["program_id"], row["authorized_at"])
            if row["phone"] and rules and rules.notice != "receipt":
                messages.append(
                    {
                        "number": row["phone"],
                        "body": self._transaction_text(row, rules),
                        "company_id": row["company_id"],
                        "partner_id": row["holder_id"],
                    }
                )
        self._queue_messages(messages)

    @api.model
    def _transaction_text(self, row, rules):
        """Text S3 of one transaction, or S4 where only the residual is told (R-001-14, B10).

        :param dict row: what :meth:`_notify_transactions` read
        :param TillRules rules: name of the card, language and time zone
        :return: str in GSM-7, one segment; the name of the shop is cut when it is too long
        """
        env = self.with_context(lang=rules.lang).env
        point, date_format = self._locale(env)
        when = local_time(row["captured_at"] or fields.Datetime.now(), rules.tz)
        if row["kind"] == "refund":
            template = env._(
                "%(label)s: %(currency)s %(amount)s given back by %(shop)s on %(when)s."
                " %(account)s balance %(currency)s %(balance)s. Op. %(reference)s"
            )
        elif rules.notice == "residual":
            template = env._(
                "%(sender)s: %(voucher)s used for %(currency)s %(amount)s at %(shop)s."
                " Residual credit %(currency)s %(balance)s."
            )
        else:
            template = env._(
                "%(label)s: %(currency)s %(total)s spent at %(shop)s on %(when)s, paid by card %(amount)s."
                " %(account)s balance %(currency)s %(balance)s. Op. %(reference)s"
            )
        values = {
            "sender": rules.sender,
            "label": rules.label,
            "voucher": sms_text.in_sentence(rules.label),
            "currency": row["currency"],
            "total": sms_text.money(Decimal(row["total"]), point),
            "amount": sms_text.money(Decimal(row["amount"]), point),
            "balance": sms_text.money(Decimal(row["balance"] or 0), point),
            "shop": row["shop"],
            "when": when.strftime(f"{date_format} %H:%M"),
            "account": row["account"],
            "reference": row["reference"] or "",
        }
        return sms_text.fit(template, values, cut=("shop", "label", "sender"))
