"""Draws small laboratory reports for the tests, each with the rows a reader must find.

The layouts are inventions of the project; patients and results are made up.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Literal

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas


@dataclass(frozen=True)
class Result:
    """A row as it must be read: test, value, unit, range as printed."""

    test: str
    value: str
    unit: str | None = None
    range: str | None = None
    flag: str = ""


Align = Literal["left", "right", "centre"]
Places = dict[str, tuple[float, Align]]
HEADS = {
    "test": "Test",
    "value": "Result",
    "unit": "Unit",
    "range": "Reference Range",
    "flag": "Flag",
}
BLOOD = [
    Result("Hemoglobin", "11.2", "g/dL", "13.0-17.0", "L"),
    Result("Total Leucocyte Count", "14200", "/cumm", "4000-11000", "H"),
    Result("Platelet Count", "189", "10^3/uL", "150-410"),
    Result("RBC Count", "4.12", "mill/cumm", "4.5-5.5", "L"),
    Result("PCV", "36.1", "%", "40-50", "L"),
    Result("MCV", "87.6", "fL", "83-101"),
    Result("Neutrophils", "82", "%", "40-80", "H"),
    Result("ESR", "22", "mm/hr", "0-15", "H"),
]
CHEMISTRY = [
    Result("Fasting Blood Sugar", "142", "mg/dL", "70-100", "H"),
    Result("Serum Creatinine", "1.02", "mg/dL", "0.7-1.3"),
    Result("Sodium", "139", "mmol/L", "136-145"),
    Result("Potassium", "6.1", "mmol/L", "3.5-5.1", "H"),
    Result("SGPT (ALT)", "38", "U/L", "< 41"),
    Result("Total Cholesterol", "228", "mg/dL", "< 200", "H"),
    Result("HDL Cholesterol", "38", "mg/dL", "> 40", "L"),
    Result("Vitamin B12", "450", "pg/mL", "200-900"),
    Result("TSH", "5.80", "uIU/mL", "0.40-4.00", "H"),
]


class Pen:
    """A canvas with the origin at the top left, for people who write from top to bottom."""

    def __init__(self, font: str = "Helvetica", size: float = 9) -> None:
        self.out = io.BytesIO()
        self.canvas = Canvas(self.out, pagesize=A4)
        self.font, self.size = font, size
        self.width, self.height = A4

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float | None = None,
        bold: bool = False,
        align: Align = "left",
    ) -> None:
        self.canvas.setFont(f"{self.font}-Bold" if bold else self.font, size or self.size)
        draw = {
            "left": self.canvas.drawString,
            "right": self.canvas.drawRightString,
            "centre": self.canvas.drawCentredString,
        }[align]
        draw(x, self.height - y, text)

    def page(self) -> None:
        self.canvas.showPage()

    def done(self) -> bytes:
        self.canvas.save()
        return self.out.getvalue()


def letterhead(pen: Pen, *, sex: str = "Female") -> None:
    pen.text(50, 50, "Harbour Diagnostics Laboratory", size=15, bold=True)
    pen.text(
        50, 66, "12 Quay Street, Portland ME 04101   Tel 207-555-0142   CLIA 20D1234567", size=7
    )
    pen.text(50, 90, "Patient Name : Pamela Johnston")
    pen.text(320, 90, "MRN : HB-004417")
    pen.text(50, 104, "DOB : 03/14/1961")
    pen.text(320, 104, f"Sex : {sex}")
    pen.text(50, 118, "Collected : 11/20/2026 08:15 AM")
    pen.text(320, 118, "Reported : 11/21/2026 14:05")


def table(
    rows: list[Result],
    heads: dict[str, str],
    places: Places,
) -> bytes:
    """Draw a plain table: ``places`` gives x and alignment of each column."""
    pen = Pen()
    letterhead(pen)
    for key, (x, align) in places.items():
        if heads.get(key):
            pen.text(x, 160, heads[key], bold=True, align=align)
    y = 180.0
    for row in rows:
        for key, (x, align) in places.items():
            pen.text(
                x,
                y,
                {
                    "test": row.test,
                    "value": row.value,
                    "unit": row.unit or "",
                    "range": row.range or "",
                    "flag": row.flag,
                }.get(key, ""),
                align=align,
            )
        y += 16
    pen.text(
        50,
        y + 20,
        "This report was verified electronically. Results relate only to the sample received.",
        size=7,
    )
    pen.text(50, 800, "Page 1 of 1", size=7)
    return pen.done()


def lines(
    texts: list[str],
    *,
    font: str = "Helvetica",
    size: float = 10,
    leading: float = 15,
    sex: str = "Female",
) -> bytes:
    """Draw lines of running text under a letterhead."""
    pen = Pen(font, size)
    letterhead(pen, sex=sex)
    for index, text in enumerate(texts):
        pen.text(50, 160 + index * leading, text)
    return pen.done()
