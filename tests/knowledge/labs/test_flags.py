"""Where a result stands against its printed range and the critical limits."""

from __future__ import annotations

import csv
import gzip
from decimal import Decimal

import pytest

from careflow.knowledge.labs import flag, flag_range, match
from tests.shared_data import shared


@pytest.mark.parametrize(
    ("value", "low", "high", "expected"),
    [
        ("11.2", "13.0", "17.0", "LOW"),
        ("13.0", "13.0", "17.0", "NORMAL"),
        ("17.0", "13.0", "17.0", "NORMAL"),
        ("17.01", "13.0", "17.0", "HIGH"),
        ("0.3", "0.1", "0.3", "NORMAL"),
        ("12", None, "10", "HIGH"),
        ("12", "10", None, "NORMAL"),
        ("14,200", "4,500", "11,000", "HIGH"),
    ],
)
def test_a_value_is_flagged_by_its_range_and_the_ends_are_normal(
    value: str, low: str | None, high: str | None, expected: str
) -> None:
    assert flag(value, low, high) == expected


def test_without_a_range_and_without_critical_limits_there_is_no_flag() -> None:
    assert flag("11.2", None, None) is None
    assert flag("45", None, None, analyte="alt", unit="U/L") is None


def test_a_range_that_is_upside_down_gives_no_flag() -> None:
    assert flag("5", "10", "1") is None


@pytest.mark.parametrize(
    ("value", "range_", "expected"),
    [
        ("5.7", "< 5.7", "HIGH"),
        ("5.7", "≤ 5.7", "NORMAL"),
        ("200", "up to 200", "NORMAL"),
        ("40", "> 40", "LOW"),
        ("40", "≥ 40", "NORMAL"),
        ("41", "more than 40", "NORMAL"),
    ],
)
def test_open_ranges_end_as_they_are_printed(value: str, range_: str, expected: str) -> None:
    assert flag_range(value, range_) == expected


@pytest.mark.parametrize(
    ("value", "range_", "expected"),
    [
        ("<0.01", "0.4 - 4.0", "LOW"),
        ("<0.4", "0.4 - 4.0", "LOW"),
        ("<5", "0 - 10", "NORMAL"),
        ("<5", "3 - 10", None),
        (">1000", "30 - 400", "HIGH"),
        (">90", "> 60", "NORMAL"),
        (">5", "3 - 10", None),
    ],
)
def test_a_censored_value_is_flagged_only_where_every_number_it_may_be_agrees(
    value: str, range_: str, expected: str | None
) -> None:
    assert flag_range(value, range_) == expected


def test_words_are_normal_when_expected_and_otherwise_neither_low_nor_high() -> None:
    assert flag_range("Negative", "Negative") == "NORMAL"
    assert flag_range("Non Reactive", "Nonreactive") == "NORMAL"
    assert flag_range("Positive", "Negative") is None


def test_a_potassium_of_six_point_one_is_critical_whatever_the_range_says() -> None:
    assert flag("6.1", "3.5", "5.1", analyte="potassium", unit="mmol/L") == "CRITICAL_HIGH"
    assert flag("6.1", None, None, analyte="potassium", unit="mEq/L") == "CRITICAL_HIGH"
    assert flag("5.9", "3.5", "5.1", analyte="potassium", unit="mmol/L") == "HIGH"
    assert flag("2.8", "3.5", "5.1", analyte="potassium", unit="mmol/L") == "CRITICAL_LOW"


def test_critical_limits_hold_in_the_other_unit_system() -> None:
    assert flag("2.2", "3.9", "5.6", analyte="glucose", unit="mmol/L") == "CRITICAL_LOW"
    assert flag("15000", "150000", "400000", analyte="platelets", unit="/uL") == "CRITICAL_LOW"


def test_without_a_unit_no_critical_limit_is_applied() -> None:
    assert flag("6.1", "3.5", "5.1", analyte="potassium") == "HIGH"


def test_an_impossible_value_gets_no_flag() -> None:
    assert flag("112", "13", "17", analyte="haemoglobin", unit="g/dL") is None
    assert flag("11.2", "13", "17", analyte="haemoglobin", unit="mmHg") is None


def test_numbers_may_be_given_as_decimals() -> None:
    assert flag(Decimal("5.2"), Decimal("3.5"), Decimal("5.1")) == "HIGH"


@pytest.mark.shared
@pytest.mark.parametrize(
    ("value", "unit", "low", "high"),
    [
        ("LBORRES", "LBORRESU", "LBORNRLO", "LBORNRHI"),
        ("LBSTRESC", "LBSTRESU", "LBSTNRLO", "LBSTNRHI"),
    ],
    ids=["conventional units", "SI units"],
)
def test_flags_agree_with_a_trial_laboratory_on_nearly_every_row(
    value: str, unit: str, low: str, high: str
) -> None:
    with gzip.open(shared("data/labs/cdisc-pilot-lb.csv.gz"), "rt", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row[low] or row[high]]

    agreeing = 0
    for row in rows:
        known = match(row["LBTEST"], row[unit])
        analyte = known.analyte if known else None
        found = flag(row[value], row[low], row[high], analyte=analyte, unit=row[unit])
        agreeing += (found or "").removeprefix("CRITICAL_") == row["LBNRIND"]

    assert len(rows) > 9000
    # The misses of the SI columns are ranges that were rounded after conversion.
    assert agreeing / len(rows) >= 0.995
