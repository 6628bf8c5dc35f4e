"""What a visitor agrees to, in words that carry a version, and the Consent that keeps it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from careflow.clock import instant_text
from careflow.scheduling.plan import VisitType
from careflow.scheduling.visitors.refusals import NotConsentedError

SYSTEM: Final = "urn:careflow:agreement"
_SCOPES: Final = "http://terminology.hl7.org/CodeSystem/consentscope"
_KINDS: Final = "http://loinc.org"


@dataclass(frozen=True, slots=True)
class Agreement:
    """A text that is agreed to.

    Attributes:
        version: Changes with every word; what was agreed to names it.
        texts: By language.
        modes: For which ways of meeting; empty for all.
    """

    id: str
    version: str
    texts: Mapping[str, str]
    scope: str
    modes: tuple[str, ...] = ()


AGREEMENTS: Final = (
    Agreement(
        "privacy",
        "2026-11-24",
        {
            "en": "The clinic keeps what I enter here to give me care and to write to me about"
            " this visit. Only the clinic's staff see it, and every look is recorded.",
            "es": "La clínica guarda lo que escribo aquí para atenderme y para escribirme sobre"
            " esta cita. Solo lo ve el personal de la clínica, y cada consulta queda registrada.",
        },
        "patient-privacy",
    ),
    Agreement(
        "video",
        "2026-11-24",
        {
            "en": "I agree to a visit by video. It is not recorded. If I need to be examined, I"
            " will be asked to come to the clinic.",
            "es": "Acepto una consulta por video. No se graba. Si hace falta examinarme, me pedirán"
            " que vaya a la clínica.",
        },
        "treatment",
        modes=("video",),
    ),
)


def agreements_for(type_: VisitType) -> tuple[Agreement, ...]:
    """Return what must be agreed to before a kind of visit."""
    return tuple(one for one in AGREEMENTS if not one.modes or type_.mode in one.modes)


def require_agreed(type_: VisitType, agreed: Mapping[str, str]) -> None:
    """Refuse where a text was not agreed to in its present words."""
    for one in agreements_for(type_):
        if agreed.get(one.id) != one.version:
            raise NotConsentedError


def consents_of(
    type_: VisitType, *, patient: str, at: datetime, language: str
) -> Iterable[dict[str, Any]]:
    """Yield a Consent for each text that was agreed to, with its version, words and time."""
    for one in agreements_for(type_):
        yield {
            "resourceType": "Consent",
            "status": "active",
            "scope": {"coding": [{"system": _SCOPES, "code": one.scope}]},
            "category": [
                {
                    "coding": [
                        {"system": _KINDS, "code": "59284-0"},
                        {"system": SYSTEM, "code": one.id},
                    ]
                }
            ],
            "patient": {"reference": f"Patient/{patient}"},
            "dateTime": instant_text(at),
            "policy": [{"uri": f"{SYSTEM}:{one.id}:{one.version}"}],
            "policyRule": {"text": one.texts.get(language, one.texts["en"])},
            "provision": {"type": "permit"},
        }
