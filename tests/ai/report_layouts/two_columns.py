"""Panels printed side by side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tests.ai.report_layouts.heads import Drawn, begin, flagged
from tests.ai.report_layouts.panels import between, panel
from tests.ai.report_layouts.paper import Sheet
from tests.ai.report_layouts.plain_lists import plain, typed
from tests.ai.report_layouts.ruled_tables import (
    Column,
    flag_,
    range_,
    rows,
    test_,
    titles,
    unit_,
    value_,
)
from tests.ai.report_layouts.truth import Line, Report


def us_two_panels(seed: int) -> Drawn:
    """Two tables, each with its own header, on one landscape page."""
    drawn = begin("us", seed, "Copperfield Hospital Laboratory", Sheet("A4-landscape"))
    top = drawn.y
    style = between("{}-{}", "<{}", ">{}")
    for x, title, name in ((46, "HEMATOLOGY", "us_cbc"), (440, "CHEMISTRY", "us_cmp")):
        drawn.y = top
        drawn.sheet.text(x, drawn.y, title, bold=True, size=10)
        drawn.y += 18
        columns = (
            Column("Test", x, test_),
            Column("Result", x + 130, value_, value=True),
            Column("Flag", x + 178, flag_),
            Column("Units", x + 210, unit_),
            Column("Range", x + 298, range_),
        )
        titles(drawn, columns)
        rows(drawn, columns, panel(name, seed, style))
    drawn.sheet.line(426, top - 10, 426, drawn.y, 0.8)
    return drawn


def de_two_panels(seed: int) -> Drawn:
    """Narrow columns, decimal commas, no unit column of its own for the ranges."""
    drawn = begin("de", seed, "Gemeinschaftslabor Weserbogen", Sheet("A4", points=8))
    top, half = drawn.y, panel("de", seed, between("{}-{}", "<{}"), comma=True)
    for x, lines in ((42, half[:8]), (304, half[8:])):
        drawn.y = top
        columns = (
            Column("Parameter", x, test_),
            Column("Wert", x + 112, value_, "right", value=True),
            Column("", x + 116, flag_),
            Column("Einheit", x + 132, unit_),
            Column("Norm", x + 176, range_),
        )
        titles(drawn, columns)
        rows(drawn, columns, flagged(lines, "+", "-"))
    return drawn


def uk_two_lists(seed: int) -> Drawn:
    """Two lists without any header, value and range run together."""
    drawn = begin("uk", seed, "Priory Lane Surgery", Sheet("A4", points=9))
    top = drawn.y

    def words(line: Line) -> tuple[str, str]:
        return f"{line.test}: ", f" {line.unit} {line.range_text}"

    style = between("({}-{})", "(<{})")
    for x, name, count in ((44, "uk_fbc", 10), (308, "uk_chem", 10)):
        drawn.y = top
        typed(drawn, plain(panel(name, seed, style, count=count)), words, x=x)
    return drawn


def india_profile(seed: int) -> Drawn:
    """A wide first table with two narrow ones below it."""
    drawn = begin("in", seed, "Nilgiri Health Check Centre", Sheet("A4", points=8.5), boxed=True)
    columns = (
        Column("TEST", 46, test_),
        Column("RESULT", 230, value_, value=True),
        Column("UNITS", 320, unit_),
        Column("NORMAL RANGE", 420, range_),
    )
    titles(drawn, columns)
    rows(drawn, columns, plain(panel("in_cbc", seed, between("{} - {}"))), ruled="grid")
    drawn.y += 24
    top = drawn.y
    for x, first in ((46, 0), (308, 5)):
        drawn.y = top
        columns = (
            Column("TEST", x, test_),
            Column("RESULT", x + 106, value_, value=True),
            Column("UNITS", x + 150, unit_),
            Column("RANGE", x + 194, range_),
        )
        lines = panel("in_chem", seed, between("{} - {}"), skip=first, count=5)
        titles(drawn, columns)
        rows(drawn, columns, [replace(line, flag="") for line in lines])
    return drawn


PAIRS: dict[str, tuple[Callable[[int], Drawn], int]] = {
    "us-two-panels": (us_two_panels, 41),
    "de-two-panels": (de_two_panels, 42),
    "uk-two-lists": (uk_two_lists, 43),
    "in-wide-then-two": (india_profile, 44),
}


def two_columns() -> list[Report]:
    return [draw(seed).report(layout, "pairs") for layout, (draw, seed) in PAIRS.items()]
