from odoo import api, fields, models
from odoo.tools import SQL

from ..rules.masking import mask
from ..tools import SmsApiWithSecrets


class SmsSms(models.Model):
    _inherit = "sms.sms"

    company_id = fields.Many2one(
        "res.company",
        help="Whose channel sends this message.",
    )
    secret_body = fields.Text(
        string="Complete Text",
        groups="base.group_system",
        copy=False,
        help="The text with its secret, only until the message is sent.",
    )
    has_secret = fields.Boolean(
        copy=False,
        readonly=True,
        help="The text holds a secret, so it can only be sent while the complete text is there.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals.setdefault("company_id", self.env.company.id)
        return super().create(vals_list)

    @api.model
    def _queue(self, messages):
        """Put messages in the queue in one statement; the cron sends them after the commit.

        :param messages: list of dict with ``number`` (str), ``body`` (str), ``company_id`` (int)
            and optionally ``secret`` (str inside ``body`` to hide) and ``partner_id`` (int).
        :return: the new ``sms.sms`` records, state ``outgoing``, in the order of ``messages``.
        :raises ValueError: when a secret does not occur in its body.

        R-004-48, R-004-72, R-004-80; design.md 6 (nothing is sent inside a charge).
        """
        if not messages:
            return self.browse()
        columns = [list(column) for column in zip(*map(self._queue_row, messages), strict=True)]
        # Column values come only from the server; a transaction with an SMS must not pay for the ORM.
        self.env.cr.execute(
            SQL(
                """
            INSERT INTO sms_sms (uuid, number, partner_id, company_id, body, secret_body, has_secret,
                                 state, to_delete, create_uid, write_uid, create_date, write_date)
            SELECT replace(gen_random_uuid()::text, '-', ''), m.number, m.partner_id, m.company_id,
                   m.body, m.secret_body, m.secret_body IS NOT NULL, 'outgoing', false, %(uid)s, %(uid)s,
                   now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
              FROM unnest(%(number)s::text[], %(partner)s::int[], %(company)s::int[], %(body)s::text[],
                          %(secret)s::text[]) AS m(number, partner_id, company_id, body, secret_body)
            RETURNING id
            """,
                uid=self.env.uid,
                **dict(zip(("number", "partner", "company", "body", "secret"), columns, strict=True)),
            )
        )
        ids = [row[0] for row in self.env.cr.fetchall()]
        self.env.ref("sms.ir_cron_sms_scheduler_action")._trigger()
        return self.browse(ids)

    @api.model
    def _queue_row(self, message):
        body, secret = message["body"], message.get("secret")
        return (
            message["number"] or "",
            message.get("partner_id") or None,
            message["company_id"],
            mask(body, secret) if secret else body,
            body if secret else None,
        )

    def _get_sms_company(self):
        return self.mail_message_id.record_company_id or self.company_id or super()._get_sms_company()

    def _split_by_api(self):
        """Yield one provider and its messages per company, by the company's own channel."""
        standard = self.browse()
        for company, messages in self.grouped(lambda sms: sms._get_sms_company()).items():
            if company.sms_channel == "standard":
                standard += messages
                continue
            sms_api = company._get_sms_api_class()(self.env)
            sms_api._set_company(company)
            yield sms_api, messages
        if standard:
            yield from super(SmsSms, standard)._split_by_api()

    @api.model
    def _process_queue(self):
        """Send what is queued, each company through its own channel (cron).

        Core takes the company of the whole batch and stops at the second
        company ("Expected singleton"), so that nobody's messages are sent.
        """
        domain = [("state", "=", "outgoing"), ("to_delete", "!=", True)]
        batch_size = self._get_send_batch_size()
        batch = self.search(domain, limit=batch_size, order="id").try_lock_for_update()
        if not batch:
            return
        for sms_api, messages in batch._split_by_api():
            messages.with_context(sms_api=sms_api)._send(unlink_failed=False, unlink_sent=True, raise_exception=False)
        remaining = self.search_count(domain) if len(batch) == batch_size else 0
        self.env["ir.cron"]._commit_progress(len(batch), remaining=remaining)

    def _send_with_api(self, sms_api, unlink_failed=False, unlink_sent=True, raise_exception=False):
        """Send with the complete text and forget the secret as soon as the provider took it."""
        # sudo: the sender may not read secrets; they go to the provider only.
        secretive = self.sudo().filtered("has_secret")
        lost = secretive.filtered(lambda sms: not sms.secret_body)
        # Dots instead of a PIN would be worse than no message.
        lost.action_set_canceled()
        to_send = self - lost
        if not to_send:
            return
        if secretive - lost:
            secrets = {sms.uuid: sms.secret_body for sms in secretive - lost}
            sms_api = SmsApiWithSecrets(sms_api, secrets)
        super(SmsSms, to_send)._send_with_api(
            sms_api,
            unlink_failed=unlink_failed,
            unlink_sent=unlink_sent,
            raise_exception=raise_exception,
        )
        secretive.filtered(lambda sms: sms.state not in ("outgoing", "error")).secret_body = False

    def action_set_canceled(self):
        """Cancel the messages; a cancelled message keeps no secret."""
        result = super().action_set_canceled()
        # sudo: whoever may cancel need not be able to read the secret it removes.
        self.sudo().filtered("has_secret").secret_body = False
        return result

    @api.autovacuum
    def _gc_secrets(self):
        """Cancel messages whose secret could not be sent within the retention time."""
        limit = self.env["sms.outbox"]._secret_limit()
        # sudo: messages are the system's alone
        stale = self.sudo().search(
            [
                ("has_secret", "=", True),
                ("state", "in", ("outgoing", "error")),
                ("create_date", "<", limit),
            ]
        )
        stale.filtered("secret_body").action_set_canceled()
