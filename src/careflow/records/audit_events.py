"""The trail as FHIR shows it: AuditEvent, made from its entries when someone asks, never stored.

Who may read the trail finds entries by patient, time and agent, and opens one by its id. Looking is
itself kept.
"""

from __future__ import annotations

from collections.abc import Awaitable
from datetime import UTC, datetime
from math import inf
from typing import Any, Final, Protocol

import msgspec

from careflow.audit.entry import AuditEntry
from careflow.audit.reading import AuditPage
from careflow.clock import Clock, instant_text
from careflow.database.documents import Document, Page
from careflow.fhir.conditions import Condition, RangeWithin, TermIn
from careflow.fhir.search import SearchRequest, UnsupportedSearchError, parse_search
from careflow.identity.access import require_fhir
from careflow.records.address import UnknownPathError, require_method
from careflow.records.answer import Answer
from careflow.records.interactions import Asker
from careflow.records.offered import VIEWS_OFFERED
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

KIND: Final = "AuditEvent"
PARAMETERS: Final = VIEWS_OFFERED[KIND].parameters
COUNT_DEFAULT: Final = 50
COUNT_MAX: Final = 200
FORM_LIMIT_BYTES: Final = 64 * 1024

_ACCOUNTS: Final = "urn:careflow:account"
_ACTS: Final = "urn:careflow:act"
_LETTERS: Final = {
    "create": "C",
    "update": "U",
    "patch": "U",
    "delete": "D",
    "read": "R",
    "vread": "R",
    "history": "R",
    "search": "R",
}
_OUTCOMES: Final = {"success": "0", "refused": "4", "failed": "8"}
_EMERGENCY: Final = {
    "coding": [
        {
            "system": "http://terminology.hl7.org/CodeSystem/v3-ActReason",
            "code": "BTG",
            "display": "break the glass",
        }
    ]
}


class WholeTrail(Protocol):
    """The trail, to keep a read and to be read."""

    @property
    def organisation(self) -> str:
        """Return whose trail it is."""
        ...

    def note(self, entry: AuditEntry) -> Awaitable[None]:
        """Keep the entry of a read; see :class:`careflow.audit.trail.Trail`."""
        ...

    async def entry(self, id: str) -> AuditEntry | None:
        """Return one entry, ``None`` if there is none."""
        ...

    async def entries(
        self,
        *,
        patient: str | None = None,
        actor: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        after: str | None = None,
        count: int = 50,
    ) -> AuditPage:
        """Return entries, newest first."""
        ...


class AuditEvents:
    """Answers what is asked about AuditEvent."""

    def __init__(self, trail: WholeTrail, *, clock: Clock) -> None:
        self._trail = trail
        self._clock = clock

    async def answer(self, request: FhirRequest, asker: Asker, rest: tuple[str, ...]) -> Answer:
        """Answer one request below ``AuditEvent``; nothing writes there."""
        match rest:
            case ():
                require_method(request, "GET")
                return await self._search(request, asker, request.pairs)
            case ("_search",):
                require_method(request, "GET", "POST")
                pairs = request.pairs
                if request.method == "POST":
                    require_content_type(request.headers, frozenset({FORM_TYPE}))
                    form = await read_body(request, limit_bytes=FORM_LIMIT_BYTES)
                    pairs = [*pairs, *split_query(form)]
                return await self._search(request, asker, pairs)
            case (id,):
                require_method(request, "GET")
                return await self._read(request, asker, id)
        raise UnknownPathError

    async def _read(self, request: FhirRequest, asker: Asker, id: str) -> Answer:
        require_fhir(asker.actor, KIND, "read")
        view = view_of_read(request.pairs, KIND, lenient=request.prefer.lenient)
        entry = await self._trail.entry(id)
        if entry is None:
            raise ResourceNotFoundError(KIND)
        await self._note(request, asker, entry.patients, (f"{KIND}/{id}",))
        return Answer(200, view.of(KIND, _event(entry, id)))

    async def _search(self, request: FhirRequest, asker: Asker, pairs: Pairs) -> Answer:
        require_fhir(asker.actor, KIND, "search")
        cursor = next((value for name, value in pairs if name == "_cursor"), None)
        own = [pair for pair in pairs if pair[0] != "_cursor"]
        wanted = parse_search(KIND, own, lenient=request.prefer.lenient)
        _require_offered(wanted)
        asked = _Asked()
        for condition in wanted.conditions:
            asked.take(condition)
        count = COUNT_DEFAULT if wanted.count is None else max(1, min(wanted.count, COUNT_MAX))
        found = await self._trail.entries(
            patient=asked.patient,
            actor=asked.agent,
            since=asked.since,
            until=asked.until,
            after=cursor,
            count=count,
        )
        patients = (asked.patient,) if asked.patient else ()
        await self._note(request, asker, patients, ())
        events = zip(found.entries, found.ids, strict=True)
        page = Page([_document(entry, id) for entry, id in events], next=found.next)
        content = search_page(
            page,
            base=request.base,
            address=f"{request.base}/{KIND}",
            asked=as_query(wanted.pairs),
            cursor=cursor,
            view=view_of_search(wanted),
            issues=[passed_over(wanted.ignored)] if wanted.ignored else [],
        )
        return Answer(200, content)

    async def _note(
        self,
        request: FhirRequest,
        asker: Asker,
        patients: tuple[str, ...],
        subjects: tuple[str, ...],
    ) -> None:
        await self._trail.note(
            AuditEntry(
                at=self._clock(),
                action="audit:trail:read",
                organisation=asker.actor.organisation,
                actor=asker.actor.id,
                role=asker.actor.role,
                patients=patients,
                subjects=subjects,
                request=request.id,
            )
        )


# --- what is asked -------------------------------------------------------------------------------


class _Asked:
    """What of the trail a search asks for; several conditions hold together."""

    def __init__(self) -> None:
        self.patient: str | None = None
        self.agent: str | None = None
        self._least, self._most = -inf, inf

    @property
    def since(self) -> datetime | None:
        return _instant(self._least)

    @property
    def until(self) -> datetime | None:
        return _instant(self._most)

    def take(self, condition: Condition) -> None:
        """Take up a condition, or say that the trail cannot be asked so."""
        match condition:
            case TermIn("patient", (value,)) if self.patient is None:
                self.patient = value.removeprefix("Patient/")
            case TermIn("agent" | "altid", values) if self.agent is None and _one_id(values):
                self.agent = _one_id(values)
            case RangeWithin("date"):
                lows = (condition.low_min, condition.high_min)
                highs = (condition.low_max, condition.high_max)
                self._least = max(self._least, *(low for low in lows if low is not None), -inf)
                self._most = min(self._most, *(high for high in highs if high is not None), inf)
            case _:
                text = f"The trail is searched once each by {', '.join(PARAMETERS)}."
                raise UnsupportedSearchError(text, parameter=getattr(condition, "parameter", KIND))


def _one_id(values: tuple[str, ...]) -> str | None:
    """Return the id that a reference (of whatever type it may be) or a token means."""
    ids = {value.rpartition("/")[2].rpartition("|")[2] for value in values}
    return ids.pop() if len(ids) == 1 else None


def _require_offered(wanted: SearchRequest) -> None:
    """Raise for what the trail, which is read from its newest entry on, does not answer."""
    for name, asked in (
        ("_sort", wanted.sort),
        ("_include", wanted.includes),
        ("_revinclude", wanted.revincludes),
        ("_total", wanted.total in {"accurate", "estimate"}),
        ("_count", wanted.count == 0),
    ):
        if asked:
            text = "The trail is answered newest first, without this."
            raise UnsupportedSearchError(text, parameter=name)


def _instant(milliseconds: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (OverflowError, ValueError):
        return None  # beyond any entry


# --- what is answered ----------------------------------------------------------------------------


def _document(entry: AuditEntry, id: str) -> Document:
    return Document(KIND, id, 1, entry.at, _event(entry, id), 0)


def _event(entry: AuditEntry, id: str) -> bytes:
    act = entry.action.rpartition(":")[2]
    event: dict[str, Any] = {
        "resourceType": KIND,
        "id": id,
        "meta": {"versionId": "1", "lastUpdated": instant_text(entry.at)},
        "type": {
            "system": "http://terminology.hl7.org/CodeSystem/audit-event-type",
            "code": "rest",
            "display": "RESTful Operation",
        },
        "subtype": [{"system": _ACTS, "code": entry.action}],
        "action": _LETTERS.get(act, "E"),
        "recorded": instant_text(entry.at),
        "outcome": _OUTCOMES[entry.outcome],
    }
    if entry.reason:
        event["outcomeDesc"] = entry.reason
    if entry.action == "identity:emergency:open":
        event["purposeOfEvent"] = [_EMERGENCY]
    event["agent"] = [
        {
            "role": [{"text": entry.role}],
            "who": {"identifier": {"system": _ACCOUNTS, "value": entry.actor}},
            "altId": entry.actor,
            "requestor": True,
        }
    ]
    event["source"] = {"observer": {"display": "CareFlowAI"}}
    entities = _entities(entry)
    if entities:
        event["entity"] = entities
    return msgspec.json.encode(event)


def _entities(entry: AuditEntry) -> list[dict[str, Any]]:
    patients = [{"what": {"reference": f"Patient/{id}"}} for id in entry.patients]
    named = {f"Patient/{id}" for id in entry.patients}
    # What is no FHIR resource (an account, a draft) is named in words.
    others = [
        {"what": {"reference": subject} if subject[:1].isupper() else {"display": subject}}
        for subject in entry.subjects
        if subject not in named
    ]
    return [*patients, *others]
