"""Rows of drawn reports: whatever the layout, the same results, and nothing invented."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from decimal import Decimal

import pytest

from careflow.ai.reading.lab_rows import find_rows
from careflow.ai.reading.pages import read_pages
from careflow.ai.reading.report import LabRow, ReadReport
from tests.ai.reading.drawing import (
    BLOOD,
    CHEMISTRY,
    HEADS,
    Pen,
    Places,
    Result,
    letterhead,
    lines,
    table,
)
from tests.shared_data import shared

ALL = [*BLOOD, *CHEMISTRY]
PDF = "application/pdf"


def read(content: bytes) -> ReadReport:
    return find_rows(read_pages(content, PDF))


def plain(text: str | None) -> str:
    return re.sub(r"[\s()\[\]]+", "", text or "").replace("–", "-").lower()


def shown(row: LabRow) -> tuple[str, str, str, str]:
    return (plain(row.test), row.value, plain(row.unit), plain(row.range_text))


def wanted(results: list[Result]) -> list[tuple[str, str, str, str]]:
    return [(plain(one.test), one.value, plain(one.unit), plain(one.range)) for one in results]


TABLES: dict[str, tuple[dict[str, str], Places]] = {
    "left": (
        HEADS,
        {
            "test": (50, "left"),
            "value": (220, "left"),
            "unit": (300, "left"),
            "range": (380, "left"),
        },
    ),
    "numbers to the right": (
        HEADS,
        {
            "test": (50, "left"),
            "value": (280, "right"),
            "flag": (300, "left"),
            "unit": (330, "left"),
            "range": (480, "right"),
        },
    ),
    "centred": (
        {
            "test": "INVESTIGATION",
            "value": "OBSERVED VALUE",
            "unit": "UNITS",
            "range": "BIOLOGICAL REF. INTERVAL",
        },
        {
            "test": (50, "left"),
            "value": (250, "centre"),
            "unit": (350, "centre"),
            "range": (470, "centre"),
        },
    ),
    "range before value": (
        {"test": "Parameter", "value": "Value", "unit": "Units", "range": "Normal Range"},
        {
            "test": (50, "left"),
            "range": (220, "left"),
            "unit": (330, "left"),
            "value": (450, "left"),
        },
    ),
    "narrow": (
        HEADS,
        {
            "test": (50, "left"),
            "value": (160, "left"),
            "unit": (200, "left"),
            "range": (245, "left"),
            "flag": (320, "left"),
        },
    ),
    "without heads": (
        {},
        {
            "test": (50, "left"),
            "value": (220, "left"),
            "flag": (270, "left"),
            "unit": (300, "left"),
            "range": (380, "left"),
        },
    ),
}

LINES: dict[str, Callable[[Result], str]] = {
    "colon and bracket": lambda one: f"{one.test} : {one.value} {one.unit} ({one.range})",
    "colon and ref": lambda one: f"{one.test}: {one.value} {one.unit} {one.flag} Ref: {one.range}",
    "leaders": lambda one: (
        f"{one.test} {'.' * (40 - len(one.test))} {one.value} {one.unit}  [{one.range}]"
    ),
    "leaders without blanks": lambda one: (
        f"{one.test}{'.' * (40 - len(one.test))}{one.value} {one.unit}  ({one.range})"
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_read_whatever_the_place_of_its_columns(name: str) -> None:
    report = read(table(ALL, *TABLES[name]))

    assert [shown(row) for row in report.rows] == wanted(ALL)
    assert [row.problem for row in report.rows if row.problem] == []
    assert report.unreadable == ()


@pytest.mark.parametrize("name", LINES)
def test_running_lines_are_read_too(name: str) -> None:
    report = read(lines([LINES[name](one) for one in ALL], font="Courier", size=9))

    assert [shown(row) for row in report.rows] == wanted(ALL)


@pytest.mark.parametrize(
    "glue",
    [
        lambda one: one.value + one.flag,
        lambda one: f"{one.value} {one.flag}".strip(),
        lambda one: f"{one.flag} {one.value}".strip(),
        lambda one: ("*" if one.flag else "") + one.value,
        lambda one: one.value + ("*" if one.flag else ""),
    ],
    ids=["12.3H", "12.3 H", "H 12.3", "*12.3", "12.3*"],
)
def test_a_flag_beside_the_value_is_no_part_of_it(glue: Callable[[Result], str]) -> None:
    printed = [Result(one.test, glue(one), one.unit, one.range) for one in ALL]

    report = read(table(printed, *TABLES["left"]))

    assert [row.value for row in report.rows] == [one.value for one in ALL]
    assert [bool(row.printed_flag) for row in report.rows] == [bool(one.flag) for one in ALL]


def test_units_are_found_beside_the_name_the_value_and_the_range() -> None:
    one, two, three = ALL[0], ALL[2], ALL[10]
    texts = [
        f"{one.test} ({one.unit})      {one.value}       {one.range}",
        f"{two.test}            {two.value} {two.unit}         {two.range}",
        f"{three.test}          {three.value}          {three.range} {three.unit}",
    ]

    report = read(lines(texts, font="Courier", size=9))

    assert [row.unit for row in report.rows] == [one.unit, two.unit, three.unit]


@pytest.mark.parametrize("before", [False, True], ids=["after the result", "before the result"])
def test_the_previous_result_is_never_taken_for_the_result(before: bool) -> None:
    pen = Pen()
    letterhead(pen)
    value, previous = (290, 220) if before else (220, 290)
    for x, text in (
        (50, "Test"),
        (value, "Result"),
        (previous, "Previous"),
        (360, "Unit"),
        (430, "Range"),
    ):
        pen.text(x, 160, text, bold=True)
    for index, one in enumerate(ALL):
        for x, text in (
            (50, one.test),
            (value, one.value),
            (360, one.unit or ""),
            (430, one.range or ""),
        ):
            pen.text(x, 180 + 16 * index, text)
        if index % 3:
            pen.text(previous, 180 + 16 * index, "99.9")
    pen.text(50, 470, "Sodium, Ionised")
    pen.text(previous, 470, "139")

    report = read(pen.done())

    assert [row.value for row in report.rows] == [one.value for one in ALL]


def test_two_panels_side_by_side_are_two_tables() -> None:
    pen = Pen(size=8)
    letterhead(pen)
    for left, results in ((40, BLOOD), (310, CHEMISTRY)):
        for x, text in ((0, "Test"), (90, "Result"), (135, "Unit"), (185, "Range")):
            pen.text(left + x, 160, text, bold=True)
        for index, one in enumerate(results):
            for x, text in (
                (0, one.test),
                (90, one.value),
                (135, one.unit or ""),
                (185, one.range or ""),
            ):
                pen.text(left + x, 180 + 15 * index, text)

    report = read(pen.done())

    assert sorted(map(shown, report.rows)) == sorted(wanted(ALL))


def test_low_and_high_may_stand_in_columns_of_their_own() -> None:
    pen = Pen()
    letterhead(pen)
    for x, text in ((50, "Test"), (220, "Result"), (290, "Units"), (370, "Low"), (440, "High")):
        pen.text(x, 160, text, bold=True)
    for x, text in ((50, "Sodium"), (220, "139"), (290, "mmol/L"), (370, "136"), (440, "145")):
        pen.text(x, 180, text)
    for x, text in ((50, "Total Cholesterol"), (220, "228"), (290, "mg/dL"), (440, "200")):
        pen.text(x, 196, text)

    rows = read(pen.done()).rows

    assert [(row.low, row.high, row.flag) for row in rows] == [
        (Decimal(136), Decimal(145), "NORMAL"),
        (None, Decimal(200), "HIGH"),
    ]


@pytest.mark.parametrize("under", [False, True], ids=["beside", "below each other"])
@pytest.mark.parametrize(("sex", "low"), [("Female", "12.0"), ("Male", "13.0")])
def test_the_range_of_the_patients_sex_is_chosen(under: bool, sex: str, low: str) -> None:
    pen = Pen()
    letterhead(pen, sex=sex)
    for x, text in ((50, "Test"), (220, "Result"), (290, "Unit"), (380, "Normal Values")):
        pen.text(x, 160, text, bold=True)
    for x, text in ((50, "Hemoglobin"), (220, "12.5"), (290, "g/dL")):
        pen.text(x, 180, text)
    pen.text(380, 180, "M: 13.0 - 17.0" if under else "M: 13.0 - 17.0  F: 12.0 - 15.0")
    if under:
        pen.text(380, 191, "F: 12.0 - 15.0")

    row = read(pen.done()).rows[0]

    assert row.low == Decimal(low)
    assert row.problem is None


def test_without_a_printed_sex_no_range_is_chosen_and_the_row_says_so() -> None:
    pen = Pen()
    for x, text in ((50, "Test"), (220, "Result"), (290, "Unit"), (380, "Normal Values")):
        pen.text(x, 160, text, bold=True)
    row_text = (
        (50, "Hemoglobin"),
        (220, "12.5"),
        (290, "g/dL"),
        (380, "M: 13.0-17.0 F: 12.0-15.0"),
    )
    for x, text in row_text:
        pen.text(x, 180, text)

    row = read(pen.done()).rows[0]

    assert (row.low, row.high, row.flag) == (None, None, None)
    assert row.problem is not None
    assert "sex" in row.problem


def test_decimal_commas_are_read_as_the_document_means_them() -> None:
    european = [
        Result("Hemoglobin", "13,2", "g/dL", "12,0 - 16,0"),
        Result("TSH", "2,345", "mU/L", "0,270 - 4,200"),
        Result("Platelets", "251", "10^9/L", "150 - 400"),
    ]

    rows = read(table(european, *TABLES["left"])).rows

    assert [row.number for row in rows] == [Decimal("13.2"), Decimal("2.345"), Decimal(251)]
    assert [row.value for row in rows] == ["13,2", "2,345", "251"]
    assert [row.flag for row in rows] == ["NORMAL"] * 3


def test_results_in_words_and_counts_per_field_are_rows() -> None:
    urine = [
        Result("Colour", "Pale Yellow"),
        Result("pH", "6.0", None, "4.6-8.0"),
        Result("Protein", "Negative", None, "Negative"),
        Result("Glucose", "Trace", None, "Negative"),
        Result("Pus Cells", "2-4", "/HPF", "0-5"),
    ]

    rows = read(table(urine, {**HEADS, "test": "Urine Examination"}, TABLES["left"][1])).rows

    assert [shown(row) for row in rows] == wanted(urine)
    assert [row.analyte for row in rows][1:4] == ["urine_ph", "urine_protein", "urine_glucose"]
    assert all(row.problem is None for row in rows)


def test_method_lines_comments_bands_and_letters_are_no_rows() -> None:
    texts = [
        "Dear Dr. Reyes, thank you for referring this patient aged 65 years.",
        "Her hemoglobin was 9.1 g/dL last year and has improved.",
        "Blood pressure 140/90 mmHg, weight 70 kg, height 165 cm, pulse 72 /min.",
        "Medication: Metformin 500 mg twice daily",
        "Please repeat HbA1c in 3 months; the goal is below 7.0 %.",
        "Method: Photometry 340 nm",
        "Desirable: < 200 mg/dL",
        "Borderline High: 200 - 239 mg/dL",
        "Prediabetes 5.7 - 6.4 %",
        "Diabetes: 6.5 % or higher",
        "Target LDL < 100 mg/dL",
        "Invoice 12345   Total amount 120.00 USD",
        "Specimen volume 5 mL   Kit lot 20931",
        "Page 1 of 3",
    ]

    report = read(lines(texts))

    assert report.rows == ()
    assert report.unreadable == ()


def test_what_only_looks_like_a_number_is_said_to_be_unreadable() -> None:
    printed = [
        Result("Potassium", "l2.3", "mmol/L", "3.5-5.1"),
        Result("Sodium", "13O", "mmol/L", "136-145"),
        Result("Calcium", "9.2", "mg/dL", "8.6-10.2"),
    ]

    report = read(table(printed, *TABLES["left"]))

    assert [row.test for row in report.rows] == ["Calcium"]
    assert [(one.test, one.text) for one in report.unreadable] == [
        ("Potassium", "l2.3"),
        ("Sodium", "13O"),
    ]
    assert all(0 <= edge <= 1 for one in report.unreadable for edge in one.box)


def test_a_result_that_is_pending_is_no_row() -> None:
    report = read(table([Result("Ferritin", "Pending", "ng/mL", "30-400"), *ALL], *TABLES["left"]))

    assert [row.test for row in report.rows] == [one.test for one in ALL]


@pytest.mark.parametrize(
    ("value", "unit"), [("112", "g/dL"), ("11.2", "mmHg"), ("11.2", "furlongs")]
)
def test_impossible_values_and_units_keep_their_text_and_get_no_flag(value: str, unit: str) -> None:
    row = read(table([Result("Hemoglobin", value, unit, "13-17"), *ALL[1:]], *TABLES["left"])).rows[
        0
    ]

    assert row.value == value
    assert row.problem is not None
    assert (row.flag, row.number) == (None, None)


def test_a_printed_flag_that_contradicts_the_range_is_pointed_out() -> None:
    printed = [Result("Sodium", "139", "mmol/L", "136-145", "H"), *ALL]

    row = read(table(printed, *TABLES["numbers to the right"])).rows[0]

    assert row.problem is not None
    assert "flag" in row.problem


def test_boxes_stand_around_the_words_of_the_row() -> None:
    row = read(table(ALL, *TABLES["left"])).rows[0]

    assert row.box[0] == pytest.approx(50 / 595, abs=0.005)
    assert row.value_box[0] == pytest.approx(220 / 595, abs=0.005)
    assert row.box[1] <= (180 - 4) / 842 <= row.box[3]
    assert row.box[0] <= row.value_box[0] <= row.value_box[2] <= row.box[2]


def test_whose_report_it_is_stands_at_its_head() -> None:
    identity = read(table(ALL, *TABLES["left"])).identity

    assert identity.lab == "Harbour Diagnostics Laboratory"
    assert identity.name == "Pamela Johnston"
    assert identity.record_number == "HB-004417"
    assert identity.sex == "F"
    assert identity.birth_date is not None
    assert identity.birth_date.iso == "1961-03-14"
    assert identity.collected is not None
    assert identity.collected.iso == "2026-11-20T08:15"


@pytest.mark.shared
def test_reports_of_other_makers_are_read_and_nothing_is_invented() -> None:
    expected = json.loads(shared("data/labs/reports/expected.json").read_text())["reports"]

    right = total = 0
    for name, report in expected.items():
        rows = list(read(shared(f"data/labs/reports/{name}").read_bytes()).rows)
        assert len(rows) == len(report["rows"])
        for row, one in zip(rows, report["rows"], strict=True):
            total += 1
            right += (
                plain(row.test) == plain(one["test"])
                and row.value.replace(",", "") == one["value"]
                and plain(row.unit).replace("µ", "u") == plain(one["unit"])
                and plain(row.range_text).replace(",", "") == plain(one["range"])
            )

    assert total == 30
    assert right / total >= 0.95
