"""Review of any task's draft: settled, corrected, signed off part by part, then signed or not.

One draft at a time: nothing here takes several. A draft about a patient exists for those alone who
may read that patient's chart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

import msgspec

from careflow.ai.asking import task_named
from careflow.ai.draft import Accepted, Draft, DraftClosedError, accept
from careflow.ai.drafts import KIND, OPEN, DraftNotFoundError, Drafts, StoredDraft
from careflow.ai.engine import Answer
from careflow.ai.review import StaleDraftError
from careflow.ai.task import Task, TaskOutput
from careflow.ai.task_drafts.filing import document_of, provenance_of
from careflow.audit.entry import AuditEntry
from careflow.audit.trail import record
from careflow.clock import Clock
from careflow.database.documents import Append
from careflow.database.work import Work
from careflow.errors import BadInputError, CareFlowError, ConflictError
from careflow.identity.access import scope_of
from careflow.identity.actor import Actor
from careflow.identity.permissions import require
from careflow.ids import Mint
from careflow.records.directory import Directory
from careflow.records.store import Records

Json = dict[str, Any]
REPORTS = "ai-report"
ReportKind = Literal["unsafe", "wrong", "useful"]
_OPEN_S_MAX = 8 * 60 * 60


class NotSettledError(ConflictError):
    """Something is left to settle or to sign off."""

    code: ClassVar[str] = "ai-not-settled"

    def __init__(self, what: str) -> None:
        super().__init__(f"This draft cannot be signed yet: {what}.")


class Reported(msgspec.Struct, frozen=True, kw_only=True):
    """What a person said of a draft.

    Attributes:
        at: ISO 8601.
        text: Their words: only those who answer for AI see them.
    """

    at: str
    draft: str
    task: str
    kind: ReportKind
    by: str
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What a reviewer did, of the version that was on screen.

    Attributes:
        output: The whole output as it is to stand, where it was changed.
        settled: Numbers of findings that they have looked at.
        sections: Parts that they sign off.
        open_s: Seconds for which they had it open.
    """

    version: int
    output: Json | None = None
    settled: Sequence[int] = ()
    sections: Sequence[str] = ()
    open_s: int = 0


@dataclass(frozen=True, slots=True)
class TaskReviews:
    """Drafts of all tasks but laboratory reports."""

    drafts: Drafts
    directory: Directory
    records: Records
    clock: Clock
    mint: Mint

    # --- reading ---------------------------------------------------------------------------

    async def listed(self, actor: Actor) -> list[StoredDraft[Json]]:
        """Return the drafts that the actor may see, open ones first."""
        stored = await self.drafts.of_tasks(None, scope_of(actor))
        ids = {one.draft.patient_id for one in stored if one.draft.patient_id}
        seen = await self.directory.lines(ids, scope_of(actor))
        return [
            one for one in stored if one.draft.patient_id is None or one.draft.patient_id in seen
        ]

    async def read(self, id: str, actor: Actor) -> StoredDraft[Json]:
        """Return a draft, or raise DraftNotFoundError."""
        stored = await self.drafts.plain(id, scope_of(actor))
        if stored.draft.patient_id is not None:
            lines = await self.directory.lines({stored.draft.patient_id}, scope_of(actor))
            if not lines:
                raise DraftNotFoundError
        return stored

    async def output_for(self, id: str, actor: Actor) -> Accepted[Json]:
        """Return what was signed, for a chart, a patient or another task; nothing else may go on.

        Raises:
            NotSettledError: Nobody has signed it.
        """
        stored = await self.read(id, actor)
        if stored.draft.status != "signed":
            raise NotSettledError("nobody has signed it")
        open_again = replace(stored.draft, status="reviewed")
        return accept(open_again, by=actor, at=stored.draft.reviewed_at or self.clock())

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
            findings=answer.findings,
            redacted=answer.redacted,
            left_out=answer.left_out,
        )
        work.put(StoredDraft(draft, actor.organisation).put(draft))
        self._record(work, f"ai:{task.name}:draft", draft, actor)
        return draft

    async def change(self, work: Work, id: str, change: Change, actor: Actor) -> None:
        """Stage what a reviewer did; what the model said stays beside it.

        Raises:
            DraftClosedError: It was signed or rejected before.
            StaleDraftError: It is not the version that was on screen.
        """
        require(actor, "draft:edit")
        stored = await self._current(id, change.version, actor)
        draft = stored.draft
        output = draft.output if change.output is None else _in_form(draft.task, change.output)
        is_changed = output != draft.output
        signed_off = {*change.sections} | ({*draft.sections} if not is_changed else set())
        changed = replace(
            draft,
            output=output,
            said=draft.said if draft.said is not None else (draft.output if is_changed else None),
            settled=tuple(sorted({*draft.settled, *_numbers(draft, change.settled)})),
            sections=tuple(name for name in sections_of(output) if name in signed_off),
            open_s=draft.open_s + min(max(change.open_s, 0), _OPEN_S_MAX),
        )
        status: Literal["draft", "reviewed"] = "draft" if left_of(changed) else "reviewed"
        work.put(stored.put(replace(changed, status=status)))
        self._record(work, "ai:draft:edit", draft, actor)

    async def sign(self, work: Work, id: str, *, version: int, actor: Actor) -> Accepted[Json]:
        """Stage that the actor signs one draft, and its document in the chart where it has one.

        Raises:
            NotSettledError: A finding is not settled, or a part not signed off.
        """
        stored = await self._current(id, version, actor)
        accepted = accept(stored.draft, by=actor, at=self.clock())
        left = left_of(stored.draft)
        if left:
            raise NotSettledError(left)
        subjects = await self._file(work, accepted)
        work.put(stored.put(accepted.draft))
        self._record(work, "ai:draft:accept", stored.draft, actor, subjects=subjects)
        return accepted

    async def reject(self, work: Work, id: str, *, version: int, actor: Actor) -> None:
        """Stage that the draft is turned down."""
        require(actor, "draft:sign")
        stored = await self._current(id, version, actor)
        rejected = replace(
            stored.draft,
            status="rejected",
            reviewed_by=actor.id,
            reviewer_name=actor.name,
            reviewed_at=self.clock(),
        )
        work.put(stored.put(rejected))
        self._record(work, "ai:draft:reject", stored.draft, actor)

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

    async def _current(self, id: str, version: int, actor: Actor) -> StoredDraft[Json]:
        stored = await self.read(id, actor)
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


def sections_of(output: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the parts of an output that are signed off one by one; none for one without."""
    sections = output.get("sections")
    return tuple(sections) if isinstance(sections, Mapping) else ()


def left_of(draft: Draft[Json]) -> str | None:
    """Return what is left to do before it may be signed, ``None`` if nothing is."""
    unsettled = len(draft.findings) - len(draft.settled)
    if unsettled:
        return f"{unsettled} finding{'s are' if unsettled > 1 else ' is'} not settled"
    missing = [name for name in sections_of(draft.output) if name not in draft.sections]
    return f"not signed off: {', '.join(missing)}" if missing else None


def _numbers(draft: Draft[Json], numbers: Sequence[int]) -> Sequence[int]:
    if any(not 0 <= number < len(draft.findings) for number in numbers):
        raise BadInputError("The draft has no such finding: read it again.", place="settled")
    return numbers


def _in_form(task: str, output: Json) -> Json:
    form = task_named(task).output
    if not issubclass(form, TaskOutput):
        raise BadInputError("The output of this task cannot be changed here.", place="output")
    try:
        plain: Json = msgspec.to_builtins(msgspec.convert(output, form, strict=False))
    except (msgspec.ValidationError, CareFlowError) as error:
        raise BadInputError(
            "The output does not have the form of this task.", place="output"
        ) from error
    return plain
