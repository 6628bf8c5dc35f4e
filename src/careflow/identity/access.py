"""Turns an actor into what the store and the record's API ask: a scope, and yes or no by type."""

from __future__ import annotations

from functools import lru_cache
from typing import ClassVar, Literal

from careflow.database.scope import AccessScope
from careflow.errors import NotAllowedError
from careflow.identity.actor import Actor, Role
from careflow.identity.kinds import (
    CLINICAL,
    CLINICAL_PAPERS,
    DEFINITIONS,
    DESK_PAPERS,
    DIRECTORY,
    FRONT_DESK,
    PATIENTS_OWN,
    SCHEDULE,
    SHARED,
    TRAIL,
)
from careflow.identity.permissions import require
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


class InteractionRefusedError(NotAllowedError):
    """The role or the scopes do not allow this interaction with this type."""

    code: ClassVar[str] = "identity-interaction-refused"

    def __init__(self, kind: str | None, interaction: Interaction) -> None:
        super().__init__(f"You may not {interaction} {kind or 'the whole record'}.")


# --- what exists for the actor -------------------------------------------------------------

_PEOPLE: dict[Role, frozenset[str]] = {
    Role.PATIENT: PATIENTS_OWN | SHARED,
    Role.RECEPTIONIST: FRONT_DESK | DESK_PAPERS,
    Role.NURSE: CLINICAL | SHARED | CLINICAL_PAPERS,
    Role.CLINICIAN: CLINICAL | SHARED | CLINICAL_PAPERS,
    Role.ADMIN: SHARED | TRAIL | {"job"},
}
"""Kinds that exist for a role. Accounts, sessions, clients and counters exist for none: only this
room reads them, under the organisation's own scope."""


def scope_of(actor: Actor) -> AccessScope:
    """Return what exists for the actor, cheap enough for every request.

    A patient sees their own compartment and what holds no patient data; without a record of their
    own, nothing but the latter. Everyone else sees the kinds of their role in the whole
    organisation; a machine client those it may read or search.
    """
    return _scope(actor.role, actor.organisation, actor.patient_id, actor.scopes)


@lru_cache(maxsize=4096)
def _scope(
    role: Role, organisation: str, patient_id: str | None, scopes: frozenset[str]
) -> AccessScope:
    kinds = grants_of(scopes).types("rs") if role is Role.MACHINE else _PEOPLE[role]
    patients = None
    if role is Role.PATIENT:
        patients = frozenset({patient_id} if patient_id else ())
    return AccessScope(
        organisation=organisation, kinds=kinds, patients=patients, shared_kinds=SHARED
    )


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
    if interaction in _ENVELOPES:
        return True
    if kind in TRAIL and interaction not in _READING:
        return False
    if actor.role is Role.MACHINE:
        return grants_of(actor.scopes).allows(kind, _LETTER[interaction])
    if kind is None:
        return actor.role in _SEES_ALL_AT_ONCE
    if interaction in _READING:
        return kind in _PEOPLE[actor.role]
    allowed = _MAY_WRITE if interaction in _WRITING else _MAY_DELETE
    return kind in allowed.get(actor.role, frozenset())


def require_fhir(actor: Actor, kind: str | None, interaction: Interaction) -> None:
    """Return if the actor may, or raise :class:`InteractionRefusedError`."""
    require(actor, "fhir:use")
    if not may_fhir(actor, kind, interaction):
        raise InteractionRefusedError(kind, interaction)
