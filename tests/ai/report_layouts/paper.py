"""A sheet of paper: top-left coordinates, and a memory of where each value was printed."""

from __future__ import annotations

import io
from dataclasses import dataclass

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4, landscape, letter
from reportlab.pdfbase.pdfmetrics import registerFont, stringWidth
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

SIZES = {"A4": A4, "letter": letter, "A4-landscape": landscape(A4)}

# These come with reportlab, and are embedded in the file, unlike the fonts every reader has.
for _face in ("Vera", "VeraBd", "VeraIt"):
    registerFont(TTFont(_face, f"{_face}.ttf"))


@dataclass(frozen=True)
class Mark:
    """Where a value stands: page, left edge of each character and of the end, baseline, size."""

    page: int
    edges: tuple[float, ...]
    baseline: float
    size: float


class Sheet:
    """A PDF being drawn, measured in points from the top left corner as it is shown.

    A `sideways` page is stored lying on its side and turned upright by its /Rotate entry.
    """

    def __init__(
        self,
        size: str = "A4",
        font: str = "Helvetica",
        points: float = 9,
        *,
        sideways: bool = False,
    ) -> None:
        self.width, self.height = SIZES[size]
        self.font, self.points, self.page = font, points, 0
        self.marks: dict[str, Mark] = {}
        self._out = io.BytesIO()
        # Asked for a turned page, reportlab swaps the sides of the stored one itself.
        self._canvas = Canvas(self._out, pagesize=SIZES[size], invariant=1)
        if sideways:
            self._canvas.setPageRotation(90)
            self._canvas.translate(self.height, 0)
            self._canvas.rotate(90)

    def face(self, *, bold: bool = False, italic: bool = False) -> str:
        if self.font == "Vera":
            return "VeraBd" if bold else "VeraIt" if italic else "Vera"
        base = {"Times": "Times-Roman"}.get(self.font, self.font)
        slant = "Italic" if self.font == "Times" else "Oblique"
        style = ("Bold" if bold else "") + (slant if italic else "")
        return f"{self.font}-{style}" if style else base

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: float | None = None,
        bold: bool = False,
        italic: bool = False,
        align: str = "left",
        colour: str = "#000000",
        mark: str | None = None,
    ) -> float:
        """Print words; `10^9` is raised. Returns where the words end."""
        size, face = size or self.points, self.face(bold=bold, italic=italic)
        shown = words.replace("^^", "")
        width = float(stringWidth(shown, face, size))
        x -= {"left": 0.0, "right": width, "centre": width / 2}[align]
        self._canvas.setFillColor(HexColor(colour))
        if "^^" in words:
            self._raised(x, y, words, face, size)
        else:
            self._canvas.setFont(face, size)
            self._canvas.drawString(x, self.height - y, words)
        if mark is not None:
            edges = tuple(x + stringWidth(shown[:n], face, size) for n in range(len(shown) + 1))
            self.marks[mark] = Mark(self.page, edges, y, size)
        return x + width

    def _raised(self, x: float, y: float, words: str, face: str, size: float) -> None:
        before, _, after = words.partition("^^")
        power = after[: len(after) - len(after.lstrip("0123456789"))]
        line = self._canvas.beginText(x, self.height - y)
        line.setFont(face, size)
        line.textOut(before)
        line.setFont(face, size * 0.7)
        line.setRise(size * 0.35)
        line.textOut(power)
        line.setRise(0)
        line.setFont(face, size)
        line.textOut(after[len(power) :])
        self._canvas.drawText(line)

    def line(self, x0: float, y0: float, x1: float, y1: float, weight: float = 0.6) -> None:
        self._canvas.setStrokeColor(HexColor("#333333"))
        self._canvas.setLineWidth(weight)
        self._canvas.line(x0, self.height - y0, x1, self.height - y1)

    def box(
        self, x: float, y: float, width: float, height: float, *, fill: str | None = None
    ) -> None:
        self._canvas.setStrokeColor(HexColor("#333333"))
        self._canvas.setLineWidth(0.6)
        if fill:
            self._canvas.setFillColor(HexColor(fill))
        self._canvas.rect(
            x, self.height - y - height, width, height, stroke=int(not fill), fill=int(bool(fill))
        )

    def bars(self, x: float, y: float, digits: str) -> None:
        """Something like a barcode, with its digits beneath."""
        for n, digit in enumerate(digits * 3):
            self.box(x + n * 3, y, 0.6 + int(digit) % 3 * 0.7, 18, fill="#000000")
        self.text(x, y + 26, digits, size=7)

    def watermark(self, words: str) -> None:
        """Large pale words across the page, drawn before anything else."""
        self._canvas.saveState()
        self._canvas.setFillColor(HexColor("#e4e4e4"))
        self._canvas.translate(self.width * 0.2, self.height * 0.35)
        self._canvas.rotate(40)
        self._canvas.setFont("Helvetica-Bold", 64)
        self._canvas.drawString(0, 0, words)
        self._canvas.restoreState()

    def next_page(self) -> None:
        self._canvas.showPage()
        self.page += 1

    def pdf(self) -> bytes:
        self._canvas.save()
        return self._out.getvalue()
