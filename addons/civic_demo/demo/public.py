"""What shops and citizens write: advantages, pages, and a report by phone that nobody has put in writing yet."""

import io
from base64 import b64encode
from datetime import timedelta

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

#: Shop, title and text of an advantage.
OFFERS = (
    ("alimentari", "Sconto 10% sul pane", "Ogni lunedì, sul pane di giornata, a chi paga con la card."),
    ("trattoria", "Menu famiglia", "Bambini sotto i 6 anni gratis, a pranzo, con almeno due adulti."),
)

#: Shop, what it says of itself and its hours.
PAGES = (
    (
        "alimentari",
        "Pane del forno di Corleto, formaggi e salumi della valle.\nConsegna a domicilio per chi ha più di 70 anni.",
        "Lun-Sab 7:30-13:00 e 17:00-20:00\nGiovedì pomeriggio e domenica chiuso",
    ),
    ("trattoria", "Cucina lucana, pasta fatta in casa.", "Mar-Dom 12:00-15:00 e 19:30-22:30\nLunedì chiuso"),
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
    for key, description, hours in PAGES:
        partner = shops.partners[key]
        partner.write({"shop_description": description, "shop_hours": hours})
        env["circuit.agreement.document"].create(
            {
                "agreement_id": partner.agreement_ids.id,
                "name": "Convenzione firmata",
                "filename": "convenzione.pdf",
                "file": b64encode(_agreement_pdf(partner)),
            }
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


def _agreement_pdf(partner):
    """One page that stands for the scanned agreement of a shop.

    :return: bytes
    """
    target = io.BytesIO()
    sheet = Canvas(target, pagesize=A4)
    sheet.setFont("Helvetica", 14)
    for number, line in enumerate(
        ("Convenzione per l'accettazione della Family Card", partner.name, "Documento inventato per la dimostrazione.")
    ):
        sheet.drawString(70, 760 - 30 * number, line)
    sheet.save()
    return target.getvalue()
