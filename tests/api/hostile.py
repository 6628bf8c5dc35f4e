"""Files that mean harm, small enough to be made on the spot."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Sequence

from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

PAGE = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << >> >>"


def pdf(*objects: bytes | str) -> bytes:
    """Return a PDF of these objects, numbered from 1; the first is the catalogue."""
    out = bytearray(b"%PDF-1.7\n")
    offsets = []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        body = content.encode() if isinstance(content, str) else content
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    return bytes(out + trailer % (len(objects) + 1, start))


def stream(content: bytes, entries: str = "") -> bytes:
    """Return a deflated stream object."""
    return squeezed(zlib.compress(content, 9), entries)


def squeezed(packed: bytes, entries: str = "") -> bytes:
    """Return a stream object of content that is deflated already."""
    head = f"<< /Length {len(packed)} /Filter /FlateDecode {entries} >>\nstream\n".encode()
    return head + packed + b"\nendstream"


def zeros(size: int, *, fill: bytes = b"\0") -> bytes:
    """Return deflated data that unfolds to ``size`` bytes, without ever holding them."""
    packer = zlib.compressobj(9)
    piece = fill * (1024 * 1024 // len(fill))
    parts = [packer.compress(piece) for _ in range(size // len(piece))]
    return b"".join([*parts, packer.flush()])


def one_page(content: bytes, page: str = PAGE, *more: bytes) -> bytes:
    """Return a PDF of one page with this content stream object."""
    pages = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    return pdf("<< /Type /Catalog /Pages 2 0 R >>", pages, page, content, *more)


def content_bomb(size: int) -> bytes:
    """Return a small PDF whose content stream unfolds to ``size`` bytes of spaces."""
    return one_page(squeezed(zeros(size, fill=b" ")))


def picture_bomb(side: int) -> bytes:
    """Return a small PDF whose one picture has ``side`` times ``side`` pixels of colour."""
    picture = squeezed(
        zeros(side * side * 3),
        f"/Type /XObject /Subtype /Image /Width {side} /Height {side} "
        "/ColorSpace /DeviceRGB /BitsPerComponent 8",
    )
    page = PAGE.replace("<< >> >>", "<< /XObject << /I 5 0 R >> >> >>")
    return one_page(stream(b"612 0 0 792 0 0 cm /I Do"), page, picture)


def word_flood(words: int) -> bytes:
    """Return a small PDF whose page says one result over and over."""
    page = PAGE.replace("<< >> >>", "<< /Font << /F 5 0 R >> >> >>")
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    line = b"1 0 0 1 %d %d Tm (Glucose 142 mg/dL 70 - 99) Tj\n"
    lines = b"".join(line % (n % 40 * 10, n * 7 % 790) for n in range(words // 6))
    return one_page(stream(b"BT /F 4 Tf\n" + lines + b"ET"), page, font)


def many_pages(count: int) -> bytes:
    """Return a PDF of one page that its page tree shows ``count`` times."""
    kids = " ".join(["3 0 R"] * count)
    return pdf(
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>",
        PAGE,
        stream(b""),
    )


def claimed_pages(count: int) -> bytes:
    """Return a PDF of one page that claims to have ``count``."""
    return pdf(
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [3 0 R] /Count {count} >>",
        PAGE,
        stream(b""),
    )


def looping_pages() -> bytes:
    """Return a PDF whose page tree holds itself."""
    return pdf(
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 /Parent 3 0 R >>",
        "<< /Type /Pages /Kids [2 0 R] /Count 1 /Parent 2 0 R >>",
    )


def looping_forms() -> bytes:
    """Return a PDF whose form draws itself."""
    page = PAGE.replace("<< >> >>", "<< /XObject << /X 5 0 R >> >> >>")
    box = (
        "/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << /XObject << /X 5 0 R >> >>"
    )
    return one_page(stream(b"/X Do"), page, stream(b"/X Do", box))


def huge_page() -> bytes:
    """Return a PDF whose page is a hundred million points wide."""
    box = PAGE.replace("[0 0 612 792]", "[0 0 100000000 100000000]")
    return one_page(stream(b"0 0 m 99999999 99999999 l S"), box)


def no_size_page() -> bytes:
    """Return a PDF whose page has no extent."""
    return one_page(stream(b""), PAGE.replace("[0 0 612 792]", "[0 0 0 0]"))


def letters(
    lines: Sequence[str], *, encrypt: str | None = None, white: Sequence[str] = ()
) -> bytes:
    """Return a page of text, with ``white`` lines that nobody sees."""
    out = io.BytesIO()
    lock = StandardEncryption(encrypt, canPrint=0) if encrypt else None
    canvas = Canvas(out, encrypt=lock)
    for number, line in enumerate(lines):
        canvas.drawString(60, 780 - 18 * number, line)
    canvas.setFillColorRGB(1, 1, 1)
    for number, line in enumerate(white):
        canvas.drawString(60, 400 - 18 * number, line)
    canvas.save()
    return out.getvalue()


def png_bomb(side: int) -> bytes:
    """Return a small grey PNG of ``side`` times ``side`` pixels."""
    row = side + 1
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    packed = zeros(row * side + 1024 * 1024)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(kind, data) for kind, data in ((b"IHDR", header), (b"IDAT", packed), (b"IEND", b""))
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def tiff_bomb(side: int) -> bytes:
    """Return a small deflated TIFF of ``side`` times ``side`` grey pixels."""
    packed = zeros(side * side)
    entries = [
        (256, 4, side), (257, 4, side), (258, 3, 8), (259, 3, 8), (262, 3, 1),
        (273, 4, 8), (277, 3, 1), (278, 4, side), (279, 4, len(packed)),
    ]  # fmt: skip
    fields = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in entries)
    directory = struct.pack("<H", len(entries)) + fields + struct.pack("<I", 0)
    return b"II*\x00" + struct.pack("<I", 8 + len(packed)) + packed + directory


def tiff_loop() -> bytes:
    """Return a TIFF whose directory names itself as the next one."""
    entries = [
        (256, 4, 1),
        (257, 4, 1),
        (258, 3, 8),
        (259, 3, 1),
        (262, 3, 1),
        (273, 4, 8),
        (279, 4, 1),
    ]
    fields = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in entries)
    directory = struct.pack("<H", len(entries)) + fields + struct.pack("<I", 16)
    return b"II*\x00" + struct.pack("<I", 16) + b"\0" * 8 + directory
