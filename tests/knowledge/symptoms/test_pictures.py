"""Words that mean something together: how soon, denial in lists, slips of the pen, children."""

from __future__ import annotations

import re

import pytest

from careflow.ai.evaluation.symptoms import SYMPTOMS_EVALUATION
from careflow.ai.task import Given
from careflow.ai.tasks.symptom_analysis import SymptomAnalysis, SymptomInput, triaged_by_rules
from careflow.knowledge.symptoms import flags_in, level_of, source_of, vitals_of
from careflow.knowledge.symptoms.pictures import pictures, word_patterns
from careflow.knowledge.symptoms.spelling import spelled


def told(text: str, **more: object) -> SymptomAnalysis:
    asked = SymptomInput(text=text, **more)  # type: ignore[arg-type]
    return triaged_by_rules(Given(text=text, asked=asked)).output


def level(text: str, age: float = 40) -> str:
    return level_of(flags_in(text, age=age))


@pytest.mark.parametrize(
    "text",
    [
        "Runny nose. No fever, chest pain or trouble breathing",
        "Resfriado leve, sin fiebre, dolor de pecho ni falta de aire",
        "Stuffy nose, denies chest pain, palpitations and fainting",
    ],
)
def test_a_list_that_is_denied_is_denied_to_its_last_member(text: str) -> None:
    assert level(text) in {"routine", "self-care"}


@pytest.mark.parametrize(
    "text",
    [
        "No fever, chest pain since this morning",
        "I don't know why my chest hurts so much",
        "I've never had chest pain like this",
        "no puedo caminar por el dolor en el pecho",
        "No fever and chest pain that spreads to my arm",
        "My dad had a seizure just now",
        "my mom had a seizure and isn't waking up",
        "mi abuela tuvo convulsiones y no responde",
    ],
)
def test_what_only_looks_denied_or_old_still_counts(text: str) -> None:
    assert level(text) == "emergency"


@pytest.mark.parametrize("text", ["it all feels wrong somehow", "algo va mal conmigo"])
def test_words_in_which_nothing_is_known_are_not_let_wait(text: str) -> None:
    assert level(text) == "urgent"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("my dad is unconcious", "unconcious"),
        ("having a siezure", "siezure"),
        ("terrible chset pain", "chset pain"),
        ("he took an overdoze", "overdoze"),
    ],
)
def test_a_slip_of_the_pen_is_understood_and_shown_as_it_was_written(text: str, said: str) -> None:
    flags = told(text).red_flags
    assert any(said in one.phrase for one in flags)
    assert all(text[slice(*one.span)] == one.phrase for one in flags)


@pytest.mark.parametrize("text", ["I heard the breast clinic is thirty miles off", "never fewer"])
def test_words_that_are_right_are_left_alone(text: str) -> None:
    assert spelled(text.lower()).plain == text.lower()


@pytest.mark.parametrize(
    ("age", "vitals", "expected"),
    [
        (0.5, {"respiratory_rate": 65}, "emergency"),
        (0.5, {"heart_rate": 150, "respiratory_rate": 40}, None),
        (0.5, {"heart_rate": 170}, "urgent"),
        (3, {"spo2": 94}, "urgent"),
        (3, {"spo2": 90}, "emergency"),
        (12, {"heart_rate": 100, "respiratory_rate": 22}, None),
    ],
)
def test_children_are_held_to_limits_of_their_age(
    age: float, vitals: dict[str, float], expected: str | None
) -> None:
    assert vitals_of(vitals, age=age).level == expected


@pytest.mark.parametrize("vitals", [{"temperature_f": 38.5}, {"temperature_c": 101.3}])
def test_a_value_that_contradicts_its_unit_is_asked_about_and_not_turned(
    vitals: dict[str, float],
) -> None:
    assert vitals_of(vitals, age=40).odd == tuple(vitals)
    assert told("a tickly cough", vitals=vitals, age=40).questions


def test_the_age_decides_where_a_picture_says_so() -> None:
    assert level("very drowsy and off colour", age=2) == "emergency"
    assert level("very drowsy and off colour", age=30) == "urgent"


def test_every_picture_is_made_of_known_words_and_names_its_source() -> None:
    words = word_patterns()
    for picture in pictures():
        assert source_of(picture.id)["read_on"]
        for line in picture.lines:
            assert all(word in words for slot in line for word in slot.words)
    assert all(isinstance(pattern, re.Pattern) for pattern, _ in words.values())


async def test_no_emergency_of_the_set_is_left_to_wait() -> None:
    from importlib.resources import files
    from pathlib import Path

    place = Path(str(files("careflow.ai.evaluation").joinpath("sets", "symptoms.tsv")))

    async def ask(asked: dict[str, object]) -> dict[str, object] | None:
        return {"level": told(**asked).level}  # type: ignore[arg-type]

    scores = await SYMPTOMS_EVALUATION.measure({"symptoms": place}, ask)
    assert {score.name: score.stands for score in scores} == {
        "emergencies called emergency": "aim",
        "emergencies sent to routine or self-care": "aim",
        "others called more pressing than they are": "aim",
        "others called emergency": "",
    }
