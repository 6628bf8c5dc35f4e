"""Results without a table: typed columns, colons, dotted leaders, units and flags stuck on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from tests.ai.report_layouts.heads import Drawn, begin, flagged
from tests.ai.report_layouts.panels import RangeStyle, between, made, panel
from tests.ai.report_layouts.paper import Sheet
from tests.ai.report_layouts.ruled_tables import (
    Column,
    flag_,
    heading,
    note,
    range_,
    rows,
    test_,
    titles,
    unit_,
    value_,
)
from tests.ai.report_layouts.truth import Line, Report

Typed = Callable[[Line], tuple[str, str]]


def typed(drawn: Drawn, lines: Iterable[Line], words: Typed, *, x: float = 44) -> None:
    """Print each line as one run of text: what comes before the value, and from there on."""
    for line in lines:
        before, after = words(line)
        end = drawn.sheet.text(x, drawn.y, before)
        drawn.sheet.text(end, drawn.y, line.value, mark=line.test)
        start = drawn.sheet.marks[line.test].edges[-1]
        drawn.sheet.text(start, drawn.y, after)
        drawn.lines.append(line)
        drawn.y += 14


def plain(lines: Iterable[Line]) -> list[Line]:
    """The same lines, printed without any flag."""
    return [replace(line, flag="") for line in lines]


def uk_typewriter(seed: int) -> Drawn:
    drawn = begin("uk", seed, "Fenwick General Infirmary", Sheet("A4", "Courier", 9))
    lines = flagged(panel("uk_chem", seed, between("({} - {})", "(<{})")), "HIGH", "LOW")

    def words(line: Line) -> tuple[str, str]:
        gap = " " * (9 - len(line.value))
        return f"{line.test:<24}", f"{gap}{line.unit:<10}{line.range_text:<18}{line.flag}"

    heading(drawn, "BIOCHEMISTRY")
    typed(drawn, lines, words)
    note(drawn, "Authorised by 4417 on 19/03/2026 at 16:20")
    return drawn


def us_colons(seed: int) -> Drawn:
    drawn = begin("us", seed, "Family Practice In-House Lab", Sheet("letter", points=10))
    style = between("(ref {}-{})", "(ref <{})", "(ref >{})")
    lines = flagged(panel("us_cmp", seed, style, count=12), "HIGH", "LOW")
    typed(
        drawn,
        lines,
        lambda x: (f"{x.test}: ", f" {x.unit} {x.range_text} {x.flag}".rstrip()),
    )
    note(drawn, "Reviewed with patient by phone 555-014-9031 on 03/21/2026.")
    return drawn


def au_leaders(seed: int) -> Drawn:
    drawn = begin("au", seed, "Murrumbidgee Pathology", Sheet("A4", points=9.5))
    lines = plain(panel("au_chem", seed, between("[{}-{}]", "[<{}]")))

    def words(line: Line) -> tuple[str, str]:
        return f"{line.test} {'.' * (40 - len(line.test))} ", f" {line.unit} {line.range_text}"

    typed(drawn, lines, words)
    return drawn


def es_leaders(seed: int) -> Drawn:
    drawn = begin("es", seed, "Análisis Clínicos Ribera", Sheet("A4", "Times", 10))
    lines = panel("es", seed, between("({} - {})", "(hasta {})"), comma=True)

    def words(line: Line) -> tuple[str, str]:
        leader = "." * (38 - len(line.test))
        return f"{line.test}{leader}: ", f" {line.unit}   {line.range_text}"

    heading(drawn, "HEMATOLOGÍA Y BIOQUÍMICA")
    typed(drawn, plain(lines), words)
    return drawn


def _listed(drawn: Drawn, lines: list[Line], columns: tuple[Column, ...], *, head: bool) -> Drawn:
    if head:
        titles(drawn, columns)
    rows(drawn, columns, lines)
    return drawn


def no_header(seed: int) -> Drawn:
    drawn = begin("uk", seed, "Calder Valley Haematology", Sheet())
    columns = (
        Column("", 44, test_),
        Column("", 210, value_, "right", value=True),
        Column("", 222, unit_),
        Column("", 300, range_),
        Column("", 400, flag_),
    )
    lines = flagged(panel("uk_fbc", seed, between("{} - {}")), "H", "L")
    return _listed(drawn, lines, columns, head=False)


def unit_after_name(seed: int) -> Drawn:
    drawn = begin("us", seed, "Lakeshore Internal Medicine", Sheet("letter"))
    columns = (
        Column("Test (units)", 46, lambda x: f"{x.test} ({x.unit})"),
        Column("Result", 250, value_, value=True),
        Column("Flag", 310, flag_),
        Column("Expected values", 370, range_),
    )
    lines = panel("us_cmp", seed, between("{}-{}", "<{}", ">{}"))
    return _listed(drawn, lines, columns, head=True)


def _glued(line: Line) -> str:
    return f"{line.value}{line.flag}"


def glued(high: str, low: str) -> Callable[[int], Drawn]:
    """Flags printed straight after the value, without a space."""

    def draw(seed: int) -> Drawn:
        drawn = begin("us", seed, "Sagebrush County Laboratory", Sheet("letter"))
        columns = (
            Column("Procedure", 46, test_),
            Column("Result", 240, _glued, value=True),
            Column("Units", 310, unit_),
            Column("Ref. Range", 400, range_),
        )
        lines = flagged(panel("us_cbc", seed, between("{}-{}")), high, low)
        return _listed(drawn, lines, columns, head=True)

    return draw


def arrows(seed: int) -> Drawn:
    drawn = begin("de", seed, "MVZ Laborzentrum Isarpark", Sheet())
    columns = (
        Column("Analyse", 44, test_),
        Column("", 200, flag_),
        Column("Wert", 250, value_, "right", value=True),
        Column("Einheit", 266, unit_),
        Column("Normbereich", 330, range_),
    )
    lines = flagged(panel("de", seed, between("{}-{}", "bis {}"), comma=True), "↑", "↓")
    return _listed(drawn, lines, columns, head=True)


def unit_in_range(seed: int) -> Drawn:
    drawn = begin("in", seed, "Wellspring Labs", Sheet())
    columns = (
        Column("Test", 46, test_),
        Column("Result", 230, value_, value=True),
        Column("Normal Range", 320, lambda x: f"{x.range_text} {x.unit}"),
    )
    lines = plain(panel("in_chem", seed, between("{}-{}")))
    return _listed(drawn, lines, columns, head=True)


def unit_in_value(seed: int) -> Drawn:
    drawn = begin("fr", seed, "Biologie Médicale du Parc", Sheet("A4", points=9.5))
    columns = (
        Column("Examen", 44, test_),
        Column("Résultat", 220, lambda x: f"{x.value} {x.unit}", value=True),
        Column("Valeurs usuelles", 330, range_),
    )
    style = between("({} - {})", "(inf. à {})")
    lines = plain(panel("fr", seed, style, comma=True))
    return _listed(drawn, lines, columns, head=True)


def worded_ranges(seed: int) -> Drawn:
    drawn = begin("us", seed, "Harbor Street Cardiology Lab", Sheet("letter"))
    columns = (
        Column("Test", 46, test_),
        Column("Result", 220, value_, value=True),
        Column("Units", 290, unit_),
        Column("Reference", 360, range_),
    )
    entries = (
        ("Cholesterol, Total", "213", "mg/dL", "", "200", "up to 200"),
        ("Triglycerides", "148", "mg/dL", "", "150", "≤ 150"),
        ("LDL Cholesterol", "131", "mg/dL", "", "100", "Less than 100"),
        ("HDL Cholesterol", "38", "mg/dL", "40", "", "Greater than 40"),
        ("Hemoglobin A1c", "6.1", "%", "", "5.7", "< 5.7"),
        ("eGFR", "71", "mL/min/1.73m2", "60", "", "≥ 60"),
        ("Apolipoprotein B", "102", "mg/dL", "", "90", "below 90"),
        ("Vitamin D, 25-Hydroxy", "24.6", "ng/mL", "30.0", "", "at least 30.0"),
        ("Lipoprotein (a)", "61", "nmol/L", "", "75", "under 75"),
        ("Homocysteine", "9.8", "umol/L", "", "11.4", "<= 11.4"),
        ("Glucose", "104", "mg/dL", "70", "99", "70 to 99"),
        ("Uric Acid", "5.9", "mg/dL", "4.0", "8.0", "From 4.0 to 8.0"),
    )
    lines = plain([made(*entry) for entry in entries])
    return _listed(drawn, lines, columns, head=True)


def censored(seed: int) -> Drawn:
    drawn = begin("us", seed, "Meridian Endocrine Laboratory", Sheet("letter"))
    columns = (
        Column("Assay", 46, test_),
        Column("Value", 220, value_, value=True),
        Column("Units", 300, unit_),
        Column("Reference Range", 380, range_),
        Column("Flag", 500, flag_),
    )
    style: RangeStyle = between("{} - {}", "<= {}")
    return _listed(drawn, panel("hormones", seed, style), columns, head=True)


LISTS: dict[str, tuple[Callable[[int], Drawn], int]] = {
    "uk-typewriter": (uk_typewriter, 21),
    "us-colons": (us_colons, 22),
    "au-dotted-leaders": (au_leaders, 23),
    "es-dotted-leaders": (es_leaders, 24),
    "uk-no-header": (no_header, 25),
    "us-unit-after-name": (unit_after_name, 26),
    "us-glued-letters": (glued("H", "L"), 27),
    "us-glued-stars": (glued("*", "*"), 28),
    "de-arrows": (arrows, 29),
    "in-unit-in-range": (unit_in_range, 30),
    "fr-unit-in-value": (unit_in_value, 31),
    "us-worded-ranges": (worded_ranges, 32),
    "us-censored": (censored, 33),
}


def plain_lists() -> list[Report]:
    return [draw(seed).report(layout, "lists") for layout, (draw, seed) in LISTS.items()]
