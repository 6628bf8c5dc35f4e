"""How soon a patient's message must be read: rules for red flags first, then its class.

Rules are asked of every message, whatever is switched off and whoever can sort. The class is told
by the method of this machine alone: a message about a crisis does not wait for a model elsewhere,
and does not leave.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

import msgspec

from careflow.ai.answers import outcome_of
from careflow.ai.gateway import Gateway
from careflow.ai.task import Given
from careflow.ai.tasks.labelling import TEXT_CLASSIFICATION, ClassificationInput
from careflow.ai.tasks.symptom_analysis import SymptomInput, findings_of

MessageClass = Literal[
    "urgent-symptom",
    "symptom",
    "refill",
    "results",
    "appointment",
    "billing",
    "administrative",
    "thanks",
    "other",
    "unsorted",
]
Urgency = Literal["now", "soon", "today", "usual"]
ORDER: Final[tuple[Urgency, ...]] = ("now", "soon", "today", "usual")

URGENCY_OF: Final[Mapping[MessageClass, Urgency]] = {
    "urgent-symptom": "now",
    # What nobody could sort may be anything.
    "unsorted": "soon",
    "symptom": "today",
    "results": "usual",
    "refill": "usual",
    "appointment": "usual",
    "billing": "usual",
    "administrative": "usual",
    "other": "usual",
    "thanks": "usual",
}


class Lift(msgspec.Struct, frozen=True, omit_defaults=True):
    """Words that no one may overlook, and the rule that says so."""

    phrase: str
    rule: str


@dataclass(frozen=True, slots=True)
class Sorted:
    """Where a message stands among others, and why.

    Attributes:
        lifts: The red flags that made it more urgent than its class is.
        reason: Why there is no class, where there is none.
        chance: Of the class, as the method counts it.
    """

    klass: MessageClass
    urgency: Urgency
    lifts: tuple[Lift, ...] = ()
    method: str | None = None
    chance: float | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Sorter:
    """Sorts messages of one clinic."""

    gateway: Gateway

    async def sorted(self, text: str, *, organisation: str, actor: str, patient: str) -> Sorted:
        """Return where a message stands; nothing stops it from being kept."""
        found = findings_of(SymptomInput(text=text))
        by_class = await self._by_class(text, organisation, actor, patient)
        level: Urgency = {"emergency": "now", "urgent": "soon"}.get(found.level, "usual")  # type: ignore[assignment]
        lifts = tuple(Lift(one.phrase, one.rule) for one in found.red_flags)
        urgency = min(by_class.urgency, level, key=ORDER.index)
        return replace(by_class, urgency=urgency, lifts=lifts)

    async def _by_class(self, text: str, organisation: str, actor: str, patient: str) -> Sorted:
        here = replace(
            self.gateway, engines=[one for one in self.gateway.engines if one.name == "local"]
        )
        task = TEXT_CLASSIFICATION
        call = await here.call(task, organisation=organisation, actor=actor, patient=patient)
        given = Given(text=text, asked=ClassificationInput(text=text))
        outcome = await outcome_of(here, task, given, call)
        if outcome.output is None:
            return Sorted("unsorted", URGENCY_OF["unsorted"], reason=outcome.reason)
        klass: MessageClass = outcome.output["label"]
        if klass not in URGENCY_OF:
            return Sorted("unsorted", URGENCY_OF["unsorted"], reason="Its class is none of ours.")
        return Sorted(
            klass,
            URGENCY_OF[klass],
            method=f"{outcome.engine}/{outcome.model}",
            chance=outcome.output["scores"].get(klass),
        )
