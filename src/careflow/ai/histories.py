"""A patient's record for a task: what it may see, in words, as far as it fits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from careflow.ai.passages import ORDER
from careflow.ai.patient_facts import PatientFacts, facts_of
from careflow.ai.record_shown import SIGNS_MAX, KindRead, passages_of, shown
from careflow.ai.task import BadTaskInputError, Given, Task
from careflow.clock import Clock
from careflow.database.conditions import Condition, IdIn, SortKey, TermIn
from careflow.database.documents import Documents, Query
from careflow.database.scope import COMPARTMENT, AccessScope, organisation_scope
from careflow.identity.access import scope_of
from careflow.identity.actor import Actor, Role
from careflow.identity.permissions import require
from careflow.records.directory import Directory
from careflow.records.elements import Json, decoded, reference_id
from careflow.records.measured import is_signed

_ANSWERED_FOR = frozenset({"Observation", "DiagnosticReport"})
"""Kinds that a patient reads once somebody answers for them, as on every screen of theirs."""
_READ_MAX = 500
"""Resources of one kind that are read; more do not fit into the budget."""
_SORTED_BY: Mapping[str, str] = {
    "Condition": "recorded-date",
    "MedicationRequest": "authoredon",
    "MedicationStatement": "effective",
}


def is_told(resource: Json) -> bool:
    """Report whether a patient may read this of their own record."""
    return resource.get("resourceType") not in _ANSWERED_FOR or is_signed(resource)


def _is_own(patient: str | None, actor: Actor) -> bool:
    return actor.role is Role.PATIENT and patient is not None and patient == actor.patient_id


@dataclass(frozen=True, slots=True)
class Histories:
    """Records of one clinic as tasks see them."""

    documents: Documents
    directory: Directory
    clock: Clock
    zone: ZoneInfo
    signs_max: int = SIGNS_MAX

    async def gathered(self, task: Task[Any], given: Given, actor: Actor) -> Given:
        """Return what was given with the parts of the record that the task and the actor may see.

        Raises:
            careflow.errors.NotAllowedError: The actor may not read this chart.
            careflow.records.directory.PatientNotFoundError: No such patient for the actor.
        """
        scope = scope_of(actor)
        patient = getattr(given.asked, "patient", None)
        visit = getattr(given.asked, "encounter", None)
        if not task.reads or (patient is None and visit is None):
            return given
        is_own = _is_own(patient, actor)
        if not is_own:
            require(actor, "chart:read")
        if patient is not None:
            await self.directory.patient(patient, scope)
            of: tuple[Condition, ...] = (TermIn(COMPARTMENT, (patient,)),)
            return await self._within(task, given, of, scope, is_own=is_own)
        of = (TermIn("encounter", (f"Encounter/{visit}",)),)
        return await self._within(task, given, of, scope, visit=visit)

    async def about(
        self, given: Given, actor: Actor, *, named: str | None, of_file: str | None
    ) -> str | None:
        """Return whose record a question is about: named beside it, in it, or by its file.

        Raises:
            careflow.records.directory.PatientNotFoundError: The actor may see no such patient.
            BadTaskInputError: Two patients are named.
        """
        own = await self.patient_of(given, actor) or of_file
        if named is None or named == own:
            return own
        if own is not None:
            raise BadTaskInputError("The question is about another patient.", place="about")
        await self.directory.patient(named, scope_of(actor))
        return named

    async def patient_of(self, given: Given, actor: Actor) -> str | None:
        """Return whose record an input is about, where it says so and the actor may see it."""
        patient = getattr(given.asked, "patient", None)
        visit = getattr(given.asked, "encounter", None)
        if patient is None and visit is not None:
            found = await self.documents.read("Encounter", visit, scope_of(actor))
            if found is not None and not found.deleted:
                patient = reference_id(decoded(found).get("subject"), "Patient")
        return patient

    async def facts(self, patient: str, organisation: str) -> PatientFacts:
        """Return what the policy asks about a patient: age, and whether they take part."""
        scope = organisation_scope(organisation)
        document = await self.documents.read("Patient", patient, scope)
        if document is None or document.deleted:
            return PatientFacts()
        consents = Query("Consent", (TermIn(COMPARTMENT, (patient,)),), count=_READ_MAX)
        page = await self.documents.find(consents, scope)
        return facts_of(decoded(document), map(decoded, page.documents), today=self._today())

    # --- inside ----------------------------------------------------------------------------

    async def _within(
        self,
        task: Task[Any],
        given: Given,
        of: tuple[Condition, ...],
        scope: AccessScope,
        *,
        visit: str | None = None,
        is_own: bool = False,
    ) -> Given:
        kinds = []
        for name in ORDER:
            if name in task.reads and scope.allows_kind(name):
                asked = (IdIn((visit,)),) if name == "Encounter" and visit else of
                kinds.append(await self._kind(name, asked, scope, is_signed_only=is_own))
        return shown(given, kinds, self.signs_max)

    async def _kind(
        self, name: str, of: tuple[Condition, ...], scope: AccessScope, *, is_signed_only: bool
    ) -> KindRead:
        newest = (SortKey(_SORTED_BY.get(name, "date"), descending=True),)
        query = Query(name, of, sort=newest, count=_READ_MAX, total=True)
        page = await self.documents.find(query, scope)
        found = [decoded(document) for document in page.documents]
        told = [one for one in found if is_told(one)] if is_signed_only else found
        passages = passages_of(told, today=self._today())
        silent = len(found) - len(passages)
        return KindRead(name, passages, max(len(passages), (page.total or len(found)) - silent))

    def _today(self) -> date:
        return self.clock().astimezone(self.zone).date()
