"""The table of analytes is whole, dated and cited."""

from __future__ import annotations

import pytest

from careflow.knowledge.labs import all_analytes, check, parse_number, parse_unit, sources

EVERY = sorted(all_analytes())


def test_the_table_is_large_enough_for_a_clinic() -> None:
    assert len(EVERY) >= 120


def test_every_source_has_an_address_and_a_day_of_reading() -> None:
    for source in sources().values():
        assert source.url.startswith("https://")
        assert source.read_on.year >= 2026


@pytest.mark.parametrize("key", EVERY)
def test_codes_carry_a_right_check_digit(key: str) -> None:
    analyte = all_analytes()[key]

    for code in [*analyte.loinc.values(), *analyte.methods.values()]:
        digits, check_digit = code.split("-")
        doubled = "".join(
            str(int(digit) * (2 if place % 2 == 0 else 1))
            for place, digit in enumerate(reversed(digits))
        )
        assert (10 - sum(map(int, doubled)) % 10) % 10 == int(check_digit)


@pytest.mark.parametrize("key", EVERY)
def test_limits_lie_inside_what_is_possible_and_name_their_source(key: str) -> None:
    analyte = all_analytes()[key]
    if analyte.critical is None:
        return

    assert analyte.possible is not None
    assert set(analyte.critical.sources) <= set(sources())
    assert analyte.critical.sources
    for limit in (analyte.critical.low, analyte.critical.high):
        assert limit is None or analyte.possible[0] < limit < analyte.possible[1]


@pytest.mark.parametrize("key", EVERY)
def test_every_analyte_says_in_one_sentence_what_it_is(key: str) -> None:
    what = all_analytes()[key].what

    assert what.endswith(".")
    assert what.count(".") == 1
    assert len(what) < 120


def test_an_impossible_value_is_refused_without_repeating_it() -> None:
    analyte, number = all_analytes()["haemoglobin"], parse_number("987")
    assert number is not None

    problem = check(number, parse_unit("g/dL"), analyte)

    assert problem is not None
    assert "987" not in problem


def test_a_unit_of_another_kind_is_refused() -> None:
    analyte, number = all_analytes()["potassium"], parse_number("4.1")
    assert number is not None

    assert check(number, parse_unit("mg/24h"), analyte) is not None
    assert check(number, parse_unit("mEq/L"), analyte) is None
