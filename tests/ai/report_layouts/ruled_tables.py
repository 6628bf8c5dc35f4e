"""Tables with columns, ruled and unruled, in the wordings and column orders of six countries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from tests.ai.report_layouts.heads import Drawn, begin, flagged
from tests.ai.report_layouts.panels import between, made, panel
from tests.ai.report_layouts.paper import Sheet
from tests.ai.report_layouts.truth import Line, Report


@dataclass(frozen=True)
class Column:
    """A column: its title, where it stands, how its cells read. The value column is marked."""

    title: str
    x: float
    cell: Callable[[Line], str]
    align: str = "left"
    value: bool = False
    bold: bool = False


def test_(line: Line) -> str:
    return line.test


def value_(line: Line) -> str:
    return line.value


def unit_(line: Line) -> str:
    return line.unit


def range_(line: Line) -> str:
    return line.range_text


def flag_(line: Line) -> str:
    return line.flag


def titles(drawn: Drawn, columns: Sequence[Column], *, fill: str | None = None) -> None:
    """The header row."""
    sheet = drawn.sheet
    if fill:
        sheet.box(40, drawn.y - 11, sheet.width - 80, 16, fill=fill)
    for column in columns:
        colour = "#ffffff" if fill else "#000000"
        sheet.text(column.x, drawn.y, column.title, bold=True, align=column.align, colour=colour)
    drawn.y += 17


def rows(
    drawn: Drawn,
    columns: Sequence[Column],
    lines: Sequence[Line],
    *,
    step: float = 15,
    ruled: str = "",
    zebra: bool = False,
    bold_flagged: bool = False,
) -> None:
    """Print lines below each other; `ruled` is "grid", "lines" or nothing."""
    sheet, top = drawn.sheet, drawn.y - 11
    for n, line in enumerate(lines):
        if zebra and n % 2:
            sheet.box(40, drawn.y - 10.5, sheet.width - 80, step, fill="#eef2f6")
        for column in columns:
            sheet.text(
                column.x,
                drawn.y,
                column.cell(line),
                align=column.align,
                bold=column.bold or (bold_flagged and column.value and bool(line.flag)),
                mark=line.test if column.value else None,
            )
        if ruled:
            sheet.line(40, drawn.y + 4.5, sheet.width - 40, drawn.y + 4.5, 0.4)
        drawn.lines.append(line)
        drawn.y += step
    if ruled == "grid":
        edges = [40.0, *(c.x - 6 for c in columns[1:] if c.align == "left"), sheet.width - 40]
        for x in edges:
            sheet.line(x, top, x, drawn.y - step + 4.5, 0.4)
        sheet.line(40, top, sheet.width - 40, top, 0.4)


def heading(drawn: Drawn, words: str) -> None:
    drawn.y += 5
    drawn.sheet.text(44, drawn.y, words, bold=True, size=10)
    drawn.y += 16


def note(drawn: Drawn, *words: str, size: float = 7.5) -> None:
    for line in words:
        drawn.sheet.text(52, drawn.y, line, size=size, italic=True)
        drawn.y += 10
    drawn.y += 3


def us_grid(seed: int) -> Drawn:
    drawn = begin("us", seed, "Granite Ridge Clinical Laboratory", Sheet("letter"), boxed=True)
    columns = (
        Column("Test", 46, test_),
        Column("Result", 216, value_, value=True),
        Column("Flag", 286, flag_),
        Column("Units", 336, unit_),
        Column("Reference Range", 440, range_),
    )
    titles(drawn, columns)
    rows(drawn, columns, panel("us_cbc", seed, between("{} - {}")), ruled="grid")
    heading(drawn, "COMPREHENSIVE METABOLIC PANEL")
    rows(drawn, columns, panel("us_cmp", seed, between("{} - {}", "< {}", ">= {}")), ruled="grid")
    return drawn


def uk_range_before_unit(seed: int) -> Drawn:
    drawn = begin("uk", seed, "Marlbridge Pathology Services", Sheet("A4", "Times", 10))
    columns = (
        Column("Investigation", 44, test_),
        Column("Result", 262, value_, "right", value=True),
        Column("Reference range", 300, range_),
        Column("Units", 420, unit_),
        Column("Status", 500, flag_),
    )
    heading(drawn, "Full blood count")
    titles(drawn, columns)
    style = between("{} – {}")
    rows(drawn, columns, flagged(panel("uk_fbc", seed, style), "HIGH", "LOW"))
    note(drawn, "Comment: sample 6 hours old on receipt. Repeat in 2 weeks if Hb below 110.")
    heading(drawn, "Biochemistry")
    rows(drawn, columns, flagged(panel("uk_chem", seed, style), "HIGH", "LOW"))
    return drawn


def de_befund(seed: int) -> Drawn:
    drawn = begin("de", seed, "Labor Dr. Ahrens & Kollegen", Sheet())
    columns = (
        Column("Untersuchung", 44, test_),
        Column("Ergebnis", 250, value_, "right", value=True),
        Column("Einheit", 280, unit_),
        Column("Referenzbereich", 350, range_),
        Column("Bewertung", 470, flag_),
    )
    titles(drawn, columns)
    style = between("{} - {}", "< {}", "> {}")
    rows(drawn, columns, flagged(panel("de", seed, style, comma=True), "+", "-"), ruled="lines")
    note(drawn, "Verfahren: Photometrie, Durchflusszytometrie. Befund vom 16.03.2026, 11:42 Uhr.")
    return drawn


def fr_anteriorite(seed: int) -> Drawn:
    drawn = begin("fr", seed, "Laboratoire des Tilleuls", Sheet("A4", "Times", 10))
    columns = (
        Column("Analyse", 44, test_),
        Column("Résultat", 240, value_, "right", value=True),
        Column("Unités", 256, unit_),
        Column("Valeurs de référence", 320, range_),
        Column("Antériorité 12/09/2025", 440, lambda line: earlier(line, comma=True)),
    )
    titles(drawn, columns)
    rows(drawn, columns, panel("fr", seed, between("{} à {}", "< {}"), comma=True), step=17)
    note(drawn, "Interprétation : cible de glycémie à jeun inférieure à 1,10 g/L.")
    return drawn


def earlier(line: Line, *, comma: bool) -> str:
    """A previous value, near the present one."""
    if line.number is None:
        return ""
    places = len(line.value.partition("," if comma else ".")[2])
    text = f"{float(line.number) * 0.93:.{places}f}"
    return text.replace(".", ",") if comma else text


def es_asterisco(seed: int) -> Drawn:
    drawn = begin("es", seed, "Laboratorio Clínico Alameda", Sheet(), boxed=True)
    columns = (
        Column("Determinación", 46, test_),
        Column("Resultado", 200, value_, value=True),
        Column("", 250, flag_),
        Column("Unidades", 300, unit_),
        Column("Valores de referencia", 400, range_),
    )
    titles(drawn, columns, fill="#2d4a66")
    lines = flagged(panel("es", seed, between("[{} - {}]", "[< {}]"), comma=True), "*", "*")
    rows(drawn, columns, lines, zebra=True)
    note(drawn, "* Valor fuera del intervalo de referencia.")
    return drawn


def in_biological(seed: int) -> Drawn:
    drawn = begin("in", seed, "Sanjeevani Diagnostics Pvt. Ltd.", Sheet(), boxed=True)
    drawn.sheet.bars(430, 28, "88014477")
    columns = (
        Column("INVESTIGATION", 46, test_),
        Column("OBSERVED VALUE", 210, value_, value=True, bold=True),
        Column("UNIT", 330, unit_),
        Column("BIOLOGICAL REFERENCE INTERVAL", 390, range_),
    )
    titles(drawn, columns)
    heading(drawn, "HAEMATOLOGY")
    lines = [replace(line, flag="") for line in panel("in_cbc", seed, between("{} - {}"))]
    for n, line in enumerate(lines):
        rows(drawn, columns, [line])
        if n % 3 == 0:
            note(drawn, "Method : Electrical impedance, analyser XN-550")
    heading(drawn, "BIOCHEMISTRY")
    more = [replace(line, flag="") for line in panel("in_chem", seed, between("{} - {}"))]
    rows(drawn, columns, more)
    note(drawn, "*** End of report ***  Charges Rs. 450 + Rs. 400")
    return drawn


def us_flag_first_landscape(seed: int, *, sideways: bool = False) -> Drawn:
    sheet = Sheet("A4-landscape", sideways=sideways)
    drawn = begin("us", seed, "Blue Mesa Reference Lab", sheet)
    columns = (
        Column("Analyte", 46, test_),
        Column("Flag", 270, flag_),
        Column("Value", 380, value_, "right", value=True),
        Column("Units", 420, unit_),
        Column("Normal values", 560, range_),
    )
    titles(drawn, columns, fill="#444444")
    lines = flagged(panel("us_cmp", seed, between("{}-{}", "<{}", ">={}")), "HIGH", "LOW")
    rows(drawn, columns, lines, zebra=True)
    return drawn


def us_rotated(seed: int) -> Drawn:
    return us_flag_first_landscape(seed, sideways=True)


def in_sex_specific(seed: int) -> Drawn:
    drawn = begin("in", seed, "Aarogya Path Labs", Sheet("A4", points=9.5))
    male = drawn.person.sex == "M"
    columns = (
        Column("Parameter", 46, test_),
        Column("Result", 220, value_, value=True),
        Column("Unit", 290, unit_),
        Column("Reference range", 370, range_),
    )
    titles(drawn, columns)
    entries = (
        ("Haemoglobin", "12.8", "g/dL", ("13.5", "17.5"), ("12.0", "15.5")),
        ("Haematocrit", "41.2", "%", ("41.0", "53.0"), ("36.0", "46.0")),
        ("RBC Count", "4.41", "mill/cumm", ("4.50", "5.90"), ("4.10", "5.10")),
        ("Ferritin", "188.0", "ng/mL", ("22.0", "322.0"), ("10.0", "291.0")),
        ("Serum Creatinine", "1.08", "mg/dL", ("0.74", "1.35"), ("0.59", "1.04")),
        ("Uric Acid", "6.4", "mg/dL", ("3.4", "7.0"), ("2.4", "6.0")),
        ("Serum Iron", "58", "µg/dL", ("65", "175"), ("50", "170")),
    )
    for test, value, unit, men, women in entries:
        text = f"M: {men[0]}-{men[1]} F: {women[0]}-{women[1]}"
        low, high = men if male else women
        rows(drawn, columns, [replace(made(test, value, unit, low, high, text), flag="")])
    rows(drawn, columns, [replace(x, flag="") for x in panel("in_cbc", seed, between("{}-{}"))[1:]])
    return drawn


RULED: dict[str, tuple[Callable[[int], Drawn], int]] = {
    "us-grid": (us_grid, 1),
    "uk-range-before-unit": (uk_range_before_unit, 2),
    "de-befund": (de_befund, 3),
    "fr-previous": (fr_anteriorite, 4),
    "es-asterisk-zebra": (es_asterisco, 5),
    "in-biological-interval": (in_biological, 6),
    "us-flag-first-landscape": (us_flag_first_landscape, 7),
    "us-rotate-90": (us_rotated, 8),
    "in-sex-specific-male": (in_sex_specific, 10),
    "in-sex-specific-female": (in_sex_specific, 9),
}


def ruled_tables() -> list[Report]:
    return [draw(seed).report(layout, "ruled") for layout, (draw, seed) in RULED.items()]
