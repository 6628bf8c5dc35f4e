"""``medical-coding``: the codes that a note supports, each with the words that support it."""

from __future__ import annotations

from typing import Literal

from careflow.ai.draft import Maker, Source
from careflow.ai.engine import Answer
from careflow.ai.task import AbstainedError, Given, Span, Task, TaskInput, TaskOutput, Words


class CodingInput(TaskInput, frozen=True, kw_only=True):
    """A note, and the system to code it in."""

    text: Words
    system: Literal["icd-10-cm"] = "icd-10-cm"


class SuggestedCode(TaskOutput, frozen=True, kw_only=True):
    """A code and its evidence in the note."""

    code: str
    display: str
    score: float
    evidence: tuple[Span, ...]


class MedicalCoding(TaskOutput, frozen=True, kw_only=True):
    """Codes, the best supported first."""

    codes: tuple[SuggestedCode, ...]


MEDICAL_CODING: Task[MedicalCoding] = Task(
    name="medical-coding",
    title="Suggest codes for a note",
    version="1",
    input=CodingInput,
    output=MedicalCoding,
)

METHOD = Maker("local", "icd-10-cm-2026", "medical-coding/1")
_SPANS_MAX = 10
_LETTERS_MIN = 4


def coded_by_tables(given: Given) -> Answer[MedicalCoding]:
    """Find the codes that a note supports, each with the words that support it.

    Raises:
        AbstainedError: There are no words, or they are in a language that cannot be coded here.
    """
    text = given.text or ""
    if sum(map(str.isalpha, text)) < _LETTERS_MIN:
        raise AbstainedError("There is no note to code: its text is missing.")
    # The tables are read with the first note, not with the server.
    from careflow.knowledge.icd10cm import found_in, ranked, title_of
    from careflow.knowledge.icd10cm.words import is_read

    if not is_read(text):
        raise AbstainedError("Only notes in English and Spanish can be coded here.")
    found = ranked(found_in(text), len(text))
    codes = tuple(
        SuggestedCode(
            code=one.code,
            display=title_of(one.code),
            score=one.sureness,
            evidence=tuple((mention.start, mention.end) for mention in one.mentions[:_SPANS_MAX]),
        )
        for one in found
    )
    sources = tuple(
        Source("text", start=start, end=end) for code in codes for start, end in code.evidence
    )
    return Answer(MedicalCoding(codes=codes), METHOD, sources, {"codes": len(codes)})
