"""How ``health-tutor`` answers without a model: from the glossary, or not at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Literal

from careflow.ai.draft import Maker
from careflow.ai.engine import Answer
from careflow.ai.task import AbstainedError, Given
from careflow.ai.tasks.conversation import Citation, PatientAnswer, TutorInput

if TYPE_CHECKING:
    from careflow.knowledge.glossary import Found

Language = Literal["en", "es"]

METHOD = Maker("local", "glossary", "health-tutor/1")
_SIGNS_MAX: Final = 4_000
"""Signs of a question; a longer text asks for nothing in particular."""
_TERMS_MAX: Final = 3
_OF_ONESELF: Final = re.compile(
    r"\b(?:i|i'm|im|my|me|myself|he|she|his|her|we|our|yo|mi|me|tengo|siento|estoy|duele|le|su)\b",
    re.IGNORECASE,
)
_ORDERS: Final = re.compile(
    r"\b(?:ignore|disregard|forget)\b.{0,40}\b(?:instructions?|rules?|prompt|above)\b"
    r"|\bignor\w+\b.{0,40}\b(?:instrucciones|reglas)\b|\bsystem prompt\b|</?\w+>",
    re.IGNORECASE | re.DOTALL,
)
_SAID: Final = {
    "en": {
        "kind": "{0} is one of the medicines of this kind: {1}. ",
        "english": "",
        "meant": "Explained here: {0}. ",
        "unknown": (
            "The glossary has no entry for this ({0}). Ask the clinic, or write one medical"
            " term in other words."
        ),
        "urgent": "What was written may need help at once: a person must take over.",
    },
    "es": {
        "kind": "{0} es una de las medicinas de este tipo: {1}. ",
        "english": "(Esta explicación solo existe en inglés.) ",
        "meant": "Se explica aquí: {0}. ",
        "unknown": (
            "El glosario no tiene una entrada para esto ({0}). Pregunte a la clínica o escriba un"
            " término médico con otras palabras."
        ),
        "urgent": "Lo escrito puede necesitar ayuda inmediata: debe atenderle una persona.",
    },
}


def taught_by_glossary(given: Given) -> Answer[PatientAnswer]:
    """Explain the terms asked for; what may be an emergency comes first.

    Raises:
        AbstainedError: No term is asked for, none is known, or not in this language.
    """
    asked = given.asked
    if not isinstance(asked, TutorInput) or not re.search(r"[^\W_]", asked.term):
        raise AbstainedError("There is no term to explain: give one.")
    if len(asked.term) > _SIGNS_MAX:
        raise AbstainedError("This is too long to be a question: ask for one term.")
    language = _language(asked)
    # The glossary is read with the first question, not with the server.
    from careflow.knowledge.glossary import looked_up, unknown_in

    found = looked_up(asked.term)
    unknown = unknown_in(asked.term, found)
    alarm = _alarm(asked, language, found, unknown)
    terms = _distinct(found)
    if _ORDERS.search(asked.term) or not _is_answered(asked.term, found, unknown):
        terms = []
    if not terms and alarm is None:
        said = ", ".join(unknown[:3]) or " ".join(asked.term.split())[:60]
        raise AbstainedError(_SAID[language]["unknown"].format(said))
    parts = [_explained(one, asked, language) for one in terms]
    cited = tuple(_citation(one) for one in terms)
    if alarm is not None:
        parts.insert(0, alarm[0])
        cited = (alarm[1], *cited)
    answer = PatientAnswer(
        answer="\n\n".join(parts),
        citations=cited,
        escalation=_SAID[language]["urgent"] if alarm else None,
    )
    return Answer(answer, METHOD, usage={"terms": len(terms)})


def _language(asked: TutorInput) -> Language:
    said = asked.language.strip().casefold()
    if said[:2] not in {"en", "es"}:
        raise AbstainedError("This language is not supported: ask for English or Spanish.")
    return "es" if said.startswith("es") else "en"


def _is_answered(text: str, found: Sequence[Found], unknown: Sequence[str]) -> bool:
    """Report whether the terms found are what was asked.

    In a short question every word must be known: "flurb of the knee" is no question about knees.
    """
    if not found:
        return False
    short = len(re.findall(r"\w+", text)) <= 8
    return not (short and unknown) and len(unknown) <= 4 * len(found)


def _distinct(found: Sequence[Found]) -> list[Found]:
    """Return the terms once each, those that are named in full before parts of the body."""
    once: dict[str, Found] = {}
    for one in found:
        once.setdefault(one.entry.key, one)
    ranked = sorted(once.values(), key=lambda one: one.entry.kind == "body")
    return ranked[:_TERMS_MAX]


def _explained(found: Found, asked: TutorInput, language: Language) -> str:
    from careflow.knowledge.glossary import names_of
    from careflow.knowledge.glossary.entries import ask_lines, care_lines

    entry, said = found.entry, _SAID[language]
    text = entry.plain_es if language == "es" else entry.plain
    missing = ""
    if not text:
        text, missing = entry.plain, said["english"]
    if asked.level == "detailed":
        text = f"{text} {_more(found, language)}".strip()
    name = names_of(entry, language)
    lead = f"{name}: " if _same(found.name, entry.en, entry.es) else f"{name} ({found.name}): "
    if found.name in entry.medicines:
        lead = said["kind"].format(found.name.capitalize(), name)
    care = care_lines()[entry.care][language] if entry.care else ""
    asking = ask_lines()[entry.kind][language] if asked.level == "detailed" else ""
    return " ".join(filter(None, (f"{missing}{lead}{text}", care, asking)))


def _more(found: Found, language: Language) -> str:
    """Return the fuller text, which is written in English alone."""
    if language == "en":
        return found.entry.more
    return f"(Más detalles, solo en inglés:) {found.entry.more}"


def _same(said: str, *names: str) -> bool:
    return said.casefold() in {name.casefold() for name in names}


def _citation(found: Found) -> Citation:
    source = found.entry.source
    return Citation(source=source.url, text=f"{source.title}; {source.read_on.isoformat()}")


def _alarm(
    asked: TutorInput, language: Language, found: Sequence[Found], unknown: Sequence[str]
) -> tuple[str, Citation] | None:
    """Return what to do first where someone writes of an emergency, and the rule that says so.

    Who only asks what a word means is told when to seek care by the entry itself.
    """
    from careflow.ai.tasks.symptom_analysis import SymptomInput, findings_of
    from careflow.knowledge.symptoms import flags_in

    flags = [one for one in flags_in(asked.term) if one.level == "emergency"]
    if not flags:
        return None
    is_told = _OF_ONESELF.search(asked.term) or unknown or not found
    if not is_told and not any(one.rule == "self-harm" for one in flags):
        return None
    told = findings_of(SymptomInput(text=asked.term, language=language))
    flag = told.red_flags[0]
    return told.advice, Citation(source=f"red flag: {flag.rule}", text=flag.phrase)
