"""A wrapper that puts secrets back into messages at the last moment."""


class SmsApiWithSecrets:
    """Stand in front of any SMS provider and give it the complete texts.

    ``sms.sms.body`` only ever holds the masked text; whatever provider comes
    later needs no knowledge of that.
    """

    def __init__(self, sms_api, secret_bodies):
        """:param sms_api: the provider, an ``SmsApiBase``.
        :param secret_bodies: complete text by uuid of the message.
        """
        self._sms_api = sms_api
        self._secret_bodies = secret_bodies

    def __getattr__(self, name):
        return getattr(self._sms_api, name)

    def _send_sms_batch(self, messages, delivery_reports_url=False):
        """Send each message with its complete text; see the provider for arguments and result."""
        complete = []
        for message in messages:
            for recipient in message["numbers"]:
                content = self._secret_bodies.get(recipient["uuid"], message["content"])
                complete.append({"content": content, "numbers": [recipient]})
        return self._sms_api._send_sms_batch(complete, delivery_reports_url=delivery_reports_url)
