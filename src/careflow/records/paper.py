"""A document of the inbox as it is stored, and what its states allow.

It is ours, not a FHIR resource: nothing of it is part of a chart until someone has signed what was
read from it.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar, Literal

import msgspec

from careflow.database.documents import Document, Entries, Put
from careflow.errors import ConflictError, NotFoundError, UnprocessableError
from careflow.records.matching import NOTHING_READ, ReadIdentity

KIND = "inbox-document"
OPEN = frozenset({"reading", "to-match", "to-review", "unreadable"})
CLOSED = frozenset({"filed", "rejected"})
WAITING = ("to-match", "to-review")
"""States in which a person has to do something."""

InboxStatus = Literal["reading", "to-match", "to-review", "filed", "rejected", "unreadable"]


class DocumentNotFoundError(NotFoundError):
    """No such document in the inbox, or none that the asker may see."""

    code: ClassVar[str] = "records-document-not-found"

    def __init__(self) -> None:
        super().__init__("There is no such document in the inbox.")


class PageNotFoundError(NotFoundError):
    """The document has no such page."""

    code: ClassVar[str] = "records-page-not-found"

    def __init__(self) -> None:
        super().__init__("The document has no such page.")


class DocumentClosedError(ConflictError):
    """The document was filed or set aside before."""

    code: ClassVar[str] = "records-document-closed"

    def __init__(self) -> None:
        super().__init__("This document has already been filed or set aside.")


class DocumentUnmatchedError(UnprocessableError):
    """Nobody has said yet whose document it is."""

    code: ClassVar[str] = "records-document-unmatched"

    def __init__(self) -> None:
        super().__init__("Match the document to a patient first.")


class DocumentHasDraftError(ConflictError):
    """It is being read, or results were read from it."""

    code: ClassVar[str] = "records-document-has-draft"

    def __init__(self) -> None:
        super().__init__("This document is being read or has results to review: file those.")


@dataclass(frozen=True, slots=True)
class Paper:
    """A document of the inbox as stored.

    Attributes:
        version: Of the stored document; a change expects it.
        received_by: Name of who sent it, for people; ``sender`` is the account.
        rotations: By how many degrees each page has to be turned to stand upright; one a page.
        read: Who the pages say it is about.
    """

    id: str
    organisation: str
    filename: str
    file_key: str
    digest: str
    media_type: str
    size: int
    received_at: datetime
    received_by: str
    sender: str
    status: InboxStatus
    patient_id: str | None = None
    rotations: tuple[int, ...] = ()
    draft_id: str | None = None
    job_id: str | None = None
    duplicate_of: str | None = None
    note: str | None = None
    read: ReadIdentity = NOTHING_READ
    critical: bool = False
    must_check: int = 0
    version: int = 0

    def put(self) -> Put:
        """Return the change that stores this state over the version it came from."""
        terms = [("status", self.status), ("file", self.file_key)]
        if self.patient_id:
            terms.append(("patient", self.patient_id))
        at = float(int(self.received_at.timestamp() * 1000))
        return Put(
            KIND,
            self.id,
            msgspec.json.encode(self),
            self.organisation,
            entries=Entries(terms=terms, ranges=[("received", at, at, "")]),
            expected=self.version,
        )

    def require_open(self) -> None:
        """Return unless it was filed or set aside."""
        if self.status in CLOSED:
            raise DocumentClosedError

    def fileable_by_hand(self) -> str:
        """Return the patient whose chart it may go into as it is, or raise why it may not."""
        self.require_open()
        if self.status != "unreadable":
            raise DocumentHasDraftError
        if not self.patient_id:
            raise DocumentUnmatchedError
        return self.patient_id

    @property
    def pages(self) -> int | None:
        """Return how many pages it has, once that is known."""
        return len(self.rotations) or None

    @property
    def awaiting(self) -> InboxStatus:
        """Return what it waits for now that it was read: a patient, or a reviewer."""
        return "to-review" if self.patient_id else "to-match"


def plain_name(sent: str) -> str:
    """Return the name of a file as people may read it: no folders, nothing that does not print.

    Control characters could break a terminal, and signs that turn the direction of writing make
    one ending look like another.
    """
    last = sent.replace("\\", "/").rsplit("/", 1)[-1]
    printed = "".join(sign for sign in last if not unicodedata.category(sign).startswith("C"))
    return printed.strip() if printed.strip(" .") else "document"


_DECODER = msgspec.json.Decoder(Paper)


def paper_of(document: Document) -> Paper:
    """Read a stored document of the inbox."""
    return replace(_DECODER.decode(document.body), version=document.version)
