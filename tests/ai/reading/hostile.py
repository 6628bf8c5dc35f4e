"""Documents made to do harm, or broken on the way; drawn by hand."""

from __future__ import annotations

import io
import zlib

from PIL import Image
from pypdf import PdfWriter
from reportlab.pdfgen.canvas import Canvas

_CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
_ONE_PAGE = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"


def small(pages: int = 1) -> bytes:
    """A harmless PDF."""
    out = io.BytesIO()
    canvas = Canvas(out)
    for _ in range(pages):
        canvas.drawString(50, 700, "Hemoglobin 11.2 g/dL 13-17")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def encrypted() -> bytes:
    writer = PdfWriter(clone_from=io.BytesIO(small()))
    writer.encrypt("a password")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def no_pages() -> bytes:
    return _file([_CATALOG, b"<</Type/Pages/Kids[]/Count 0>>"])


def endless_pages() -> bytes:
    return _file([_CATALOG, b"<</Type/Pages/Kids[2 0 R]/Count 1>>"])


def vast_page() -> bytes:
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 2000000 2000000]>>"
    return _file([_CATALOG, _ONE_PAGE, page])


def unfolding() -> bytes:
    """Two kilobytes that unfold to a gigabyte."""
    inner = zlib.compress(bytes(1_000_000_000), 9)
    return _with_content(zlib.compress(inner, 9), b"[/FlateDecode/FlateDecode]")


def slow() -> bytes:
    """Millions of strokes to draw."""
    strokes = b"q 0 0 m 500 800 l 10 10 l S Q\n" * 3_000_000
    return _with_content(zlib.compress(strokes, 9), b"/FlateDecode")


def picture_bomb() -> bytes:
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    return out.getvalue()


def _with_content(content: bytes, kind: bytes) -> bytes:
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>"
    head = b"<</Length %d/Filter %s>>\nstream\n" % (len(content), kind)
    return _file([_CATALOG, _ONE_PAGE, page, head + content + b"\nendstream"])


def _file(objects: list[bytes]) -> bytes:
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1,
        start,
    )
