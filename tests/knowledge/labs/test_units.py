"""Units as laboratories spell them, and conversion between them."""

from __future__ import annotations

import csv
import gzip
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careflow.knowledge.labs import analyte, convert, match, parse_number, parse_unit
from careflow.knowledge.labs.plausible import in_own_unit
from tests.shared_data import shared


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        ("10^3/uL", "10*3/uL"),
        ("x10³/µL", "10*3/uL"),
        ("X10^3/UL", "10*3/uL"),
        ("K/uL", "10*3/uL"),
        ("thou/mm3", "10*3/uL"),
        ("10⁹/L", "10*9/L"),
        ("x 10^9/L", "10*9/L"),
        ("G/L", "10*9/L"),
        ("g/L", "g/L"),
        ("mill/cumm", "10*6/uL"),
        ("Million/cmm", "10*6/uL"),
        ("/cumm", "/uL"),
        ("cells/µL", "{cells}/uL"),
        ("g%", "g/dL"),
        ("gm/dl", "g/dL"),
        ("mcg/dL", "ug/dL"),
        ("µmol/L", "umol/L"),
        ("mEq/L", "meq/L"),
        ("IU/L", "[IU]/L"),
        ("uIU/mL", "u[IU]/mL"),
        ("mm/1st hr", "mm/h"),
        ("/HPF", "/[HPF]"),
        ("mL/min/1.73 m²", "mL/min/{1.73_m2}"),
        ("fL", "fL"),
        ("%", "%"),
    ],
)
def test_spellings_are_understood(printed: str, code: str) -> None:
    unit = parse_unit(printed)

    assert unit is not None
    assert unit.code == code


@pytest.mark.parametrize("printed", ["", "furlong", "Hemoglobin", "13-17", "kg of"])
def test_what_is_no_unit_is_none(printed: str) -> None:
    assert parse_unit(printed) is None


@pytest.mark.parametrize(
    ("key", "value", "unit", "own"),
    [
        ("glucose", "5.5", "mmol/L", "99.1"),
        ("creatinine", "88.4", "umol/L", "1.00"),
        ("urea_nitrogen", "7.14", "mmol/L", "20.0"),
        ("calcium", "2.5", "mmol/L", "10.0"),
        ("calcium", "5.0", "mEq/L", "10.0"),
        ("cholesterol_total", "5.17", "mmol/L", "199.9"),
        ("haemoglobin", "112", "g/L", "11.2"),
        ("hba1c", "53", "mmol/mol", "7.0"),
        ("white_cells", "14200", "/cumm", "14.2"),
        ("t4_free", "12.9", "pmol/L", "1.00"),
    ],
)
def test_the_two_unit_systems_meet(key: str, value: str, unit: str, own: str) -> None:
    known, measured = analyte(key), parse_unit(unit)
    assert known is not None

    converted = in_own_unit(Decimal(value), measured, known)

    assert converted is not None
    assert abs(converted - Decimal(own)) < Decimal("0.06")


def test_mass_and_amount_do_not_meet_without_a_molar_mass() -> None:
    one, other = parse_unit("mg/dL"), parse_unit("mmol/L")
    assert one is not None
    assert other is not None

    assert convert(Decimal(1), one, other) is None


@given(st.decimals("0.01", "9999", places=2))
@settings(max_examples=30)
def test_there_and_back_is_the_same(value: Decimal) -> None:
    known, other = analyte("glucose"), parse_unit("mmol/L")
    assert known is not None
    assert known.unit is not None
    assert other is not None

    there = convert(value, known.unit, other, molar_mass=known.molar_mass)
    assert there is not None
    back = convert(there, other, known.unit, molar_mass=known.molar_mass)

    assert back is not None
    assert abs(back - value) < Decimal("1e-9")


@pytest.mark.shared
def test_conversion_gives_what_a_trial_laboratory_gave() -> None:
    with gzip.open(shared("data/labs/cdisc-pilot-lb.csv.gz"), "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))

    wrong, tried = [], 0
    for row in rows:
        known = match(row["LBTEST"], row["LBORRESU"])
        one, other = parse_unit(row["LBORRESU"]), parse_unit(row["LBSTRESU"])
        value, expected = parse_number(row["LBORRES"]), parse_number(row["LBSTRESC"])
        if not (known and one and other and value is not None and expected is not None):
            continue
        made = convert(
            value, one, other, molar_mass=known.analyte.molar_mass, valence=known.analyte.valence
        )
        tried += 1
        if made is None or abs(made - expected) > abs(expected) * Decimal("0.01"):
            wrong.append((row["LBTEST"], row["LBORRES"], row["LBSTRESC"]))

    assert tried > 8000
    assert wrong == []
