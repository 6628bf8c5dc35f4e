"""The guard: everything that is found in an answer and its input, and what must not be used."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, ClassVar

import msgspec

from careflow.ai.context import as_shown
from careflow.ai.finding import Finding
from careflow.ai.guard.echoes import echoes_in
from careflow.ai.guard.grounding import denials_differ, findings_in
from careflow.ai.guard.rows_read import rows_against
from careflow.ai.guard.said import texts_of
from careflow.ai.guard.sources import Sources, sources_of
from careflow.ai.guard.structured import FREE_FIELDS, structured_findings
from careflow.ai.guard.treatment import changes_in
from careflow.ai.guard.uploads import findings_of_pages, findings_of_text
from careflow.ai.reading.page import PageText
from careflow.ai.task import AbstainedError, FileInput, Given, Task, TaskOutput
from careflow.ai.tasks.conversation import ChatInput, TutorInput
from careflow.ai.tasks.translation import Translation


class AnswerRefusedError(AbstainedError):
    """The model's answer must not be used, whatever else it says."""

    code: ClassVar[str] = "ai-answer-refused"

    def __init__(self, reason: str) -> None:
        super().__init__(f"The AI model's answer was not used: {reason}.")


class NotBorneOutError(AbstainedError):
    """An answer for a patient says what its sources do not; nobody stands between the two."""

    code: ClassVar[str] = "ai-not-borne-out"

    def __init__(self) -> None:
        super().__init__(
            "The AI model's answer could not be confirmed from its sources: ask the clinic."
        )


_TERM_MOST = 6
"""Words of a term; more are sentences."""
_TERM_SHOWN = 80
_NAMED = ("Condition:", "Allergy:", "Medicine:", "Procedure:", "Immunization:")
_NAME_MOST = 15
"""Words of what a part of the record is named by; more are sentences."""
_ALLERGY_MOST = 9
_CELLS = (("test", 8), ("unit", 3))
"""Words that a cell of a table of results may hold; more are sentences."""


def input_findings(given: Given) -> tuple[Finding, ...]:
    """Return what is odd about an input: hidden words and signs, passages like instructions."""
    shown = as_shown(given).text or ""
    texts = [shown, *(one.text for one in given.record), *_asked_texts(given)]
    found = [finding for text in texts if text for finding in findings_of_text(text)]
    if isinstance(given.asked, TutorInput) and _is_no_term(given.asked.term):
        found.append(Finding("instruction", given.asked.term[:_TERM_SHOWN], "input term"))
    found += [
        Finding("instruction", one.text[:_TERM_SHOWN], f"input {one.source}")
        for one in given.record
        if _is_no_name(one.text)
    ]
    found += [
        Finding("instruction", cell[:_TERM_SHOWN], f"input {name}")
        for one in given.results or ()
        for name, most in _CELLS
        if len((cell := getattr(one, name) or "").split()) > most
    ]
    return tuple(dict.fromkeys([*findings_of_pages(given.pages or ()), *found]))


def checked(
    task: Task[Any],
    output: object,
    given: Given,
    *,
    prompt: str,
    odd: tuple[Finding, ...],
    pages: Sequence[PageText] = (),
) -> tuple[Finding, ...]:
    """Return everything a person must look at in an answer.

    Args:
        task: What was asked.
        output: A model's answer, with identifiers in place.
        given: What the answer rests on, as the model was shown it but for the identifiers.
        prompt: What the model was told.
        odd: What is odd about the input.
        pages: Of the file or text that was read.

    Raises:
        AnswerRefusedError: It holds what no answer may hold.
        NotBorneOutError: It is for a patient, and there is something to look at.
    """
    sources = sources_of(given)
    texts = list(texts_of(output)) if isinstance(output, TaskOutput) else []
    refusal = echoes_in(
        [text for _, text in texts],
        prompt=prompt,
        sources=sources.text,
        instructions=[one for one in odd if one.kind == "instruction"],
        for_patient=task.audience == "patient",
    )
    if refusal is not None:
        raise AnswerRefusedError(refusal)
    rests_on_words = not isinstance(given.asked, FileInput)
    of_answer = _of_answer(output, texts, given, sources) if rests_on_words else ()
    changes = (
        one
        for place, text in (texts if task.audience == "patient" else ())
        for one in changes_in(text, _advised(given), place=place)
    )
    found = (*of_answer, *changes, *rows_against(output, pages), *odd)
    if found and task.audience == "patient":
        raise NotBorneOutError
    return found


def _is_no_name(passage: str) -> bool:
    words = len(passage.partition(",")[0].split())
    most = _ALLERGY_MOST if passage.startswith("Allergy:") else _NAME_MOST
    return passage.startswith(_NAMED) and words > most


def _is_no_term(term: str) -> bool:
    return len(term.split()) > _TERM_MOST or re.search(r"[.;:!?\n]\s*\w{2}", term) is not None


def _of_answer(
    output: object, texts: list[tuple[str, str]], given: Given, sources: Sources
) -> tuple[Finding, ...]:
    if not isinstance(output, TaskOutput) or given.text is None:
        return _of_texts(texts, sources, output)
    typed = structured_findings(output, given.text)
    if typed is None:
        return _of_texts(texts, sources, output)
    free = [(place, text) for place, text in texts if place.partition("[")[0] in FREE_FIELDS]
    return tuple(dict.fromkeys((*typed, *_of_texts(free, sources, output))))


def _of_texts(
    texts: list[tuple[str, str]], sources: Sources, output: object
) -> tuple[Finding, ...]:
    found = [one for place, text in texts for one in findings_in(text, sources, place=place)]
    if isinstance(output, Translation) and denials_differ(output.text, sources.text):
        found.append(Finding("negation", output.text[:80], "text"))
    return tuple(dict.fromkeys(found))


def _advised(given: Given) -> str:
    """Return the words that may advise a patient: a document, the record, or staff.

    What patients say of their own treatment is a question, whoever they say it is from.
    """
    turns = given.asked.messages if isinstance(given.asked, ChatInput) else ()
    staff = [one.text for one in turns if one.role == "staff"]
    return "\n".join([given.text or "", *(one.text for one in given.record), *staff])


def _asked_texts(given: Given) -> list[str]:
    if given.asked is None:
        return []
    found: list[str] = []
    _collect(msgspec.to_builtins(given.asked), found)
    return [text for text in found if text != given.text]


def _collect(value: Any, found: list[str]) -> None:  # noqa: ANN401 - JSON
    if isinstance(value, str):
        found.append(value)
    elif isinstance(value, dict):
        for one in value.values():
            _collect(one, found)
    elif isinstance(value, list | tuple):
        for one in value:
            _collect(one, found)
