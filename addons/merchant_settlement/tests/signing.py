"""Certificates and signed files made for one test and thrown away; imports nothing of Odoo."""

import asyncio
from datetime import UTC, datetime, timedelta
from io import BytesIO

from asn1crypto import keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore
from reportlab.pdfgen.canvas import Canvas

FISCAL_CODE = "RSSMRA80A01H501U"


class Authority:
    """A certification authority that lives as long as a test."""

    def __init__(self, name="Prova CA"):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        now = datetime.now(UTC)
        self.certificate = (
            x509.CertificateBuilder()
            .subject_name(self.name)
            .issuer_name(self.name)
            .public_key(self.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=4000))
            .not_valid_after(now + timedelta(days=4000))
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(self.key.public_key()), critical=False)
            .add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
            .sign(self.key, hashes.SHA256())
        )

    @property
    def pem(self):
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def der(self):
        return self.certificate.public_bytes(serialization.Encoding.DER)

    def signer(self, fiscal_code=FISCAL_CODE, first=None, last=None, prefix="TINIT-"):
        """Somebody with a certificate of this authority.

        :param str fiscal_code: empty: none in the certificate
        :param datetime first: beginning of validity, aware; default a year ago
        :param datetime last: its end; default in a year
        :return: pyhanko signer
        """
        key = ec.generate_private_key(ec.SECP256R1())
        now = datetime.now(UTC)
        parts = [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "IT"),
            x509.NameAttribute(NameOID.GIVEN_NAME, "Mario"),
            x509.NameAttribute(NameOID.SURNAME, "Rossi"),
            x509.NameAttribute(NameOID.COMMON_NAME, "Mario Rossi"),
        ]
        if fiscal_code:
            parts.append(x509.NameAttribute(NameOID.SERIAL_NUMBER, prefix + fiscal_code))
        certificate = (
            x509.CertificateBuilder()
            .subject_name(x509.Name(parts))
            .issuer_name(self.name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(first or now - timedelta(days=365))
            .not_valid_after(last or now + timedelta(days=365))
            .add_extension(_usage(content_commitment=True), critical=True)
            .sign(self.key, hashes.SHA256())
        )
        return signers.SimpleSigner(
            signing_cert=asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER)),
            signing_key=keys.PrivateKeyInfo.load(
                key.private_bytes(
                    serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
                )
            ),
            cert_registry=SimpleCertificateStore.from_certs([asn1_x509.Certificate.load(self.der)]),
        )


def _usage(**wanted):
    names = (
        "digital_signature content_commitment key_encipherment data_encipherment key_agreement key_cert_sign crl_sign"
        " encipher_only decipher_only"
    ).split()
    return x509.KeyUsage(**{name: wanted.get(name, False) for name in names})


def document(text="EC/2024/03/0001"):
    """A PDF of one page."""
    buffer = BytesIO()
    canvas = Canvas(buffer, invariant=True)
    canvas.drawString(72, 720, text)
    canvas.save()
    return buffer.getvalue()


def pades(content, signer, field="Firma", visible=False):
    """The PDF with one more signature inside."""
    writer = IncrementalPdfFileWriter(BytesIO(content))
    meta = signers.PdfSignatureMetadata(field_name=field, subfilter=fields.SigSeedSubFilter.PADES)
    spec = fields.SigFieldSpec(field, box=(72, 72, 272, 132)) if visible else None
    output = signers.PdfSigner(meta, signer, new_field_spec=spec).sign_pdf(writer)
    return output.getvalue()


def cades(content, signer, detached=False):
    """The document inside a signature, as .p7m."""
    return asyncio.run(signer.async_sign_general_data(content, "sha256", detached=detached, use_cades=True)).dump()


def overwritten(content, text="EC/9999"):
    """The PDF with another page content added as an update, unsigned: what a viewer shows is no longer what was
    sent."""
    writer = IncrementalPdfFileWriter(BytesIO(content))
    page = writer.root["/Pages"]["/Kids"][0]
    stream = page["/Contents"]
    stream._data = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode()
    stream._encoded_data = None
    writer.update_container(stream)
    output = BytesIO()
    writer.write(output)
    return output.getvalue()
