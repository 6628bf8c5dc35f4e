"""Every task there is, and how JSON from outside becomes what a task is given."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec

from careflow.ai.task import BadTaskInputError, Given, GivenResult, NoSuchTaskError, Task, TaskInput
from careflow.ai.tasks.appointment_summary import APPOINTMENT_SUMMARY, VisitInput
from careflow.ai.tasks.conversation import HEALTH_TUTOR, PATIENT_CHAT
from careflow.ai.tasks.decisions import DECISION_SUPPORT, TREATMENT_PLAN
from careflow.ai.tasks.document_analysis import DOCUMENT_ANALYSIS
from careflow.ai.tasks.drug_interactions import DRUG_INTERACTIONS
from careflow.ai.tasks.health_risk import HEALTH_RISK
from careflow.ai.tasks.lab_results import LAB_RESULTS, LabInput, ResultInput
from careflow.ai.tasks.labelling import ENTITIES, PREDICTION, SENTIMENT, TEXT_CLASSIFICATION
from careflow.ai.tasks.literature_search import LITERATURE_SEARCH
from careflow.ai.tasks.media import AUDIO_TRANSCRIPTION, IMAGE_ANALYSIS, VIDEO_ANALYSIS
from careflow.ai.tasks.medical_coding import MEDICAL_CODING
from careflow.ai.tasks.prescription import PRESCRIPTION
from careflow.ai.tasks.radiology_report import RADIOLOGY_REPORT
from careflow.ai.tasks.symptom_analysis import SYMPTOM_ANALYSIS
from careflow.ai.tasks.translation import TRANSLATION

TASKS: Mapping[str, Task[Any]] = {
    task.name: task
    for task in (
        DOCUMENT_ANALYSIS,
        LAB_RESULTS,
        DRUG_INTERACTIONS,
        PRESCRIPTION,
        HEALTH_RISK,
        SYMPTOM_ANALYSIS,
        MEDICAL_CODING,
        RADIOLOGY_REPORT,
        APPOINTMENT_SUMMARY,
        PATIENT_CHAT,
        HEALTH_TUTOR,
        DECISION_SUPPORT,
        TREATMENT_PLAN,
        LITERATURE_SEARCH,
        TRANSLATION,
        IMAGE_ANALYSIS,
        AUDIO_TRANSCRIPTION,
        VIDEO_ANALYSIS,
        TEXT_CLASSIFICATION,
        SENTIMENT,
        ENTITIES,
        PREDICTION,
    )
}

_PLACE = re.compile(r" - at `\$\.?(?P<place>[^`]*)`$")
_OF_THE_SENDER = (
    ("Invalid enum value", "it is none of the values to choose from"),
    ("Object contains unknown field", "it holds a field that the task does not know"),
)
"""Messages that repeat what was sent, and what is said instead."""


def task_named(name: str) -> Task[Any]:
    """Return a task, or raise NoSuchTaskError."""
    if name not in TASKS:
        raise NoSuchTaskError
    return TASKS[name]


def given_of(task: Task[Any], data: object) -> Given:
    """Return what JSON from outside gives to a task; a file is named there and read elsewhere.

    Raises:
        BadTaskInputError: It has another form; the place is told, what was sent is not.
    """
    asked = _asked(task, data)
    text = asked.dialogue if isinstance(asked, VisitInput) else getattr(asked, "text", None)
    results = asked.results if isinstance(asked, LabInput) else None
    return Given(
        asked=asked,
        text=text,
        results=None if results is None else [_result(one) for one in results],
    )


def _asked(task: Task[Any], data: object) -> TaskInput:
    try:
        return msgspec.convert(data, task.input)
    except msgspec.ValidationError as error:
        place = _PLACE.search(str(error))
        raise BadTaskInputError(
            f"The input does not have the form that this task takes: {_said(error)}.",
            place=place["place"] if place else None,
        ) from error


def _said(error: msgspec.ValidationError) -> str:
    message = _PLACE.sub("", str(error))
    return next((said for start, said in _OF_THE_SENDER if message.startswith(start)), message)


def _result(one: ResultInput) -> GivenResult:
    return GivenResult(
        test=one.test,
        value=exact_text(one.value),
        unit=exact_text(one.unit),
        low=exact_text(one.low),
        high=exact_text(one.high),
    )


def exact_text(value: object) -> str | None:
    """Return a number or text of JSON input as text, decimals as they were written."""
    if value is None or isinstance(value, (bool, list, dict)):
        return None
    if isinstance(value, float):
        return format(Decimal(repr(value)), "f")
    return str(value).strip() or None
