"""Whether an input allows an answer at all; asked before any model is, and told what is missing."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from careflow.ai.guard.clinical import is_clinical
from careflow.ai.guard.facts import drugs_of
from careflow.ai.guard.language import language_of
from careflow.ai.task import AbstainedError, FileInput, Given, PaperInput, Task
from careflow.ai.tasks.appointment_summary import VisitInput
from careflow.ai.tasks.conversation import ChatInput, TutorInput
from careflow.ai.tasks.decisions import ChartInput
from careflow.ai.tasks.drug_interactions import MedicationsInput
from careflow.ai.tasks.labelling import ClassificationInput
from careflow.ai.tasks.literature_search import QuestionInput
from careflow.ai.words import folded, words_of

_WORDS_LEAST: Mapping[str, int] = {
    "appointment-summary": 8,
    "document-analysis": 2,
    "lab-results": 2,
    "medical-coding": 3,
    "prescription": 2,
    "radiology-report": 3,
    "symptom-analysis": 2,
}
_CLINICAL = frozenset(_WORDS_LEAST) - {"document-analysis"}
"""Tasks whose text must be about someone's health."""
_ENOUGH_TO_TELL = 10
"""Words of a text from which one can tell what it is about, and in which language."""
_UNREADABLE_SHARE = 0.5
_SIGN = re.compile(r"\S")


def require_enough(task: Task[Any], given: Given) -> None:
    """Return if the input allows an answer.

    Raises:
        AbstainedError: It does not; the sentence says what is missing.
    """
    if isinstance(given.asked, FileInput):
        return
    reason = _of_asked(given) or _of_text(task.name, given)
    if reason:
        raise AbstainedError(reason)


def _of_asked(given: Given) -> str | None:
    asked = given.asked
    for type_, missing in _MISSING.items():
        if isinstance(asked, type_):
            return missing(asked, given)
    return None


def _of_text(task: str, given: Given) -> str | None:
    text = given.text
    if text is None:
        return None
    signs = _SIGN.findall(text)
    if not signs:
        return "There is no text: give the words to work on."
    words = words_of(folded(text))
    figures = sum(sign.isdigit() for sign in signs)
    letters = sum(sign.isalpha() for sign in signs)
    if (letters + figures) / len(signs) < _UNREADABLE_SHARE or "�" * 3 in text:
        return "The text cannot be read: it is made of signs rather than words."
    foreign = language_of(text)
    if foreign not in {"en", "es", None} and task != "translation":
        return "The text is in a language that is not supported: give it in English or Spanish."
    least = _WORDS_LEAST.get(task, 1)
    if len(words) + _numbers(text) < least or not words:
        return f"The text is too short for an answer: give at least {least} words."
    if task in _CLINICAL and _is_off_topic(words, text):
        return "The text says nothing of anyone's health: give a text that this task is about."
    if task in _CLINICAL and _is_babble(words):
        return "The text cannot be read: its words are none."
    return None


def _numbers(text: str) -> int:
    return len(re.findall(r"\d+(?:[.,]\d+)?", text))


def _is_off_topic(words: list[Any], text: str) -> bool:
    if len(words) < _ENOUGH_TO_TELL:
        return False
    if re.search(r"\d\s?(?:mg|ml|mmol|g/dl|mmhg|bpm|u/l)\b", text.casefold()) or drugs_of(words):
        return False
    return sum(is_clinical(word.text) for word in words) < max(1, len(words) // 60)


def _is_babble(words: list[Any]) -> bool:
    odd = sum(not re.search("[aeiouy]", word.text) and len(word.text) > 4 for word in words)
    return len(words) > 3 and odd / len(words) > _UNREADABLE_SHARE


# --- what each input must hold -------------------------------------------------------------


def _chart(asked: Any, given: Given) -> str | None:  # noqa: ANN401 - one of the inputs
    if given.record:
        return None
    whose = "chart" if asked.patient else "bundle"
    return f"The {whose} holds nothing that this task may use: add what is known of the patient."


def _visit(asked: Any, given: Given) -> str | None:  # noqa: ANN401
    if asked.encounter is None or given.record:
        return None
    return "Nothing is recorded of this visit: give what was said in it."


def _chat(asked: Any, _: Given) -> str | None:  # noqa: ANN401
    said = [one for one in asked.messages if one.text.strip()]
    if not said or said[-1].role != "patient":
        return "There is no question: ask one."
    return _foreign(said[-1].text)


def _tutor(asked: Any, _: Given) -> str | None:  # noqa: ANN401
    if not re.search(r"[^\W\d_]{2}", asked.term):
        return "There is no term to explain: give one."
    if asked.language[:2].casefold() not in {"en", "es"}:
        return "This language is not supported: ask for English or Spanish."
    return None


def _medications(asked: Any, _: Given) -> str | None:  # noqa: ANN401
    names = [one if isinstance(one, str) else one.name for one in asked.medications]
    if not any(name.strip() for name in names):
        return "No medicine was given: name at least one."
    return None


def _question(asked: Any, _: Given) -> str | None:  # noqa: ANN401
    if not asked.question.strip():
        return "There is no question: ask one."
    if not any(one.text.strip() for one in asked.corpus or ()):
        return "There is no article to look in: send the texts along."
    return None


def _labels(asked: Any, _: Given) -> str | None:  # noqa: ANN401
    if asked.labels is not None and len(set(asked.labels)) < 2:
        return "There is nothing to choose between: give two labels or more."
    return None


def _paper(_: Any, given: Given) -> str | None:  # noqa: ANN401
    if given.text is None and not any(page.words for page in given.pages or ()):
        return "No word could be read in this document."
    return None


def _foreign(text: str) -> str | None:
    if language_of(text) in {"en", "es", None}:
        return None
    return "The question is in a language that is not supported: ask in English or Spanish."


_MISSING: Mapping[type, Callable[[Any, Given], str | None]] = {
    ChartInput: _chart,
    VisitInput: _visit,
    ChatInput: _chat,
    TutorInput: _tutor,
    MedicationsInput: _medications,
    QuestionInput: _question,
    ClassificationInput: _labels,
    PaperInput: _paper,
}
