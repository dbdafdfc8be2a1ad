from hypothesis import given
from hypothesis import strategies as st
from rules_loader import load

upload = load("merchant_circuit", "upload")


def test_a_letter_is_known_by_its_content():
    """R-004-94: PDF, picture or saved e-mail, whatever the name says."""
    cases = {
        b"%PDF-1.4 ...": "pdf",
        b"\xff\xd8\xff\xe0...": "jpeg",
        b"\x89PNG\r\n\x1a\n...": "png",
        b"From: maria@example.org\r\nSubject: Card refused\r\n\r\nHello": "mail",
    }
    for content, name in cases.items():
        assert upload.kind(content) == name


def test_everything_else_is_refused():
    """Programs, pages and empty files are no letters."""
    for content in (
        b"",
        b"MZ\x90\x00",
        b"<html>",
        b"#!/bin/sh\n",
        b"PK\x03\x04",
        b"Subject: x\x00",
        b"%PDF-" * 3_000_000,
    ):
        assert upload.kind(content) is None


@given(st.binary(max_size=200))
def test_any_content_has_an_answer(content):
    """Whatever is sent, the answer is a kind or none."""
    assert upload.kind(content) in {"pdf", "jpeg", "png", "mail", None}
