"""What shops and citizens write: advantages, and a report by phone that nobody has put in writing yet."""

from datetime import timedelta

#: Shop, title and text of an advantage.
OFFERS = (
    ("alimentari", "Sconto 10% sul pane", "Ogni lunedì, sul pane di giornata, a chi paga con la card."),
    ("trattoria", "Menu famiglia", "Bambini sotto i 6 anni gratis, a pranzo, con almeno due adulti."),
)


def publish(env, shops, calendar):
    """Let shops publish their advantages and a citizen call the Information Point.

    :param shops: circuit.Shops.
    :param calendar: the demo's Season.
    """
    for key, title, text in OFFERS:
        partner = shops.partners[key]
        env["circuit.offer"]._publish(
            partner,
            {
                "name": title,
                "text": text,
                "date_from": calendar.filing_opens,
                "date_to": False,
                "agreement_id": partner.agreement_ids.id,
            },
        )
    env["circuit.complaint"].create(
        {
            "circuit_id": shops.circuit.id,
            "merchant_id": shops.partners["casalinghi"].id,
            "reporter_name": "Giulia Ferrara",
            "reporter_phone": "+39 313 0000000",
            "subject": "Card non accettata",
            "body": "Al telefono: il negozio non ha accettato la card sotto i 20 euro. Manda la mail in giornata.",
            "channel": "phone",
            "addressed_to": "both",
            "received_at": calendar.now - timedelta(days=2),
        }
    )
