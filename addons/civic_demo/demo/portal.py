"""What citizens find on the portal: texts, documents and videos of the programme, privacy notice, quotient table."""

import base64
import io
from datetime import date

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen import canvas

from . import clock
from .seasons import instant

INTRO = """
<p>La <strong>Family Card</strong> è la misura del Comune di Corleto Perticara a sostegno delle famiglie residenti e del
commercio locale. Ogni trimestre il Comune accredita un importo sulla card della famiglia; la card paga fino a metà
della spesa nei negozi convenzionati del paese.</p>
<p>La chiede l'intestatario del nucleo familiare, una sola volta, con un'autocertificazione online. La card è la tessera
sanitaria dell'intestatario: non si ritira nulla.</p>
"""
PRIVACY = """
<p>Titolare del trattamento è il Comune di Corleto Perticara (dimostrazione: testo inventato).</p>
<p>I dati della domanda servono a riconoscere il diritto alla Family Card, ad accreditarla e a controllare gli abusi
(art. 6, par. 1, lett. e, del Regolamento UE 2016/679). Li vedono l'ufficio Family Card e, solo per quanto serve a un
acquisto, il gestore del circuito; ai negozi non arrivano né nomi né composizione del nucleo.</p>
<p>I dati si conservano per la durata del programma e per i dieci anni successivi previsti per la contabilità. Si può
chiedere in ogni momento di leggerli, correggerli o cancellarli scrivendo alla casella del programma; il reclamo si
presenta al Garante per la protezione dei dati personali.</p>
"""
#: (kind, title, lines of the document, published)
DOCUMENTS = (
    ("notice", "Avviso pubblico Corleto Family Card", "Sintesi dell'avviso prot. 1027 del 02/02/2024.", True),
    ("regulation", "Regolamento Family Card", "Segnaposto del regolamento (delibera di consiglio 29/2023).", True),
    ("instructions", "Istruzioni per la domanda", "Chi può chiedere la card, come si compila la domanda.", True),
    ("quotient", "Tabella del quoziente", "450,00 euro per chi vive solo; gli altri importi sono inventati.", True),
    ("other", "Nota interna dell'ufficio", "Non pubblicata: la vede solo l'ufficio.", False),
)
#: (audience, title, last part of the link, what it explains)
VIDEOS = (
    ("citizen", "Presentare la domanda dal telefono", "domanda", "Tre minuti: dati, famiglia, firma."),
    ("citizen", "Pagare con la Family Card", "pagare", "Tessera sanitaria, PIN, metà e metà."),
    ("citizen", "Leggere il credito e le scadenze", "credito", "Conti, lotti e ultimi giorni utili."),
    ("merchant", "Incassare con la Family Card", "incassare", "Dalla lettura della tessera allo scontrino."),
    ("merchant", "Annullare o rimborsare una vendita", "rimborsare", "Il credito torna da dove è venuto."),
)


def publish(env, calendar, programme):
    """Fill the public pages, open the applications and put the table of the quotient in force.

    :param calendar: Season.
    :param programme: family.card.program.
    """
    programme.write(
        {
            "intro": INTRO,
            "regulation_url": "https://example.org/corleto/regolamento-family-card",
            "applications_from": calendar.filing_opens,
        }
    )
    env["family.card.document"].create(
        [
            {
                "program_id": programme.id,
                "kind": kind,
                "name": title,
                "file": base64.b64encode(pdf(title, text)),
                "file_name": f"{title}.pdf",
                "public": public,
            }
            for kind, title, text, public in DOCUMENTS
        ]
    )
    env["family.card.help"].create(
        [
            {
                "program_id": programme.id,
                "audience": audience,
                "name": title,
                "url": f"https://example.org/video/{page}",
                "description": text,
            }
            for audience, title, page, text in VIDEOS
        ]
    )
    env["family.privacy.notice"].create(
        {
            "name": "Informativa sul trattamento dei dati personali",
            "version": f"{calendar.year}-01",
            "program_id": programme.id,
            "company_id": programme.company_id.id,
            "valid_from": date(calendar.year, 1, 1),
            "body": PRIVACY,
        }
    )
    _windows(env, calendar, programme)
    _table(env, calendar, programme)


def _windows(env, calendar, programme):
    """Until 4 March also the first quarter counts (R-004-21); the running quarter's own window lets a visitor try
    an application on any day and see it credited."""
    quarters = {period.number: period for period in programme.period_ids}
    load = calendar.loads[-1]
    env["family.card.application.window"].create(
        [
            {
                "program_id": programme.id,
                "date_from": calendar.filing_opens,
                "date_to": date(calendar.year, 3, 4),
                "first_period_id": quarters[1].id,
            },
            {
                "program_id": programme.id,
                "date_from": quarters[load.quarter].date_start,
                "date_to": date(calendar.year + 1, 3, 31),
                "first_period_id": quarters[load.quarter].id,
            },
        ]
    )


def _table(env, calendar, programme):
    with clock.at(instant(date(calendar.year, 1, 2), calendar.now.time())):
        table = env["family.card.quotient"].create(
            {
                "name": f"Prospetto A {calendar.year} (importi inventati)",
                "program_id": programme.id,
                "valid_from": date(calendar.year, 1, 1),
                "preset": "corleto_demo",
            }
        )
        table.action_fill()
        table.action_in_force()


def pdf(title, text):
    """A one-page document.

    :return: bytes of a PDF, the same for the same texts.
    """
    out = io.BytesIO()
    page = canvas.Canvas(out, pagesize=A4, invariant=True)
    page.setTitle(title)
    page.setFont("Helvetica-Bold", 18)
    page.drawString(72, 760, title)
    page.setFont("Helvetica", 12)
    page.drawString(72, 730, text)
    page.drawString(72, 710, "Documento di dimostrazione, senza valore legale.")
    page.save()
    return out.getvalue()
