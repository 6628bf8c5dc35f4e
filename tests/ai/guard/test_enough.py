from __future__ import annotations

from typing import Any

import pytest

from careflow.ai.asking import given_of, task_named
from careflow.ai.guard.enough import require_enough
from careflow.ai.guard.knowledge import raised
from careflow.ai.guard.notice import notice_of
from careflow.ai.task import AbstainedError
from careflow.ai.tasks.symptom_analysis import SymptomAnalysis
from tests.ai.samples import SAMPLES

TOO_LITTLE: list[tuple[str, dict[str, Any], str]] = [
    ("medical-coding", {"text": ""}, "no text"),
    ("medical-coding", {"text": "  \n "}, "no text"),
    ("medical-coding", {"text": "%%%% #### @@@@ !!!!"}, "cannot be read"),
    ("medical-coding", {"text": "Cough"}, "too short"),
    ("appointment-summary", {"dialogue": "Hello. Bye."}, "too short"),
    ("appointment-summary", {"encounter": "e1"}, "Nothing is recorded"),
    ("radiology-report", {"text": "ok"}, "too short"),
    (
        "symptom-analysis",
        {"text": "The committee will vote on the budget for new roads and parks in the spring."},
        "nothing of anyone's health",
    ),
    (
        "symptom-analysis",
        {"text": "Ich habe seit drei Tagen starke Schmerzen und das Fieber ist nicht weg"},
        "language",
    ),
    ("symptom-analysis", {"text": "我头痛三天了，还发烧，怎么办呢"}, "language"),
    ("drug-interactions", {"medications": []}, "No medicine"),
    ("drug-interactions", {"medications": [" "]}, "No medicine"),
    ("patient-chat", {"messages": []}, "no question"),
    ("patient-chat", {"messages": [{"role": "staff", "text": "Hi"}]}, "no question"),
    ("health-tutor", {"term": "??"}, "no term"),
    ("health-tutor", {"term": "asthma", "language": "de"}, "language"),
    ("literature-search", {"question": "Honey?", "corpus": []}, "no article"),
    ("text-classification", {"text": "Hello there", "labels": ["one"]}, "nothing to choose"),
    ("decision-support", {"bundle": {"resourceType": "Bundle"}}, "holds nothing"),
    ("treatment-plan", {"patient": "p1"}, "holds nothing"),
]


@pytest.mark.parametrize(("task", "data", "told"), TOO_LITTLE)
def test_s5_too_little_is_told_before_any_model_is_asked(
    task: str, data: dict[str, Any], told: str
) -> None:
    asked = task_named(task)

    with pytest.raises(AbstainedError, match=told):
        require_enough(asked, given_of(asked, data))


@pytest.mark.parametrize("task", [name for name, one in SAMPLES.items() if "bundle" not in one])
def test_s5_a_short_sample_is_enough(task: str) -> None:
    asked = task_named(task)

    require_enough(asked, given_of(asked, SAMPLES[task]))


def test_s6_a_model_can_raise_a_level_and_never_lower_it() -> None:
    calm = SymptomAnalysis(level="self-care", advice="Rest.")

    assert raised(calm, "urgent").level == "urgent"
    assert raised(calm, None).level == "self-care"
    assert raised(SymptomAnalysis(level="emergency", advice="Go."), "urgent").level == "emergency"


def test_s9_an_answer_for_a_patient_says_who_wrote_it_and_how_to_reach_a_person() -> None:
    chat, coding = task_named("patient-chat"), task_named("medical-coding")
    spanish = {
        "messages": [{"role": "patient", "text": "¿Cuándo es mi cita? Tengo dolor en el pie"}]
    }

    english = notice_of(chat, given_of(chat, SAMPLES["patient-chat"]), clinic="Harbour")

    assert english is not None
    assert all(part in english for part in ("AI program", "call or message Harbour", "911", "988"))
    assert "inteligencia artificial" in (notice_of(chat, given_of(chat, spanish)) or "")
    assert notice_of(coding, given_of(coding, SAMPLES["medical-coding"])) is None
