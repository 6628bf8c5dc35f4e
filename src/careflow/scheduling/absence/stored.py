"""A clinician's absence as a document, with what was done about each visit it strands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final, Literal

import msgspec

from careflow.database.documents import Documents, Entries, Put
from careflow.database.scope import organisation_scope
from careflow.database.work import Work
from careflow.errors import NotFoundError

ABSENCE: Final = "visit-absence"

How = Literal["colleague", "other-time", "choose", "telephone", "cancel"]
"""The same time with a colleague, another time, the patient chooses, a call, or no visit."""


class NoSuchAbsenceError(NotFoundError):
    """No such leave was entered."""

    code: ClassVar[str] = "scheduling-no-such-absence"

    def __init__(self) -> None:
        super().__init__("No such leave was entered.")


class Settlement(msgspec.Struct, frozen=True, kw_only=True):
    """What is done about one visit.

    Attributes:
        version: Of the visit, as it was seen.
        practitioner, begin: Whom and when it moves to, in minutes, where it moves.
        times: What a patient is asked to choose from, in minutes.
        taken_back: Whether the desk took it back: the visit waits for a call.
    """

    visit: str
    version: int
    how: How
    practitioner: str | None = None
    begin: int | None = None
    times: tuple[int, ...] = ()
    taken_back: bool = False


class Absence(msgspec.Struct, frozen=True, kw_only=True):
    """A time in which a clinician is away."""

    id: str
    practitioner: str
    begin: datetime
    end: datetime
    saved_at: datetime
    settled: tuple[Settlement, ...] = ()
    is_undone: bool = False


_decoder = msgspec.json.Decoder(Absence)


@dataclass(frozen=True, slots=True)
class AllAbsences:
    """One organisation's absences."""

    documents: Documents
    organisation: str

    async def read(self, id: str) -> tuple[Absence, int]:
        """Return an absence and its version, or raise :class:`NoSuchAbsenceError`."""
        found = await self.documents.read(ABSENCE, id, organisation_scope(self.organisation))
        if found is None or found.deleted:
            raise NoSuchAbsenceError
        return _decoder.decode(found.body), found.version

    def put(self, work: Work, absence: Absence, *, expected: int) -> None:
        """Stage an absence."""
        entries = Entries(terms=[("practitioner", absence.practitioner)])
        body = msgspec.json.encode(absence)
        work.put(Put(ABSENCE, absence.id, body, self.organisation, entries, expected=expected))
