"""A code that a model made up is not shown, and a code has the list's name."""

from __future__ import annotations

from careflow.ai.asking import given_of
from careflow.ai.guard.knowledge import ClinicTables
from careflow.ai.tasks.medical_coding import MEDICAL_CODING, MedicalCoding, SuggestedCode


def said(code: str, display: str) -> SuggestedCode:
    return SuggestedCode(code=code, display=display, score=0.9, evidence=((0, 3),))


def test_a_code_that_does_not_exist_is_dropped_and_a_name_is_set_right() -> None:
    output = MedicalCoding(codes=(said("I10", "Low blood pressure"), said("I10.77", "Nonsense")))
    settled = ClinicTables().settled(output, given_of(MEDICAL_CODING, {"text": "HTN"}))
    assert [(one.code, one.display) for one in settled.codes] == [
        ("I10", "Essential (primary) hypertension")
    ]
    assert settled.codes[0].evidence == ((0, 3),)
