"""Giving a record up to another, and taking that back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec

from careflow.audit.entry import AuditEntry
from careflow.audit.trail import record
from careflow.clock import Clock
from careflow.database.conditions import AnyOf, Condition, TermIn
from careflow.database.documents import Document, Documents, Entries, Put
from careflow.database.scope import COMPARTMENT, AccessScope, organisation_scope
from careflow.database.work import Work
from careflow.fhir.definitions import patient_compartment, resource_types
from careflow.fhir.referring import is_canonical, may_refer_to, reference_parameters
from careflow.identity.access import scope_of
from careflow.identity.accounts import Accounts
from careflow.identity.actor import Actor
from careflow.ids import Mint
from careflow.records.compartment import Source, whole_chart
from careflow.records.directory import Directory
from careflow.records.elements import Json, decoded
from careflow.records.merging.moving import is_replaced, linked, referring, unlinked
from careflow.records.merging.refusals import (
    ChangedSinceMergeError,
    MergedAlreadyError,
    NoSuchMergeError,
    SamePatientError,
    StillOpenError,
    TooMuchToMergeError,
)
from careflow.records.owners import VIEWS
from careflow.records.person import PatientLine, line_of
from careflow.records.store import Records

KIND: Final = "patient-merge"
MOVED_MAX: Final = 5000
"""Resources that one commit moves."""
_KINDS: Final = tuple(sorted(resource_types() - VIEWS - {"Patient"}))

IsOpen = Callable[[str], Awaitable[bool]]
"""Whether something waits for a decision about a patient."""


class Moved(msgspec.Struct, frozen=True):
    """A resource that was moved: the version it had, and the one that moved it."""

    kind: str
    id: str
    before: int
    after: int


class Merge(msgspec.Struct, frozen=True, kw_only=True):
    """A merge as it is kept.

    Attributes:
        gone: The record that was given up.
        into: The record that took it over.
        accounts: Sign-ins that were led from the one to the other.
    """

    id: str
    gone: str
    into: str
    reason: str
    by: str
    at: datetime
    patient: Moved
    moved: tuple[Moved, ...]
    accounts: tuple[str, ...]
    is_undone: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """What a merge would do; ``moves`` counts resources by nothing but their number.

    Attributes:
        visits: How many of them are visits.
        accounts: How many sign-ins would open the other record.
        is_open: Whether something must be settled first.
    """

    gone: PatientLine
    into: PatientLine
    moves: int
    visits: int
    accounts: int
    is_open: bool


@dataclass(frozen=True, slots=True)
class Merging:
    """Merges records of one organisation; everything of a merge is one commit."""

    records: Records
    accounts: Accounts
    is_open: IsOpen
    organisation: str
    clock: Clock
    mint: Mint

    async def preview(self, gone: str, into: str, *, actor: Actor) -> Preview:
        """Return what a merge would do, or raise why it cannot be."""
        one, other = await self._pair(gone, into, actor)
        found = await self._chart(gone)
        kinds = Counter(document.kind for document in found)
        return Preview(
            line_of(one),
            line_of(other),
            moves=len(found),
            visits=kinds["Appointment"],
            accounts=len(await self._sign_ins(gone)),
            is_open=await self.is_open(gone),
        )

    async def merge(self, work: Work, gone: str, into: str, *, reason: str, actor: Actor) -> Merge:
        """Stage that one record goes into another.

        Every resource that refers to the one refers to the other, sign-ins open the other, and the
        two Patients are linked.

        Raises:
            SamePatientError: The two are one record.
            MergedAlreadyError: One of them was merged before.
            StillOpenError: Something waits for a decision about the one that goes.
            TooMuchToMergeError: It is too long for one commit.
        """
        one, other = await self._pair(gone, into, actor)
        if await self.is_open(gone):
            raise StillOpenError
        found = await self._chart(gone)
        for document in found:
            body = referring(decoded(document), gone, into)
            await self._update(work, document.kind, document.id, body, document.version, actor)
        goes = {**linked(one, "replaced-by", into), "active": False}
        version, stays = _version(one), _version(other)
        await self._update(work, "Patient", gone, goes, version, actor)
        await self._update(work, "Patient", into, linked(other, "replaces", gone), stays, actor)
        sign_ins = await self._sign_ins(gone)
        for account in sign_ins:
            await self.accounts.link_patient(work, account, into, by=actor)
        merge = Merge(
            id=self.mint(),
            gone=gone,
            into=into,
            reason=reason,
            by=actor.id,
            at=self.clock(),
            patient=Moved("Patient", gone, version, version + 1),
            moved=tuple(Moved(d.kind, d.id, d.version, d.version + 1) for d in found),
            accounts=tuple(sign_ins),
        )
        self._keep(work, merge, expected=0)
        self._note(work, "records:patient:merge", merge, actor, reason)
        return merge

    async def undo(self, work: Work, id: str, *, reason: str, actor: Actor) -> Merge:
        """Stage that both records are as they were; what came to the other since stays there.

        Raises:
            NoSuchMergeError: There is none, or it was undone.
            ChangedSinceMergeError: Something that was moved was changed since.
        """
        document = await self._documents.read(KIND, id, self._everything)
        merge = msgspec.json.decode(document.body, type=Merge) if document else None
        if document is None or merge is None or merge.is_undone:
            raise NoSuchMergeError
        for patient in (merge.gone, merge.into):
            await self._directory.patient(patient, scope_of(actor))
        await self._restore(work, (merge.patient, *merge.moved), actor)
        into = await self._directory.patient(merge.into, self._everything)
        await self._update(
            work, "Patient", merge.into, unlinked(into, merge.gone), _version(into), actor
        )
        for account in set(merge.accounts) & set(await self._sign_ins(merge.into)):
            await self.accounts.link_patient(work, account, merge.gone, by=actor)
        undone = msgspec.structs.replace(merge, is_undone=True)
        self._keep(work, undone, expected=document.version)
        self._note(work, "records:patient:part", merge, actor, reason)
        return undone

    async def _restore(self, work: Work, moved: tuple[Moved, ...], actor: Actor) -> None:
        changed: list[str] = []
        for one in moved:
            now = await self._documents.read(one.kind, one.id, self._everything)
            was = await self._documents.read(one.kind, one.id, self._everything, version=one.before)
            if now is None or was is None or now.deleted or now.version != one.after:
                changed.append(f"{one.kind}/{one.id}")
                continue
            body: dict[str, Any] = decoded(was)
            await self._update(work, one.kind, one.id, body, one.after, actor)
        if changed:
            raise ChangedSinceMergeError(changed)

    # --- inside ----------------------------------------------------------------------------

    async def _pair(self, gone: str, into: str, actor: Actor) -> tuple[Json, Json]:
        """Return both Patients whole, if the actor reaches both and neither was merged."""
        if gone == into:
            raise SamePatientError
        for patient in (gone, into):
            await self._directory.patient(patient, scope_of(actor))
        one = await self._directory.patient(gone, self._everything)
        other = await self._directory.patient(into, self._everything)
        if is_replaced(one) or is_replaced(other):
            raise MergedAlreadyError
        return one, other

    async def _chart(self, patient: str) -> list[Document]:
        sources = [Source(kind, (AnyOf(ways),)) for kind, ways in _naming(patient)]
        found: list[Document] = []
        async for chunk in whole_chart(self._documents, self._everything, sources):
            found += chunk
            if len(found) > MOVED_MAX:
                raise TooMuchToMergeError
        return found

    async def _sign_ins(self, patient: str) -> list[str]:
        return [one.id for one in await self.accounts.listed() if one.patient_id == patient]

    async def _update(
        self,
        work: Work,
        kind: str,
        id: str,
        body: Mapping[str, Any],
        version: int,
        actor: Actor,
    ) -> None:
        content = {**body, "resourceType": kind, "id": id}
        await self.records.update(
            work, content, actor=actor, id=id, expected=version, scope=self._everything
        )

    def _keep(self, work: Work, merge: Merge, *, expected: int) -> None:
        terms = [("patient", merge.gone), ("patient", merge.into)]
        work.put(
            Put(
                KIND,
                merge.id,
                msgspec.json.encode(merge),
                self.organisation,
                entries=Entries(terms=terms),
                expected=expected,
            )
        )

    def _note(self, work: Work, action: str, merge: Merge, actor: Actor, reason: str) -> None:
        record(
            work,
            AuditEntry(
                at=self.clock(),
                action=action,
                organisation=actor.organisation,
                actor=actor.id,
                role=actor.role,
                patients=(merge.gone, merge.into),
                subjects=(f"{KIND}/{merge.id}",),
                reason=reason,
            ),
        )

    @property
    def _documents(self) -> Documents:
        return self.records.documents

    @property
    def _directory(self) -> Directory:
        return Directory(self._documents)

    @property
    def _everything(self) -> AccessScope:
        return organisation_scope(self.organisation)


def _naming(patient: str) -> Iterator[tuple[str, tuple[Condition, ...]]]:
    """Yield the types that may name a patient, each with how: not all stand in the compartment."""
    for kind in _KINDS:
        ways: list[Condition] = []
        if patient_compartment(kind):
            ways.append(TermIn(COMPARTMENT, (patient,)))
        for code, parameter in reference_parameters(kind).items():
            if may_refer_to(parameter, "Patient") and not is_canonical(parameter):
                ways.append(TermIn(code, (f"Patient/{patient}",)))
        if ways:
            yield kind, tuple(ways)


def _version(patient: Json) -> int:
    return int(patient["meta"]["versionId"])
