"""Builds the files of the injection set: what a person sees, and what is put where they do not."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PIL import Image, ImageDraw, ImageFont
from PIL.PngImagePlugin import PngInfo
from pypdf import PdfReader, PdfWriter
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

MEDIA = {"pdf": "application/pdf", "png": "image/png", "jpeg": "image/jpeg"}
_IMAGE_DESCRIPTION = 0x010E
_INVISIBLE = 3
_COLUMNS_MIN = 4
_SIZE = (1240, 900)
_BLACK, _GREY = (0, 0, 0), (185, 185, 185)


def built(spec: Mapping[str, Any]) -> bytes:
    """Return the file that a record of the set describes."""
    kind, lines, how, text = spec["kind"], spec["lines"], spec["how"], spec["text"]
    if kind == "pdf":
        return _pdf(lines, how, text)
    return _picture(kind, lines, how, text)


# --- PDF -----------------------------------------------------------------------------------


def _pdf(lines: Sequence[str], how: str, text: str) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    if how == "scanned":
        picture = ImageReader(io.BytesIO(_picture("png", lines, "drawn", text)))
        canvas.drawImage(picture, 0, 400, width=A4[0], height=A4[0] * _SIZE[1] / _SIZE[0])
    else:
        for number, line in enumerate(lines):
            _put(canvas, 760 - 22 * number, line, 10)
        _PUT.get(how, _attached)(canvas, text)
    canvas.showPage()
    canvas.save()
    return _with_attachment(out.getvalue(), text) if how == "attachment" else out.getvalue()


def _cells(line: str) -> list[str]:
    """Return the columns of a row; other lines are one."""
    cells = line.split("  ")
    return cells if len(cells) >= _COLUMNS_MIN else [line]


def _put(canvas: Canvas, y: float, line: str, size: float, x: float = 50) -> None:
    """Draw a line; two spaces or more are the gap between columns."""
    for column, cell in enumerate(_cells(line)):
        canvas.setFont("Helvetica", size)
        canvas.drawString(x + 130 * column, y, cell.strip())


def _written(canvas: Canvas, text: str, size: float = 8, y: float = 300, x: float = 50) -> None:
    for number, line in enumerate(textwrap.wrap(text, 110)):
        canvas.setFont("Helvetica", size)
        canvas.drawString(x, y - 1.3 * size * number, line)


def _white(canvas: Canvas, text: str) -> None:
    canvas.setFillColorRGB(1, 1, 1)
    _written(canvas, text)


def _same_colour(canvas: Canvas, text: str) -> None:
    canvas.setFillColorRGB(0.1, 0.2, 0.4)
    canvas.rect(40, 270, 520, 50, stroke=0, fill=1)
    _written(canvas, text)


def _under_box(canvas: Canvas, text: str) -> None:
    _written(canvas, text)
    canvas.setFillColorRGB(1, 1, 1)
    canvas.rect(40, 250, 540, 80, stroke=0, fill=1)


def _invisible(canvas: Canvas, text: str) -> None:
    for number, line in enumerate(textwrap.wrap(text, 110)):
        words = canvas.beginText(50, 300 - 11 * number)
        words.setFont("Helvetica", 8)
        words.setTextRenderMode(_INVISIBLE)
        words.textLine(line)
        canvas.drawText(words)


def _clipped(canvas: Canvas, text: str) -> None:
    canvas.saveState()
    path = canvas.beginPath()
    path.rect(0, 0, 1, 1)
    canvas.clipPath(path, stroke=0)
    _written(canvas, text)
    canvas.restoreState()


def _form_field(canvas: Canvas, text: str) -> None:
    canvas.acroForm.textfield(name="remark", value=text, x=50, y=200, width=400, height=20)


def _outline(canvas: Canvas, text: str) -> None:
    canvas.bookmarkPage("one")
    canvas.addOutlineEntry(text, "one")


def _attached(canvas: Canvas, text: str) -> None:
    """Draw nothing: the words are added to the finished file."""


_PUT: Mapping[str, Callable[[Canvas, str], None]] = {
    "drawn": lambda canvas, text: _written(canvas, text, 10),
    "white": _white,
    "invisible": _invisible,
    "tiny": lambda canvas, text: _written(canvas, text, 0.6),
    "off-page": lambda canvas, text: _written(canvas, text, x=50, y=-120),
    "under-box": _under_box,
    "same-colour": _same_colour,
    "clipped": _clipped,
    "title": lambda canvas, text: canvas.setTitle(text),
    "subject": lambda canvas, text: canvas.setSubject(text),
    "keywords": lambda canvas, text: canvas.setKeywords(text),
    "annotation": lambda canvas, text: canvas.textAnnotation(text, Rect=[400, 300, 420, 320]),
    "link": lambda canvas, text: canvas.linkURL(
        "https://drain.invalid/?q=" + text, (50, 50, 90, 60)
    ),
    "form-field": _form_field,
    "outline": _outline,
}


def _with_attachment(content: bytes, text: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    writer.add_attachment("read-me-first.txt", text.encode())
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


# --- pictures ------------------------------------------------------------------------------


def _picture(kind: str, lines: Sequence[str], how: str, text: str) -> bytes:
    picture = Image.new("RGB", _SIZE, "white")
    pen = ImageDraw.Draw(picture)
    for number, line in enumerate(lines):
        for column, cell in enumerate(_cells(line)):
            _draw(pen, (70 + 270 * column, 70 + 58 * number), cell.strip(), 28)
    if how in {"drawn", "faint", "small"}:
        size, colour = (16 if how == "small" else 26), (_GREY if how == "faint" else _BLACK)
        for number, line in enumerate(textwrap.wrap(text, 80)):
            _draw(pen, (70, 560 + 40 * number), line, size, colour)
    out = io.BytesIO()
    picture.save(out, kind.upper(), **_metadata(kind, how, text))
    return out.getvalue()


def _draw(
    pen: ImageDraw.ImageDraw,
    at: tuple[int, int],
    words: str,
    size: int,
    colour: tuple[int, int, int] = _BLACK,
) -> None:
    pen.text(at, words, fill=colour, font=ImageFont.load_default(size=size))


def _metadata(kind: str, how: str, text: str) -> dict[str, Any]:
    match how:
        case "png-text" | "xmp":
            info = PngInfo()
            if how == "xmp":
                info.add_itxt("XML:com.adobe.xmp", f"<x:xmpmeta><desc>{text}</desc></x:xmpmeta>")
            else:
                info.add_text("Description", text)
            return {"pnginfo": info}
        case "exif":
            exif = Image.Exif()
            exif[_IMAGE_DESCRIPTION] = text
            return {"exif": exif}
        case "comment" if kind == "jpeg":
            return {"comment": text.encode()}
    return {}
