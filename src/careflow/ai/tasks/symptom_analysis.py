"""``symptom-analysis``: how soon someone with these symptoms should be seen."""

from __future__ import annotations

from typing import Literal

import msgspec

from careflow.ai.draft import Maker
from careflow.ai.engine import Answer
from careflow.ai.task import AbstainedError, Given, Span, Task, TaskInput, TaskOutput, Words

Level = Literal["emergency", "urgent", "routine", "self-care"]


class SymptomInput(TaskInput, frozen=True, kw_only=True):
    """What a person says is wrong; vital signs by name (``heart_rate``, ``spo2``)."""

    text: Words
    age: float | None = None
    sex: str | None = None
    vitals: dict[str, float] = msgspec.field(default_factory=dict)
    language: str | None = None


class RedFlag(TaskOutput, frozen=True, kw_only=True):
    """Words that no one may overlook, and the rule that says so."""

    phrase: str
    span: Span
    rule: str


class SymptomAnalysis(TaskOutput, frozen=True, kw_only=True):
    """How soon, why, and what to ask next."""

    level: Level
    red_flags: tuple[RedFlag, ...] = ()
    advice: str
    questions: tuple[str, ...] = ()


SYMPTOM_ANALYSIS: Task[SymptomAnalysis] = Task(
    name="symptom-analysis",
    title="Say how soon symptoms should be seen",
    version="1",
    input=SymptomInput,
    output=SymptomAnalysis,
    audience="patient",
)

METHOD = Maker("local", "rules", "symptom-analysis/2")
_AGE_MAX = 125
_SIGNS_MAX = 20_000
"""Characters that are looked through; what someone says of themselves is shorter."""
_INFANT_YEARS = 0.25
"""A fever under three months of age is looked at at once."""

_ADVICE: dict[tuple[str, Level], str] = {
    ("en", "emergency"): (
        "This may be an emergency. Call your emergency number (911 in the US, 112 in Europe) now;"
        " do not drive yourself."
    ),
    ("en", "urgent"): "You should be seen today: call the clinic now, or go to urgent care.",
    ("en", "routine"): "Book a visit in the next days, and call at once if it becomes worse.",
    ("en", "self-care"): (
        "This can usually be looked after at home. Call the clinic if it lasts or becomes worse."
    ),
    ("es", "emergency"): (
        "Puede ser una emergencia. Llame ahora a su número de emergencias (911 en EE. UU., 112 en"
        " Europa); no conduzca."
    ),
    ("es", "urgent"): "Deben verle hoy: llame ahora a la clínica o vaya a urgencias.",
    ("es", "routine"): "Pida cita en los próximos días y llame enseguida si empeora.",
    ("es", "self-care"): ("Suele poder cuidarse en casa. Llame a la clínica si dura o empeora."),
}
_CRISIS = {
    "en": " You are not alone: in the US, call or text 988 now, and stay with someone.",
    "es": " No está solo: en EE. UU., llame o escriba al 988 ahora y quédese con alguien.",
}
_QUESTIONS = {
    "en": {
        "odd": "This value cannot be right, please measure again: {0}.",
        "sex": "You write of a pregnancy: is the sex in the record right?",
        "since": "Since when, and is it getting worse?",
    },
    "es": {
        "odd": "Este valor no puede ser correcto, mida otra vez: {0}.",
        "sex": "Escribe de un embarazo: ¿es correcto el sexo en la ficha?",
        "since": "¿Desde cuándo, y va a peor?",
    },
}


def triaged_by_rules(given: Given) -> Answer[SymptomAnalysis]:
    """Say how soon, by red flags and vital signs.

    Raises:
        AbstainedError: Nothing is written or too much, the age is nobody's, or nothing is known in
            a text of another language.
    """
    asked = given.asked
    if not isinstance(asked, SymptomInput) or not any(map(str.isalpha, asked.text)):
        raise AbstainedError("Nothing is said of what is wrong: describe it in a sentence.")
    if asked.age is not None and not 0 <= asked.age <= _AGE_MAX:
        raise AbstainedError("Nobody is of this age: give the age in years.")
    if len(asked.text) > _SIGNS_MAX:
        raise AbstainedError("This is too long to be looked through: say what is wrong in a page.")
    found = findings_of(asked, lets_unknown_wait=False)
    if not found.red_flags and not asked.vitals and not _is_read(asked.text):
        raise AbstainedError(
            "Only English and Spanish can be read here: call the clinic, and in an emergency your"
            " emergency number (911 in the US, 112 in Europe)."
        )
    return Answer(found, METHOD, usage={"flags": len(found.red_flags)})


def _is_read(text: str) -> bool:
    from careflow.knowledge.messages.language import is_read

    return is_read(text)


def findings_of(asked: SymptomInput, *, lets_unknown_wait: bool = True) -> SymptomAnalysis:
    """Return what the rules say of a text and vital signs.

    Args:
        asked: What a person says.
        lets_unknown_wait: Whether words in which nothing is known are routine: so where the text
            need not be about symptoms, or a model says more. Whoever asks how soon to be seen
            is not told to wait for not being understood.
    """
    # The rules are read with the first question, not with the server.
    from careflow.knowledge.symptoms import (
        flags_in,
        level_of,
        pressing_of,
        source_of,
        vitals_of,
    )

    flags = flags_in(asked.text[:_SIGNS_MAX], age=asked.age)
    vitals = vitals_of(asked.vitals, age=asked.age)
    words = {one.rule for one in flags}
    level: Level = level_of(flags)
    if lets_unknown_wait and level == "urgent":
        level = pressing_of(flags) or "routine"
    if vitals.level and level != "emergency":
        level = vitals.level
    if asked.age is not None and asked.age < _INFANT_YEARS and _has_fever(asked):
        level = "emergency"
    language = _language(asked)
    advice = _ADVICE[language, level]
    if words & {"self-harm", "mind"}:
        advice += _CRISIS[language]
    return SymptomAnalysis(
        level=level,
        red_flags=tuple(
            RedFlag(
                phrase=asked.text[one.start : one.end],
                span=(one.start, one.end),
                rule=f"{one.rule} ({source_of(one.rule)['title']})",
            )
            for one in flags
            if one.level in {"emergency", "urgent"} or (one.level == "soon" and level == "urgent")
        ),
        advice=advice,
        questions=tuple(_questions(asked, vitals.odd, language, level)),
    )


def _has_fever(asked: SymptomInput) -> bool:
    from careflow.knowledge.symptoms.flags import has_part

    hot = 38.0
    temperature = asked.vitals.get("temperature", asked.vitals.get("temp", 0.0))
    celsius = (temperature - 32) * 5 / 9 if temperature > 77 else temperature
    return celsius >= hot or has_part(asked.text, "fever")


def _questions(asked: SymptomInput, odd: tuple[str, ...], language: str, level: Level) -> list[str]:
    from careflow.knowledge.symptoms.flags import has_part

    texts = _QUESTIONS[language]
    found = [texts["odd"].format(", ".join(odd))] if odd else []
    if (asked.sex or "").lower()[:1] == "m" and has_part(asked.text, "pregnant"):
        found.append(texts["sex"])
    return found if level == "emergency" else [*found, texts["since"]]


def _language(asked: SymptomInput) -> str:
    if asked.language is not None:
        return "es" if asked.language.lower().startswith("es") else "en"
    spanish = {"me", "duele", "tengo", "el", "la", "de", "que", "mi", "y", "desde", "estoy", "un"}
    words = asked.text.lower().split()
    return "es" if sum(word in spanish for word in words) * 4 > len(words) else "en"
