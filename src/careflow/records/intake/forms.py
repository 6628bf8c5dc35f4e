"""The questions before a visit, as data, and the FHIR Questionnaire they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

Kind = Literal["text", "list", "phone"]
Target = Literal["allergy", "medicine", "problem", "phone", "none"]
"""What an answer becomes in the chart once somebody at the clinic has accepted it."""

_URL: Final = "urn:careflow:intake"


@dataclass(frozen=True, slots=True)
class Question:
    """One question, a page of its own on a telephone.

    Attributes:
        texts: By language; so is ``hints``.
        required: Whether it can be left out.
    """

    id: str
    kind: Kind
    target: Target
    texts: Mapping[str, str]
    hints: Mapping[str, str]
    required: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """The questions of a kind of visit."""

    id: str
    version: str
    title: str
    questions: tuple[Question, ...]

    @property
    def canonical(self) -> str:
        """Return how answers name it."""
        return f"{_URL}:{self.id}|{self.version}"

    def questionnaire(self) -> dict[str, Any]:
        """Return it as FHIR's Questionnaire."""
        return {
            "resourceType": "Questionnaire",
            "id": f"intake-{self.id}-{self.version}",
            "url": f"{_URL}:{self.id}",
            "version": self.version,
            "title": self.title,
            "status": "active",
            "subjectType": ["Patient"],
            "item": [
                {
                    "linkId": one.id,
                    "text": one.texts["en"],
                    "type": "string",
                    "required": one.required,
                    "repeats": one.kind == "list",
                }
                for one in self.questions
            ],
        }


_REASON: Final = Question(
    "reason",
    "text",
    "none",
    {
        "en": "What is the main thing you want help with?",
        "es": "¿Con qué necesita ayuda, sobre todo?",
    },
    {"en": "A few words are enough.", "es": "Basta con unas pocas palabras."},
    required=True,
)
_SINCE: Final = Question(
    "since",
    "text",
    "none",
    {"en": "How long have you had it?", "es": "¿Desde cuándo lo tiene?"},
    {"en": "For example: three days.", "es": "Por ejemplo: tres días."},
)
_ALLERGIES: Final = Question(
    "allergies",
    "list",
    "allergy",
    {"en": "Are you allergic to anything?", "es": "¿Tiene alguna alergia?"},
    {
        "en": "Medicines, foods or other things. One on each line.",
        "es": "Medicinas, alimentos u otras cosas. Una en cada línea.",
    },
)
_MEDICINES: Final = Question(
    "medicines",
    "list",
    "medicine",
    {"en": "Which medicines do you take?", "es": "¿Qué medicinas toma?"},
    {
        "en": "With the dose if you know it. One on each line.",
        "es": "Con la dosis, si la sabe. Una en cada línea.",
    },
)
_PROBLEMS: Final = Question(
    "problems",
    "list",
    "problem",
    {
        "en": "Do you have any long-term health problems?",
        "es": "¿Tiene algún problema de salud de larga duración?",
    },
    {
        "en": "For example asthma or diabetes. One on each line.",
        "es": "Por ejemplo, asma o diabetes. Uno en cada línea.",
    },
)
_PHONE: Final = Question(
    "phone",
    "phone",
    "phone",
    {
        "en": "Which number can we call about this visit?",
        "es": "¿A qué número podemos llamar sobre esta cita?",
    },
    {"en": "With the area code.", "es": "Con el prefijo."},
)

GENERAL: Final = Form(
    "general",
    "1",
    "Before your visit",
    (_REASON, _SINCE, _ALLERGIES, _MEDICINES, _PROBLEMS, _PHONE),
)
SHORT: Final = Form("short", "1", "Before your visit", (_REASON, _PHONE))
FORMS: Final[Mapping[str, Form]] = {one.id: one for one in (GENERAL, SHORT)}


def form_of(canonical: str) -> Form | None:
    """Return the form that answers name."""
    return next((one for one in FORMS.values() if one.canonical == canonical), None)
