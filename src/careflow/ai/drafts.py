"""Drafts as documents: theirs is a kind that no patient and no export ever sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

import msgspec

from careflow.ai.draft import Draft, Status
from careflow.ai.lab_report import LabReport
from careflow.database.conditions import Condition, Not, SortKey, TermIn
from careflow.database.documents import Document, Documents, Entries, Put, Query
from careflow.database.scope import AccessScope
from careflow.errors import NotFoundError

KIND = "draft"
_LISTED_MAX = 200
OPEN = ("draft", "reviewed")
_CLOSED = ("rejected", "signed")
LAB_REPORTS = "lab-results"
"""The one task whose drafts come from a paper and have rows."""

T = TypeVar("T")
Json = dict[str, Any]


class DraftNotFoundError(NotFoundError):
    """No such draft, or none that the asker may see."""

    code: ClassVar[str] = "ai-draft-not-found"

    def __init__(self) -> None:
        super().__init__("There is no such draft.")


@dataclass(frozen=True, slots=True)
class StoredDraft(Generic[T]):
    """A draft and the version that a change must expect."""

    draft: Draft[T]
    organisation: str
    version: int = 0

    def put(self, draft: Draft[T]) -> Put:
        """Return the change that stores this state of it; earlier states stay in the history."""
        terms = [("status", draft.status), ("task", draft.task)]
        if draft.document_id:
            terms.append(("document", draft.document_id))
        if draft.patient_id:
            terms.append(("patient", draft.patient_id))
        at = float(int(draft.created_at.timestamp() * 1000))
        return Put(
            KIND,
            draft.id,
            msgspec.json.encode(draft),
            self.organisation,
            entries=Entries(terms=terms, ranges=[("created", at, at, "")]),
            expected=self.version,
        )


_DECODER = msgspec.json.Decoder(Draft[LabReport])
_PLAIN: msgspec.json.Decoder[Draft[Json]] = msgspec.json.Decoder(Draft[Json])


@dataclass(frozen=True, slots=True)
class Drafts:
    """The drafts of one platform: those of laboratory reports, and those of every other task."""

    documents: Documents

    async def read(self, id: str, scope: AccessScope) -> StoredDraft[LabReport]:
        """Return a laboratory report's draft, or raise DraftNotFoundError."""
        document = await self._read(id, scope)
        if _task_of(document) != LAB_REPORTS:
            raise DraftNotFoundError
        return _stored(document, scope)

    async def plain(self, id: str, scope: AccessScope) -> StoredDraft[Json]:
        """Return another task's draft, its output as JSON, or raise DraftNotFoundError."""
        document = await self._read(id, scope)
        if _task_of(document) == LAB_REPORTS:
            raise DraftNotFoundError
        return StoredDraft(_PLAIN.decode(document.body), scope.organisation, document.version)

    async def listed(
        self, status: Status | None, scope: AccessScope
    ) -> list[StoredDraft[LabReport]]:
        """Return laboratory drafts of a state (or all, open ones first), newest first."""
        asked: tuple[tuple[str, ...], ...] = ((status,),) if status else (OPEN, _CLOSED)
        only = TermIn("task", (LAB_REPORTS,))
        found = [one for some in asked for one in await self._newest(some, only, scope)]
        return [_stored(document, scope) for document in found]

    async def of_tasks(self, status: Status | None, scope: AccessScope) -> list[StoredDraft[Json]]:
        """Return the drafts of every other task, open ones first, newest first."""
        asked: tuple[tuple[str, ...], ...] = ((status,),) if status else (OPEN, _CLOSED)
        others = Not(TermIn("task", (LAB_REPORTS,)))
        found = [one for some in asked for one in await self._newest(some, others, scope)]
        return [
            StoredDraft(_PLAIN.decode(one.body), scope.organisation, one.version) for one in found
        ]

    async def waiting(self, scope: AccessScope) -> int:
        """Return how many drafts of every other task are open."""
        others = Not(TermIn("task", (LAB_REPORTS,)))
        query = Query(KIND, (TermIn("status", OPEN), others), count=0, total=True)
        return (await self.documents.find(query, scope)).total or 0

    async def _read(self, id: str, scope: AccessScope) -> Document:
        document = await self.documents.read(KIND, id, scope)
        if document is None or document.deleted:
            raise DraftNotFoundError
        return document

    async def _newest(
        self, statuses: tuple[str, ...], of: Condition, scope: AccessScope
    ) -> list[Document]:
        newest = (SortKey("created", descending=True),)
        query = Query(KIND, (TermIn("status", statuses), of), sort=newest, count=_LISTED_MAX)
        return (await self.documents.find(query, scope)).documents


class _OfTask(msgspec.Struct):
    task: str


def _task_of(document: Document) -> str:
    return msgspec.json.decode(document.body, type=_OfTask).task


def _stored(document: Document, scope: AccessScope) -> StoredDraft[LabReport]:
    return StoredDraft(_DECODER.decode(document.body), scope.organisation, document.version)
