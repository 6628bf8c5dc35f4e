"""Numbers and ranges as printed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from careflow.knowledge.labs import parse_number, parse_range, parse_value
from careflow.knowledge.labs.values import decimal_mark


@pytest.mark.parametrize(
    ("printed", "number"),
    [
        ("11.2", "11.2"),
        ("14,200", "14200"),
        ("1,89,000", "189000"),
        ("14 200", "14200"),
        ("7,2", "7.2"),
        ("1.234,5", "1234.5"),
        ("-3", "-3"),
        ("72.50", "72.50"),
    ],
)
def test_numbers_are_read_as_written(printed: str, number: str) -> None:
    assert parse_number(printed) == Decimal(number)
    assert str(parse_number(printed)) == number


@pytest.mark.parametrize(
    "printed", ["l2.3", "1O.5", "12.3.4", "", "12-3", "S.5", "1,2,3", "0,123,4", "½"]
)
def test_what_only_looks_like_a_number_is_none(printed: str) -> None:
    assert parse_number(printed) is None


def test_the_mark_of_the_document_settles_what_a_comma_means() -> None:
    assert parse_number("4,500", mark=",") == Decimal("4.500")
    assert parse_number("4,500", mark=".") == Decimal(4500)
    assert decimal_mark(["13,2", "4,0", "150"]) == ","
    assert decimal_mark(["13.2", "14,200"]) == "."
    assert decimal_mark(["13,2", "13.2"]) is None


@pytest.mark.parametrize(
    ("printed", "low", "high"),
    [
        ("13.0-17.0", "13.0", "17.0"),
        ("13.0 – 17.0", "13.0", "17.0"),
        ("(13 to 17)", "13", "17"),
        ("[Ref: 13.5–17.5]", "13.5", "17.5"),
        ("Reference range: 70 - 99", "70", "99"),
        ("< 5.7", None, "5.7"),
        ("upto 200", None, "200"),
        ("> 40", "40", None),
        ("4,500 - 11,000", "4500", "11000"),
        ("60 or more", "60", None),
    ],
)
def test_ranges_are_read_as_printed(printed: str, low: str | None, high: str | None) -> None:
    found = parse_range(printed)

    assert found is not None
    assert found.low == (Decimal(low) if low else None)
    assert found.high == (Decimal(high) if high else None)


@pytest.mark.parametrize("printed", ["17-13", "see note", "13", "", "13-17-20"])
def test_what_is_no_range_is_none(printed: str) -> None:
    assert parse_range(printed) is None


def test_qualitative_results_fold_to_one_word() -> None:
    for printed in ("Negative", "NON-REACTIVE", "Not Detected", "Nil"):
        value = parse_value(printed)
        assert value is not None
        assert value.words == "negative"
        assert value.text == printed
