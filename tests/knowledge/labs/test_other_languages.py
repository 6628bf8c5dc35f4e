"""German, French and Spanish names of the commonest tests mean what the English ones mean."""

from __future__ import annotations

import pytest

from careflow.knowledge.labs import match


@pytest.mark.parametrize(
    ("name", "unit", "loinc"),
    [
        ("Leukozyten", "/nl", "6690-2"),
        ("Erythrozyten", "/pl", "789-8"),
        ("Hämoglobin", "g/dl", "718-7"),
        ("Hamoglobin", "g/dl", "718-7"),
        ("Thrombozyten", "/nl", "777-3"),
        ("Kalium", "mmol/l", "2823-3"),
        ("Kreatinin", "mg/dl", "2160-0"),
        ("GPT (ALT)", "U/l", "1742-6"),
        ("Gamma-GT", "U/l", "2324-2"),
        ("Plaquettes", "G/L", "777-3"),
        ("Créatinine", "µmol/L", "14682-9"),
        ("ASAT (TGO)", "U/L", "1920-8"),
        ("Cholestérol total", "g/L", "2093-3"),
        ("VGM", "fL", "787-2"),
        ("Potasio", "mmol/L", "2823-3"),
        ("Ácido úrico", "mg/dL", "3084-1"),
        ("Hemoglobina", "g/dL", "718-7"),
        ("Proteína C reactiva", "mg/L", "1988-5"),
    ],
)
def test_a_foreign_name_gets_the_code_of_its_test(name: str, unit: str, loinc: str) -> None:
    found = match(name, unit)

    assert found is not None
    assert found.loinc == loinc


@pytest.mark.parametrize("name", ["Natrium im Urin", "Glucosa en orina", "Protéines urinaires"])
def test_a_urine_test_in_another_language_is_not_taken_for_blood(name: str) -> None:
    found = match(name, "mmol/l")

    assert found is None or found.analyte.specimen == "urine"


def test_share_and_count_are_told_apart_by_the_unit_in_every_language() -> None:
    share, count = match("Neutrophile", "%"), match("Neutrophile", "/nl")

    assert share is not None
    assert count is not None
    assert (share.loinc, count.loinc) == ("770-8", "751-8")
