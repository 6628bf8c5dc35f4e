"""Drafts the note of a visit from the sentences of its source; nothing is put in other words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from careflow.ai.draft import Maker, Source
from careflow.ai.engine import Answer
from careflow.ai.guard.clinical import is_clinical
from careflow.ai.guard.instructions import instruction_spans
from careflow.ai.guard.language import language_of
from careflow.ai.task import AbstainedError, Given, Passage, Span
from careflow.ai.tasks.appointment_summary import (
    AppointmentSummary,
    Claim,
    NoteSections,
    VisitInput,
)
from careflow.ai.visit_notes.sections import SECTIONS, Section, heading_of, section_by_words
from careflow.ai.visit_notes.statements import (
    Statement,
    Turn,
    has_bullet,
    paragraphs_in,
    sentences_in,
    turns_in,
    without_bullet,
)
from careflow.ai.words import folded

METHOD = Maker("local", "rules", "appointment-summary/1")
_SIGNS_MAX: Final = 120_000
_LOOKED_AT: Final = 1_500
"""Signs from which one can tell whether a text can be read, and in which language."""
_WORDS_LEAST: Final = 4
_SHORT_TALK: Final = 3_000
"""Signs of a conversation that is kept whole but for what is social."""
_MAY_ORDER: Final = re.compile(
    r"ignor|disregard|instruc|prompt|forget|olvid|overrid|assistant|asistente|system|sistema"
    r"|pretend|reveal|model|</|you are now|respond|output|summar|resum"
)
_SHORT_REPLY: Final = 16
"""Words of a reply that says little without its question."""
_REPLY: Final = re.compile(
    r"\W*(?:yes|yeah|yep|yup|no|nope|nah|not|never|none|mm-?hmm|uh-?huh|correct|right|i do|i don'?t"
    r"|i have|i haven'?t|si|nunca|tampoco|nada|ningun\w*)\b"
)
_SOCIAL: Final = re.compile(
    r"^\W*(?:(?:hi|hello|hey|good (?:morning|afternoon|evening)|thanks?|thank you|bye|goodbye|hola"
    r"|buen[oa]s (?:dias|tardes|noches)|gracias|adios|nice to (?:see|meet)|how are you)\b"
    r"[\w\s,.!?'-]{0,24}"
    r"|(?:(?:okay|ok|alright|all right|sure|great|good|perfect|um|uh|mm-?hmm|uh-?huh|yeah|yes|no"
    r"|right|vale|si|bien|entiendo|i see)\W*)+)$"
)
_NAMED: Final = re.compile(
    r"^[ \t]*(?i:patient(?: name)?|name|pt|paciente|nombre)[ \t]*:[ \t]*"
    r"([A-ZÁÉÍÓÚÑ][\w'-]+,?(?:[ \t]+[A-ZÁÉÍÓÚÑ][\w'.-]*){1,3})"
    r"(?=[ \t]*(?:$|[,;(|\d]|(?i:dob|mrn|age)))",
    re.MULTILINE,
)
_NUMBERED: Final = re.compile(
    r"\b(?:mrn|medical record (?:number|no\.?)|dob|date of birth|nhc|fecha de nacimiento)"
    r"[ \t]*[:#]?[ \t]*([\d][\w/.-]{3,})",
    re.IGNORECASE,
)
_LABELS: Final = {
    "mrn": "mrn", "medical record number": "mrn", "nhc": "mrn", "dob": "dob",
    "date of birth": "dob", "fecha de nacimiento": "dob",
}  # fmt: skip
_TOPICS: Final[Mapping[Section, tuple[tuple[str, str, str], ...]]] = {
    "subjective": (
        ("allergies", "alergias", r"allerg|alerg|nkda|\bnka\b"),
        (
            "medicines", "medicinas",
            r"\bmg\b|\bmcg\b|medicat|medicin|tablet|taking|takes|\btoma\b|medicac|pastilla",
        ),
    ),
    "objective": (
        (
            "vital signs", "signos vitales",
            r"\bbp\b|blood pressure|pulse|heart rate|\bhr\b|temp|spo2|sats?\b|\bvs\b|\bta\b|\bfc\b"
            r"|presion|tension|constantes|vital",
        ),
    ),
    "assessment": (),
    "plan": (
        (
            "follow-up", "seguimiento",
            r"follow|f/u|return|rtc|see you|come back|recheck|weeks?\b|seguimiento|revision|control"
            r"|volver|proxima|semanas?\b|cita",
        ),
    ),
}  # fmt: skip
_SAID: Final = {
    "en": {"none": "Nothing was said of this.", "missing": "(Not stated: {0}.)"},
    "es": {"none": "No consta.", "missing": "(No consta: {0}.)"},
}
_OF_RECORD: Final[Mapping[str, Section]] = {
    "Observation": "objective",
    "DiagnosticReport": "objective",
    "Condition": "assessment",
    "MedicationRequest": "plan",
    "Appointment": "plan",
}
_LINE_BREAK: Final = "\n"


@dataclass(frozen=True, slots=True)
class _Sorted:
    statement: Statement
    section: Section


def summarised_by_rules(given: Given) -> Answer[AppointmentSummary]:
    """Draft a note of a visit, every claim the words of its source.

    Raises:
        AbstainedError: The text is empty, endless, not of a visit, or of two patients.
    """
    if not isinstance(given.asked, VisitInput):
        raise AbstainedError("Nothing was said of this visit: give the conversation or the note.")
    if given.text is None:
        return _of_record(given.record)
    text = given.text
    _require_readable(text)
    _require_one_patient(text)
    found = [one for one in _statements(text) if not _is_order(text[slice(*one.statement.span)])]
    if not found:
        raise AbstainedError("Nothing of a visit was found in this text: give what was said in it.")
    summary = _written(text, found, "es" if language_of(text[:_LOOKED_AT]) == "es" else "en")
    sources = tuple(
        Source("text", start=span[0], end=span[1])
        for claim in summary.claims
        for span in claim.spans
    )
    return Answer(summary, METHOD, sources=sources, usage={"claims": len(summary.claims)})


def _of_record(record: Sequence[Passage]) -> Answer[AppointmentSummary]:
    """Return the note of a visit's record; places count in its passages, one a line."""
    if not record:
        raise AbstainedError("Nothing is recorded of this visit: give what was said in it.")
    if len({one.source for one in record if one.source.startswith("Patient/")}) > 1:
        raise AbstainedError("This is of more than one patient: give one visit.")
    found: list[_Sorted] = []
    at = 0
    for one in record:
        section = _OF_RECORD.get(one.source.partition("/")[0], "subjective")
        found.append(_Sorted(Statement((at, at + len(one.text))), section))
        at += len(one.text) + len(_LINE_BREAK)
    text = _LINE_BREAK.join(one.text for one in record)
    sources = tuple(Source(one.source) for one in record)
    return Answer(_written(text, found, "en"), METHOD, sources, usage={"claims": len(found)})


def _require_readable(text: str) -> None:
    if len(text) > _SIGNS_MAX:
        raise AbstainedError("This is too long to be one visit: give the text of one visit.")
    start = text[:_LOOKED_AT]
    signs = [sign for sign in start if not sign.isspace()]
    if sum(map(str.isalnum, signs)) * 2 <= len(signs):
        raise AbstainedError("There is no text that can be read: give the words of the visit.")
    if language_of(start) not in {"en", "es", None}:
        raise AbstainedError("This language is not supported: give the text in English or Spanish.")
    if len(text.split()) < _WORDS_LEAST or not _is_clinical(text):
        raise AbstainedError("Nothing of a visit was found in this text: give what was said in it.")


@lru_cache(maxsize=8192)
def _is_clinical_word(word: str) -> bool:
    return is_clinical(word)


def _is_order(said: str) -> bool:
    """Report whether words read like an order to a program; they are no part of a visit."""
    return bool(_MAY_ORDER.search(folded(said))) and bool(instruction_spans(said))


def _require_one_patient(text: str) -> None:
    names = {_plain(name) for name in _NAMED.findall(text)}
    numbers: dict[str, set[str]] = {}
    for hit in _NUMBERED.finditer(text):
        label = re.split(r"[:#\d]", folded(hit[0]))[0].strip()
        numbers.setdefault(_LABELS.get(label, label), set()).add(_plain(hit[1]))
    if len(names) > 1 or any(len(values) > 1 for values in numbers.values()):
        raise AbstainedError("This is of more than one patient: give the text of one visit.")


def _plain(name: str) -> str:
    return " ".join(sorted(re.findall(r"\w+", folded(name))))


def _statements(text: str) -> Iterator[_Sorted]:
    turns = turns_in(text)
    if turns:
        for one in _said(text, turns):
            said = text[slice(*one.span)]
            yield _Sorted(one, section_by_words(said, one.speaker))
        return
    yield from _noted(text)


def _noted(text: str) -> Iterator[_Sorted]:
    """Yield the sentences of a note under its headings."""
    section: Section | None = None
    heading: Span | None = None
    for begin, end in paragraphs_in(text):
        start = without_bullet(text, (begin, end))[0]
        opened, skip = heading_of(text[start:end])
        if opened is not None:
            section = opened
            heading = (start, start + len(text[start : start + skip].rstrip()))
            if not text[start + skip : end].strip(" :*_-"):
                continue
            # "Allergies: penicillin" says what it says together with its heading.
            is_letter = skip <= len("S:")
            start = start + skip if is_letter else start
            heading = None if is_letter else heading
        elif section is not None and not has_bullet(text, (begin, end)):
            heading = heading if heading and heading[1] >= begin - 2 else None
        for span in sentences_in(text, start, end):
            if _is_said(text[slice(*span)]):
                above = heading if heading and heading[1] <= span[0] else None
                said = text[slice(*span)]
                yield _Sorted(Statement(span, heading=above), section or section_by_words(said, ""))


def _is_said(said: str) -> bool:
    return any(map(str.isalnum, said)) and not _SOCIAL.match(folded(said))


def _said(text: str, turns: Sequence[Turn]) -> Iterator[Statement]:
    """Yield what is said of the patient's health; short replies with their questions."""
    asked: Span | None = None
    is_short_talk = len(text) < _SHORT_TALK
    for turn in turns:
        spans = list(sentences_in(text, turn.start, turn.end))
        if turn.speaker == "patient" and asked is not None and spans:
            reply = text[slice(*spans[0])]
            is_short = turn.end - turn.start < 400 and len(reply.split()) <= _SHORT_REPLY
            if is_short and (is_short_talk or _is_clinical(text[asked[0] : turn.end])):
                last = _reply_end(text, spans)
                yield Statement((asked[0], spans[last][1]), "patient")
                spans = spans[last + 1 :]
        asked = None
        for span in spans:
            said = text[slice(*span)]
            if said.rstrip().endswith("?"):
                asked = span if turn.speaker == "clinician" else None
                continue
            if _is_said(said) and (is_short_talk or _is_clinical(said)):
                yield Statement(span, turn.speaker)
        if spans and not text[slice(*spans[-1])].rstrip().endswith("?"):
            asked = None


def _reply_end(text: str, spans: Sequence[Span]) -> int:
    """Return the sentence with which a reply says something: "No. Not at all." is one reply."""
    first = folded(text[slice(*spans[0])])
    if _REPLY.match(first) and len(first.split()) <= 2 and len(spans) > 1:
        return 1
    return 0


def _is_clinical(said: str) -> bool:
    if re.search(r"\d", said):
        return True
    return any(map(_is_clinical_word, re.findall(r"[^\W\d_]+", folded(said))))


def _written(text: str, found: Sequence[_Sorted], language: str) -> AppointmentSummary:
    parts: dict[Section, list[str]] = {section: [] for section in SECTIONS}
    claims: dict[tuple[Section, str], Claim] = {}
    for one in found:
        start, end = one.statement.span
        heading = one.statement.heading
        said = text[start:end]
        key = one.section, " ".join(folded(said).split())
        if key in claims:
            continue
        claims[key] = Claim(text=said, spans=((start, end), *([heading] if heading else [])))
        lead = text[slice(*heading)].strip("#*_= ").rstrip(":") + ": " if heading else ""
        parts[one.section].append(" ".join(f"{lead}{said}".split()))
    everything = folded(" ".join(one for said in parts.values() for one in said))
    return AppointmentSummary(
        sections=NoteSections(
            **{name: _section(name, parts[name], everything, language) for name in SECTIONS}
        ),
        claims=tuple(claims.values()),
    )


def _section(name: Section, said: Sequence[str], everything: str, language: str) -> str:
    """Return a section's statements, a line each, and what is not stated at all."""
    missing = [
        spanish if language == "es" else english
        for english, spanish, pattern in _TOPICS[name]
        if not re.search(pattern, everything)
    ]
    lines = list(said) or [_SAID[language]["none"]]
    if missing:
        lines.append(_SAID[language]["missing"].format(", ".join(missing)))
    return _LINE_BREAK.join(lines)
