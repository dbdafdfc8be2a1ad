"""Loaded by schemathesis (SCHEMATHESIS_HOOKS): lets a part of what it invents reach the money.

Every second purchase is of a card that exists, and the codes of activities are real, which no schema can say.
"""

import os
import re

import schemathesis

CARD = os.environ["CONTRACT_CARD"]
PIN = os.environ["CONTRACT_PIN"]


def _sound(value):
    """Whether a text is one that the document allows; what it forbids must reach the server as it is.

    :return: bool
    """
    return isinstance(value, str) and bool(re.fullmatch(r"[ -~]{1,64}", value))


@schemathesis.hook
def map_body(context, body):
    """Replace what would never be found; what is not of its form stays as it is."""
    if context.operation.label != "POST /authorizations" or not isinstance(body, dict):
        return body
    lines = body.get("lines")
    for line in lines if isinstance(lines, list) else []:
        if isinstance(line, dict) and _sound(line.get("activity")):
            line["activity"] = "grocery"
    proof = (body.get("identifier"), body.get("secret", PIN))
    if all(map(_sound, proof)) and len(str(body.get("order_ref"))) % 2 == 0:
        body.update({"identifier": CARD, "secret": PIN})
    return body
