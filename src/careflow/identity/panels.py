"""Whom a nurse or clinician cares for, where the clinic or their account limits them to those.

Four facts make someone a patient of theirs: they are the general practitioner, a member of the care
team, or take part in an encounter or a visit. Cancelled and mistaken ones count for nothing. What
was opened in an emergency is added for as long as that lasts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import msgspec
from msgspec.structs import replace

from careflow.clock import Clock
from careflow.database.conditions import Not, SortKey, TermIn
from careflow.database.documents import Document, Documents, Query
from careflow.database.scope import organisation_scope
from careflow.identity.account import Account
from careflow.identity.actor import Role
from careflow.identity.emergency import Emergencies

LIMITED_ROLES: Final = frozenset({Role.NURSE, Role.CLINICIAN})
KEPT: Final = timedelta(seconds=30)
"""How long a panel is believed: what makes someone a patient counts after that at the latest."""
LOOKED_AT_MAX: Final = 5000
"""Of each fact, the newest so many are looked at."""
_KEPT_MAX = 1000
_PAGE = 1000
_NEWEST = (SortKey("_lastUpdated", descending=True),)


@dataclass(frozen=True, slots=True)
class _Fact:
    kind: str
    parameter: str
    undone: tuple[str, ...] = ()


_FACTS: Final = (
    _Fact("Patient", "general-practitioner"),
    _Fact("CareTeam", "participant", ("inactive", "entered-in-error")),
    _Fact("Encounter", "participant", ("cancelled", "entered-in-error")),
    _Fact("Appointment", "actor", ("cancelled", "entered-in-error")),
)


class _Reference(msgspec.Struct):
    reference: str = ""


class _Participant(msgspec.Struct):
    actor: _Reference | None = None


class _About(msgspec.Struct):
    """What of a resource says whom it is about."""

    subject: _Reference | None = None
    participant: list[_Participant] = []


_about = msgspec.json.Decoder(_About)


@dataclass(frozen=True, slots=True)
class _Known:
    patients: frozenset[str]
    until: datetime


class Panels:
    """The panels of one organisation's staff."""

    def __init__(
        self,
        documents: Documents,
        emergencies: Emergencies,
        *,
        organisation: str,
        clock: Clock,
        limits_all: bool,
    ) -> None:
        self._documents = documents
        self._emergencies = emergencies
        self._scope = organisation_scope(organisation)
        self._clock = clock
        self._limits_all = limits_all
        self._known: dict[str, _Known] = {}

    async def of(self, account: Account) -> frozenset[str] | None:
        """Return the ids of the account's patients, or ``None`` where nothing limits it."""
        limited = self._limits_all or account.own_patients_only
        if not limited or account.role not in LIMITED_ROLES:
            return None
        opened = await self._emergencies.open_to(account.id)
        if account.practitioner_id is None:
            return opened
        related = await self._related(account.practitioner_id)
        return related | opened if opened else related

    async def _related(self, practitioner: str) -> frozenset[str]:
        at = self._clock()
        known = self._known.get(practitioner)
        if known is None or at >= known.until:
            self._known.pop(practitioner, None)
            while len(self._known) >= _KEPT_MAX:
                self._known.pop(next(iter(self._known)), None)
            known = _Known(await self._gathered(practitioner), at + KEPT)
            self._known[practitioner] = known
        return known.patients

    async def _gathered(self, practitioner: str) -> frozenset[str]:
        own = (f"Practitioner/{practitioner}",)
        roles = await self._newest(Query("PractitionerRole", (TermIn("practitioner", own),)))
        names = (*own, *(f"PractitionerRole/{role.id}" for role in roles))
        found: set[str] = set()
        for fact in _FACTS:
            asked = TermIn(fact.parameter, names)
            undone = Not(TermIn("status", fact.undone))
            conditions = (asked, undone) if fact.undone else (asked,)
            for document in await self._newest(Query(fact.kind, conditions)):
                found.update(_patients(document))
        return frozenset(found)

    async def _newest(self, query: Query) -> list[Document]:
        query = replace(query, sort=_NEWEST, count=_PAGE)
        found: list[Document] = []
        while True:
            page = await self._documents.find(query, self._scope)
            found += page.documents
            if page.next is None or len(found) >= LOOKED_AT_MAX:
                return found
            query = replace(query, cursor=page.next)


def _patients(document: Document) -> Iterator[str]:
    if document.kind == "Patient":
        yield document.id
        return
    about = _about.decode(document.body)
    for one in (about.subject, *(each.actor for each in about.participant)):
        kind, _, id = (one.reference if one else "").partition("/")
        if kind == "Patient" and id:
            yield id
