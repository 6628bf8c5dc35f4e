"""``$everything``: a whole chart, page by page, within what the asker may see.

First what stands in the patient's compartment, then whoever and whatever it refers to outside of
it: practitioners, organisations, places, medicines. What the last pages refer to is found by
looking through the chart again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from careflow.database.documents import BadCursorError, Document, Page
from careflow.fhir.definitions import is_resource_type
from careflow.fhir.times import moment_of, span_of
from careflow.identity.access import may_fhir, require_fhir
from careflow.records.answer import Answer
from careflow.records.compartment import (
    BESIDE,
    CHART,
    Period,
    Place,
    Source,
    chart_sources,
    page_of_chart,
    referred_after,
    referred_to,
    whole_chart,
)
from careflow.records.interactions import Asker, Interactions
from careflow.records.pages import as_asked, search_page
from careflow.records.parameters import BadParameterError, Given, given_in
from careflow.records.request import FhirRequest
from careflow.records.store import Records

COUNT_DEFAULT: Final = 500
COUNT_MAX: Final = 1000
BODY_LIMIT_BYTES: Final = 64 * 1024

_IN_CHART: Final = re.compile(r"c(\d{1,3})\.(.*)", re.DOTALL)
_BESIDE: Final = re.compile(r"b(?:([A-Za-z]{1,64})/([A-Za-z0-9\-.]{1,64}))?")

Address = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What of the chart was asked for; ``beside`` is set once a page begins after the chart."""

    period: Period
    kinds: frozenset[str] | None
    count: int
    place: Place | None
    beside: Address | None


@dataclass(slots=True)
class _Found:
    """What goes on one page."""

    chart: list[Document]
    beside: list[Document]
    next: str | None = None


class Everything:
    """The operation, on one patient and on all of them."""

    def __init__(self, records: Records, one: Interactions) -> None:
        self._records = records
        self._one = one

    async def of_one(self, request: FhirRequest, asker: Asker, kind: str, id: str) -> Answer:
        """Answer a page of one patient's chart."""
        require_fhir(asker.actor, kind, "read")
        await self._records.read(kind, id, asker.scope)
        given = await given_in(request, limit_bytes=BODY_LIMIT_BYTES)
        asked = _understood(given)
        found = await self._of_patient(asker, id, asked)
        return await self._answer(request, asker, f"{kind}/{id}", given, found)

    async def of_all(self, request: FhirRequest, asker: Asker, kind: str) -> Answer:
        """Answer a page of all charts, and of all that stands beside them."""
        require_fhir(asker.actor, kind, "read")
        require_fhir(asker.actor, None, "search-system")
        given = await given_in(request, limit_bytes=BODY_LIMIT_BYTES)
        asked = _understood(given)
        kinds = _allowed(asker, (*CHART, *BESIDE), asked.kinds)
        found = await self._of_chart(asker, chart_sources(kinds, None, asked.period), asked)
        return await self._answer(request, asker, kind, given, found)

    async def _of_chart(self, asker: Asker, sources: Sequence[Source], asked: _Asked) -> _Found:
        place = asked.place or Place()
        if place.source > len(sources):
            raise BadCursorError
        chart, following = await page_of_chart(
            self._records.documents, asker.scope, sources, place=place, count=asked.count
        )
        return _Found(chart, [], _cursor_of(following) if following else None)

    async def _of_patient(self, asker: Asker, patient: str, asked: _Asked) -> _Found:
        found = _Found([], [])
        if asked.beside is None:
            kinds = _allowed(asker, CHART, asked.kinds)
            found = await self._of_chart(asker, chart_sources(kinds, patient, asked.period), asked)
        beside = _allowed(asker, BESIDE, asked.kinds)
        if found.next is None and beside:
            await self._add_beside(asker, patient, asked, beside, found)
        return found

    async def _add_beside(
        self, asker: Asker, patient: str, asked: _Asked, kinds: Sequence[str], found: _Found
    ) -> None:
        """Add what the chart refers to, as far as the page has room for it."""
        room = asked.count - len(found.chart)
        if room <= 0:
            found.next = "b"
            return
        whole = asked.beside is None and asked.place is None and asked.kinds is None
        if whole:
            addresses = referred_to(found.chart, kinds)
        else:
            addresses = await self._referred_to(asker, patient, asked.period, kinds)
        found.beside, last = await referred_after(
            self._records.documents,
            asker.scope,
            addresses,
            last=asked.beside or ("", ""),
            count=room,
            period=Period(since=asked.period.since),
        )
        if last is not None:
            found.next = f"b{last[0]}/{last[1]}"

    async def _referred_to(
        self, asker: Asker, patient: str, period: Period, kinds: Sequence[str]
    ) -> set[Address]:
        """Return what the chart refers to, looking through it a chunk at a time."""
        sources = chart_sources(_allowed(asker, CHART, None), patient, period)
        addresses: set[Address] = set()
        async for chunk in whole_chart(self._records.documents, asker.scope, sources):
            addresses |= referred_to(chunk, kinds)
        return addresses

    async def _answer(
        self, request: FhirRequest, asker: Asker, subject: str, given: Given, found: _Found
    ) -> Answer:
        documents = [*found.chart, *found.beside]
        await self._one.note(request, asker, "records:patient:everything", documents)
        asked, cursor = as_asked(given.pairs)
        return Answer(
            200,
            search_page(
                Page(found.chart, next=found.next),
                base=request.base,
                address=f"{request.base}/{subject}/$everything",
                asked=asked,
                cursor=cursor,
                beside=found.beside,
            ),
        )


def _allowed(asker: Asker, kinds: Sequence[str], wanted: frozenset[str] | None) -> list[str]:
    """Return the types that were asked for and that the asker may look for."""
    return [
        kind
        for kind in kinds
        if (wanted is None or kind in wanted) and may_fhir(asker.actor, kind, "search")
    ]


# --- parameters --------------------------------------------------------------------------------


def _understood(given: Given) -> _Asked:
    asked = given.taken("start", "end", "_since", "_type", "_count", "_cursor")
    period = Period(
        start=_end_of(asked, "start", 0), end=_end_of(asked, "end", 1), since=_since(asked)
    )
    place, beside = _place(asked.get("_cursor"))
    return _Asked(period, _kinds(asked.get("_type")), _count(asked.get("_count")), place, beside)


def _end_of(asked: dict[str, str], name: str, which: int) -> float | None:
    """Return the first or the last moment of a date."""
    if name not in asked:
        return None
    try:
        return span_of(asked[name])[which]
    except ValueError as error:
        raise BadParameterError(name) from error


def _since(asked: dict[str, str]) -> datetime | None:
    if "_since" not in asked:
        return None
    try:
        return moment_of(asked["_since"].replace(" ", "+"))  # a plus in a query reads as a space
    except ValueError as error:
        raise BadParameterError("_since") from error


def _kinds(text: str | None) -> frozenset[str] | None:
    if text is None:
        return None
    kinds = frozenset(text.split(","))
    if not all(map(is_resource_type, kinds)):
        raise BadParameterError("_type")
    return kinds


def _count(text: str | None) -> int:
    if text is None:
        return COUNT_DEFAULT
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) > 0):
        raise BadParameterError("_count")
    return min(int(text), COUNT_MAX)


# --- where a page begins -----------------------------------------------------------------------


def _cursor_of(place: Place) -> str:
    return f"c{place.source}.{place.cursor or ''}"


def _place(cursor: str | None) -> tuple[Place | None, Address | None]:
    """Return where in the chart a page begins, or after what beside it."""
    if cursor is None:
        return None, None
    if chart := _IN_CHART.fullmatch(cursor):
        return Place(int(chart[1]), chart[2] or None), None
    if beside := _BESIDE.fullmatch(cursor):
        return None, (beside[1] or "", beside[2] or "")
    raise BadCursorError
