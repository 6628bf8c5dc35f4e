"""Drafts as documents: theirs is a kind that no patient and no export ever sees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import msgspec

from careflow.ai.draft import Draft, Status
from careflow.ai.lab_report import LabReport
from careflow.database.documents import (
    Document,
    Documents,
    Entries,
    Put,
    Query,
    SortKey,
    TermIn,
)
from careflow.database.scope import AccessScope
from careflow.errors import NotFoundError

KIND = "draft"
_LISTED_MAX = 200
_CLOSED = ("rejected", "signed")


class DraftNotFoundError(NotFoundError):
    """No such draft, or none that the asker may see."""

    code: ClassVar[str] = "ai-draft-not-found"

    def __init__(self) -> None:
        super().__init__("There is no such draft.")


@dataclass(frozen=True, slots=True)
class StoredDraft:
    """A draft of a laboratory report and the version that a change must expect."""

    draft: Draft[LabReport]
    organisation: str
    version: int = 0

    def put(self, draft: Draft[LabReport]) -> Put:
        """Return the change that stores this state of it; earlier states stay in the history."""
        terms = [("status", draft.status), ("task", draft.task)]
        if draft.document_id:
            terms.append(("document", draft.document_id))
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


@dataclass(frozen=True, slots=True)
class Drafts:
    """The drafts of one platform."""

    documents: Documents

    async def read(self, id: str, scope: AccessScope) -> StoredDraft:
        """Return a draft, or raise DraftNotFoundError."""
        document = await self.documents.read(KIND, id, scope)
        if document is None or document.deleted:
            raise DraftNotFoundError
        return _stored(document, scope)

    async def listed(self, status: Status | None, scope: AccessScope) -> list[StoredDraft]:
        """Return drafts of a state (or all, open ones first), newest first."""
        asked: tuple[tuple[str, ...], ...] = ((status,),) if status else (("draft",), _CLOSED)
        return [draft for some in asked for draft in await self._newest(some, scope)]

    async def _newest(self, statuses: tuple[str, ...], scope: AccessScope) -> list[StoredDraft]:
        newest = (SortKey("created", descending=True),)
        query = Query(KIND, (TermIn("status", statuses),), sort=newest, count=_LISTED_MAX)
        page = await self.documents.find(query, scope)
        return [_stored(document, scope) for document in page.documents]


def _stored(document: Document, scope: AccessScope) -> StoredDraft:
    return StoredDraft(_DECODER.decode(document.body), scope.organisation, document.version)
