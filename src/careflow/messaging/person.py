"""Whom a message is for: by which ways they may be written to, in which language, at what hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from careflow.database.documents import Documents
from careflow.database.scope import AccessScope
from careflow.records.elements import Json, decoded
from careflow.records.person import chosen_name
from careflow.records.registration.registering import CONTACT_CONSENT
from careflow.records.wall_words import Language

Way = Literal["mail", "sms"]

PERSON_ZONE: Final = "http://hl7.org/fhir/StructureDefinition/timezone"
"""HL7's extension that names a person's own zone."""
QUIET_FROM, QUIET_TO = time(21), time(8)
"""Nobody is written to between these, by their own clock."""
_SYSTEM: Final[dict[str, Way]] = {"email": "mail", "phone": "sms", "sms": "sms"}
_UNASKED: Final[dict[Way, bool]] = {"mail": True, "sms": False}
"""Whether somebody may be written to who was never asked."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to be written to.

    Attributes:
        name: As they are addressed.
        zone: Their own, where they told it.
        contacts: Address or number by way, of those that may be used, the first of each.
    """

    id: str
    name: str
    full_name: str
    initials: str
    language: Language
    zone: ZoneInfo | None
    contacts: dict[Way, str]


async def person_of(documents: Documents, id: str, scope: AccessScope) -> Person | None:
    """Return a patient as somebody to be written to; ``None`` where there is no such record."""
    found = await documents.read("Patient", id, scope)
    if found is None or found.deleted:
        return None
    body = decoded(found)
    name = chosen_name(body)
    given, family = next(iter(name.get("given", ())), ""), str(name.get("family") or "")
    return Person(
        id=id,
        name=given or family,
        full_name=" ".join(filter(None, (given, family))),
        initials=" ".join(f"{one[0].upper()}." for one in (given, family) if one),
        language=_language(body),
        zone=_zone(body),
        contacts=_contacts(body),
    )


def without_contact(body: dict[str, Any], way: Way, value: str) -> dict[str, Any]:
    """Return a Patient whose contact says that nobody may write to it."""
    telecom = []
    for one in body.get("telecom", ()):
        if _SYSTEM.get(str(one.get("system"))) == way and one.get("value") == value:
            others = [e for e in one.get("extension", ()) if e.get("url") != CONTACT_CONSENT]
            no = {"url": CONTACT_CONSENT, "valueBoolean": False}
            telecom.append({**one, "extension": [*others, no]})
        else:
            telecom.append(one)
    return {**body, "telecom": telecom}


def waking(now: datetime, zone: ZoneInfo) -> datetime:
    """Return now, or the next morning where it is night."""
    local = now.astimezone(zone)
    if QUIET_TO <= local.time() < QUIET_FROM:
        return now
    day = local.date() + timedelta(days=1 if local.time() >= QUIET_FROM else 0)
    return datetime.combine(day, QUIET_TO, tzinfo=zone).astimezone(now.tzinfo)


def masked(way: Way, value: str) -> str:
    """Return an address or number as a list shows it."""
    if way == "mail":
        name, _, host = value.partition("@")
        return f"{name[:1]}•••@{host}"
    return f"•••{value[-4:]}"


def _contacts(body: dict[str, Any]) -> dict[Way, str]:
    found: dict[Way, str] = {}
    if body.get("deceasedBoolean") or body.get("deceasedDateTime"):
        # Whoever reads their mail now is not to be reminded of a visit.
        return found
    for one in body.get("telecom", ()):
        way, value = _SYSTEM.get(str(one.get("system"))), one.get("value")
        if way is None or not value or one.get("use") == "old":
            continue
        said = next(
            (e.get("valueBoolean") for e in one.get("extension", ()) if _is_consent(e)),
            None,
        )
        if _UNASKED[way] if said is None else said:
            found.setdefault(way, str(value))
    return found


def _is_consent(extension: Json) -> bool:
    return extension.get("url") == CONTACT_CONSENT


def _language(body: dict[str, Any]) -> Language:
    spoken: list[Json] = body.get("communication", [])
    first = min(spoken, key=lambda one: not one.get("preferred"), default={})
    codes = (first.get("language") or {}).get("coding", ())
    return "es" if any(str(one.get("code", "")).startswith("es") for one in codes) else "en"


def _zone(body: dict[str, Any]) -> ZoneInfo | None:
    for one in body.get("extension", ()):
        if one.get("url") == PERSON_ZONE:
            try:
                return ZoneInfo(str(one.get("valueCode")))
            except (ZoneInfoNotFoundError, ValueError):
                return None
    return None
