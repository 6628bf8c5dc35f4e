"""Schedule and Slot as FHIR shows them: made from hours and what is taken, never stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import inf
from typing import Any, Final

import msgspec

from careflow.database.documents import Document, Page
from careflow.fhir.conditions import Condition, RangeWithin, TermIn
from careflow.fhir.search import SearchRequest, UnsupportedSearchError, parse_search
from careflow.identity.access import require_fhir
from careflow.records.address import UnknownPathError
from careflow.records.answer import Answer
from careflow.records.interactions import Asker
from careflow.records.offered import VIEWS_OFFERED
from careflow.records.owners import ReadOnlyTypeError
from careflow.records.pages import as_query, passed_over, search_page
from careflow.records.proposing import ResourceNotFoundError
from careflow.records.request import (
    FORM_TYPE,
    FhirRequest,
    Pairs,
    read_body,
    require_content_type,
    split_query,
)
from careflow.records.view import view_of_read, view_of_search
from careflow.scheduling.finding import Finder, Wanted
from careflow.scheduling.openings import Opening
from careflow.scheduling.plan import Calendar, Plan
from careflow.scheduling.visit import VISIT_TYPE
from careflow.scheduling.wall import instant_of

COUNT_DEFAULT: Final = 50
COUNT_MAX: Final = 200
FORM_LIMIT_BYTES: Final = 64 * 1024
_MINUTE_MS: Final = 60_000


@dataclass(frozen=True, slots=True)
class SlotViews:
    """Answers what is asked about Schedule and Slot, by the finder that everyone uses."""

    finder: Finder

    async def schedules(self, request: FhirRequest, asker: Asker, rest: tuple[str, ...]) -> Answer:
        """Answer one request below ``Schedule``."""
        if rest and rest[0] != "_search":
            return await self._schedule(request, asker, rest)
        wanted = await _search(request, asker, "Schedule", rest)
        actors = _values(wanted, "actor")
        _, calendars = await self._planned(asker)
        found = [
            _document("Schedule", one.practitioner, _schedule(one), self.finder)
            for one in calendars
            if actors is None or one.resource in actors
        ]
        return _page(request, wanted, found[: _count(wanted)])

    async def slots(self, request: FhirRequest, asker: Asker, rest: tuple[str, ...]) -> Answer:
        """Answer one request below ``Slot``."""
        wanted = await _search(request, asker, "Slot", rest)
        if (_values(wanted, "status") or {"free"}) != {"free"}:
            text = "Slots that are free are shown, and no others: ask for status=free."
            raise UnsupportedSearchError(text, parameter="status")
        plan, calendars = await self._planned(asker)
        schedules = _values(wanted, "schedule")
        theirs = tuple(
            one.practitioner
            for one in calendars
            if schedules is None or f"Schedule/{one.practitioner}" in schedules
        )
        kinds = _values(wanted, "service-type")
        begin, end = _within(wanted)
        found: list[Document] = []
        for type_ in plan.types if theirs else ():
            if kinds is not None and type_.id not in kinds:
                continue
            asked = Wanted(
                type_.id, practitioners=theirs, after=begin, before=end, count=_count(wanted)
            )
            for one in await self.finder.find(asked):
                body = _slot(one, type_.id, type_.name, plan)
                found.append(_document("Slot", body["id"], body, self.finder))
        return _page(request, wanted, sorted(found, key=_start))

    async def _schedule(self, request: FhirRequest, asker: Asker, rest: tuple[str, ...]) -> Answer:
        _require_reading(request, "Schedule")
        require_fhir(asker.actor, "Schedule", "read")
        view = view_of_read(request.pairs, "Schedule", lenient=request.prefer.lenient)
        _, calendars = await self._planned(asker)
        for one in calendars:
            if rest == (one.practitioner,):
                return Answer(200, view.of("Schedule", msgspec.json.encode(_schedule(one))))
        raise ResourceNotFoundError("Schedule")

    async def _planned(self, asker: Asker) -> tuple[Plan, list[Calendar]]:
        """Return the plan and the calendars; to another organisation there are none."""
        if asker.scope.organisation != self.finder.organisation:
            return Plan(), []
        return await self.finder.planned()


# --- what is asked -------------------------------------------------------------------------------


def _require_reading(request: FhirRequest, kind: str) -> None:
    if request.method != "GET":
        raise ReadOnlyTypeError(kind)


async def _search(
    request: FhirRequest, asker: Asker, kind: str, rest: tuple[str, ...]
) -> SearchRequest:
    """Return the search that is asked for, or refuse what is none or is not answered."""
    pairs: Pairs = request.pairs
    if rest == ("_search",) and request.method == "POST":
        require_content_type(request.headers, frozenset({FORM_TYPE}))
        form = await read_body(request, limit_bytes=FORM_LIMIT_BYTES)
        pairs = [*pairs, *split_query(form)]
    else:
        _require_reading(request, kind)
        if rest not in {(), ("_search",)}:
            raise UnknownPathError
    require_fhir(asker.actor, kind, "search")
    wanted = parse_search(kind, pairs, lenient=request.prefer.lenient)
    for name, is_asked in (
        ("_sort", wanted.sort),
        ("_include", wanted.includes),
        ("_revinclude", wanted.revincludes),
        ("_total", wanted.total in {"accurate", "estimate"}),
        ("_count", wanted.count == 0),
    ):
        if is_asked:
            text = f"{kind} is a view that is answered without this."
            raise UnsupportedSearchError(text, parameter=name)
    for condition in wanted.conditions:
        _require_offered(condition, kind)
    return wanted


def _require_offered(condition: Condition, kind: str) -> None:
    offered = VIEWS_OFFERED[kind].parameters
    match condition:
        case TermIn(name, _) if offered.get(name) in {"reference", "token"}:
            return
        case RangeWithin(name) if offered.get(name) == "date":
            return
    text = f"{kind} is searched by {', '.join(offered)}."
    raise UnsupportedSearchError(text, parameter=getattr(condition, "parameter", kind))


def _values(wanted: SearchRequest, name: str) -> set[str] | None:
    """Return the values asked of a parameter without their systems, ``None`` if it is not asked."""
    found: set[str] | None = None
    for one in wanted.conditions:
        if isinstance(one, TermIn) and one.parameter == name:
            values = {value.rpartition("|")[2] for value in one.values}
            found = values if found is None else found & values
    return found


def _within(wanted: SearchRequest) -> tuple[int, int | None]:
    """Return from and before which minute a slot begins."""
    least, most = -inf, inf
    for one in wanted.conditions:
        if isinstance(one, RangeWithin):
            least = max(least, *(v for v in (one.low_min, one.high_min) if v is not None), -inf)
            most = min(most, *(v for v in (one.low_max, one.high_max) if v is not None), inf)
    first = 0 if least == -inf else -int(-least // _MINUTE_MS)
    return max(0, first), None if most == inf else int(most // _MINUTE_MS) + 1


def _count(wanted: SearchRequest) -> int:
    return COUNT_DEFAULT if wanted.count is None else max(1, min(wanted.count, COUNT_MAX))


# --- what is answered ----------------------------------------------------------------------------


def _page(request: FhirRequest, wanted: SearchRequest, found: Sequence[Document]) -> Answer:
    content = search_page(
        Page(list(found)[: _count(wanted)]),
        base=request.base,
        address=f"{request.base}/{request.segments[0]}",
        asked=as_query(wanted.pairs),
        view=view_of_search(wanted),
        issues=[passed_over(wanted.ignored)] if wanted.ignored else [],
    )
    return Answer(200, content)


def _document(kind: str, id: str, body: dict[str, Any], finder: Finder) -> Document:
    return Document(kind, id, 1, finder.clock(), msgspec.json.encode(body), 0)


def _start(one: Document) -> str:
    start: str = msgspec.json.decode(one.body)["start"]
    return start


def _schedule(one: Calendar) -> dict[str, Any]:
    return {
        "resourceType": "Schedule",
        "id": one.practitioner,
        "active": True,
        "actor": [{"reference": one.resource, "display": one.name}],
    }


def _slot(one: Opening, type_: str, name: str, plan: Plan) -> dict[str, Any]:
    zone = plan.place(one.place).clock
    named = f"{one.begin} {type_} {one.place} {one.practitioner}"
    return {
        "resourceType": "Slot",
        "id": sha256(named.encode()).hexdigest()[:32],
        "serviceType": [{"coding": [{"system": VISIT_TYPE, "code": type_}], "text": name}],
        "schedule": {"reference": f"Schedule/{one.practitioner}"},
        "status": "free",
        "start": instant_of(one.begin, zone).isoformat(),
        "end": instant_of(one.end, zone).isoformat(),
    }
