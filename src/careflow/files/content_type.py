"""What a file is, decided by its content alone; names and headers are never asked.

Only what the clinic works with is recognised. Programs, archives and pages that a browser would
run have no type here, also when they hide in front of a header that is taken.
"""

from __future__ import annotations

import codecs

HEAD_BYTES = 4096
"""How much of a file :func:`sniff` wants to see (all of it, if it is shorter)."""

TEXT_TYPES = frozenset({"text/plain", "application/json"})

_PDF_WITHIN = 1024
"""Readers accept the PDF header anywhere in the first 1024 bytes (ISO 32000-1, note to 7.5.2)."""

_PROGRAMS = (
    b"MZ",  # Windows
    b"\x7fELF",  # Linux
    b"\xfe\xed\xfa\xce",  # Mach-O, both word sizes and byte orders
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",  # Mach-O for several processors, Java class
    b"\x00asm",  # WebAssembly
    b"#!",  # scripts
)
_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_MARKUP_ANYWHERE = (b"<script", b"<html", b"<svg", b"<iframe")
_TIFF = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
_BOM = codecs.BOM_UTF8
_CONTROLS = frozenset(range(0x20)) - frozenset(b"\t\n\r\x0c")


def sniff(head: bytes) -> str | None:
    """Return the media type, or ``None`` for whatever is not taken.

    Args:
        head: The first :data:`HEAD_BYTES` of the file.
    """
    if head.startswith(_PROGRAMS + _ARCHIVES):
        return None
    return _image(head) or _pdf(head) or _text(head)


def _image(head: bytes) -> str | None:
    # DICOM first: its free 128-byte preamble may hold a TIFF header, for readers of both.
    if head[128:132] == b"DICM":
        return "application/dicom"
    if head.startswith(b"\x89PNG\r\n\x1a\n") and head[12:16] == b"IHDR":
        return "image/png"
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    return "image/tiff" if head.startswith(_TIFF) else None


def _pdf(head: bytes) -> str | None:
    at = head[: _PDF_WITHIN + 4].find(b"%PDF-")
    return None if at < 0 or b"<" in head[:at] else "application/pdf"


def _text(head: bytes) -> str | None:
    if not head or not TextCheck().takes(head):
        return None
    start = head.removeprefix(_BOM).lstrip()
    folded = start.lower()
    # The XML family is refused whole: a browser takes much of it for a page.
    if start.startswith((b"<", b"%!", b"{\\rtf")) or any(m in folded for m in _MARKUP_ANYWHERE):
        return None
    return "application/json" if start.startswith((b"{", b"[")) else "text/plain"


class TextCheck:
    """Tells, piece by piece, whether a stream of bytes is still plain UTF-8 text."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")()

    def takes(self, piece: bytes, *, is_last: bool = False) -> bool:
        """Report whether the text goes on; a character cut by the piece's end may."""
        if not _CONTROLS.isdisjoint(piece):
            return False
        try:
            self._decoder.decode(piece, final=is_last)
        except UnicodeDecodeError:
            return False
        return True
