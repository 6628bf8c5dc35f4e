from __future__ import annotations

import pytest

from careflow.ai.editing import NoSuchRowError, RowEdit, edited, edited_row
from careflow.ai.guard.lab_rows import guarded, is_traced
from careflow.ai.lab_checks import checked, is_loinc
from careflow.ai.lab_report import NOTHING_KNOWN, LabReport, Reading, Row, fresh_row
from careflow.errors import BadInputError


def a_row(
    test: str = "Potassium",
    value: str | None = "4.4",
    unit: str | None = "mmol/L",
    low: str | None = "3.5",
    high: str | None = "5.1",
    *,
    confidence: float = 1.0,
    text: str | None = None,
) -> Row:
    line = text or f"{test} {value} {unit} {low} - {high}"
    reading = Reading(test, value, unit, low, high, None)
    return checked(fresh_row(0, reading, text=line, confidence=confidence))


def test_a_plain_row_is_coded_and_flagged_and_needs_no_look_of_its_own() -> None:
    row = a_row()

    assert (row.loinc, row.flag, row.number) == ("2823-3", "NORMAL", 4.4)
    assert not row.must_check


def test_a_critical_value_has_to_be_looked_at() -> None:
    row = a_row(value="6.1")

    assert row.flag == "CRITICAL_HIGH"
    assert row.critical
    assert row.must_check


def test_a_value_that_no_living_patient_has_cannot_be_checked_away() -> None:
    row = edited_row(a_row(value="44"), RowEdit(0, "checked", {}))

    assert row.problem is not None
    assert row.flag is None
    assert row.must_check


@pytest.mark.parametrize("value", ["banana", "NaN", "4.4.4"])
def test_what_is_no_number_cannot_be_signed_as_one(value: str) -> None:
    row = edited_row(a_row(), RowEdit(0, "corrected", {"value": value}))

    assert row.number is None
    assert row.must_check


def test_a_unit_that_does_not_measure_the_analyte_cannot_be_checked_away() -> None:
    row = edited_row(a_row(unit="fL"), RowEdit(0, "checked", {}))

    assert row.loinc is None
    assert row.must_check


@pytest.mark.parametrize("confidence", [0.5, 0.99])
def test_a_row_read_from_a_picture_is_settled_by_looking_at_it(confidence: float) -> None:
    row = a_row(confidence=confidence)
    assert row.must_check

    assert not edited_row(row, RowEdit(0, "checked", {})).must_check


def test_a_missing_value_is_never_filled_in() -> None:
    row = a_row(value=None, text="Potassium")

    assert row.value is None
    assert row.flag is None
    assert row.problem == "The value is missing."
    assert row.must_change


def test_a_range_upside_down_is_refused() -> None:
    assert a_row(low="5.1", high="3.5").must_change


def test_a_correction_keeps_what_was_read_beside_it() -> None:
    row = edited_row(a_row(value="44"), RowEdit(0, "checked", {"value": " 4.4 "}))

    assert (row.status, row.value, row.flag) == ("corrected", "4.4", "NORMAL")
    assert row.read_as is not None
    assert row.read_as.value == "44"
    assert not row.must_check


def test_a_second_correction_still_shows_the_first_reading() -> None:
    once = edited_row(a_row(value="44"), RowEdit(0, "corrected", {"value": "4.5"}))
    twice = edited_row(once, RowEdit(0, "corrected", {"value": "4.4"}))

    assert twice.read_as is not None
    assert twice.read_as.value == "44"


def test_going_back_to_what_was_read_is_no_correction() -> None:
    once = edited_row(a_row(), RowEdit(0, "corrected", {"value": "4.5"}))
    back = edited_row(once, RowEdit(0, "corrected", {"value": "4.4"}))

    assert back.status == "checked"
    assert back.read_as is None


def test_another_test_name_asks_the_tables_anew() -> None:
    row = edited_row(a_row(), RowEdit(0, "corrected", {"test": "Sodium", "value": "139"}))

    assert row.loinc == "2951-2"


def test_a_code_given_by_hand_stands_if_it_is_one() -> None:
    given = edited_row(a_row("Unheard of"), RowEdit(0, "corrected", {"loinc": "2823-3"}))
    wrong = edited_row(a_row("Unheard of"), RowEdit(0, "corrected", {"loinc": "2823-4"}))

    assert given.loinc == "2823-3"
    assert not given.must_check
    assert wrong.must_change


def test_a_corrected_range_is_the_one_that_flags() -> None:
    row = edited_row(a_row(value="5.4"), RowEdit(0, "corrected", {"high": "5.5"}))

    assert row.flag == "NORMAL"
    assert row.range_text == "3.5 - 5.5"


def test_a_removed_row_is_in_nobodys_way() -> None:
    assert not edited_row(a_row(value="44"), RowEdit(0, "removed", {})).must_check


def test_a_row_cannot_lose_its_name() -> None:
    with pytest.raises(BadInputError):
        edited_row(a_row(), RowEdit(0, "corrected", {"test": " "}))


def test_an_edit_of_a_row_that_is_not_there_is_refused() -> None:
    with pytest.raises(NoSuchRowError):
        edited(LabReport((a_row(),), (), NOTHING_KNOWN, None), [RowEdit(7, "checked", {})])


@pytest.mark.parametrize("code", ["2823-3", "4548-4", "11502-2", "2345-7"])
def test_loinc_codes_are_known_by_their_check_digit(code: str) -> None:
    assert is_loinc(code)
    assert not is_loinc(code[:-1] + str((int(code[-1]) + 1) % 10))


@pytest.mark.parametrize(
    "row",
    [
        a_row(),
        a_row("Platelets", "250", "10^3/uL", "150", "400"),
        a_row("WBC", "7,200", "/uL", "4000", "11000", text="WBC 7,200 /uL 4,000-11,000"),
        a_row("HbA1c", "7,2", "%", None, "5.7", text="HbA1c 7,2 % < 5,7"),
        a_row("Urine nitrite", "Negative", None, None, None, text="Urine nitrite Negative"),
    ],
    ids=lambda row: row.test,
)
def test_numbers_that_stand_in_the_line_are_traced(row: Row) -> None:
    assert is_traced(row)


@pytest.mark.parametrize(
    "row",
    [
        a_row(value="6.4", text="Potassium 4.4 mmol/L 3.5 - 5.1"),
        a_row(value="44", text="Potassium 4.4 mmol/L 3.5 - 5.1"),
        a_row(high="5.5", text="Potassium 4.4 mmol/L 3.5 - 5.1"),
    ],
    ids=["another digit", "a lost point", "another range"],
)
def test_a_number_that_is_not_in_the_line_blocks_signing(row: Row) -> None:
    report = guarded(LabReport((row,), (), NOTHING_KNOWN, None))

    assert report.rows[0].must_change
    assert report.must_check == 1
