"""What a signed file says: who signed, whether anything was changed, whether it is the very document that was sent
(R-004-97).

PAdES (a signature inside the PDF) and CAdES (the PDF inside a signature, ``.p7m``) are read by pyHanko. Nothing is
fetched from the network: whether a certificate was revoked is not known here, and nothing here claims it is.
"""

import asyncio
import base64
import binascii
import hashlib
import logging
import re
import zlib
from io import BytesIO
from typing import NamedTuple

from asn1crypto import cms, pem
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation.errors import DisallowedAlgorithmError
from pyhanko.sign.validation.generic_cms import (
    cms_basic_validation,
    collect_timing_info,
    extract_certs_for_validation,
)
from pyhanko.sign.validation.pdf_embedded import async_validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel, StandardCMSSignatureStatus

from . import pdf_changes, signer

#: A statement's PDF has some hundred kilobytes; certificates and a picture of the signature add little.
MAX_BYTES = 10 * 1024 * 1024
#: What the streams of an uploaded file may unfold to, all together.
MAX_INFLATED = 64 * 1024 * 1024
#: A signed file inside a signed file: two people who signed one after the other.
MAX_DEPTH = 3
_STREAM = re.compile(rb"stream\r?\n")
_BASE64 = re.compile(rb"[A-Za-z0-9+/=\s]+")

# A shopkeeper's wrong file is answered with a sentence on the page; it is no incident for the server's log.
for _name in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)


class UnacceptableError(ValueError):
    """A file that is not the signed statement; ``code`` says why."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


class Reading(NamedTuple):
    """An intact signed file."""

    form: str  # pades or cades
    signers: tuple  # of Signer


def kind(content):
    """Kind of an uploaded file, told from its content.

    :param bytes content: the whole file
    :return: pdf, p7m, jpeg, png, or None for anything else, empty, or above 10 MiB
    """
    if not content or len(content) > MAX_BYTES:
        return None
    if content.startswith(b"%PDF-"):
        return "pdf"
    if content.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    # a DER or BER sequence, its PEM, or its bare base64 as mail programs leave it
    if content[:2] in (b"\x30\x80", b"\x30\x82", b"\x30\x83", b"\x30\x84") or content.lstrip().startswith(
        (b"-----BEGIN PKCS7", b"-----BEGIN CMS", b"MII", b"MIA")
    ):
        return "p7m"
    return None


def ways(choice):
    """How a statement may be signed under a choice of the terms.

    :param str choice: any, file, code or paper
    :return: frozenset of file, code, paper
    """
    return frozenset({"any": ("file", "code"), "paper": ("file", "code", "paper")}.get(choice, (choice,)))


def sha256(content):
    """SHA-256 of a file.

    :param bytes content: the whole file
    :return: str, 64 hexadecimal digits
    """
    return hashlib.sha256(content).hexdigest()


def read(content, original, authorities, now):
    """Read a signed file and compare it with what was sent.

    :param bytes content: the upload, of kind pdf or p7m
    :param bytes original: the PDF that was sent
    :param list authorities: certificates that are trusted (asn1crypto.x509.Certificate); empty: no list
    :param datetime now: when it came in, naive UTC
    :return: Reading: every signature is intact and covers the very document that was sent
    :raise UnacceptableError: it is not; code says why
    """
    if kind(content) == "pdf":
        return Reading("pades", tuple(_read_pdf(content, original, authorities, now)))
    return Reading("cades", tuple(_read_p7m(content, original, authorities, now, MAX_DEPTH)))


def prefix_of(content):
    """The document inside an upload, as far as it tells without looking at signatures: what a file of another month is
    recognised by.

    :param bytes content: of kind pdf or p7m
    :return: bytes; empty where there is none
    """
    for _turn in range(MAX_DEPTH):
        if kind(content) != "p7m":
            break
        try:
            content = _document(_signed_data(content))
        except UnacceptableError:
            return b""
    return content if kind(content) == "pdf" else b""


# ---------------------------------------------------------------------- PDF


def _read_pdf(content, original, authorities, now):
    if content == original:
        raise UnacceptableError("unsigned_original")
    if _inflates_beyond(content, MAX_INFLATED):
        raise UnacceptableError("too_much_inside")
    try:
        reader = PdfFileReader(BytesIO(content), strict=False)
        if reader.encrypted:
            raise UnacceptableError("encrypted")
        signatures = reader.embedded_regular_signatures
    except UnacceptableError:
        raise
    except Exception as error:  # whatever a hostile file makes the reader stumble over
        raise UnacceptableError("broken_pdf") from error
    if not signatures:
        raise UnacceptableError("unsigned")
    found = [_check_pdf(signature, authorities, now) for signature in signatures]
    last = found[-1][0]
    whole = last.coverage == SignatureCoverageLevel.ENTIRE_FILE or (
        last.coverage == SignatureCoverageLevel.ENTIRE_REVISION
        and signatures[-1].signed_revision < reader.xrefs.total_revisions - 1
        and last.modification_level is not None
        and last.modification_level <= ModificationLevel.LTA_UPDATES
    )
    if not whole:
        raise UnacceptableError("not_whole")
    # an earlier signature may only be followed by the next ones
    if any(
        status.coverage < SignatureCoverageLevel.ENTIRE_REVISION
        or status.modification_level is None
        or status.modification_level > ModificationLevel.FORM_FILLING
        or not status.docmdp_ok
        for status, _who in found[:-1]
    ):
        raise UnacceptableError("not_whole")
    if not content.startswith(original):
        raise UnacceptableError("other_document")
    if _changed(original, reader):
        raise UnacceptableError("changed_before")
    return [who for _status, who in found]


def _check_pdf(signature, authorities, now):
    try:
        context = signer.context(signature.signer_cert, authorities, now)
        status = asyncio.run(async_validate_pdf_signature(signature, context))
    except DisallowedAlgorithmError as error:
        raise UnacceptableError("weak") from error
    except Exception as error:  # as above
        raise UnacceptableError("broken_signature") from error
    if not (status.intact and status.valid):
        raise UnacceptableError("altered")
    return status, signer.signer(vars(status), authorities, now)


def _changed(original, reader):
    try:
        return pdf_changes.changed(original, reader)
    except Exception as error:  # as above
        raise UnacceptableError("broken_pdf") from error


def _inflates_beyond(content, budget):
    """Whether the compressed streams of a file unfold to more than a number of bytes, one inside the other included."""
    for match in _STREAM.finditer(content):
        data = content[match.end() :]
        for _layer in range(MAX_DEPTH):
            try:
                data = zlib.decompressobj().decompress(data, budget + 1)
            except zlib.error:
                break
            budget -= len(data)
            if budget < 0:
                return True
    return False


# ---------------------------------------------------------------------- CMS


def _read_p7m(content, original, authorities, now, depth):
    signed = _signed_data(content)
    document = _document(signed)
    if not len(signed["signer_infos"]):
        raise UnacceptableError("unsigned")
    signers = [_check_cms(part, authorities, now) for part in _one_by_one(signed)]
    if document == original:
        return signers
    if kind(document) == "p7m" and depth > 1:
        return signers + _read_p7m(document, original, authorities, now, depth - 1)
    if kind(document) == "pdf" and document.startswith(original):
        return signers + _read_pdf(document, original, authorities, now)
    raise UnacceptableError("other_document")


def _signed_data(content):
    """The signature's structure.

    :raise UnacceptableError: it cannot be read, or is something else
    """
    try:
        text = content.strip()
        if pem.detect(text):
            content = pem.unarmor(text)[2]
        elif text.startswith((b"MII", b"MIA")) and _BASE64.fullmatch(text):
            content = base64.b64decode(text)
        info = cms.ContentInfo.load(content)
        if info["content_type"].native != "signed_data":
            raise UnacceptableError("broken_p7m")
        signed = info["content"]
        # asn1crypto reads lazily: this is what makes it look
        len(signed["signer_infos"]), signed["encap_content_info"]["content_type"].native, signed["certificates"]
        return signed
    except UnacceptableError:
        raise
    except (ValueError, TypeError, KeyError, binascii.Error) as error:
        raise UnacceptableError("broken_p7m") from error


def _document(signed):
    try:
        inside = signed["encap_content_info"]["content"]
        document = b"" if inside.native is None else bytes(inside)
    except (ValueError, TypeError) as error:
        raise UnacceptableError("broken_p7m") from error
    if not document:
        raise UnacceptableError("detached")
    return document


def _one_by_one(signed):
    """The same structure once for each signer: the validator takes one at a time."""
    signers = list(signed["signer_infos"])
    if len(signers) == 1:
        return [signed]
    parts = []
    for info in signers:
        part = signed.copy()
        part["signer_infos"] = cms.SignerInfos([info])
        parts.append(part)
    return parts


def _check_cms(signed, authorities, now):
    try:
        context = signer.context(extract_certs_for_validation(signed).signer_cert, authorities, now)
        values = asyncio.run(_validate_cms(signed, context))
    except DisallowedAlgorithmError as error:
        raise UnacceptableError("weak") from error
    except Exception as error:  # as above
        raise UnacceptableError("broken_signature") from error
    if not (values["intact"] and values["valid"]):
        raise UnacceptableError("altered")
    return signer.signer(values, authorities, now)


async def _validate_cms(signed, context):
    info = signed["signer_infos"][0]
    digest = hashlib.new(info["digest_algorithm"]["algorithm"].native, _document(signed)).digest()
    times = await collect_timing_info(info, context, raw_digest=digest)
    return await cms_basic_validation(
        signed,
        validation_context=context,
        status_kwargs=times,
        key_usage_settings=StandardCMSSignatureStatus.default_usage_constraints(),
    )
