"""Opening a record outside one's care in an emergency: with a reason, for a time, to be reviewed.

It works at once and is never silent: who opened whose record, when and why stands in the trail, and
waits for an administrator's review.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar, Final

import msgspec

from careflow.audit.entry import AuditEntry
from careflow.audit.trail import record
from careflow.clock import Clock
from careflow.database.conditions import RangeWithin, SortKey, TermIn
from careflow.database.documents import Documents, Entries, Put, Query
from careflow.database.scope import organisation_scope
from careflow.database.work import Work
from careflow.errors import BadInputError, ConflictError, NotFoundError
from careflow.identity.actor import Actor
from careflow.identity.permissions import require
from careflow.ids import Mint

KIND: Final = "emergency-access"
LASTS: Final = timedelta(hours=4)
REASON_MIN: Final = 10
REASON_MAX: Final = 500
_LISTED_MAX = 200
_OPEN_MAX = 500


class EmergencyReasonError(BadInputError):
    """No reason that a reviewer could judge."""

    code: ClassVar[str] = "identity-emergency-reason"

    def __init__(self) -> None:
        super().__init__(
            f"Say in {REASON_MIN} to {REASON_MAX} characters why you must open this record now.",
            place="reason",
        )


class EmergencyNotNeededError(ConflictError):
    """The record is open to the asker already."""

    code: ClassVar[str] = "identity-emergency-not-needed"

    def __init__(self) -> None:
        super().__init__("This record is open to you already: no emergency access is needed.")


class EmergencyNotFoundError(NotFoundError):
    """No such patient, or no such emergency access."""

    code: ClassVar[str] = "identity-emergency-not-found"

    def __init__(self) -> None:
        super().__init__("There is no such patient or emergency access.")


@dataclass(frozen=True, slots=True)
class Emergency:
    """One record opened in an emergency.

    Attributes:
        ends_at: When it is closed again by itself.
        reviewed_by: The administrator's account who looked at it; ``None`` while it waits.
    """

    id: str
    organisation: str
    account_id: str
    name: str
    patient_id: str
    reason: str
    began_at: datetime
    ends_at: datetime
    reviewed_by: str | None = None
    reviewed_at: datetime | None = None
    note: str | None = None


class Emergencies:
    """Emergency access in one organisation."""

    def __init__(
        self, documents: Documents, *, organisation: str, clock: Clock, mint: Mint
    ) -> None:
        self.organisation = organisation
        self._documents = documents
        self._scope = organisation_scope(organisation)
        self._clock = clock
        self._mint = mint

    async def open(self, work: Work, actor: Actor, *, patient_id: str, reason: str) -> Emergency:
        """Stage that the actor sees a patient's record from now on, for :data:`LASTS`.

        Raises:
            careflow.identity.permissions.PermissionMissingError: The role opens no charts.
            EmergencyReasonError: The reason is too short or too long.
            EmergencyNotNeededError: The actor sees the record already.
            EmergencyNotFoundError: There is no such patient.
        """
        require(actor, "emergency:open")
        why = _tidy(reason)
        if actor.panel is None or patient_id in actor.panel:
            raise EmergencyNotNeededError
        patient = await self._documents.read("Patient", patient_id, self._scope)
        if patient is None or patient.deleted:
            raise EmergencyNotFoundError
        at = self._clock()
        emergency = Emergency(
            id=self._mint(),
            organisation=self.organisation,
            account_id=actor.id,
            name=actor.name,
            patient_id=patient_id,
            reason=why,
            began_at=at,
            ends_at=at + LASTS,
        )
        self._put(work, emergency, expected=0)
        self._note(work, "identity:emergency:open", emergency, actor, reason=why)
        return emergency

    async def open_to(self, account_id: str) -> frozenset[str]:
        """Return the patients whom an account sees now because of an emergency."""
        still = RangeWithin("ends", low_min=_ms(self._clock()) + 1)
        conditions = (TermIn("account", (account_id,)), still)
        page = await self._documents.find(Query(KIND, conditions, count=_OPEN_MAX), self._scope)
        return frozenset(_decoded(document.body).patient_id for document in page.documents)

    async def listed(self, actor: Actor, *, waiting: bool) -> list[Emergency]:
        """Return what waits for review, or what was reviewed, newest first."""
        require(actor, "emergency:review")
        state = TermIn("state", ("waiting" if waiting else "reviewed",))
        newest = (SortKey("ends", descending=True),)
        query = Query(KIND, (state,), sort=newest, count=_LISTED_MAX)
        page = await self._documents.find(query, self._scope)
        return [_decoded(document.body) for document in page.documents]

    async def review(self, work: Work, actor: Actor, id: str, *, note: str | None) -> Emergency:
        """Stage that an administrator has looked at it; doing so again changes nothing.

        Raises:
            EmergencyNotFoundError: There is no such emergency access.
        """
        require(actor, "emergency:review")
        document = await self._documents.read(KIND, id, self._scope)
        if document is None or document.deleted:
            raise EmergencyNotFoundError
        before = _decoded(document.body)
        if before.reviewed_by is not None:
            return before
        after = replace(
            before,
            reviewed_by=actor.id,
            reviewed_at=self._clock(),
            note=(note or "").strip() or None,
        )
        self._put(work, after, expected=document.version)
        self._note(work, "identity:emergency:review", after, actor, reason=after.note)
        return after

    def _put(self, work: Work, emergency: Emergency, *, expected: int) -> None:
        state = "waiting" if emergency.reviewed_by is None else "reviewed"
        ends = _ms(emergency.ends_at)
        work.put(
            Put(
                kind=KIND,
                id=emergency.id,
                body=msgspec.json.encode(emergency),
                organisation=self.organisation,
                entries=Entries(
                    terms=(("account", emergency.account_id), ("state", state)),
                    ranges=(("ends", ends, ends, ""),),
                ),
                expected=expected,
            )
        )

    def _note(
        self, work: Work, action: str, emergency: Emergency, by: Actor, *, reason: str | None
    ) -> None:
        record(
            work,
            AuditEntry(
                at=self._clock(),
                action=action,
                organisation=self.organisation,
                actor=by.id,
                role=by.role,
                patients=(emergency.patient_id,),
                subjects=(f"{KIND}/{emergency.id}",),
                reason=reason,
            ),
        )


def _tidy(reason: str) -> str:
    plain = " ".join(reason.split())
    if not REASON_MIN <= len(plain) <= REASON_MAX or not plain.isprintable():
        raise EmergencyReasonError
    return plain


def _decoded(body: bytes) -> Emergency:
    return msgspec.json.decode(body, type=Emergency)


def _ms(at: datetime) -> float:
    return float(int(at.timestamp() * 1000))
