"""Review of any task's draft: settled, corrected, signed off part by part, then signed or not.

One draft at a time, one part at a time: nothing here takes several. A draft about a patient exists
for those alone who may read that patient's chart.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

import msgspec

from careflow.ai.draft import (
    Accepted,
    Draft,
    DraftClosedError,
    accept,
    accepted_before,
)
from careflow.ai.drafts import KIND, OPEN, DraftNotFoundError, Drafts, StoredDraft
from careflow.ai.engine import Answer
from careflow.ai.review import StaleDraftError
from careflow.ai.task import Task
from careflow.ai.task_drafts.changing import (
    NotSettledError,
    corrected,
    in_form,
    settled,
    signed_off,
)
from careflow.ai.task_drafts.filing import document_of, provenance_of
from careflow.ai.task_drafts.looks import Looks
from careflow.ai.task_drafts.parts import left_of, parts_of
from careflow.ai.task_drafts.said import REPORTS, Reported, ReportKind
from careflow.ai.task_drafts.urgency import ORDER, urgency_of
from careflow.audit.entry import AuditEntry
from careflow.audit.trail import record
from careflow.clock import Clock
from careflow.database.documents import Append
from careflow.database.work import Work
from careflow.errors import BadInputError
from careflow.identity.access import scope_of
from careflow.identity.actor import Actor
from careflow.identity.permissions import require
from careflow.ids import Mint
from careflow.records.directory import Directory
from careflow.records.person import PatientLine
from careflow.records.store import Records

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that a reviewer did, of the version that was on screen.

    Attributes:
        output: The whole output as it is to stand, where it was changed.
        settled: Number of a finding that they have looked at.
        part: The part that they sign off.
    """

    version: int
    output: Json | None = None
    settled: int | None = None
    part: str | None = None


@dataclass(frozen=True, slots=True)
class UnderReview:
    """A draft, and what a reviewer must know beside it.

    Attributes:
        seconds: For how long each part was open, whoever looked.
    """

    stored: StoredDraft[Json]
    patient: PatientLine | None
    seconds: float = 0.0

    @property
    def draft(self) -> Draft[Json]:
        """Return the draft."""
        return self.stored.draft


@dataclass(frozen=True, slots=True)
class TaskReviews:
    """Drafts of all tasks but laboratory reports."""

    drafts: Drafts
    directory: Directory
    records: Records
    looks: Looks
    clock: Clock
    mint: Mint

    # --- reading ---------------------------------------------------------------------------

    async def listed(self, actor: Actor) -> list[UnderReview]:
        """Return the drafts that the actor may see: open ones first, the most urgent first."""
        stored = await self.drafts.of_tasks(None, scope_of(actor))
        ids = {one.draft.patient_id for one in stored if one.draft.patient_id}
        seen = await self.directory.lines(ids, scope_of(actor))
        found = [
            UnderReview(one, seen.get(one.draft.patient_id or ""))
            for one in stored
            if one.draft.patient_id is None or one.draft.patient_id in seen
        ]
        return sorted(found, key=_waiting)

    async def waiting(self, actor: Actor) -> int:
        """Return how many drafts wait for a person; a number tells nothing of anyone."""
        return await self.drafts.waiting(scope_of(actor))

    async def read(self, id: str, actor: Actor) -> UnderReview:
        """Return a draft, or raise DraftNotFoundError."""
        stored = await self.drafts.plain(id, scope_of(actor))
        draft = stored.draft
        patient = None
        if draft.patient_id is not None:
            lines = await self.directory.lines({draft.patient_id}, scope_of(actor))
            if not lines:
                raise DraftNotFoundError
            patient = lines[draft.patient_id]
        if draft.status not in OPEN:
            return UnderReview(stored, patient, draft.open_s)
        return UnderReview(stored, patient, await self._open_s(draft, actor))

    async def accepted(self, id: str, actor: Actor) -> Accepted[Json]:
        """Return what was signed, for a patient or another task; nothing else may go on.

        Raises:
            careflow.ai.draft.NotSignedError: Nobody has signed it.
        """
        return accepted_before((await self.read(id, actor)).draft, actor.organisation)

    # --- changing --------------------------------------------------------------------------

    def keep(
        self,
        work: Work,
        task: Task[Any],
        answer: Answer[Any],
        output: Json,
        *,
        patient: str | None,
        actor: Actor,
    ) -> Draft[Json]:
        """Stage a draft of an answer; it is no one's word yet."""
        draft: Draft[Json] = Draft(
            id=self.mint(),
            task=task.name,
            made_by=answer.made_by,
            created_at=self.clock(),
            output=output,
            inputs=tuple(dict.fromkeys(source.input for source in answer.sources)),
            sources=answer.sources,
            patient_id=patient,
            given=answer.given,
            findings=answer.findings,
            redacted=answer.redacted,
            left_out=answer.left_out,
            notice=answer.notice,
        )
        work.put(StoredDraft(draft, actor.organisation).put(draft))
        self._record(work, f"ai:{task.name}:draft", draft, actor)
        return draft

    async def change(self, work: Work, id: str, change: Change, actor: Actor) -> None:
        """Stage what a reviewer did; what the model said stays beside it.

        A part that is changed has to be signed off again; the others stay as they are.

        Raises:
            DraftClosedError: It was signed or rejected before.
            StaleDraftError: It is not the version that was on screen.
            NotSettledError: A part is signed off that holds a finding nobody has settled.
        """
        require(actor, "draft:edit")
        stored = await self._current(id, change.version, actor)
        changed = stored.draft
        if change.output is not None:
            changed = corrected(changed, in_form(changed.task, change.output), actor)
        if change.settled is not None:
            changed = settled(changed, change.settled)
        if change.part is not None:
            changed = signed_off(changed, change.part, actor, self.clock())
        status: Literal["draft", "reviewed"] = "draft" if left_of(changed) else "reviewed"
        work.put(stored.put(replace(changed, status=status)))
        self._record(work, "ai:draft:edit", changed, actor)

    async def sign(self, work: Work, id: str, *, version: int, actor: Actor) -> Accepted[Json]:
        """Stage that the actor signs one draft, and its document in the chart where it has one.

        Raises:
            NotSettledError: A finding is not settled, or a part not signed off.
        """
        stored = await self._current(id, version, actor)
        draft = replace(stored.draft, open_s=round(await self._open_s(stored.draft, actor)))
        accepted = accept(draft, by=actor, at=self.clock())
        left = left_of(draft)
        if left:
            raise NotSettledError(left)
        subjects = await self._file(work, accepted)
        work.put(stored.put(accepted.draft))
        self._record(work, "ai:draft:accept", draft, actor, subjects=subjects)
        return accepted

    async def reject(self, work: Work, id: str, *, version: int, reason: str, actor: Actor) -> None:
        """Stage that the draft is turned down; why is for its readers, not for the trail."""
        require(actor, "draft:sign")
        stored = await self._current(id, version, actor)
        rejected = replace(
            stored.draft,
            status="rejected",
            open_s=round(await self._open_s(stored.draft, actor)),
            reviewed_by=actor.id,
            reviewer_name=actor.name,
            reviewed_at=self.clock(),
            why_rejected=reason,
        )
        work.put(stored.put(rejected))
        self._record(work, "ai:draft:reject", rejected, actor, reason="turned down by hand")

    async def look(self, work: Work, id: str, part: str | None, actor: Actor) -> None:
        """Stage that the actor has a part of an open draft before them now, or none any more."""
        draft = (await self.read(id, actor)).draft
        if part is not None and part not in parts_of(draft.output):
            raise BadInputError("The draft has no such part: read it again.", place="part")
        if draft.status in OPEN:
            await self.looks.look(work, id, part, actor)

    async def report(
        self, work: Work, id: str, kind: ReportKind, text: str | None, actor: Actor
    ) -> None:
        """Stage what a person says of a draft, a laboratory report's too."""
        try:
            draft: Draft[Any] = (await self.read(id, actor)).draft
        except DraftNotFoundError:
            draft = (await self.drafts.read(id, scope_of(actor))).draft
        said = Reported(
            at=self.clock().isoformat(),
            draft=id,
            task=draft.task,
            kind=kind,
            by=actor.id,
            text=text,
        )
        work.append(Append(actor.organisation, REPORTS, msgspec.json.encode(said)))
        self._record(work, "ai:draft:report", draft, actor, reason=kind)

    # --- inside ----------------------------------------------------------------------------

    async def _open_s(self, draft: Draft[Json], actor: Actor) -> float:
        return sum((await self.looks.seconds(draft.id, actor.organisation)).values())

    async def _current(self, id: str, version: int, actor: Actor) -> StoredDraft[Json]:
        stored = (await self.read(id, actor)).stored
        if stored.draft.status not in OPEN:
            raise DraftClosedError
        if stored.version != version:
            raise StaleDraftError
        return stored

    async def _file(self, work: Work, accepted: Accepted[Json]) -> tuple[str, ...]:
        if accepted.draft.patient_id is None:
            return ()
        document = document_of(accepted, id=self.mint(), at=self.clock())
        if document is None:
            return ()
        provenance = provenance_of(accepted, document, id=self.mint(), at=self.clock())
        for one in (document, provenance):
            await self.records.create(work, one, actor=accepted.by, id=one["id"])
        return tuple(f"{one['resourceType']}/{one['id']}" for one in (document, provenance))

    def _record(
        self,
        work: Work,
        action: str,
        draft: Draft[Any],
        actor: Actor,
        *,
        subjects: tuple[str, ...] = (),
        reason: str | None = None,
    ) -> None:
        record(
            work,
            AuditEntry(
                at=self.clock(),
                action=action,
                organisation=actor.organisation,
                actor=actor.id,
                role=actor.role,
                patients=(draft.patient_id,) if draft.patient_id else (),
                subjects=(f"{KIND}/{draft.id}", *subjects),
                reason=reason,
            ),
        )


def _waiting(one: UnderReview) -> tuple[bool, int, float]:
    """Order open drafts by urgency and then by how long they wait; closed ones newest first."""
    at = one.draft.created_at.timestamp()
    if one.draft.status not in OPEN:
        return True, 0, -at
    return False, ORDER[urgency_of(one.draft.output)], at
