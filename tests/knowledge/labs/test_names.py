"""Which analyte a printed name means, and when its LOINC code is certain."""

from __future__ import annotations

import csv

import pytest

from careflow.knowledge.labs import all_analytes, match
from tests.shared_data import shared


@pytest.mark.parametrize(
    ("name", "unit", "loinc"),
    [
        ("Haemoglobin", "g/dL", "718-7"),
        ("Hb", "g%", "718-7"),
        ("SGPT (ALT)", "U/L", "1742-6"),
        ("Bilirubin, Total", "mg/dL", "1975-2"),
        ("S. Creatinine", "µmol/L", "14682-9"),
        ("Total Leucocyte Count (TLC)", "thou/mm3", "6690-2"),
        ("Glucose (Fasting)", "mg/dL", "1558-6"),
        ("Calcium (Ionised)", "mmol/L", "1995-0"),
        ("Neutrophils", "%", "770-8"),
        ("Neutrophils", "10^3/uL", "751-8"),
        ("LDL Cholesterol, Calculated", "mg/dL", "13457-7"),
        ("INR", None, "6301-6"),
        ("Cholesterol / HDL Ratio", None, "9830-1"),
        ("25-OH Vitamin D", "ng/mL", "62292-8"),
    ],
)
def test_a_name_and_its_unit_give_the_code(name: str, unit: str | None, loinc: str) -> None:
    found = match(name, unit)

    assert found is not None
    assert found.loinc == loinc


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("Haemoglobin", "mmHg"),
        ("Haemoglobin", None),
        ("Neutrophils", None),
        ("Chol/HDL", "mg/dL"),
        ("Glucose", "furlongs"),
        ("pH", None),
        ("Something else entirely", "mg/dL"),
    ],
)
def test_no_code_is_better_than_a_wrong_one(name: str, unit: str | None) -> None:
    found = match(name, unit)

    assert found is None or found.loinc is None


def test_where_it_was_measured_decides() -> None:
    urine = match("Protein", "mg/dL", specimen="urine")
    blood = match("Protein", "g/dL")
    spinal = match("CSF Glucose", "mg/dL")

    assert urine is not None
    assert urine.analyte.key == "urine_protein"
    assert blood is not None
    assert blood.analyte.key == "total_protein"
    assert spinal is None


def test_mean_cell_hemoglobin_and_its_concentration_are_not_confused() -> None:
    one = match("Mean Corpuscular Hemoglobin", "pg")
    other = match("Mean Corpuscular Hemoglobin Concentration", "g/dL")

    assert one is not None
    assert one.loinc == "785-6"
    assert other is not None
    assert other.loinc == "786-4"


@pytest.mark.parametrize("key", sorted(all_analytes()))
def test_every_analyte_is_found_by_its_own_name(key: str) -> None:
    analyte = all_analytes()[key]
    unit = analyte.unit.code if analyte.unit else None

    found = match(analyte.name, unit, specimen="blood" if analyte.specimen == "blood gas" else None)

    assert found is not None
    assert found.analyte.key == key


@pytest.mark.shared
def test_codes_of_a_hospital_list_are_the_same_or_the_general_form() -> None:
    path = shared("data/labs/mimic-lab-itemid-to-loinc.csv")
    with path.open(encoding="utf-8-sig") as file:
        rows = [row for row in csv.DictReader(file) if row["loinc"] and row["fluid"] == "Blood"]

    different = {}
    same = 0
    for row in rows:
        unit = row["valueuom"].split("|")[0]
        found = match(row["label"], None if unit in {"", "N/A"} else unit, specimen="blood")
        code = found.loinc if found else None
        same += code == row["loinc"]
        if code not in {None, row["loinc"]}:
            different[row["label"]] = code

    assert same >= 17
    # The list chose method-bound codes here; the names state no method, so ours is the general one.
    assert different == {
        "Hepatitis B Surface Antigen": "5195-3",
        "Hepatitis C Virus Antibody": "16128-1",
        "Sedimentation Rate": "30341-2",
    }
