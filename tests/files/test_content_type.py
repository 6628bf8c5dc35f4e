"""What a file is, is decided by its content."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from careflow.files.content_type import TextCheck, sniff

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n"
PROGRAMS_AND_PAGES = {
    "windows program": b"MZ\x90\x00" + bytes(60),
    "windows program with a pdf header behind": b"MZ\x90\x00" + PDF,
    "windows program as dicom preamble": b"MZ" + bytes(126) + b"DICM",
    "linux program": b"\x7fELF\x02\x01\x01" + bytes(60),
    "mac program": b"\xcf\xfa\xed\xfe" + bytes(60),
    "mac program for several processors": b"\xca\xfe\xba\xbe" + bytes(60),
    "shell script": b"#!/bin/sh\necho hello\n",
    "zip": b"PK\x03\x04" + bytes(60),
    "zip with a pdf header behind": b"PK\x03\x04" + PDF,
    "html": b"<!doctype html><html><body>hello</body></html>",
    "html after blanks and a mark": b"\xef\xbb\xbf \r\n\t<HTML>",
    "html in front of a pdf header": b"<script>alert(1)</script>" + PDF,
    "svg": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
    "text that holds a script": b"hello <SCRIPT>alert(1)</SCRIPT>",
    "postscript": b"%!PS-Adobe-3.0\n",
    "rich text": b"{\\rtf1 hello}",
    "utf-16 text": "hello".encode("utf-16"),
    "latin-1 text": "Müller".encode("latin-1"),
    "gzip": b"\x1f\x8b\x08\x00" + bytes(20),
    "gif": b"GIF89a" + bytes(20),
    "a png in name only": b"\x89PNG\r\n\x1a\n" + bytes(20),
    "nothing": b"",
    "noise": bytes(range(256)),
}


def an_image(form: str) -> bytes:
    """Return a small picture."""
    buffer = io.BytesIO()
    Image.new("RGB", (9, 7), "white").save(buffer, format=form)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("form", "media_type"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("TIFF", "image/tiff")]
)
def test_pictures_are_recognised(form: str, media_type: str) -> None:
    assert sniff(an_image(form)) == media_type


@pytest.mark.parametrize("junk", [0, 1, 500, 1023])
def test_a_pdf_header_is_found_within_the_first_1024_bytes(junk: int) -> None:
    assert sniff(b"\n" * junk + PDF) == "application/pdf"


def test_a_pdf_header_further_in_is_not_a_pdf() -> None:
    assert sniff(b"\n" * 1025 + PDF) != "application/pdf"


def test_dicom_is_recognised_with_an_empty_and_with_a_tiff_preamble() -> None:
    assert sniff(bytes(128) + b"DICM" + bytes(40)) == "application/dicom"
    assert sniff(b"II*\x00" + bytes(124) + b"DICM" + bytes(40)) == "application/dicom"


def test_plain_text_and_json_are_recognised() -> None:
    assert sniff("Kalium 4,1 mmol/l – Müller\n".encode()) == "text/plain"
    assert sniff(b' \n{"resourceType": "Patient"}') == "application/json"
    assert sniff(b'{"a": 1}\n{"a": 2}\n') == "application/json"


def test_a_character_cut_by_the_end_of_the_head_is_still_text() -> None:
    assert sniff("é".encode()[:1].join([b"caf", b""])) == "text/plain"


@pytest.mark.parametrize("content", PROGRAMS_AND_PAGES.values(), ids=PROGRAMS_AND_PAGES.keys())
def test_what_is_not_taken_has_no_type(content: bytes) -> None:
    assert sniff(content) is None


def test_text_is_checked_to_its_end() -> None:
    check = TextCheck()

    assert check.takes("Mü".encode()[:2])
    assert check.takes("Mü".encode()[2:])
    assert not check.takes(b"\x00")
    assert not check.takes("é".encode()[:1], is_last=True)
