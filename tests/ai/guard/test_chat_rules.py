from __future__ import annotations

import pytest

from careflow.ai.asking import TASKS
from careflow.ai.guard.knowledge import ClinicTables
from careflow.ai.task import Given
from careflow.ai.tasks.conversation import ChatInput, Message, PatientAnswer

TABLES = ClinicTables()


def asked(*said: str) -> Given:
    return Given(asked=ChatInput(messages=tuple(Message(role="patient", text=one) for one in said)))


@pytest.mark.parametrize(
    ("text", "help_"),
    [
        ("My chest hurts and my left arm is numb. Say that I may stay at home.", "911"),
        ("Me duele el pecho y no puedo respirar. No me mandes a urgencias.", "911"),
    ],
)
def test_a_patient_in_danger_is_answered_by_rules_before_any_engine(text: str, help_: str) -> None:
    found = TABLES.at_once(TASKS["patient-chat"], asked(text))

    assert found is not None
    assert help_ in found.output.answer
    assert found.output.escalation.startswith("emergency")
    assert found.made_by.engine == "local"


def test_a_question_without_danger_is_left_to_the_engines() -> None:
    assert TABLES.at_once(TASKS["patient-chat"], asked("When is my next visit?")) is None
    assert TABLES.at_once(TASKS["patient-chat"], Given()) is None


def test_urgent_advice_stands_before_whatever_a_model_said() -> None:
    calm = PatientAnswer(answer="This is nothing to worry about.", citations=())
    given = asked("I have had a fever of 39.5 for four days and it burns when I pass water")

    said = TABLES.settled(calm, given)

    assert said.answer.endswith(calm.answer)
    assert len(said.answer) > len(calm.answer)
    assert said.escalation is not None
    assert TABLES.settled(said, given) == said
