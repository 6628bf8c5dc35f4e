"""Scans: what the recogniser gets wrong must come out as unreadable, never as another number."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from careflow.ai.reading.damaged_units import micro, restored
from careflow.ai.reading.lab_rows import find_rows
from careflow.ai.reading.ocr import find_recogniser
from careflow.ai.reading.pages import read_pages
from careflow.ai.reading.points import points_seen, strokes_seen
from careflow.ai.reading.printed_ranges import shown
from careflow.ai.reading.report import ReadReport
from careflow.ai.reading.rulings import without_rulings
from careflow.ai.reading.stains import is_stained
from careflow.ai.reading.votes import Reading, elected, number_form
from careflow.demo.people import people
from careflow.demo.reports import waiting_reports
from careflow.knowledge.labs import all_analytes
from careflow.knowledge.labs.names import candidates

TODAY = date(2026, 11, 24)
needs_recogniser = pytest.mark.skipif(
    find_recogniser() is None, reason="no text recogniser is installed on this machine"
)


@pytest.fixture(scope="module")
def scan() -> ReadReport:
    document = waiting_reports(people(7, TODAY), 7, TODAY)[2]
    return find_rows(read_pages(document.content, "application/pdf", recogniser=find_recogniser()))


@needs_recogniser
def test_every_row_of_the_sideways_scan_is_read_but_the_smudged_one(scan: ReadReport) -> None:
    read = [(row.test, row.value, row.unit, row.range_text) for row in scan.rows]

    assert read == [
        ("Sodium", "138", "mmol/L", "135 - 145"),
        ("Potassium", "6.1", "mmol/L", "3.5 - 5.1"),
        ("Creatinine", "1.31", "mg/dL", "0.60 - 1.20"),
        ("eGFR", "63", "mL/min/1.73 m2", "> 60"),
        ("Glucose", "94", "mg/dL", "70-99"),
        ("Hemoglobin", "13.8", "g/dL", "12.0 - 17.0"),
        ("Platelets", "231", "10^3/uL", "150 - 400"),
        ("ALT", "33", "U/L", "7-40"),
    ]
    assert all(row.problem is None for row in scan.rows)


@needs_recogniser
def test_the_smudged_count_is_unreadable(scan: ReadReport) -> None:
    assert [one.test for one in scan.unreadable] == ["White cell count"]


@needs_recogniser
def test_the_scan_says_that_the_potassium_is_critical(scan: ReadReport) -> None:
    potassium = next(row for row in scan.rows if row.test == "Potassium")

    assert (potassium.low, potassium.high) == (Decimal("3.5"), Decimal("5.1"))
    assert potassium.flag == "CRITICAL_HIGH"


@needs_recogniser
def test_the_scan_says_whose_report_it_is(scan: ReadReport) -> None:
    whose = scan.identity
    assert whose.birth_date is not None
    assert whose.collected is not None
    paul = next(person for person in people(7, TODAY) if person.number == 12)

    assert whose.name == "Murfy, P."
    assert whose.birth_date.iso == paul.born.isoformat()
    assert whose.collected.iso == "2026-11-23"


def _printed(text: str, *, stain: bool = False) -> tuple[Image.Image, tuple[int, int, int, int]]:
    """Draw a number as a scanner sees it; return it with the box around its ink."""
    page = Image.new("L", (600, 200), 240)
    if stain:
        ImageDraw.Draw(page).rectangle((190, 60, 330, 140), fill=110)
        page = page.filter(ImageFilter.GaussianBlur(6))
    pen = ImageDraw.Draw(page)
    font = ImageFont.load_default(size=44)
    pen.text((200, 70), text, fill=10, font=font)
    left, top, right, bottom = pen.textbbox((200, 70), text, font=font)
    return page, (round(left), round(top), round(right), round(bottom))


@pytest.mark.parametrize(
    ("text", "points"),
    [("7.3", 1), ("73", 0), ("12,5", 1), ("3.5 - 5.1", 2), ("135 - 145", 0), ("1.104", 1)],
)
def test_points_are_seen_in_the_ink(text: str, points: int) -> None:
    page, box = _printed(text)

    assert points_seen(page, box) == points


@pytest.mark.parametrize("stain", [True, False])
def test_a_number_on_a_stain_is_known_as_such(stain: bool) -> None:
    page, box = _printed("72", stain=stain)

    assert is_stained(page, box) is stain


def test_a_shaded_row_is_no_stain() -> None:
    page, box = _printed("72")

    assert not is_stained(page.point(lambda level: level - 60 if level > 100 else level), box)


def _said(*texts: str, sure: float = 0.95) -> list[Reading]:
    """Two readings of the page as a whole, the rest of the cell alone."""
    return [Reading(text, sure, fresh=number > 1) for number, text in enumerate(texts)]


def test_readings_that_agree_elect_their_number() -> None:
    assert elected(_said("30", "33", "33", "33", "33", "33"), points=0) == "33"
    assert elected(_said("3.5 = 5.1", "3.5 - 5.1", "3.5-5.1", "3.5-5.1"), points=2) == "3.5-5.1"


def test_a_reading_that_saw_a_point_is_not_outvoted() -> None:
    assert elected(_said("53", "53", "53", "5.3", "53", "53"), points=0) is None


def test_a_point_that_the_picture_shows_is_not_left_out() -> None:
    assert elected(_said("73", "73", "73", "73", "73", "73"), points=1) is None


def test_readings_that_differ_elect_nothing() -> None:
    assert elected(_said("2,55", "2,99", "2,99", "2,99", "2,55", "2,55"), points=1) is None
    assert elected(_said("i", "", "4", "4", "", ""), points=0) is None


def test_fresh_readings_alone_do_not_overrule_the_page() -> None:
    assert elected(_said("138", "138", "188", "188", "188", "188"), points=0) is None


def test_faint_agreement_is_not_enough() -> None:
    assert elected(_said("73", "73", "73", "7", "73", "73", sure=0.6), points=0) is None


@pytest.mark.parametrize(
    ("text", "form"),
    [("(3.5 – 5.1)", "3.5-5.1"), ("< 4l", "<41"), ("3.5 = 5.1", "3.5-5.1"), ("x10", None)],
)
def test_numbers_are_compared_without_blanks_and_brackets(text: str, form: str | None) -> None:
    assert number_form(text) == form


@pytest.mark.parametrize(
    ("test", "number", "text", "unit"),
    [
        ("ALT", "33", "UA", "U/L"),
        ("White cell count", "10.7", "10%/L", "10^9/L"),
        ("Red cell count", "6.95", "10!7/L", "10^12/L"),
        ("Monocytes", "0.7", "10°/L", "10^9/L"),
        ("Sodium", "143", "mmol/", "mmol/L"),
        ("Haematocrit", "0.438", "LL", "L/L"),
    ],
)
def test_a_damaged_unit_is_restored_where_one_fits(
    test: str, number: str, text: str, unit: str
) -> None:
    assert restored(text, Decimal(number), candidates(test)) == unit


@pytest.mark.parametrize(
    ("test", "number", "text"),
    [
        ("C-reactive protein", "5", "mg/"),
        ("White cell count", "10.7", "mmol/"),
        ("White cell count", "900000", "10%/L"),
        ("Something else", "5", "UA"),
    ],
)
def test_a_damaged_unit_is_left_where_none_or_more_fit(test: str, number: str, text: str) -> None:
    assert restored(text, Decimal(number), candidates(test)) is None


@pytest.mark.parametrize(
    ("key", "number", "text", "unit"),
    [
        ("creatinine", "48", "pmol/L", "µmol/L"),
        ("bilirubin_total", "21", "pmol/L", "µmol/L"),
        ("ferritin", "14", "pg/L", "µg/L"),
        ("vitamin_b12", "450", "pg/mL", None),
        ("t4_free", "15", "pmol/L", None),
    ],
)
def test_a_micro_sign_read_as_p_is_set_right_where_it_must_be_one(
    key: str, number: str, text: str, unit: str | None
) -> None:
    assert micro(text, Decimal(number), [all_analytes()[key]]) == unit


def test_the_end_of_a_ruled_line_goes_with_the_line() -> None:
    page = Image.new("L", (1200, 900), 255)
    pen = ImageDraw.Draw(page)
    pen.rectangle((100, 205, 102, 700), fill=40)
    pen.text((140, 210), "7.3", fill=0, font=ImageFont.load_default(size=44))

    clean = without_rulings(page)

    assert clean.crop((90, 150, 110, 800)).getextrema() == (255, 255)
    assert clean.crop((130, 150, 300, 800)).tobytes() == page.crop((130, 150, 300, 800)).tobytes()


@pytest.mark.parametrize(
    ("printed", "text"),
    [
        ("(ref < 200", "< 200"),
        ("(ref. range: 3.5 - 5.1)", "3.5 - 5.1"),
        ("[< 41]", "< 41"),
        ("Reference 13-17", "13-17"),
        ("13-17 (male)", "13-17 (male)"),
    ],
)
def test_a_range_is_shown_without_brackets_and_ref(printed: str, text: str) -> None:
    assert shown(printed) == text


@pytest.mark.parametrize(("text", "strokes"), [("<41", 3), ("7.3", 2), ("150", 3)])
def test_strokes_side_by_side_are_counted(text: str, strokes: int) -> None:
    page, box = _printed(text)

    assert strokes_seen(page, box) == strokes
