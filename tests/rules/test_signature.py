"""R-004-97: what a signed file proves. Certificates and files are made here and thrown away."""

import base64
import importlib.util
import zlib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import cms
from hypothesis import given, settings
from hypothesis import strategies as st
from rules_loader import ADDONS, load

signature = load("merchant_settlement", "signature")
signer = load("merchant_settlement", "signer")
sign_code = load("merchant_settlement", "sign_code")

_spec = importlib.util.spec_from_file_location(
    "settlement_signing", Path(ADDONS) / "merchant_settlement" / "tests" / "signing.py"
)
signing = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(signing)

CA = signing.Authority()
MARIO = CA.signer()
EXPIRED = CA.signer(first=datetime(2020, 1, 1, tzinfo=UTC), last=datetime(2021, 1, 1, tzinfo=UTC))
SENT = signing.document("EC/2024/04/0001")
OTHER = signing.document("EC/2024/03/0001")
SIGNED = signing.pades(SENT, MARIO)
ENVELOPE = signing.cades(SENT, MARIO)
LIST = signer.certificates(CA.pem)


def now():
    return datetime.now(UTC).replace(tzinfo=None)


def read(content, authorities=LIST):
    return signature.read(content, SENT, authorities, now())


def flipped(content, position):
    return content[:position] + bytes([content[position] ^ 1]) + content[position + 1 :]


@pytest.mark.parametrize(("content", "form"), [(SIGNED, "pades"), (ENVELOPE, "cades")])
def test_an_intact_signature_names_its_signer(content, form):
    """R-004-97: name, fiscal code, issuer and time are read; the issuer is on the list."""
    reading = read(content)

    assert reading.form == form
    [who] = reading.signers
    assert (who.name, who.fiscal_code, who.issuer) == ("Mario Rossi", signing.FISCAL_CODE, "Prova CA")
    assert (who.trust, who.in_time) == ("trusted", True)
    assert abs(who.claimed_at - now()) < timedelta(minutes=10)


@pytest.mark.parametrize("content", [SIGNED, ENVELOPE])
def test_without_a_list_nobody_is_known(content):
    """R-004-97: integrity is proved, identity is not claimed."""
    assert read(content, []).signers[0].trust == "unknown"
    assert read(content, signer.certificates(signing.Authority("Altra CA").der)).signers[0].trust == "untrusted"


@pytest.mark.parametrize("make", [signing.pades, signing.cades])
def test_an_expired_certificate_is_told(make):
    """R-004-97: whether it was valid is one question, whether its issuer is known another."""
    [who] = read(make(SENT, EXPIRED)).signers

    assert (who.in_time, who.trust) == (False, "trusted")


def test_a_visible_signature_and_a_second_one_are_fine():
    """R-004-97: what signing programs add is no change."""
    twice = signing.pades(signing.pades(SENT, MARIO, visible=True), CA.signer("VRDLGI70B02F205X"), "Firma2")

    assert [who.fiscal_code for who in read(twice).signers] == [signing.FISCAL_CODE, "VRDLGI70B02F205X"]


def test_signed_envelopes_may_hold_each_other():
    """R-004-97: two people who signed one after the other, in any way."""
    assert len(read(signing.cades(ENVELOPE, MARIO)).signers) == 2
    assert len(read(signing.cades(SIGNED, MARIO)).signers) == 2
    assert read(base64.encodebytes(ENVELOPE)).form == "cades"


def test_two_signers_of_one_envelope():
    """R-004-97: both are read."""
    first = cms.ContentInfo.load(ENVELOPE)
    second = cms.ContentInfo.load(signing.cades(SENT, CA.signer("VRDLGI70B02F205X")))
    signed, more = first["content"], second["content"]
    signed["signer_infos"] = cms.SignerInfos([signed["signer_infos"][0], more["signer_infos"][0]])
    signed["certificates"] = cms.CertificateSet([*signed["certificates"], *more["certificates"]])

    codes = {who.fiscal_code for who in read(first.dump(force=True)).signers}

    assert codes == {signing.FISCAL_CODE, "VRDLGI70B02F205X"}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (SENT, "unsigned_original"),
        (OTHER, "unsigned"),
        (signing.pades(OTHER, MARIO), "other_document"),
        (signing.cades(OTHER, MARIO), "other_document"),
        (flipped(SIGNED, 30), "altered"),
        (flipped(ENVELOPE, ENVELOPE.index(b"%PDF") + 40), "altered"),
        (SIGNED + b"\n%more\n", "not_whole"),
        (signing.overwritten(SIGNED), "not_whole"),
        (signing.pades(signing.overwritten(SENT), MARIO), "changed_before"),
        (b"%PDF-1.7 nothing else", "broken_pdf"),
        (ENVELOPE[:-40], "broken_p7m"),
        (b"0\x82junk that is no signature", "broken_p7m"),
        (signing.cades(SENT, MARIO, detached=True), "detached"),
        (
            SENT[:-6]
            + b"\n99 0 obj<</Filter/FlateDecode>>stream\n"
            + zlib.compress(b"0" * 70_000_000)
            + b"\nendstream",
            "too_much_inside",
        ),
    ],
)
def test_what_is_not_the_signed_statement_is_refused(content, code):
    """R-004-97: unsigned, another document, changed before or after the signature, damaged: each has its name."""
    with pytest.raises(signature.UnacceptableError) as refusal:
        read(content)

    assert refusal.value.code == code


@given(st.integers(0, len(SIGNED) - 1), st.integers(1, 255))
@settings(max_examples=60, deadline=None)
def test_no_changed_byte_passes_as_another_signer_or_document(position, change):
    """R-004-97: whatever byte is changed, the file is refused, or says the very same (some bytes carry no meaning)."""
    content = SIGNED[:position] + bytes([SIGNED[position] ^ change]) + SIGNED[position + 1 :]
    try:
        [who] = read(content).signers
    except signature.UnacceptableError:
        return
    assert content.startswith(SENT)
    assert (who.name, who.fiscal_code) == ("Mario Rossi", signing.FISCAL_CODE)


@given(st.binary(max_size=400))
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_refused_by_name(content):
    """R-004-97: nothing that is uploaded makes the reader stumble."""
    for prefix in (b"%PDF-1.4\n", b"0\x82", b"MII"):
        assert signature.kind(prefix + content)
        signature.prefix_of(prefix + content)
        with pytest.raises(signature.UnacceptableError):
            read(prefix + content)


def test_the_content_tells_the_kind():
    """R-004-97: never the name."""
    assert signature.kind(SENT) == "pdf"
    assert signature.kind(ENVELOPE) == "p7m"
    assert signature.kind(b"\xff\xd8\xff...") == "jpeg"
    assert signature.kind(b"\x89PNG\r\n\x1a\n...") == "png"
    assert signature.kind(b"PK\x03\x04") is None
    assert signature.kind(b"") is None
    assert signature.kind(b"%PDF-" + b"0" * signature.MAX_BYTES) is None


def test_the_document_inside_is_found():
    """R-004-97: what another month's file is recognised by."""
    assert signature.prefix_of(signing.cades(ENVELOPE, MARIO)) == SENT
    assert signature.prefix_of(SIGNED).startswith(SENT)
    assert signature.prefix_of(b"0\x82junk") == b""


@pytest.mark.parametrize(
    ("prefix", "number", "code"),
    [
        ("TINIT-", "RSSMRA80A01H501U", "RSSMRA80A01H501U"),
        ("IT:", "RSSMRA80A01H501U", "RSSMRA80A01H501U"),
        ("", "RSSMRA80A01H501U", "RSSMRA80A01H501U"),
        ("IDCIT-", "CA12345", ""),
    ],
)
def test_fiscal_codes_are_read_as_issuers_write_them(prefix, number, code):
    """R-004-97: ETSI's way and the older ones."""
    who = CA.signer(number, prefix=prefix)

    assert read(signing.pades(SENT, who)).signers[0].fiscal_code == code


def test_what_is_no_certificate_is_no_authority():
    """R-004-97: the list holds certificates only."""
    assert len(signer.certificates(CA.pem + signing.Authority("Due").pem)) == 2
    for content in (b"", b"hello", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"):
        with pytest.raises(ValueError):
            signer.certificates(content)


def test_numbers_on_file_are_compared_without_country():
    """R-004-97: a seal of the company names its VAT number."""
    assert signer.codes_of("IT01234567890", False, "rssmra80a01h501u") == {"01234567890", "RSSMRA80A01H501U"}


@pytest.mark.parametrize(
    ("choice", "found"),
    [
        ("any", {"file", "code"}),
        ("file", {"file"}),
        ("code", {"code"}),
        ("paper", {"file", "code", "paper"}),
    ],
)
def test_terms_decide_the_ways(choice, found):
    """R-004-97: a scan is taken only where the terms allow paper."""
    assert signature.ways(choice) == found


@given(st.integers(0, 999999))
def test_codes_are_read_as_people_type_them(number):
    """R-004-97: blanks do not matter, anything else does."""
    code = f"{number:06d}"
    assert sign_code.typed(f" {code[:3]} {code[3:]} ") == code
    assert sign_code.typed(code[:5]) is None
    assert sign_code.typed(None) is None
    assert len(sign_code.new_code()) == 6


def test_other_digits_are_no_code():
    """R-004-97: only 0 to 9."""
    assert sign_code.typed("１２３４５６") is None
    assert sign_code.typed("12345a") is None


def test_only_the_end_of_a_number_is_shown():
    """R-004-97: the merchant recognises its telephone, nobody else learns it."""
    assert sign_code.mask_phone("+39 347 000 0123") == "••• 123"
    assert sign_code.mask_phone("12") == ""
    assert sign_code.mask_phone(None) == ""


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(-40, 40))
def test_late_is_after_the_due_day(due_on, days):
    """R-004-98: on the due day it is in time."""
    assert sign_code.is_late(due_on + timedelta(days=days), due_on) == (days > 0)
    assert not sign_code.is_late(due_on, None)


@given(st.integers(1, 30), st.integers(0, 90))
def test_reminders_keep_their_distance(every, horizon):
    """R-004-98: the first on the due day, then one in so many days."""
    due_on, last, sent = date(2024, 5, 5), None, []
    for offset in range(-10, horizon):
        today = due_on + timedelta(days=offset)
        if sign_code.reminder_due(today, due_on, every, last):
            sent.append(offset)
            last = today
    assert sent == list(range(0, horizon, every))
    assert not sign_code.reminder_due(due_on, due_on, 0, None)
    assert not sign_code.reminder_due(due_on, None, every, None)
