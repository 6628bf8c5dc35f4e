"""The FHIR application as a program meets it, over the real store, trail and permissions."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2

from careflow.audit.file import AuditFile
from careflow.audit.trail import Trail
from careflow.database.documents import Documents
from careflow.errors import NotSignedInError
from careflow.identity.actor import Actor, Role
from careflow.records.rest import FhirApplication
from careflow.records.store import Records
from tests.contracts.engines import AUDIT_FILES, ENGINES

KEY = bytes(range(32))
ORGANISATION = "harbour"
RESOURCE_LIMIT_BYTES = 1_000_000
BUNDLE_LIMIT_BYTES = 8_000_000
BASE = "http://clinic.test/api/fhir/R4"

ACTORS = {
    "clinician": Actor("a-1", "Ada Okoye", Role.CLINICIAN, ORGANISATION, "s-1"),
    "nurse": Actor("a-2", "Noor Haddad", Role.NURSE, ORGANISATION, "s-2"),
    "receptionist": Actor("a-3", "Rosa Lind", Role.RECEPTIONIST, ORGANISATION, "s-3"),
    "admin": Actor("a-4", "Amos Bell", Role.ADMIN, ORGANISATION, "s-4"),
    "mara": Actor("a-5", "Mara", Role.PATIENT, ORGANISATION, "s-5", patient_id="mara"),
    "program": Actor(
        "c-1", "Feed", Role.MACHINE, ORGANISATION, "s-6", scopes=frozenset({"system/*.cruds"})
    ),
    "feeder": Actor(
        "c-2", "Feed", Role.MACHINE, ORGANISATION, "s-7", scopes=frozenset({"system/*.c"})
    ),
    "writer": Actor(
        "c-3", "Feed", Role.MACHINE, ORGANISATION, "s-8", scopes=frozenset({"system/*.cud"})
    ),
    "lab": Actor(
        "c-3",
        "Laboratory",
        Role.MACHINE,
        ORGANISATION,
        "s-10",
        scopes=frozenset({"system/Observation.cruds?category=laboratory", "system/Patient.rs"}),
    ),
    "editor": Actor(
        "c-5",
        "Editor",
        Role.MACHINE,
        ORGANISATION,
        "s-13",
        scopes=frozenset(
            {
                "system/Observation.rs",
                "system/Observation.ud?category=laboratory",
                "system/Patient.r",
                "system/Appointment.s",
            }
        ),
    ),
    "app": Actor(
        "c-4",
        "App",
        Role.MACHINE,
        ORGANISATION,
        "s-11",
        patient_id="mara",
        scopes=frozenset({"patient/*.rs", "patient/Observation.cu?category=survey"}),
    ),
    "carer": Actor("a-6", "Bo", Role.CLINICIAN, ORGANISATION, "s-12", panel=frozenset({"mara"})),
    "elsewhere": Actor("a-9", "Other clinic", Role.CLINICIAN, "uplands", "s-9"),
}


class SteadyClock:
    """A clock that goes on by a second each time it is asked."""

    def __init__(self) -> None:
        self.instant = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.instant += timedelta(seconds=1)
        return self.instant


def counting_mint(prefix: str = "id") -> Callable[[], str]:
    """Return a mint of ids that are known beforehand: id-1, id-2 …"""
    numbers = itertools.count(1)
    return lambda: f"{prefix}-{next(numbers)}"


async def show_name(headers: Iterable[tuple[bytes, bytes]], method: str) -> Actor:
    """Believe whoever a request says it comes from."""
    name = dict(headers).get(b"authorization", b"").decode().removeprefix("Bearer ")
    if name not in ACTORS:
        raise NotSignedInError("Sign in first.")
    return ACTORS[name]


@dataclass
class FrontDoor:
    """The parts of a running record and a way to ask it."""

    documents: Documents
    records: Records
    trail: Trail
    audit_file: AuditFile
    application: FhirApplication

    async def close(self) -> None:
        """Release both files."""
        await self.documents.close()
        await self.audit_file.close()

    async def ask(
        self,
        method: str,
        path: str,
        content: Any = None,
        *,
        actor: str | None = "clinician",
        headers: dict[str, str] | None = None,
    ) -> httpx2.Response:
        """Send one request; ``content`` is JSON, or bytes as they are."""
        sent = {"content-type": "application/fhir+json"} if content is not None else {}
        if actor is not None:
            sent["authorization"] = f"Bearer {actor}"
        body = content if isinstance(content, bytes | None) else json.dumps(content).encode()
        transport = httpx2.ASGITransport(self.application)
        async with httpx2.AsyncClient(transport=transport) as client:
            return await client.request(
                method, f"{BASE}{path}", content=body, headers=sent | (headers or {})
            )

    async def put(self, resource: dict[str, Any]) -> httpx2.Response:
        """Store a resource under the id it carries."""
        path = f"/{resource['resourceType']}/{resource['id']}"
        answer = await self.ask("PUT", path, resource, actor="program")
        assert answer.status_code in {200, 201}, answer.text
        return answer

    async def count(self) -> int:
        """Return how many versions of resources the store holds."""
        answer = await self.ask("GET", "/_history?_count=1000")
        return len(answer.json().get("entry", []))


async def open_front_door(
    folder: Path,
    *,
    engine: str = "sqlite",
    resource_limit_bytes: int = RESOURCE_LIMIT_BYTES,
    bundle_limit_bytes: int = BUNDLE_LIMIT_BYTES,
) -> FrontDoor:
    """Open everything anew in a folder, on a database adapter."""
    clock, mint = SteadyClock(), counting_mint()
    documents = await ENGINES[engine](folder, clock)
    audit_file = await AUDIT_FILES[engine](folder, ORGANISATION, clock)
    trail = Trail(
        documents,
        audit_file,
        organisation=ORGANISATION,
        master_key=KEY,
        head_path=folder / "head",
    )
    records = Records(documents, clock=clock, mint=mint)
    application = _application(
        records,
        trail,
        resource_limit_bytes=resource_limit_bytes,
        bundle_limit_bytes=bundle_limit_bytes,
    )
    return FrontDoor(documents, records, trail, audit_file, application)


def _application(
    records: Records,
    trail: Trail,
    *,
    resource_limit_bytes: int = RESOURCE_LIMIT_BYTES,
    bundle_limit_bytes: int = BUNDLE_LIMIT_BYTES,
) -> FhirApplication:
    return FhirApplication(
        records,
        authenticate=show_name,
        trail=trail,
        clock=SteadyClock(),
        mint=counting_mint("request"),
        resource_limit_bytes=resource_limit_bytes,
        bundle_limit_bytes=bundle_limit_bytes,
    )


def several_doors(door: FrontDoor, count: int) -> list[FrontDoor]:
    """Return servers that know nothing of each other and share one record."""
    return [replace(door, application=_application(door.records, door.trail)) for _ in range(count)]


def a_patient(id: str = "mara", **over: Any) -> dict[str, Any]:
    """Return a valid patient."""
    return {
        "resourceType": "Patient",
        "id": id,
        "identifier": [{"system": "http://harbour.test/mrn", "value": f"MRN-{id}"}],
        "name": [{"family": "Lindqvist", "given": ["Mara"]}],
        "gender": "female",
        "birthDate": "1968-04-12",
    } | over


def an_observation(id: str = "potassium", patient: str = "mara", **over: Any) -> dict[str, Any]:
    """Return a valid laboratory result."""
    return {
        "resourceType": "Observation",
        "id": id,
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "2823-3"}]},
        "subject": {"reference": f"Patient/{patient}"},
        "effectiveDateTime": "2026-02-27T08:30:00-05:00",
        "valueQuantity": {
            "value": 4.5,
            "unit": "mmol/L",
            "system": "http://unitsofmeasure.org",
            "code": "mmol/L",
        },
    } | over


def without_id(resource: dict[str, Any]) -> dict[str, Any]:
    """Return a resource as one sends it to be created."""
    return {name: value for name, value in resource.items() if name != "id"}


def bundle(type_: str, *entries: dict[str, Any]) -> dict[str, Any]:
    """Return a Bundle of entries."""
    content = {"entry": list(entries)} if entries else {}
    return {"resourceType": "Bundle", "type": type_} | content


def entry(method: str, url: str, resource: Any = None, **over: Any) -> dict[str, Any]:
    """Return a bundle entry that asks for something."""
    request = {"method": method, "url": url} | over.pop("request", {})
    content = {} if resource is None else {"resource": resource}
    return {**over, **content, "request": request}
