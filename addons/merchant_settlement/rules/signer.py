"""Who signed, as a certificate says, and what proves it (R-004-97)."""

import re
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from asn1crypto import pem, x509
from pyhanko_certvalidator import ValidationContext

_FISCAL_CODE = re.compile(
    r"(?:(?:TIN|VAT)?IT[-:])?([A-Z]{6}[0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]|[0-9]{11})"
)


class Signer(NamedTuple):
    """Who signed, as the certificate says. Times are naive UTC."""

    name: str
    fiscal_code: str  # "" where the certificate names none
    organisation: str
    issuer: str
    claimed_at: datetime | None  # by the signer's own clock
    stamped_at: datetime | None  # by a time stamping authority that is trusted
    valid_from: datetime
    valid_to: datetime
    in_time: bool  # the certificate was valid when the file was stamped, else when it came in
    trust: str  # trusted, untrusted, or unknown where there is no list to compare with


def codes_of(*numbers):
    """Fiscal codes and VAT numbers of somebody, as a certificate writes them.

    :param numbers: as they are on file; empty ones are left out
    :return: set of str, without country
    """
    return {re.sub(r"^IT(?=[0-9]{11}$)", "", number.replace(" ", "").upper()) for number in numbers if number}


def certificates(content):
    """Certificates of authorities in a file.

    :param bytes content: one certificate (DER), or any number of them (PEM)
    :return: list of asn1crypto.x509.Certificate
    :raise ValueError: it holds none, or something else
    """
    if pem.detect(content):
        found = [der for name, _headers, der in pem.unarmor(content, multiple=True) if name == "CERTIFICATE"]
    else:
        found = [content]
    result = []
    for der in found:
        certificate = x509.Certificate.load(der, strict=True)
        # asn1crypto reads lazily: this is what makes it look
        certificate.subject.native, certificate.public_key.algorithm, certificate.not_valid_after  # noqa: B018
        result.append(certificate)
    if not result:
        raise ValueError("no certificate")
    return result


def context(certificate, authorities, now):
    """What a certificate is judged by. One that has expired is judged as of its last second: whether its issuer is on
    the list is one question, whether it was still valid another.

    :param certificate: of the signer
    :param authorities: certificates that are trusted
    :param datetime now: naive UTC
    :return: ValidationContext that asks nobody
    """
    first, last = certificate.not_valid_before, certificate.not_valid_after
    moment = min(max(now.replace(tzinfo=UTC), first), last - timedelta(seconds=1))
    return ValidationContext(trust_roots=list(authorities), moment=moment, allow_fetching=False)


def signer(values, authorities, now):
    """Who signed.

    :param dict values: the status pyHanko found
    :param authorities: certificates that are trusted
    :param datetime now: when the file came in, naive UTC
    :return: Signer
    """
    certificate = values["signing_cert"]
    subject = certificate.subject.native
    stamp = values.get("timestamp_validity")
    stamped = _naive(stamp.timestamp) if stamp and stamp.valid and stamp.intact and stamp.trusted else None
    first, last = _naive(certificate.not_valid_before), _naive(certificate.not_valid_after)
    known = values["trust_problem_indic"] is None and values["validation_path"] is not None
    person = " ".join(filter(None, (_text(subject.get("given_name")), _text(subject.get("surname")))))
    return Signer(
        name=person or _text(subject.get("common_name")) or certificate.subject.human_friendly,
        fiscal_code=_fiscal_code(subject),
        organisation=_text(subject.get("organization_name")),
        issuer=_text(certificate.issuer.native.get("common_name")) or certificate.issuer.human_friendly,
        claimed_at=_naive(values.get("signer_reported_dt")),
        stamped_at=stamped,
        valid_from=first,
        valid_to=last,
        in_time=first <= (stamped or now) <= last,
        trust="unknown" if not authorities else "trusted" if known else "untrusted",
    )


def _fiscal_code(subject):
    """Code of a person (``TINIT-RSSMRA…``, as ETSI EN 319 412-1 writes it, or ``IT:RSSMRA…`` as older ones do), else of
    a body that seals; empty where there is none."""
    for field in ("serial_number", "dn_qualifier", "organization_identifier"):
        match = _FISCAL_CODE.fullmatch(_text(subject.get(field)).strip().upper())
        if match:
            return match[1]
    return ""


def _text(value):
    return " ".join(map(str, value)) if isinstance(value, list) else str(value or "")


def _naive(moment):
    return moment.astimezone(UTC).replace(tzinfo=None) if moment else None
