"""Tables that do not fit: several pages, wrapped names, several dates, watermarks, bold alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from tests.ai.report_layouts.heads import Drawn, begin, flagged
from tests.ai.report_layouts.panels import between, made, panel
from tests.ai.report_layouts.paper import Sheet
from tests.ai.report_layouts.ruled_tables import (
    Column,
    earlier,
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


def us_two_pages(seed: int) -> Drawn:
    drawn = begin("us", seed, "Tidewater Hospital Laboratory", Sheet("letter"))
    columns = (
        Column("Component", 46, test_),
        Column("Your Value", 220, value_, value=True),
        Column("Standard Range", 300, range_),
        Column("Units", 420, unit_),
        Column("Flag", 510, flag_),
    )
    style = between("{} - {}", "<={}", ">={}")
    lines = [
        *panel("us_cbc", seed, style),
        *panel("us_cmp", seed, style),
        *panel("us_lipid", seed, style),
    ]
    titles(drawn, columns)
    rows(drawn, columns, flagged(lines[:27], "H", "L"), step=19, ruled="lines")
    drawn.sheet.text(306, 745, "(continued on next page)", size=8, align="centre", italic=True)
    drawn.sheet.next_page()
    head = f"{drawn.person.name}   MRN {drawn.person.record_number}   Page 2 of 2   (555) 014-7723"
    drawn.sheet.text(46, 40, head, size=8)
    drawn.y = 66
    titles(drawn, columns)
    rows(drawn, columns, flagged(lines[27:], "H", "L"), step=19, ruled="lines")
    note(drawn, "A1c 5.7-6.4 %: increased risk for diabetes; 6.5 % or higher: diabetes.")
    drawn.sheet.text(46, 750, "Printed 03/19/2026 14:02 by user 4471. 1 of 2 copies.", size=7)
    return drawn


def us_previous(seed: int) -> Drawn:
    drawn = begin("us", seed, "Cedar Fork Medical Group Lab", Sheet("letter", "Times", 10))
    columns = (
        Column("Test Name", 46, test_),
        Column("Current Result", 210, value_, value=True, bold=True),
        Column("Flag", 290, flag_),
        Column("Prev. 11/03/2025", 320, lambda line: earlier(line, comma=False)),
        Column("Units", 410, unit_),
        Column("Reference Interval", 480, range_),
    )
    titles(drawn, columns)
    lines = panel("us_cmp", seed, between("{}-{}", "<{}", ">{}"))
    rows(drawn, columns, flagged(lines, "H", "L"), step=16)
    return drawn


def au_cumulative(seed: int) -> Drawn:
    """Dates side by side, the sample of this report last and in bold."""
    drawn = begin("au", seed, "Southern Cross Pathology", Sheet())
    last = drawn.collected.strftime("%d/%m/%y")

    def older(part: float) -> Callable[[Line], str]:
        def cell(line: Line) -> str:
            places = len(line.value.partition(".")[2])
            return f"{float(line.number or 0) * part:.{places}f}"

        return cell

    columns = (
        Column("Date", 44, test_),
        Column("02/05/25", 190, older(0.94), "right"),
        Column("21/10/25", 250, older(1.05), "right"),
        Column(last, 310, value_, "right", value=True, bold=True),
        Column("Units", 350, unit_),
        Column("Reference", 430, range_),
    )
    titles(drawn, columns)
    heading(drawn, "SERUM CHEMISTRY - CUMULATIVE")
    lines = [replace(x, flag="") for x in panel("au_chem", seed, between("({}-{})", "(<{})"))]
    rows(drawn, columns, lines, ruled="lines")
    return drawn


def wrapped_names(seed: int) -> Drawn:
    drawn = begin("us", seed, "Northgate Specialty Laboratories", Sheet("letter"))
    columns = (
        Column("Test", 46, test_),
        Column("Result", 216, value_, value=True),
        Column("Flag", 280, flag_),
        Column("Unit", 330, unit_),
        Column("Reference Range", 420, range_),
    )
    titles(drawn, columns)
    entries = (
        ("Thyroid Stimulating Hormone", "(3rd Generation)", "5.82", "mIU/L", "0.40", "4.50"),
        ("Glucose", "", "91", "mg/dL", "70", "99"),
        ("Estimated Glomerular Filtration", "Rate", "88", "mL/min/1.73m2", "60", ""),
        ("Cholesterol to HDL Cholesterol", "Ratio", "4.1", "ratio", "", "5.0"),
        ("Potassium", "", "4.4", "mmol/L", "3.5", "5.3"),
        ("C-Reactive Protein, High", "Sensitivity", "2.7", "mg/L", "", "3.0"),
        ("Urine Albumin to Creatinine", "Ratio, Random", "41", "mg/g", "", "30"),
        ("Ferritin", "", "212", "ng/mL", "38", "380"),
        ("Total Iron Binding Capacity", "(calculated)", "331", "mcg/dL", "250", "425"),
    )
    style = between("{}-{}", "<{}", "> OR = {}")
    for first, second, value, unit, low, high in entries:
        line = made(first, value, unit, low, high, style(low, high))
        rows(drawn, columns, [line])
        if second:
            drawn.sheet.text(46, drawn.y - 4.5, second)
            drawn.lines[-1] = replace(line, test=f"{first} {second}")
            drawn.y += 8
    return drawn


def watermark(seed: int) -> Drawn:
    sheet = Sheet()
    sheet.watermark("DUPLICATE 2")
    drawn = begin("uk", seed, "St Aldwyn's Blood Sciences", sheet)
    columns = (
        Column("Test", 44, test_),
        Column("Value", 230, value_, value=True),
        Column("Units", 300, unit_),
        Column("Normal range", 390, range_),
    )
    titles(drawn, columns)
    lines = [replace(x, flag="") for x in panel("uk_chem", seed, between("({} - {})", "(< {})"))]
    rows(drawn, columns, lines)
    return drawn


def bold_only(seed: int) -> Drawn:
    """Abnormal results are printed bold and carry no other sign."""
    drawn = begin("in", seed, "Metro Care Diagnostics", Sheet("A4", "Times", 10), boxed=True)
    columns = (
        Column("Test Description", 46, test_),
        Column("Value(s)", 230, value_, value=True),
        Column("Reference Range", 300, range_),
        Column("Unit(s)", 430, unit_),
    )
    titles(drawn, columns)
    lines = panel("in_chem", seed, between("{} - {}"))
    rows(drawn, columns, lines, bold_flagged=True)
    drawn.lines = [replace(line, flag="") for line in drawn.lines]
    note(drawn, "Note : Values in bold are outside the reference range. 12 hours fasting advised.")
    return drawn


def words_as_results(seed: int) -> Drawn:
    drawn = begin("us", seed, "Pinecrest Urgent Care Laboratory", Sheet("letter"), boxed=True)
    columns = (
        Column("Test", 46, test_),
        Column("Result", 200, value_, value=True),
        Column("Flag", 300, flag_),
        Column("Units", 360, unit_),
        Column("Reference", 440, range_),
    )
    titles(drawn, columns)
    heading(drawn, "URINALYSIS, COMPLETE")
    rows(drawn, columns, qualitative(URINE), ruled="lines")
    heading(drawn, "SEROLOGY")
    rows(drawn, columns, qualitative(SEROLOGY), ruled="lines")
    return drawn


URINE = (
    ("Color", "Yellow", "", "Yellow", ""),
    ("Appearance", "Cloudy", "", "Clear", "A"),
    ("Specific Gravity", "1.018", "", "1.005 - 1.030", ""),
    ("pH", "6.0", "", "5.0 - 8.0", ""),
    ("Protein", "Trace", "", "Negative", "A"),
    ("Glucose", "Negative", "", "Negative", ""),
    ("Ketones", "Negative", "", "Negative", ""),
    ("Occult Blood", "2+", "", "Negative", "A"),
    ("Nitrite", "Positive", "", "Negative", "A"),
    ("Leukocyte Esterase", "3+", "", "Negative", "A"),
    ("WBC", "20-40", "/HPF", "0 - 5", "A"),
    ("RBC", "0-2", "/HPF", "0 - 2", ""),
)
SEROLOGY = (
    ("HIV Ag/Ab, 4th Gen", "Non-reactive", "", "Non-reactive", ""),
    ("Hepatitis B Surface Antigen", "Negative", "", "Negative", ""),
    ("Hepatitis C Antibody", "Non-reactive", "", "Non-reactive", ""),
    ("RPR", "Reactive", "", "Non-reactive", "A"),
    ("Rubella IgG", "Immune", "", "Immune", ""),
)


def qualitative(entries: Sequence[tuple[str, str, str, str, str]]) -> list[Line]:
    lines = []
    for test, value, unit, reference, flag in entries:
        low, _, high = reference.partition(" - ")
        bounds = (low, high) if high else ("", "")
        lines.append(replace(made(test, value, unit, *bounds, reference), flag=flag))
    return lines


def de_thousands(seed: int) -> Drawn:
    """Points that group thousands beside commas that begin decimals, in an embedded font."""
    drawn = begin("de", seed, "Ärztelabor Nordheide", Sheet("A4", "Vera", 8.5), boxed=True)
    columns = (
        Column("Messgröße", 46, test_),
        Column("Messwert", 240, value_, "right", value=True),
        Column("Einheit", 262, unit_),
        Column("Referenzbereich", 330, range_),
        Column("Hinweis", 460, flag_),
    )
    titles(drawn, columns)
    entries = (
        ("Leukozyten", "11.300", "/µl", "4.000", "10.000"),
        ("Thrombozyten", "243.000", "/µl", "150.000", "400.000"),
        ("Neutrophile gesamt", "7.450", "/µl", "1.800", "7.200"),
        ("Hämoglobin", "14,1", "g/dl", "12,0", "16,0"),
        ("HbA1c", "6,3", "%", "", "6,0"),
        ("Glukose nüchtern", "101", "mg/dl", "70", "100"),
        ("Vitamin B12", "1.012", "pg/ml", "197", "771"),
        ("NT-proBNP", "1.240", "pg/ml", "", "125"),
        ("Kreatinin", "0,94", "mg/dl", "0,50", "0,90"),
        ("freies T4", "13,2", "pmol/l", "12,0", "22,0"),
    )
    style = between("{} - {}", "≤ {}")
    lines = [made(*entry, style(*entry[3:]), comma=True) for entry in entries]
    rows(drawn, columns, flagged(lines, "erhöht", "erniedrigt"), step=16, ruled="grid")
    return drawn


LONG: dict[str, tuple[Callable[[int], Drawn], int]] = {
    "us-two-pages": (us_two_pages, 11),
    "us-previous-column": (us_previous, 12),
    "au-cumulative-dates": (au_cumulative, 13),
    "us-wrapped-names": (wrapped_names, 14),
    "uk-watermark": (watermark, 15),
    "in-bold-only": (bold_only, 16),
    "us-words-as-results": (words_as_results, 17),
    "de-thousands": (de_thousands, 18),
}


def long_tables() -> list[Report]:
    return [draw(seed).report(layout, "long") for layout, (draw, seed) in LONG.items()]
