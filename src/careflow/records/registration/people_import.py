"""Taking a table of patients in: who is new, the same, a likely twin, or cannot be read."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from careflow.database.scope import organisation_scope
from careflow.database.work import Work
from careflow.identity.actor import Actor
from careflow.records.registration.people_file import Row, rows_of
from careflow.records.registration.person import Known, Said, known_of_said
from careflow.records.registration.registering import Newcomer, Registration
from careflow.records.registration.weighing import CERTAIN, LIKELY, weigh

NUMBER_SYSTEM: Final = "urn:careflow:imported-number"
_MR: Final = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR"}]}


@dataclass(slots=True)
class PeopleReport:
    """What a table holds: counts, and lines of what was not taken.

    Attributes:
        same: People who are registered already, by an earlier run say.
        twins: Lines of people who are likely, not certainly, registered already.
        bad: Lines that cannot be read, and why.
    """

    new: int = 0
    same: int = 0
    twins: list[int] = field(default_factory=list)
    bad: list[tuple[int, str]] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """Return how many rows were looked at."""
        return self.new + self.same + len(self.twins) + len(self.bad)


OnRow = Callable[[PeopleReport], None]


@dataclass(slots=True)
class PeopleImport:
    """One run over one table. Rows of the table are compared with each other as well."""

    registration: Registration
    actor: Actor
    dry_run: bool
    report: PeopleReport = field(default_factory=PeopleReport)
    seen: dict[str, list[Known]] = field(default_factory=dict)

    async def take(self, path: Path, *, on_row: OnRow = lambda _: None) -> PeopleReport:
        """Take a table in, or only say what that would do."""
        for row in rows_of(path):
            await self._take(row)
            on_row(self.report)
        return self.report

    async def _take(self, row: Row) -> None:
        today = self.registration.clock().date().isoformat()
        if row.newcomer is None:
            self.report.bad.append((row.line, row.problem or ""))
            return
        if row.newcomer.birth_date > today:
            self.report.bad.append((row.line, "The birth date is still to come."))
            return
        id = id_of(self.registration.organisation, row.newcomer, row.number)
        said = replace(row.newcomer.said(), record_number=row.number)
        weight = await self._weight(id, said)
        if weight >= CERTAIN:
            self.report.same += 1
        elif weight >= LIKELY:
            self.report.twins.append(row.line)
        else:
            self.report.new += 1
            self.seen.setdefault(row.newcomer.birth_date, []).append(known_of_said(said))
            if not self.dry_run:
                await self._store(id, row.newcomer, row.number)

    async def _weight(self, id: str, said: Said) -> float:
        """Return how much speaks for somebody being registered, or in the table before."""
        scope = organisation_scope(self.registration.organisation)
        if await self.registration.documents.read("Patient", id, scope) is not None:
            return CERTAIN
        known, born = known_of_said(said), said.birth_date or ""
        before = [weigh(known, one).weight for one in self.seen.get(born, ())]
        stored = [one.weight for one in await self.registration.likely(said)]
        return max((*before, *stored), default=0.0)

    async def _store(self, id: str, newcomer: Newcomer, number: str | None) -> None:
        body: dict[str, Any] = newcomer.resource()
        if number:
            body["identifier"] = [{"type": _MR, "system": NUMBER_SYSTEM, "value": number}]
        scope = organisation_scope(self.registration.organisation)
        async with Work(self.registration.documents) as work:
            await self.registration.records.create(work, body, actor=self.actor, id=id, scope=scope)


def id_of(organisation: str, newcomer: Newcomer, number: str | None) -> str:
    """Return the id that a row has in every run; a number alone may be another system's too."""
    person = (newcomer.family.casefold(), newcomer.given.casefold(), newcomer.birth_date)
    told = "\n".join((organisation, number or "", *person))
    return hashlib.sha256(told.encode()).hexdigest()[:32]
