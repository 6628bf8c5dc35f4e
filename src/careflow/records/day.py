"""The visits of one day at the clinic's own time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from careflow.clock import Clock
from careflow.database.conditions import IdIn, RangeWithin, SortKey, TermIn
from careflow.database.documents import Documents, Query
from careflow.database.scope import AccessScope, organisation_scope
from careflow.errors import BadInputError
from careflow.records.directory import Directory
from careflow.records.elements import (
    Json,
    at_zone,
    decoded,
    display_of,
    first_text,
    instant_of,
    reference_id,
    utc_ms,
)
from careflow.records.person import PatientLine, chosen_name
from careflow.records.stages import noted_in, stage_noted, stages_alone

VisitStatus = Literal["booked", "arrived", "in-room", "done", "signed", "no-show", "cancelled"]
_VISITS_MAX = 500
_SEEN = ("done", "signed")


@dataclass(frozen=True, slots=True)
class VisitPatient:
    """Who comes."""

    id: str
    family: str
    given: str
    prefix: str | None


@dataclass(frozen=True, slots=True)
class VisitPractitioner:
    """Whom they see."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit of the day; instants carry their offset.

    Attributes:
        version: What a change of it must expect.
        stage: How far it is, finer than the status; ``since`` is when that began.
    """

    id: str
    version: int
    start: str
    end: str
    status: VisitStatus
    status_text: str
    reason: str | None
    patient: VisitPatient
    practitioner: VisitPractitioner | None
    place: str | None
    stage: str
    since: str | None
    kind: str | None
    squeezed: bool


@dataclass(frozen=True, slots=True)
class Day:
    """A day's visits in time order; ``seen`` of ``total`` are done.

    Cancelled visits and no-shows stand in the list and count in neither.
    """

    date: str
    zone: str
    now: str
    seen: int
    total: int
    visits: list[Visit]


@dataclass(frozen=True, slots=True)
class Days:
    """The clinic's days; ``zone`` is the place's own."""

    documents: Documents
    directory: Directory
    clock: Clock
    zone: ZoneInfo

    async def on(self, day: date | None, *, practitioner_id: str | None, scope: AccessScope) -> Day:
        """Return the visits of a day (today for ``None``), of one practitioner or of all."""
        now = self.clock()
        day = day or now.astimezone(self.zone).date()
        appointments = await self._appointments(day, practitioner_id, scope)
        around = await self._around(appointments, scope)
        visits = [
            visit
            for one in appointments
            if (visit := visit_of(one, around, now=now, zone=self.zone))
        ]
        visits.sort(key=lambda visit: datetime.fromisoformat(visit.start))
        expected = [one for one in visits if one.status not in {"cancelled", "no-show"}]
        return Day(
            date=day.isoformat(),
            zone=self.zone.key,
            now=at_zone(now, self.zone),
            seen=sum(visit.status in _SEEN for visit in expected),
            total=len(expected),
            visits=visits,
        )

    async def _appointments(
        self, day: date, practitioner_id: str | None, scope: AccessScope
    ) -> list[Json]:
        begin, end = bounds(day, self.zone)
        within = RangeWithin("date", low_min=utc_ms(begin), low_max=utc_ms(end) - 1)
        theirs = TermIn("practitioner", (f"Practitioner/{practitioner_id}",))
        asked = (within, theirs) if practitioner_id else (within,)
        query = Query("Appointment", asked, sort=(SortKey("date"),), count=_VISITS_MAX)
        page = await self.documents.find(query, scope)
        found = [decoded(document) for document in page.documents]
        return await self._with_stages(found, query, scope) if scope.fields else found

    async def _with_stages(
        self, appointments: list[Json], query: Query, scope: AccessScope
    ) -> list[Json]:
        """Return visits with how far they are, to whoever is not shown all of an Appointment.

        The desk moves visits on and must see where they stand: of what scheduling noted it is shown
        the stage, since when, the room and whether it was squeezed in, and no reason.
        """
        page = await self.documents.find(query, organisation_scope(scope.organisation))
        noted = {one.id: stages_alone(decoded(one)) for one in page.documents}
        return [{**one, "extension": noted.get(one["id"], [])} for one in appointments]

    async def _around(self, appointments: Sequence[Json], scope: AccessScope) -> Around:
        """Fetch whom and what the visits refer to, as far as the asker may see it."""
        patients = {id for one in appointments if (id := participant(one, "Patient"))}
        doctors = {id for one in appointments if (id := participant(one, "Practitioner"))}
        places = {id for one in appointments if (id := participant(one, "Location"))}
        encounters = await self._encounters(appointments, scope)
        return Around(
            patients=await self.directory.lines(patients, scope),
            practitioners=await self._named("Practitioner", doctors, scope),
            places=await self._named("Location", places, scope),
            encounters=encounters,
            signed=await self._signed(encounters, scope),
        )

    async def _encounters(
        self, appointments: Sequence[Json], scope: AccessScope
    ) -> dict[str, Json]:
        if not appointments:
            return {}
        references = tuple(f"Appointment/{one['id']}" for one in appointments)
        asked = (TermIn("appointment", references),)
        page = await self.documents.find(Query("Encounter", asked, count=_VISITS_MAX), scope)
        found: dict[str, Json] = {}
        for encounter in map(decoded, page.documents):
            for reference in encounter.get("appointment", ()):
                found[reference_id(reference, "Appointment") or ""] = encounter
        return found

    async def _signed(self, encounters: Mapping[str, Json], scope: AccessScope) -> frozenset[str]:
        """Return the ids of those encounters that have a final note."""
        if not encounters:
            return frozenset()
        references = tuple(f"Encounter/{one['id']}" for one in encounters.values())
        query = Query("DocumentReference", (TermIn("encounter", references),), count=_VISITS_MAX)
        page = await self.documents.find(query, scope)
        return frozenset(
            reference_id(reference, "Encounter") or ""
            for note in map(decoded, page.documents)
            if note.get("docStatus") == "final"
            for reference in (note.get("context") or {}).get("encounter", ())
        )

    async def _named(self, kind: str, ids: set[str], scope: AccessScope) -> dict[str, str]:
        if not ids:
            return {}
        query = Query(kind, (IdIn(tuple(sorted(ids))),), count=len(ids))
        page = await self.documents.find(query, scope)
        return {one["id"]: display_name(one) for one in map(decoded, page.documents)}


@dataclass(frozen=True, slots=True)
class Around:
    """What a day's appointments refer to, by id."""

    patients: Mapping[str, PatientLine] = field(default_factory=dict)
    practitioners: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    encounters: Mapping[str, Json] = field(default_factory=dict)
    signed: frozenset[str] = frozenset()


def bounds(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the first instant of a day at a place and of the next; 23 to 25 hours apart."""
    if day == date.max:
        raise BadInputError("There is no day after this one.", place="date")
    begin = datetime.combine(day, time(), tzinfo=zone)
    return begin, datetime.combine(day + timedelta(days=1), time(), tzinfo=zone)


def visit_of(appointment: Json, around: Around, *, now: datetime, zone: ZoneInfo) -> Visit | None:
    """Return an appointment as a visit; ``None`` for a mistake, or without patient or time."""
    start, end = (instant_of(appointment.get(key), zone) for key in ("start", "end"))
    patient = around.patients.get(participant(appointment, "Patient") or "")
    if appointment.get("status") == "entered-in-error" or start is None or patient is None:
        return None
    encounter = around.encounters.get(appointment["id"])
    status = status_of(appointment, encounter, signed=around.signed)
    stage = stage_noted(appointment)
    noted = noted_in(appointment)
    return Visit(
        id=appointment["id"],
        version=int((appointment.get("meta") or {}).get("versionId", 0)),
        start=at_zone(start, zone),
        end=at_zone(end or start, zone),
        status=status,
        status_text=status_text(status, encounter, now=now, zone=zone, appointment=appointment),
        reason=first_text(appointment.get("reasonCode")) or appointment.get("description"),
        patient=VisitPatient(patient.id, patient.family, patient.given, patient.prefix),
        practitioner=_practitioner(appointment, around),
        place=_place(appointment, around),
        stage=stage or _STAGES.get(status, status),
        since=noted.get(f"at-{stage}"),
        kind=first_text(appointment.get("serviceType")),
        squeezed="squeezed" in noted,
    )


_BY_APPOINTMENT: dict[str, VisitStatus] = {
    "arrived": "arrived",
    "checked-in": "arrived",
    "fulfilled": "done",
    "noshow": "no-show",
    "cancelled": "cancelled",
}
_BY_STAGE: dict[str, VisitStatus] = {
    "requested": "booked",
    "booked": "booked",
    "confirmed": "booked",
    "arrived": "arrived",
    "roomed": "in-room",
    "with-clinician": "in-room",
    "done": "done",
}
_STAGES: dict[VisitStatus, str] = {"in-room": "roomed", "signed": "done"}
_BY_ENCOUNTER: dict[str, VisitStatus] = {
    "arrived": "arrived",
    "triaged": "arrived",
    "in-progress": "in-room",
    "onleave": "in-room",
    "finished": "done",
}


def status_of(appointment: Json, encounter: Json | None, *, signed: frozenset[str]) -> VisitStatus:
    """Return how a visit stands: what happened in the clinic says more than the booking."""
    stage = stage_noted(appointment)
    if stage is not None:
        return _signed(_BY_STAGE[stage], encounter, signed)
    booked = _BY_APPOINTMENT.get(str(appointment.get("status")), "booked")
    if booked in {"cancelled", "no-show"} or encounter is None:
        return booked
    return _signed(_BY_ENCOUNTER.get(str(encounter.get("status")), booked), encounter, signed)


def _signed(status: VisitStatus, encounter: Json | None, signed: frozenset[str]) -> VisitStatus:
    if status == "done" and encounter is not None and encounter["id"] in signed:
        return "signed"
    return status


def status_text(
    status: VisitStatus,
    encounter: Json | None,
    *,
    now: datetime,
    zone: ZoneInfo,
    appointment: Json | None = None,
) -> str:
    """Return how a visit stands in words, with the minutes that someone has waited."""
    stage, noted = stage_noted(appointment or {}), noted_in(appointment or {})
    at = noted.get(f"at-{stage}")
    since = instant_of(at, zone) if at else _since(encounter, status, zone)
    minutes = max(0, int((now - since).total_seconds() // 60)) if since else None
    if stage == "confirmed":
        return "Confirmed"
    if stage == "with-clinician":
        return "With clinician" if minutes is None else f"With clinician · {minutes} min"
    if status == "arrived":
        return "Arrived" if minutes is None else f"Arrived · waiting {minutes} min"
    if status == "in-room":
        named = noted.get("room-name")
        room = f"In {named.lower()}" if named else _room(encounter) or "In room"
        return room if minutes is None else f"{room} · {minutes} min"
    return _WORDS[status]


_WORDS: dict[VisitStatus, str] = {
    "booked": "Booked",
    "done": "Done",
    "signed": "Signed",
    "no-show": "No-show",
    "cancelled": "Cancelled",
}


def _since(encounter: Json | None, status: VisitStatus, zone: ZoneInfo) -> datetime | None:
    """Return when the present state began, as the encounter's own history has it."""
    stages: list[Json] = (encounter or {}).get("statusHistory", [])
    for stage in reversed(stages):
        if _BY_ENCOUNTER.get(str(stage.get("status"))) == status:
            return instant_of((stage.get("period") or {}).get("start"), zone)
    return instant_of(((encounter or {}).get("period") or {}).get("start"), zone)


def _room(encounter: Json | None) -> str | None:
    places = [one.get("location") or {} for one in (encounter or {}).get("location", ())]
    shown = display_of(places)
    if not shown:
        return None
    return f"In {shown[0].lower()}{shown[1:]}" if shown.lower().startswith("room") else shown


def participant(appointment: Json, kind: str) -> str | None:
    """Return the id of the first participant of a kind."""
    actors = (one.get("actor") for one in appointment.get("participant", ()))
    return next((id for actor in actors if (id := reference_id(actor, kind))), None)


def participant_name(appointment: Json, kind: str) -> str | None:
    """Return the name the appointment itself shows for a participant."""
    actors = [one.get("actor") or {} for one in appointment.get("participant", ())]
    return display_of(actor for actor in actors if reference_id(actor, kind))


def _practitioner(appointment: Json, around: Around) -> VisitPractitioner | None:
    id = participant(appointment, "Practitioner")
    if not id:
        return None
    shown = participant_name(appointment, "Practitioner")
    return VisitPractitioner(id, around.practitioners.get(id) or shown or "Not named")


def _place(appointment: Json, around: Around) -> str | None:
    id = participant(appointment, "Location") or ""
    return around.places.get(id) or participant_name(appointment, "Location")


def display_name(resource: Json) -> str:
    """Return how a practitioner or place is called."""
    if isinstance(resource.get("name"), str):
        return str(resource["name"])
    name = chosen_name(resource)
    parts = [*name.get("prefix", ()), *name.get("given", ()), name.get("family")]
    return name.get("text") or " ".join(part for part in parts if part) or "Not named"
