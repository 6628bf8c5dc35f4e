from __future__ import annotations

import pytest

from careflow.ai.guard.grounding import denials_differ, findings_in
from careflow.ai.guard.sources import Sources

NOTE = (
    "Mr. Lee is a 54-year-old man with type 2 diabetes. He takes metformin 500 mg twice daily and"
    " lisinopril 10 mg once daily. No chest pain, no shortness of breath. He denies fever, chills,"
    " or cough. Blood pressure 132/84 mmHg, heart rate 88 bpm, temperature 37.1 C. Left knee"
    " swollen since March 3, 2024; right shoulder normal. Allergic to penicillin."
    " Sodium 139 mmol/L, potassium 4.1 mmol/L. Platelets 1,250. Half a tablet at bedtime."
    " Follow up in 2 weeks."
)
FAITHFUL = (
    "54 yo man with type 2 diabetes on Glucophage 0.5 g BID and lisinopril 10 milligrams daily.",
    "Denies chest pain and dyspnea. Afebrile: no fever, chills or cough.",
    "BP 132/84, HR 88, T 37,1 °C.",
    "Swelling of the left knee since 2024-03-03. Right shoulder normal.",
    "Na 139, potassium 4.1 mmol/L, platelets 1250.",
    "Return in 14 days. One half tablet nightly.",
    "The patient is allergic to penicillin.",
    "Metformin five hundred milligrams two times a day; lisinopril every 24 hours.",
)
CHANGED = (
    ("number", "Metformin 850 mg twice daily"),
    ("unit", "Metformin 500 mcg twice daily"),
    ("dose", "Metformin 10 mg twice daily and lisinopril 500 mg daily"),
    ("frequency", "Metformin 500 mg three times daily"),
    ("frequency", "Metformin 500 mg once daily"),
    ("drug", "Metoprolol 500 mg twice daily"),
    ("side", "The right knee is swollen"),
    ("side", "Left shoulder normal"),
    ("date", "Knee swollen since March 13, 2024"),
    ("negation", "Reports chest pain."),
    ("negation", "He has fever, chills, and cough."),
    ("negation", "Not allergic to penicillin."),
    ("negation", "Denies vomiting."),
    ("number", "Potassium 139, sodium 4.1"),
    ("number", "Heart rate 132"),
    ("number", "BP 84/132"),
    ("unit", "Return in 2 days"),
)


@pytest.mark.parametrize("said", FAITHFUL)
def test_s4_the_same_fact_in_other_words_is_borne_out(said: str) -> None:
    assert findings_in(said, Sources(NOTE)) == []


@pytest.mark.parametrize(("kind", "said"), CHANGED)
def test_s4_a_changed_fact_is_found_with_its_words(kind: str, said: str) -> None:
    found = findings_in(said, Sources(NOTE), place="sections.plan")

    assert kind in {one.kind for one in found}
    assert all(one.said in said and one.place == "sections.plan" for one in found)


def test_s4_spanish_facts_are_compared_too() -> None:
    sources = Sources(
        "Niega fiebre. Rodilla izquierda hinchada. Toma metformina 850 mg cada 12 horas."
    )

    assert findings_in("Sin fiebre. Metformina 850 mg dos veces al día.", sources) == []
    assert {one.kind for one in findings_in("Rodilla derecha hinchada.", sources)} == {"side"}
    assert {one.kind for one in findings_in("Presenta fiebre.", sources)} == {"negation"}
    assert findings_in("Metformina 850 mg cada 8 horas.", sources)


def test_s10_a_translation_that_drops_a_denial_differs() -> None:
    assert not denials_differ("No tome este medicamento.", "Do not take this medicine.")
    assert denials_differ("Tome este medicamento.", "Do not take this medicine.")


def test_an_answer_to_a_question_says_what_is_denied() -> None:
    sources = Sources("Doctor: Any fever?\nPatient: No.\nDoctor: Any cough?\nPatient: Yes, a bit.")

    assert findings_in("Denies fever. Reports cough.", sources) == []
    assert findings_in("Reports fever.", sources)
