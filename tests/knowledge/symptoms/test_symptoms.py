"""Red flags and vital signs: emergencies are called so, denials and old stories are not."""

from __future__ import annotations

import pytest

from careflow.ai.guard.knowledge import ClinicTables, raised
from careflow.ai.task import AbstainedError, Given
from careflow.ai.tasks.symptom_analysis import (
    SYMPTOM_ANALYSIS,
    SymptomAnalysis,
    SymptomInput,
    triaged_by_rules,
)
from careflow.knowledge.symptoms import sources, vitals_of
from careflow.knowledge.symptoms.flags import rules

EMERGENCIES = (
    "Crushing chest pain for twenty minutes and my left arm aches",
    "It feels like an elephant is sitting on my chest",
    "My jaw hurts and I'm sweating and feel sick",
    "I can't breathe properly, my inhaler is not helping",
    "His lips are turning blue",
    "My husband's face is drooping and his speech is slurred",
    "Suddenly my right arm went numb and I can't lift it",
    "The worst headache of my life came on out of nowhere",
    "She has a fever, a stiff neck and light hurts her eyes",
    "The rash does not fade when I press a glass on it",
    "My tongue is swelling after the new antibiotic",
    "Stung by a bee and now I have hives and feel dizzy",
    "The cut on my leg will not stop bleeding",
    "I vomited blood this morning",
    "My stools are black and tarry",
    "My father is unconscious on the floor",
    "My son is having a seizure",
    "I want to kill myself",
    "I don't want to live anymore",
    "I took too many of my sleeping pills",
    "My toddler swallowed a button battery",
    "Grandma is suddenly confused and does not know where she is",
    "I hit my head and I take warfarin",
    "I am 34 weeks pregnant with a terrible headache and blurred vision",
    "8 weeks pregnant with sharp pain on one side",
    "The baby has stopped moving, I am 36 weeks pregnant",
    "Sudden pain in my left testicle, it is swollen",
    "Back pain and I can't pee, numb between my legs",
    "I am diabetic, vomiting and my sugar is over 400",
    "My calf is swollen and now I am very short of breath",
    "A curtain came down over my left eye vision",
    "My foot is cold and white and numb",
    "Car accident an hour ago, neck hurts",
    "Scald on the baby's face from hot tea",
    "My newborn has a fever of 38.5",
    "Me duele mucho el pecho y sudo",
    "Tengo una opresión en el pecho que baja al brazo",
    "No puedo respirar bien",
    "Mi madre tiene la boca torcida y habla raro",
    "Es el peor dolor de cabeza de mi vida",
    "Se me hincha la garganta después de comer marisco",
    "No para de sangrar",
    "Mi hijo está inconsciente",
    "Quiero morirme, no puedo más con la vida",
    "Tomé demasiadas pastillas",
    "Estoy embarazada y sangro",
    "Mi bebé de dos meses tiene fiebre",
    "Vomito sangre",
)
NOT_EMERGENCIES = (
    "No chest pain, just a runny nose since yesterday",
    "My grandfather had a stroke, should I be checked?",
    "I had chest pain years ago, now only a sore throat",
    "I have had a mild cough and a stuffy nose for two days",
    "I'd like something for hay fever",
    "A small cut on my finger, it stopped at once",
    "My knee has been aching for a few weeks after running",
    "How do I know if it is a heart attack? I feel fine",
    "Constipated for a few days",
    "Mi padre tuvo un infarto, ¿debo hacerme pruebas?",
    "Tengo mocos y estornudos, sin fiebre ni dolor en el pecho",
    "Me duele la rodilla desde hace semanas",
)


def told(text: str, **more: object) -> SymptomAnalysis:
    asked = SymptomInput(text=text, **more)  # type: ignore[arg-type]
    return triaged_by_rules(Given(text=text, asked=asked)).output


@pytest.mark.parametrize("text", EMERGENCIES)
def test_an_emergency_is_called_one_and_the_words_are_named(text: str) -> None:
    found = told(text)

    assert found.level == "emergency"
    assert "911" in found.advice
    for flag in found.red_flags:
        assert text[flag.span[0] : flag.span[1]] == flag.phrase


@pytest.mark.parametrize("text", NOT_EMERGENCIES)
def test_what_is_denied_past_mild_or_another_persons_is_no_emergency(text: str) -> None:
    assert told(text).level in {"routine", "self-care"}


def test_whoever_may_harm_themselves_is_told_whom_to_call() -> None:
    assert "988" in told("I want to end my life").advice
    assert "988" in told("Quiero morirme").advice


def test_a_fever_before_three_months_of_age_is_an_emergency() -> None:
    assert told("She feels hot, fever since noon", age=0.1).level == "emergency"
    assert told("She feels hot, fever since noon", age=5).level != "emergency"


@pytest.mark.parametrize(
    ("vitals", "level"),
    [
        ({"spo2": 88}, "emergency"),
        ({"respiratory_rate": 26, "heart_rate": 125, "temperature": 39.2}, "emergency"),
        ({"respiratory_rate": 22, "heart_rate": 112, "temperature": 38.5}, "urgent"),
        ({"temp": 102.9, "pulse": 135}, "urgent"),
        ({"spo2": 97, "systolic_bp": 124, "heart_rate": 72, "temperature": 36.8}, None),
    ],
)
def test_vital_signs_are_scored_by_news2(vitals: dict[str, float], level: str | None) -> None:
    assert vitals_of(vitals, age=60).level == level


def test_a_value_that_nobody_has_is_left_out_and_asked_about() -> None:
    found = told("I feel a bit off", vitals={"heart_rate": 7200, "spo2": 98})
    assert any("heart_rate" in question for question in found.questions)


def test_a_pregnant_man_is_asked_about_and_still_looked_after() -> None:
    found = told("I am pregnant and feel fine", sex="male")
    assert any("pregnancy" in question for question in found.questions)


@pytest.mark.parametrize("age", [340, -1])
def test_an_age_that_nobody_has_is_no_answer(age: float) -> None:
    with pytest.raises(AbstainedError):
        told("A cough", age=age)


def test_a_text_of_a_book_is_no_answer() -> None:
    with pytest.raises(AbstainedError, match="page"):
        told("my knee hurts a bit. " * 9000)


def test_an_empty_text_is_no_answer() -> None:
    with pytest.raises(AbstainedError):
        told("  ?! ")


def test_a_text_of_another_language_is_no_answer_unless_a_sign_stands_in_it() -> None:
    with pytest.raises(AbstainedError, match="112"):
        told("Ich habe seit gestern starke Schmerzen und kann nicht schlafen")
    assert told("Ich habe Fieber", vitals={"spo2": 84}).level == "emergency"


def test_a_model_raises_a_level_and_never_lowers_it() -> None:
    given = Given(asked=SymptomInput(text="Crushing chest pain"))
    calm = SymptomAnalysis(level="self-care", advice="Rest.")

    least = ClinicTables().at_least(SYMPTOM_ANALYSIS, given)

    assert raised(calm, least).level == "emergency"
    mild = Given(asked=SymptomInput(text="A runny nose"))
    alarmed = SymptomAnalysis(level="urgent", advice="Call.")
    assert raised(alarmed, ClinicTables().at_least(SYMPTOM_ANALYSIS, mild)).level == "urgent"


def test_red_flags_stay_whatever_a_model_saw() -> None:
    given = Given(asked=SymptomInput(text="Crushing chest pain"))
    settled = ClinicTables().settled(SymptomAnalysis(level="urgent", advice="Call."), given)
    assert [one.phrase for one in settled.red_flags] != []


def test_every_rule_names_a_source_and_every_need_a_rule() -> None:
    known = {rule.id for rule in rules()}
    for rule in rules():
        assert rule.source in sources()
        assert set(rule.needs) <= known
    assert all(one["read_on"] for one in sources().values())
