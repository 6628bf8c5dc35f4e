"""The same amount in two units has one canonical form; what cannot be read has none."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careflow.fhir import units
from careflow.fhir.units import unit_of

SAME = [
    # mass
    *((5.4, "g", 5400, "mg"), (1, "kg", 1e9, "ug"), (1, "[lb_av]", 453.59237, "g")),
    *((1, "[oz_av]", 28.349523125, "g"), (1, "[stone_av]", 14, "[lb_av]"), (1, "t", 1000, "kg")),
    *((2, "[gr]", 129.59782, "mg"), (1, "[oz_tr]", 31.1034768, "g")),
    # volume and length
    *((1, "L", 1000, "mL"), (1, "l", 1, "L"), (5, "mL", 5, "cm3"), (1, "uL", 1, "mm3")),
    *((90, "fL", 90, "um3"), (1, "[tsp_us]", 4.92892159375, "mL"), (1, "[foz_us]", 6, "[tsp_us]")),
    *((1, "[in_i]", 2.54, "cm"), (70, "[in_i]", 1.778, "m"), (6, "[ft_i]", 72, "[in_i]")),
    # time
    *((1, "h", 60, "min"), (1, "d", 86400, "s"), (2, "wk", 14, "d"), (1, "a", 12, "mo")),
    # concentrations, each within its own dimension
    *((1, "g/dL", 10, "g/L"), (1, "mg/dL", 10, "mg/L"), (1, "ng/mL", 1, "ug/L")),
    *((4.2, "mmol/L", 4200, "umol/L"), (1, "mol/m3", 1, "mmol/L"), (1, "g%", 1, "g/dL")),
    *((140, "meq/L", 0.14, "eq/L"), (1, "[iU]/mL", 1000, "[IU]/L"), (1, "kU/L", 1000, "U/L")),
    *((1, "ug/kg/min", 60, "ug/kg/h"), (60, "U/L", 1, "umol/s/L"), (1, "kat/L", 1, "mol/s/L")),
    *((60, "U", 1, "ukat"), (30, "mg/g", 30, "g/kg"), (3, "mg/mmol", 3, "g/mol")),
    *((300, "mosm/kg", 0.3, "osm/kg"), (28, "kg/m2", 2.8, "g/cm2")),
    # counts and shares
    *((5.4, "10*3/uL", 5.4, "10*9/L"), (4.5, "10*6/uL", 4.5, "10*12/L"), (250, "/uL", 250e6, "/L")),
    *((7, "10^3/uL", 7, "10*3/uL"), (45, "%", 0.45, "1"), (1, "[ppm]", 0.0001, "%")),
    *((5, "{cells}/uL", 5, "/uL"), (6.5, "%{HbA1c}", 6.5, "%"), (2, "{score}", 2, "{T-score}")),
    *((72, "/min", 72, "{beats}/min"), (60, "/min", 1, "Hz"), (16, "1/min", 16, "/min")),
    # pressure
    *((120, "mm[Hg]", 15.99864, "kPa"), (10, "cm[H2O]", 980.665, "Pa"), (1, "bar", 100, "kPa")),
    *((1, "[psi]", 6.89475729317, "kPa"), (1, "atm", 101325, "Pa")),
    # temperature
    *((37, "Cel", 98.6, "[degF]"), (0, "Cel", 273.15, "K"), (100, "Cel", 212, "[degF]")),
    # energy, radiation, electricity, flow
    *(
        (1, "kcal", 4.184, "kJ"),
        (1, "[Cal]", 1, "kcal"),
        (1, "Gy", 100, "RAD"),
        (1, "Sv", 100, "REM"),
    ),
    *((1, "mCi", 37, "MBq"), (1, "mV", 1000, "uV"), (1, "kOhm", 1000, "Ohm")),
    *(
        (90, "mL/min/{1.73_m2}", 90, "mL/min"),
        (6, "L/min", 100, "mL/s"),
        (1, "[wood'U]", 0.06, "[PRU]"),
    ),
    *((1, "m.m", 1, "m2"), (1, "mol/(kg.s)", 1, "mol/kg/s"), (1, "m/s/s", 1, "m.s-2")),
    *((180, "deg", 3.14159265359, "rad"), (3, "[Ch]", 1, "mm")),
]


def canonical(value: float, code: str) -> tuple[float, str]:
    unit = unit_of(code)
    assert unit is not None, code
    return unit.canonical(value), unit.dimension


@pytest.mark.parametrize(("one", "unit", "other", "same"), SAME)
def test_an_amount_in_two_units_is_one_amount(
    one: float, unit: str, other: float, same: str
) -> None:
    value, dimension = canonical(one, unit)
    again, also = canonical(other, same)

    assert dimension == also
    assert value == pytest.approx(again, rel=1e-11)


@pytest.mark.parametrize(
    ("unit", "other"),
    [
        ("mg/dL", "mmol/L"),  # glucose and cholesterol differ in what a mole weighs
        ("mmol/L", "meq/L"),
        ("mmol/L", "mosm/L"),
        ("U/L", "[iU]/L"),
        ("10*9/L", "mol/L"),
        ("g", "mL"),
        ("[iU]", "[arb'U]"),
        ("[pH]", "1"),
        ("kPa", "mm"),
    ],
)
def test_what_only_knowledge_of_the_substance_converts_is_kept_apart(unit: str, other: str) -> None:
    assert canonical(1, unit)[1] != canonical(1, other)[1]


@pytest.mark.parametrize(
    "code",
    [
        *("", " ", "mmHg", "beats/minute", "mcg", "IU", "cells/uL", "month", "mg dL", "kh"),
        *("mg//dL", "mg/", "/", ".", "m.", "(m", "m)", "()", "{", "mg{", "m{a{b}}", "0.m", "0"),
        *("Cel/min", "mCel", "[degF]2", "m999", "m-999", "µg", "\u2103"),
        *("(" * 20 + "m" + ")" * 20, "Ym60.Ym60.Ym60", "m." * 40 + "m", "a" * 100),
    ],
)
def test_what_is_no_unit_of_the_table_has_no_canonical_form(code: str) -> None:
    assert unit_of(code) is None


def test_each_row_of_the_table_is_read_by_those_before_it() -> None:
    table = Path(units.__file__).with_name("definitions") / "ucum.csv"
    lines = [line for line in table.read_text().splitlines() if not line.startswith("#")]
    known = {line.split(",")[0] for line in lines[1:]}

    assert len(known) == len(lines) - 1 > 150
    assert [code for code in known if unit_of(code) is None] == []
    assert unit_of("code") is None


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("mgLdul/.-0123()[]{}%*^'Hg10 é"), max_size=70) | st.text())
def test_no_text_is_too_strange_to_be_read(text: str) -> None:
    unit = unit_of(text)

    assert unit is None or unit.factor > 0
