"""The default channel: messages stay in this database."""

from odoo.addons.sms.tools.sms_api import SmsApiBase

from ..rules.phone import is_diallable


class SmsApiOutbox(SmsApiBase):
    """Write messages to ``sms.outbox`` instead of handing them to a telephone network."""

    def _send_sms_batch(self, messages, delivery_reports_url=False):
        """Record a batch of messages.

        :param messages: ``[{"content": str, "numbers": [{"uuid": str, "number": str}]}]``.
        :param delivery_reports_url: ignored, nobody reports back.
        :return: one ``{"uuid", "state"}`` per number, with the words that ``sms.sms`` knows:
            ``success``, ``sms_number_missing`` or ``wrong_number_format``.
        """
        accepted, results = [], []
        for message in messages:
            for recipient in message["numbers"]:
                state = self._verdict(recipient["number"])
                results.append({"uuid": recipient["uuid"], "state": state})
                if state == "success":
                    accepted.append((recipient["uuid"], message["content"]))
        # sudo: the outbox has no write access for anybody, this is its only way in.
        self.env["sms.outbox"].sudo()._record(accepted)
        return results

    @staticmethod
    def _verdict(number):
        if not number:
            return "sms_number_missing"
        return "success" if is_diallable(number) else "wrong_number_format"
