"""Draws the three laboratory reports that wait in Harbour's inbox."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from PIL import Image, ImageChops, ImageFilter
from reportlab.lib.colors import HexColor, black, grey
from reportlab.lib.pagesizes import letter
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from careflow.demo.analytes import ANALYTES, Analyte
from careflow.demo.people import Person

_WIDTH, _HEIGHT = letter
_SCAN_DPI = 200
_POINTS_PER_INCH = 72


@dataclass(frozen=True, slots=True)
class WaitingReport:
    """A document as it reached the clinic."""

    filename: str
    content: bytes


def waiting_reports(people: list[Person], seed: int, today: date) -> list[WaitingReport]:
    """Return the reports that came in this morning: two as text, one as a rotated scan."""
    by_number = {person.number: person for person in people}
    amara, mei, paul = by_number[1], by_number[3], by_number[12]
    random = Random(f"reports:{seed}")  # noqa: S311 - synthetic data.
    return [
        WaitingReport("tideline-metabolic.pdf", _tideline(amara, today - timedelta(days=4))),
        WaitingReport("northgate-lipids.pdf", _northgate(mei, today - timedelta(days=2))),
        WaitingReport("scan-0413.pdf", _scanned(paul, today - timedelta(days=1), random)),
    ]


# --- a ruled table with a flag column ------------------------------------------------------------

_AMARA = (
    ("hba1c", 7.3),
    ("glucose", 136),
    ("creatinine", 0.94),
    ("egfr", 68),
    ("potassium", 4.4),
    ("sodium", 139),
    ("alt", 31),
    ("ldl", 112),
    ("acr", 42),
)


def _tideline(person: Person, collected: date) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=letter, invariant=1)
    canvas.setFillColor(HexColor("#0b4a6b"))
    canvas.setFont("Helvetica-Bold", 17)
    canvas.drawString(54, _HEIGHT - 62, "Tideline Laboratory")
    canvas.setFillColor(grey)
    canvas.setFont("Helvetica", 9)
    canvas.drawString(54, _HEIGHT - 76, "12 Causeway, Harbour Point ME 04101   Tel 207-555-0190")
    canvas.setFillColor(black)
    _pairs(
        canvas,
        _HEIGHT - 108,
        (
            ("Patient", f"{person.family.upper()}, {person.given}", "Collected", _long(collected)),
            ("Date of birth", _long(person.born), "Reported", _long(collected + timedelta(days=1))),
            ("Record no.", person.record_number, "Ordered by", "Dr Ada Lindqvist"),
        ),
    )
    columns = (54, 210, 282, 372, 488)
    top = _HEIGHT - 182
    canvas.setFont("Helvetica-Bold", 9.5)
    for x, text in zip(columns, ("Test", "Result", "Unit", "Reference range", "Flag"), strict=True):
        canvas.drawString(x, top, text)
    canvas.line(54, top - 5, 558, top - 5)
    canvas.setFont("Helvetica", 10)
    for index, (key, value) in enumerate(_AMARA):
        _ruled_row(canvas, columns, top - 22 - 21 * index, ANALYTES[key], value)
    _footer(canvas, "Results relate to the sample as received.")
    canvas.save()
    return buffer.getvalue()


def _ruled_row(
    canvas: Canvas, columns: tuple[int, ...], y: float, analyte: Analyte, value: float
) -> None:
    flag = {"L": "LOW", "H": "HIGH", None: ""}[analyte.flag(value)]
    cells = (analyte.name, analyte.value_text(value), analyte.unit, analyte.range_text, flag)
    for x, text in zip(columns, cells, strict=True):
        canvas.drawString(x, y, text)
    canvas.setStrokeColor(HexColor("#d5dde2"))
    canvas.line(54, y - 6, 558, y - 6)
    canvas.setStrokeColor(black)


def _pairs(canvas: Canvas, top: float, rows: tuple[tuple[str, str, str, str], ...]) -> None:
    for index, (left, left_value, right, right_value) in enumerate(rows):
        y = top - 16 * index
        canvas.setFont("Helvetica", 9)
        canvas.drawString(54, y, f"{left}:")
        canvas.drawString(320, y, f"{right}:")
        canvas.setFont("Helvetica-Bold", 10)
        canvas.drawString(134, y, left_value)
        canvas.drawString(400, y, right_value)


# --- lines with a colon ---------------------------------------------------------------------------

_MEI = (("cholesterol", 206), ("ldl", 121), ("hdl", 58), ("triglycerides", 134), ("hba1c", 8.1))


def _northgate(person: Person, collected: date) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=letter, invariant=1)
    canvas.setFont("Times-Bold", 15)
    canvas.drawCentredString(_WIDTH / 2, _HEIGHT - 60, "NORTHGATE PATHOLOGY")
    canvas.setFont("Times-Roman", 11)
    lines = [
        f"Name: {person.given} {person.family}",
        f"DOB: {_long(person.born)}      Sex: {person.sex.capitalize()}",
        f"Collection date: {_long(collected)}",
        "",
        "LIPIDS AND GLYCATION",
    ]
    for key, value in _MEI:
        a = ANALYTES[key]
        mark = {"L": " L", "H": " H", None: ""}[a.flag(value)]
        lines.append(f"{a.name}: {a.value_text(value)}{mark} {a.unit}  (ref {a.range_text})")
    y = _HEIGHT - 100
    for line in lines:
        canvas.drawString(72, y, line)
        y -= 20
    _footer(canvas, "Fasting sample. Interpreted with the patient's history.")
    canvas.save()
    return buffer.getvalue()


# --- a scan that lay sideways on the glass --------------------------------------------------------

_PAUL = (
    ("sodium", 138),
    ("potassium", 6.1),
    ("creatinine", 1.31),
    ("egfr", 63),
    ("glucose", 94),
    ("haemoglobin", 13.8),
    ("leukocytes", 7.2),
    ("platelets", 231),
    ("alt", 33),
)
_SMUDGED = "leukocytes"


def _scanned(person: Person, collected: date, random: Random) -> bytes:
    """Return a PDF that holds one picture only: a page, greyed, smudged once and turned."""
    page, smudge = _page_for_scan(person, collected)
    picture = _as_picture(page)
    picture = _smudge(picture, smudge)
    picture = _with_noise(picture, random).rotate(90, expand=True)
    buffer = io.BytesIO()
    width, height = (side * _POINTS_PER_INCH / _SCAN_DPI for side in picture.size)
    canvas = Canvas(buffer, pagesize=(width, height), invariant=1)
    jpeg = io.BytesIO()
    picture.save(jpeg, "JPEG", quality=82)
    jpeg.seek(0)
    canvas.drawImage(ImageReader(jpeg), 0, 0, width, height)
    canvas.save()
    return buffer.getvalue()


def _page_for_scan(person: Person, collected: date) -> tuple[bytes, tuple[float, float]]:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=letter, invariant=1)
    canvas.setFont("Helvetica-Bold", 18)
    canvas.drawString(60, _HEIGHT - 70, "Breakwater Diagnostics")
    canvas.setFont("Helvetica", 12)
    # The surname is misspelt as such reports are; the date of birth is right.
    heading = (
        f"Patient: Murfy, {person.given[0]}.",
        f"Date of birth: {_long(person.born)}",
        f"Collected: {_long(collected)}",
    )
    for index, line in enumerate(heading):
        canvas.drawString(60, _HEIGHT - 104 - 20 * index, line)
    columns = (60, 230, 320, 430)
    top = _HEIGHT - 200
    canvas.setFont("Helvetica-Bold", 12)
    for x, text in zip(columns, ("Test", "Result", "Units", "Reference"), strict=True):
        canvas.drawString(x, top, text)
    canvas.setFont("Helvetica", 12)
    smudge = (0.0, 0.0)
    for index, (key, value) in enumerate(_PAUL):
        a, y = ANALYTES[key], top - 28 - 28 * index
        for x, text in zip(
            columns, (a.name, a.value_text(value), a.unit, a.range_text), strict=True
        ):
            canvas.drawString(x, y, text)
        if key == _SMUDGED:
            smudge = (columns[1] + 9, _HEIGHT - y - 5)
    _footer(canvas, "Telephone the laboratory for results marked unreadable.")
    canvas.save()
    return buffer.getvalue(), smudge


def _as_picture(page: bytes) -> Image.Image:
    import pypdfium2

    document = pypdfium2.PdfDocument(page)
    try:
        picture: Image.Image = document[0].render(scale=_SCAN_DPI / _POINTS_PER_INCH).to_pil()
        return picture.convert("L")
    finally:
        document.close()


def _smudge(picture: Image.Image, at: tuple[float, float]) -> Image.Image:
    scale = _SCAN_DPI / _POINTS_PER_INCH
    x, y = at[0] * scale, at[1] * scale
    ink = Image.new("L", picture.size, 255)
    blot = Image.new("L", (64, 42), 70)
    ink.paste(blot, (round(x - 32), round(y - 21)))
    return ImageChops.multiply(picture, ink.filter(ImageFilter.GaussianBlur(7)))


def _with_noise(picture: Image.Image, random: Random) -> Image.Image:
    noise = Image.frombytes("L", picture.size, random.randbytes(picture.width * picture.height))
    softened = noise.filter(ImageFilter.GaussianBlur(1)).point(lambda p: 232 + p // 11)
    return ImageChops.multiply(picture, softened)


def _footer(canvas: Canvas, text: str) -> None:
    canvas.setFont("Helvetica-Oblique", 8)
    canvas.drawString(54, 48, f"{text} Page 1 of 1")


def _long(day: date) -> str:
    return f"{day.day:02d}-{day:%b}-{day.year}"
