"""Turns an actor into what the store and the record's API ask: a scope, and yes or no by type."""

from __future__ import annotations

from functools import lru_cache
from typing import ClassVar, Literal

from careflow.database.scope import AccessScope, Act, Ways
from careflow.errors import NotAllowedError
from careflow.identity.actor import Actor, Role
from careflow.identity.desk import DESK_FIELDS
from careflow.identity.kinds import (
    CLINICAL,
    CLINICAL_PAPERS,
    DEFINITIONS,
    DESK_PAPERS,
    DIRECTORY,
    FRONT_DESK,
    OUTBOX,
    PATIENTS_OWN,
    SCHEDULE,
    SHARED,
    TRAIL,
)
from careflow.identity.permissions import ROLE_PERMISSIONS, require
from careflow.identity.smart import grants_of

Interaction = Literal[
    "read",
    "vread",
    "search",
    "history",
    "history-type",
    "history-system",
    "search-system",
    "create",
    "update",
    "patch",
    "delete",
    "transaction",
    "batch",
]
"""Names of http://hl7.org/fhir/R4/valueset-type-restful-interaction.html, shortened where one word
is clear: ``search`` is search-type, ``history`` is history-instance."""

_READING: frozenset[Interaction] = frozenset({"read", "vread", "search", "history", "history-type"})
_WRITING: frozenset[Interaction] = frozenset({"create", "update", "patch"})
_ENVELOPES: frozenset[Interaction] = frozenset({"transaction", "batch"})
_LETTER: dict[Interaction, str] = {
    "read": "r",
    "vread": "r",
    "history": "r",
    "search": "s",
    "search-system": "s",
    "history-type": "s",
    "history-system": "s",
    "create": "c",
    "update": "u",
    "patch": "u",
    "delete": "d",
}


_LETTER_OF_ACT: dict[Act, str] = {
    "read": "r",
    "find": "s",
    "create": "c",
    "update": "u",
    "delete": "d",
}


class InteractionRefusedError(NotAllowedError):
    """The role or the scopes do not allow this interaction with this type."""

    code: ClassVar[str] = "identity-interaction-refused"

    def __init__(self, kind: str | None, interaction: Interaction) -> None:
        super().__init__(f"You may not {interaction} {kind or 'the whole record'}.")


# --- what exists for the actor -------------------------------------------------------------

_PEOPLE: dict[Role, frozenset[str]] = {
    Role.PATIENT: PATIENTS_OWN | SHARED,
    Role.RECEPTIONIST: FRONT_DESK | DESK_PAPERS | OUTBOX,
    Role.NURSE: CLINICAL | SHARED | CLINICAL_PAPERS | OUTBOX,
    Role.CLINICIAN: CLINICAL | SHARED | CLINICAL_PAPERS | OUTBOX,
    Role.ADMIN: SHARED | TRAIL | {"job"},
}
"""Kinds that exist for a role. Accounts, sessions, clients and counters exist for none: only this
room reads them, under the organisation's own scope."""


_OF_NO_PATIENT = SHARED | (SCHEDULE - {"Appointment"}) | CLINICAL_PAPERS
"""What whoever cares for some patients alone sees whole. Papers on their way to a chart are the
whole clinic's to match and check; filing one needs the patient within reach."""


def scope_of(actor: Actor) -> AccessScope:
    """Return what exists for the actor, cheap enough for every request.

    A patient sees their own compartment and what holds no patient data; without a record of their
    own, nothing but the latter. Staff see the kinds of their role in the whole organisation, or
    where the clinic says so of the patients in their care; the front desk sees demographics. A
    machine client sees what its scopes reach.
    """
    if actor.role is Role.MACHINE:
        return _machine(actor.organisation, actor.patient_id, actor.scopes)
    if actor.role is Role.PATIENT:
        return _patient(actor.organisation, actor.patient_id)
    return _staff(actor.role, actor.organisation, actor.panel)


def directory_scope_of(actor: Actor) -> AccessScope:
    """Return what staff find people by: whoever cares for some patients alone may look up all."""
    scope = scope_of(actor)
    return scope if actor.panel is None else _directory(actor.organisation)


@lru_cache(maxsize=4096)
def _patient(organisation: str, patient_id: str | None) -> AccessScope:
    return AccessScope(
        organisation=organisation,
        kinds=_PEOPLE[Role.PATIENT],
        patients=frozenset({patient_id} if patient_id else ()),
        shared_kinds=SHARED,
    )


@lru_cache(maxsize=1024)
def _staff(role: Role, organisation: str, panel: frozenset[str] | None) -> AccessScope:
    return AccessScope(
        organisation=organisation,
        kinds=_PEOPLE[role],
        patients=panel,
        shared_kinds=SHARED if panel is None else _OF_NO_PATIENT,
        fields=DESK_FIELDS if role is Role.RECEPTIONIST else {},
        tells=panel is not None,
    )


@lru_cache(maxsize=8)
def _directory(organisation: str) -> AccessScope:
    return AccessScope(organisation, kinds=frozenset({"Patient"}), fields=DESK_FIELDS)


@lru_cache(maxsize=1024)
def _machine(organisation: str, patient_id: str | None, scopes: frozenset[str]) -> AccessScope:
    grants = grants_of(scopes)
    seen = grants.types("rs")
    within: dict[Act, dict[str, Ways]] = {}
    for act, letter in _LETTER_OF_ACT.items():
        kinds = seen if letter in "rs" else grants.types(letter)
        ways = {kind: grants.ways(kind, letter, patient_id) for kind in kinds}
        narrowed = {kind: way for kind, way in ways.items() if way is not None}
        if narrowed:
            within[act] = narrowed
    return AccessScope(organisation=organisation, kinds=seen, within=within)


# --- what the actor may do with the record -------------------------------------------------

_MAY_WRITE: dict[Role, frozenset[str]] = {
    Role.PATIENT: frozenset(),
    Role.RECEPTIONIST: frozenset({"Patient"}),
    Role.NURSE: CLINICAL | {"Medication"},
    Role.CLINICIAN: CLINICAL | {"Medication"},
    Role.ADMIN: DIRECTORY | DEFINITIONS,
}
_MAY_DELETE: dict[Role, frozenset[str]] = {
    # A deletion keeps its history; still it is a clinician's decision, and never a whole patient.
    Role.CLINICIAN: CLINICAL - SCHEDULE - {"Patient"},
    Role.ADMIN: DIRECTORY | DEFINITIONS,
}
_SEES_ALL_AT_ONCE = frozenset({Role.NURSE, Role.CLINICIAN})


def may_fhir(actor: Actor, kind: str | None, interaction: Interaction) -> bool:
    """Report whether the actor may do this with this type (``None``: with the whole record).

    Which resources of the type exist for the actor is for :func:`scope_of` to say. A transaction or
    batch is an envelope that anyone may send: each of its entries is asked about again.
    """
    return _may(actor.role, actor.scopes, kind, interaction)


def _may(role: Role, scopes: frozenset[str], kind: str | None, interaction: Interaction) -> bool:
    if interaction in _ENVELOPES:
        return True
    if kind in TRAIL and interaction not in _READING:
        return False
    if role is Role.MACHINE:
        return grants_of(scopes).allows(kind, _LETTER[interaction])
    if kind is None:
        return role in _SEES_ALL_AT_ONCE
    if interaction in _READING:
        return kind in _PEOPLE[role]
    allowed = _MAY_WRITE if interaction in _WRITING else _MAY_DELETE
    return kind in allowed.get(role, frozenset())


def require_fhir(actor: Actor, kind: str | None, interaction: Interaction) -> None:
    """Return if the actor may, or raise :class:`InteractionRefusedError`."""
    if not _allowed(actor.role, actor.scopes, kind, interaction):
        require(actor, "fhir:use")
        raise InteractionRefusedError(kind, interaction)


@lru_cache(maxsize=4096)
def _allowed(
    role: Role, scopes: frozenset[str], kind: str | None, interaction: Interaction
) -> bool:
    return "fhir:use" in ROLE_PERMISSIONS[role] and _may(role, scopes, kind, interaction)
