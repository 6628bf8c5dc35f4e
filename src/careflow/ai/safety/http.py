"""The address at which a chart is looked at by tables and rules."""

# Annotations are evaluated here on purpose: FastAPI reads dependencies from a router's closure.

from collections.abc import Awaitable, Callable
from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from careflow.ai.desk import Desk
from careflow.ai.safety.checking import Complaint, Safety, SafetyChecks, SignsJudged
from careflow.ai.tasks.drug_interactions import Severity
from careflow.identity.access import scope_of
from careflow.identity.actor import Actor
from careflow.identity.permissions import require

Who = Callable[..., Awaitable[Actor]]


class InteractionView(BaseModel):
    """Two medicines of the chart that should not meet, or only with care."""

    a: str
    b: str
    severity: Severity
    mechanism: str
    management: str
    source: str


class AllergyAlertView(BaseModel):
    """A medicine of the chart that the patient may react to."""

    medication: str
    allergy: str
    reason: str
    source: str


class FlaggedView(BaseModel):
    """Words that no one may overlook, where they stand, and the rule that says so."""

    phrase: str
    start: int
    end: int
    rule: str


class ComplaintView(BaseModel):
    """What the patient wrote of why they come, and the red flags in it."""

    words: str
    source: str
    level: Literal["emergency", "urgent", "routine", "self-care"]
    red_flags: list[FlaggedView]


class SafetyView(BaseModel):
    """What tables and rules say of a chart; ``unknown`` names medicines that no table knows."""

    checked_at: str
    medicines: list[str]
    interactions: list[InteractionView]
    allergy_alerts: list[AllergyAlertView]
    unknown: list[str]
    has_allergies_recorded: bool
    complaint: ComplaintView | None
    signs: SignsJudged | None


def router(desk: Desk, checks: SafetyChecks, *, who: Who) -> APIRouter:
    """Return the address under ``/api/patients``."""
    api = APIRouter(prefix="/api", tags=["ai"])
    Asker = Annotated[Actor, Depends(who)]  # noqa: N806 - a type

    @api.get("/patients/{patient_id}/safety")
    async def safety(patient_id: str, actor: Asker) -> SafetyView:
        """Check a chart's medicines, allergies, complaint and vital signs by tables and rules."""
        require(actor, "chart:read")
        found = await checks.of(patient_id, scope_of(actor))
        await desk.noted("records:chart:read", actor, patients=[patient_id])
        return _view(found)

    return api


def _view(found: Safety) -> SafetyView:
    drugs = found.drugs
    return SafetyView(
        checked_at=found.checked_at,
        medicines=list(found.medicines),
        interactions=[
            InteractionView(
                a=one.a,
                b=one.b,
                severity=one.severity,
                mechanism=one.mechanism,
                management=one.management,
                source=one.source,
            )
            for one in (drugs.interactions if drugs else ())
        ],
        allergy_alerts=[
            AllergyAlertView(
                medication=one.medication,
                allergy=one.allergy,
                reason=one.reason,
                source=one.source,
            )
            for one in (drugs.allergy_alerts if drugs else ())
        ],
        unknown=list(drugs.unknown) if drugs else [],
        has_allergies_recorded=found.has_allergies_recorded,
        complaint=_complaint(found.complaint),
        signs=found.signs,
    )


def _complaint(found: Complaint | None) -> ComplaintView | None:
    if found is None:
        return None
    flags = [
        FlaggedView(phrase=one.phrase, start=one.span[0], end=one.span[1], rule=one.rule)
        for one in found.red_flags
    ]
    return ComplaintView(words=found.words, source=found.source, level=found.level, red_flags=flags)
