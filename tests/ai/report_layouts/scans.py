"""Papers that went over a scanner's glass: turned, skewed, stained, smudged and cut."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pypdfium2
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from tests.ai.report_layouts.heads import Drawn
from tests.ai.report_layouts.long_tables import LONG
from tests.ai.report_layouts.paper import Mark
from tests.ai.report_layouts.plain_lists import LISTS
from tests.ai.report_layouts.ruled_tables import RULED
from tests.ai.report_layouts.truth import Hidden, Report, Truth
from tests.ai.report_layouts.two_columns import PAIRS

_ALL = {**RULED, **LONG, **LISTS, **PAIRS}
WHOLE, POINT, DIGIT, CUT = "smudged", "decimal point smudged", "one digit smudged", "cut off"


@dataclass(frozen=True)
class Glass:
    """How one paper was scanned."""

    layout: str
    seed: int
    dpi: int = 200
    skew: float = 0
    turned: int = 0
    quality: int = 0
    noise: int = 0
    paper: int = 255
    blur: float = 0
    kind: str = "pdf"
    colour: bool = False
    smudges: tuple[tuple[str, str], ...] = ()


SCANS: dict[str, Glass] = {
    "scan-clean-300": Glass("us-grid", 51, dpi=300),
    "scan-clean-200": Glass("uk-range-before-unit", 52),
    "scan-clean-200-commas": Glass("de-befund", 53),
    "scan-skew-1": Glass("us-previous-column", 54, skew=1.0),
    "scan-skew-minus-2": Glass("in-biological-interval", 55, dpi=250, skew=-2.0, paper=245),
    "scan-turned-90": Glass("uk-no-header", 56, turned=90),
    "scan-turned-180": Glass("us-unit-after-name", 57, turned=180),
    "scan-turned-270-skewed": Glass("in-bold-only", 58, turned=270, skew=0.8),
    "scan-jpeg-artefacts": Glass("us-censored", 59, quality=22, blur=0.5),
    "scan-grey-noisy": Glass("au-cumulative-dates", 60, noise=14, paper=205, dpi=250),
    "scan-landscape-pairs": Glass("us-two-panels", 61, dpi=250, quality=60),
    "scan-typewriter": Glass("uk-typewriter", 62, noise=8),
    "scan-two-pages": Glass("us-two-pages", 63),
    "photo-png": Glass("es-asterisk-zebra", 64, kind="png"),
    "photo-jpeg-colour": Glass("us-words-as-results", 65, kind="jpeg", colour=True, quality=70),
    "fax-tiff": Glass("us-glued-letters", 66, kind="tiff"),
    "smudged-values": Glass(
        "us-grid",
        67,
        smudges=(("Hemoglobin", WHOLE), ("Potassium", WHOLE), ("Platelets", WHOLE)),
    ),
    "smudged-points": Glass(
        "uk-range-before-unit",
        68,
        dpi=250,
        smudges=(("Potassium", POINT), ("Neutrophils", POINT), ("Adjusted calcium", POINT)),
    ),
    "smudged-digits": Glass(
        "us-previous-column",
        69,
        dpi=250,
        smudges=(("Sodium", DIGIT), ("Glucose", DIGIT), ("Creatinine", DIGIT), ("ALT", WHOLE)),
    ),
    "smudged-commas": Glass(
        "de-befund",
        70,
        dpi=250,
        smudges=(("Kalium", POINT), ("Hämoglobin", POINT), ("Kreatinin", WHOLE)),
    ),
    "torn-through-values": Glass(
        "in-bold-only",
        71,
        smudges=(("Serum Cholesterol", CUT), ("Uric Acid", CUT), ("Serum Sodium", CUT)),
    ),
}


def _pictures(pdf: bytes, dpi: int) -> list[Image.Image]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.render(scale=dpi / 72).to_pil().convert("RGB") for page in document]


def _blot(page: Image.Image, lot: random.Random, box: Sequence[float], *, white: bool) -> None:
    """An ink blot, or for a tear a strip of nothing, over the whole of a box."""
    x0, y0, x1, y1 = box
    draw = ImageDraw.Draw(page)
    if white:
        draw.rectangle((x0, y0, x1, y1), fill="white")
        return
    draw.rounded_rectangle((x0, y0, x1, y1), radius=(y1 - y0) * 0.35, fill=(40, 40, 46))
    for _ in range(12):
        x, y = lot.uniform(x0, x1), lot.uniform(y0, y1)
        reach = (y1 - y0) * lot.uniform(0.05, 0.2)
        draw.ellipse((x - reach, y - reach, x + reach, y + reach), fill=(50, 50, 56))


def _spoil(
    page: Image.Image, lot: random.Random, mark: Mark, value: str, how: str, k: float
) -> None:
    edges, size, base = mark.edges, mark.size, mark.baseline
    first, last = 0, len(value)
    if how == POINT:
        first = max(value.find("."), value.find(","))
        last = first + 1
        top, reach = base - size * 0.28, 0.6
    elif how == DIGIT:
        first, last = len(value) - 1, len(value)
        top, reach = base - size * 0.9, 0.2
    else:
        top, reach = base - size * 0.95, 2.5
    box = (edges[first] - reach, top, edges[last] + reach, base + size * 0.25)
    if how == CUT:
        # The lower half of the digits is gone with the paper.
        box = (edges[0] - 3, base - size * 0.42, edges[-1] + 60, base + size * 0.3)
    _blot(page, lot, [side * k for side in box], white=how == CUT)


def _age(page: Image.Image, glass: Glass, lot: random.Random) -> Image.Image:
    """What paper, light and glass do to a page."""
    if not glass.colour:
        page = page.convert("L")
    if glass.skew:
        page = page.rotate(
            glass.skew, Image.Resampling.BICUBIC, fillcolor="white" if glass.colour else 255
        )
    if glass.paper < 255:
        page = page.point(lambda level: level * glass.paper // 255)
    if glass.noise:
        grain = Image.frombytes("L", page.size, lot.randbytes(page.width * page.height))
        grain = grain.point(lambda level: level * glass.noise // 255)
        page = ImageChops.subtract(page, grain.convert(page.mode))
    if glass.blur:
        page = page.filter(ImageFilter.GaussianBlur(glass.blur))
    if glass.turned:
        page = page.rotate(glass.turned, expand=True)
    return page


def _bytes(pages: list[Image.Image], glass: Glass) -> tuple[bytes, str]:
    out, first, dpi = io.BytesIO(), pages[0], (glass.dpi, glass.dpi)
    if glass.kind == "png":
        first.save(out, "PNG", dpi=dpi)
    elif glass.kind == "jpeg":
        first.save(out, "JPEG", quality=glass.quality, dpi=dpi)
    elif glass.kind == "tiff":
        first.save(out, "TIFF", compression="tiff_lzw", dpi=dpi)
    else:
        if glass.quality:
            pages = [_through_jpeg(page, glass.quality) for page in pages]
        first, *rest = pages
        first.save(out, "PDF", resolution=glass.dpi, save_all=True, append_images=rest, quality=92)
    kinds = {"png": "image/png", "jpeg": "image/jpeg", "tiff": "image/tiff"}
    return out.getvalue(), kinds.get(glass.kind, "application/pdf")


def _through_jpeg(page: Image.Image, quality: int) -> Image.Image:
    passing = io.BytesIO()
    page.save(passing, "JPEG", quality=quality)
    return Image.open(io.BytesIO(passing.getvalue()))


def _scan(name: str, glass: Glass) -> Report:
    draw: Callable[[int], Drawn] = _ALL[glass.layout][0]
    drawn, lot = draw(glass.seed), random.Random(name)
    pages = _pictures(drawn.sheet.pdf(), glass.dpi)
    hidden = []
    for test, how in glass.smudges:
        line = next(line for line in drawn.lines if line.test == test)
        mark = drawn.sheet.marks[test]
        _spoil(pages[mark.page], lot, mark, line.value, how, glass.dpi / 72)
        hidden.append(Hidden(test, line.value, how))
    content, media_type = _bytes([_age(page, glass, lot) for page in pages], glass)
    gone = {item.test for item in hidden}
    kept = tuple(line for line in drawn.lines if line.test not in gone)
    truth: Truth = replace(drawn.truth(), rows=kept, unreadable=tuple(hidden))
    return Report(name, "scans", content, media_type, truth)


def scans(names: Sequence[str] | None = None) -> list[Report]:
    """The scanned reports, all or those asked for."""
    return [_scan(name, glass) for name, glass in SCANS.items() if names is None or name in names]
