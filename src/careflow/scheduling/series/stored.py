"""A series as a document: what was agreed, beside the visits that came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

import msgspec

from careflow.database.conditions import RangeWithin, TermIn
from careflow.database.documents import Document, Documents, Entries, Put, Query
from careflow.database.scope import organisation_scope
from careflow.database.work import Work
from careflow.errors import NotFoundError
from careflow.scheduling.visit import DECODER

SERIES: Final = "visit-series"
_VISITS_MAX: Final = 500


class NoSuchSeriesError(NotFoundError):
    """The visit belongs to no series."""

    code: ClassVar[str] = "scheduling-no-such-series"

    def __init__(self) -> None:
        super().__init__("This visit does not belong to a series.")


class Series(msgspec.Struct, frozen=True, kw_only=True):
    """A series.

    Attributes:
        wall: When the first visit was meant, by the place's clock, as ISO text.
        left_out: Dates that the rule has and the series does not, as ISO text.
    """

    id: str
    rule: str
    wall: str
    type: str
    place: str
    practitioner: str
    patient: str
    left_out: tuple[str, ...] = ()


_decoder = msgspec.json.Decoder(Series)


@dataclass(frozen=True, slots=True)
class AllSeries:
    """One organisation's series."""

    documents: Documents
    organisation: str

    async def read(self, id: str) -> tuple[Series, int]:
        """Return a series and its version, or raise :class:`NoSuchSeriesError`."""
        found = await self.documents.read(SERIES, id, organisation_scope(self.organisation))
        if found is None or found.deleted:
            raise NoSuchSeriesError
        return _decoder.decode(found.body), found.version

    async def of_visit(self, visit: str) -> tuple[Series, int]:
        """Return the series of a visit, by the visit's id."""
        scope = organisation_scope(self.organisation)
        found = await self.documents.read("Appointment", visit, scope)
        if found is None or found.deleted:
            raise NoSuchSeriesError
        return await self.read(str(DECODER.decode(found.body).noted().get("series", "-")))

    async def visits(self, series: Series, *, after: int) -> list[Document]:
        """Return the series' visits that begin after a minute and still stand, by time."""
        theirs = TermIn("patient", (f"Patient/{series.patient}",))
        later = RangeWithin("date", low_min=after * 60_000.0)
        query = Query("Appointment", (theirs, later), count=_VISITS_MAX)
        page = await self.documents.find(query, organisation_scope(self.organisation))
        found = []
        for document in page.documents:
            one = DECODER.decode(document.body)
            if one.noted().get("series") == series.id and one.has_time and one.start is not None:
                found.append((one.start, document))
        return [document for _, document in sorted(found, key=lambda pair: pair[0])]

    def put(self, work: Work, series: Series, *, expected: int) -> None:
        """Stage a series."""
        entries = Entries(terms=[("patient", series.patient)])
        body = msgspec.json.encode(series)
        work.put(
            Put(
                *(SERIES, series.id, body, self.organisation, entries),
                expected=expected,
                keep_history=False,
            )
        )
