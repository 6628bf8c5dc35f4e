"""Who may see and do what with the record."""

from __future__ import annotations

import gzip
import json
from typing import get_args

import pytest

from careflow.database.documents import Entries, Put, Query
from careflow.database.scope import COMPARTMENT
from careflow.database.work import Work
from careflow.identity.access import (
    Interaction,
    InteractionRefusedError,
    may_fhir,
    require_fhir,
    scope_of,
)
from careflow.identity.actor import STAFF, Actor, Role
from careflow.identity.assembly import Identity
from careflow.identity.kinds import CLINICAL, DEFINITIONS, DIRECTORY, EVERY_TYPE, SHARED, TRAIL
from careflow.identity.permissions import (
    ROLE_PERMISSIONS,
    Permission,
    PermissionMissingError,
    may,
    require,
)
from tests.identity.clinic import ORGANISATION
from tests.shared_data import shared

INTERACTIONS: tuple[Interaction, ...] = get_args(Interaction)
WRITES: tuple[Interaction, ...] = ("create", "update", "patch", "delete")
READS: tuple[Interaction, ...] = ("read", "vread", "search", "history", "history-type")
OURS = {"account", "session", "client", "counter"}


def an_actor(role: Role, *, patient_id: str | None = None, scopes: str = "") -> Actor:
    return Actor(
        id="a1",
        name="Ada",
        role=role,
        organisation=ORGANISATION,
        session="s1",
        patient_id=patient_id,
        scopes=frozenset(scopes.split()),
    )


# --- scopes ----------------------------------------------------------------------------------


def test_a_patient_sees_their_own_compartment_alone() -> None:
    scope = scope_of(an_actor(Role.PATIENT, patient_id="p1"))

    assert scope.patients == frozenset({"p1"})
    assert scope.narrows("Observation")
    assert not scope.narrows("Practitioner")


def test_a_patient_without_a_record_sees_no_patients_data() -> None:
    scope = scope_of(an_actor(Role.PATIENT))

    assert scope.patients == frozenset()
    assert scope.narrows("Patient")


def test_a_receptionist_sees_demographics_and_the_schedule_only() -> None:
    scope = scope_of(an_actor(Role.RECEPTIONIST))

    assert scope.kinds is not None
    assert scope.kinds & EVERY_TYPE == {
        "Patient",
        "Practitioner",
        "PractitionerRole",
        "Organization",
        "Location",
        "Schedule",
        "Slot",
        "Appointment",
    }
    assert scope.patients is None


def test_an_administrator_sees_no_chart() -> None:
    scope = scope_of(an_actor(Role.ADMIN))

    assert not any(scope.allows_kind(kind) for kind in CLINICAL)


@pytest.mark.parametrize("role", [Role.NURSE, Role.CLINICIAN])
def test_those_who_care_see_the_whole_organisations_charts(role: Role) -> None:
    scope = scope_of(an_actor(role))

    assert all(scope.allows_kind(kind) for kind in CLINICAL | SHARED | {"draft", "job"})
    assert scope.patients is None


def test_a_machine_sees_what_it_may_read_or_search() -> None:
    scope = scope_of(an_actor(Role.MACHINE, scopes="system/Patient.r system/Observation.c"))

    assert scope.kinds == frozenset({"Patient"})


def test_a_machine_without_scopes_sees_nothing() -> None:
    assert scope_of(an_actor(Role.MACHINE)).kinds == frozenset()


@pytest.mark.parametrize("role", list(Role))
def test_no_scope_shows_accounts_sessions_or_secrets(role: Role) -> None:
    scope = scope_of(an_actor(role, patient_id="p1", scopes="system/*.cruds"))

    assert scope.kinds is not None
    assert not scope.kinds & OURS
    assert scope.organisation == ORGANISATION


async def test_a_patients_scope_holds_in_the_store(identity: Identity) -> None:
    async with Work(identity.documents) as work:
        for patient in ("p1", "p2"):
            work.put(
                Put(
                    kind="Observation",
                    id=f"o-{patient}",
                    body=b"{}",
                    organisation=ORGANISATION,
                    entries=Entries(terms=((COMPARTMENT, patient),)),
                )
            )
        work.put(Put(kind="Practitioner", id="d1", body=b"{}", organisation=ORGANISATION))
    own, nobody = (scope_of(an_actor(Role.PATIENT, patient_id=p)) for p in ("p1", None))

    seen = await identity.documents.find(Query(kind="Observation"), own)
    unlinked = await identity.documents.find(Query(kind="Observation"), nobody)

    assert [d.id for d in seen.documents] == ["o-p1"]
    assert unlinked.documents == []
    assert await identity.documents.read("Observation", "o-p2", own) is None
    assert await identity.documents.read("Practitioner", "d1", nobody) is not None


# --- interactions ----------------------------------------------------------------------------


@pytest.mark.parametrize("interaction", WRITES)
def test_a_patient_writes_nothing(interaction: Interaction) -> None:
    actor = an_actor(Role.PATIENT, patient_id="p1")

    assert not any(may_fhir(actor, kind, interaction) for kind in EVERY_TYPE)


def test_a_receptionist_writes_demographics_only() -> None:
    actor = an_actor(Role.RECEPTIONIST)

    written = {(kind, one) for kind in EVERY_TYPE for one in WRITES if may_fhir(actor, kind, one)}

    assert written == {("Patient", "create"), ("Patient", "update"), ("Patient", "patch")}


def test_an_administrator_touches_no_chart() -> None:
    actor = an_actor(Role.ADMIN)

    assert not any(may_fhir(actor, kind, one) for kind in CLINICAL for one in READS + WRITES)
    assert may_fhir(actor, "Practitioner", "update")


def test_a_nurse_writes_the_chart_and_deletes_nothing() -> None:
    actor = an_actor(Role.NURSE)

    assert may_fhir(actor, "Observation", "create")
    assert not any(may_fhir(actor, kind, "delete") for kind in EVERY_TYPE)


def test_a_clinician_deletes_an_entry_but_never_a_patient_or_a_visit() -> None:
    actor = an_actor(Role.CLINICIAN)

    assert may_fhir(actor, "Observation", "delete")
    assert not any(may_fhir(actor, kind, "delete") for kind in ("Patient", "Appointment"))


@pytest.mark.parametrize("role", list(Role))
def test_nobody_writes_the_trail(role: Role) -> None:
    actor = an_actor(role, scopes="system/*.cruds")

    assert not any(may_fhir(actor, "AuditEvent", one) for one in WRITES)


@pytest.mark.parametrize("role", [Role.NURSE, Role.CLINICIAN])
def test_those_who_care_do_not_change_the_directory(role: Role) -> None:
    assert not any(
        may_fhir(an_actor(role), kind, one)
        for kind in DIRECTORY | (DEFINITIONS - {"Medication"})
        for one in WRITES
    )


@pytest.mark.parametrize("role", [r for r in Role if r is not Role.MACHINE])
def test_what_a_role_may_read_exists_for_it_and_the_reverse(role: Role) -> None:
    actor = an_actor(role, patient_id="p1")
    scope = scope_of(actor)

    for kind in EVERY_TYPE | OURS:
        for interaction in READS:
            exists = scope.allows_kind(kind)
            assert may_fhir(actor, kind, interaction) is exists, (kind, interaction)


@pytest.mark.parametrize(
    ("scopes", "allowed"),
    [
        ("system/Observation.rs", {"read", "vread", "history", "search", "history-type"}),
        ("system/Observation.r", {"read", "vread", "history"}),
        ("system/Observation.write", {"create", "update", "patch", "delete"}),
        ("system/Patient.cruds", set()),
        ("", set()),
    ],
)
def test_a_machine_does_what_its_letters_say(scopes: str, allowed: set[str]) -> None:
    actor = an_actor(Role.MACHINE, scopes=scopes)

    found = {one for one in READS + WRITES if may_fhir(actor, "Observation", one)}

    assert found == allowed


def test_the_whole_record_at_once_is_for_those_who_may_see_all_of_it() -> None:
    assert may_fhir(an_actor(Role.NURSE), None, "history-system")
    assert may_fhir(an_actor(Role.MACHINE, scopes="system/*.rs"), None, "search-system")
    for role in (Role.PATIENT, Role.RECEPTIONIST, Role.ADMIN):
        assert not may_fhir(an_actor(role), None, "history-system")
    some = an_actor(Role.MACHINE, scopes="system/Patient.rs")
    assert not may_fhir(some, None, "history-system")


def test_a_refusal_names_the_interaction_and_the_type() -> None:
    with pytest.raises(InteractionRefusedError, match="delete Patient"):
        require_fhir(an_actor(Role.NURSE), "Patient", "delete")
    require_fhir(an_actor(Role.NURSE), "Patient", "update")


@pytest.mark.parametrize("role", list(Role))
def test_every_interaction_has_an_answer_for_every_role(role: Role) -> None:
    for interaction in INTERACTIONS:
        for kind in (None, "Patient", "Practitioner", "AuditEvent", "Banana"):
            assert may_fhir(an_actor(role), kind, interaction) in {True, False}


# --- permissions -----------------------------------------------------------------------------


def test_every_role_has_a_row_and_every_permission_a_holder() -> None:
    assert set(ROLE_PERMISSIONS) == set(Role)
    assert set().union(*ROLE_PERMISSIONS.values()) == set(get_args(Permission))


@pytest.mark.parametrize(
    ("permission", "roles"),
    [
        ("draft:sign", {Role.CLINICIAN}),
        ("draft:edit", {Role.NURSE, Role.CLINICIAN}),
        ("chart:read", {Role.NURSE, Role.CLINICIAN}),
        ("inbox:write", {Role.RECEPTIONIST, Role.NURSE, Role.CLINICIAN}),
        ("portal:read", {Role.PATIENT}),
        ("audit:read", {Role.ADMIN}),
        ("accounts:write", {Role.ADMIN}),
        ("clients:write", {Role.ADMIN}),
        ("account:own", STAFF | {Role.PATIENT}),
        ("fhir:use", set(Role)),
    ],
)
def test_a_permission_is_held_by_these_roles_alone(
    permission: Permission, roles: set[Role]
) -> None:
    assert {role for role in Role if may(an_actor(role), permission)} == roles


def test_a_missing_permission_is_named() -> None:
    require(an_actor(Role.CLINICIAN), "draft:sign")
    with pytest.raises(PermissionMissingError, match="draft:sign"):
        require(an_actor(Role.NURSE), "draft:sign")


# --- kinds -----------------------------------------------------------------------------------


def test_no_type_stands_in_two_groups() -> None:
    groups = [CLINICAL, DIRECTORY, DEFINITIONS, TRAIL]

    assert sum(len(group) for group in groups) == len(EVERY_TYPE)


@pytest.mark.shared
def test_the_groups_name_every_type_of_the_standard() -> None:
    path = shared("data/fhir/definitions/StructureDefinition.ndjson.gz")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        definitions = [json.loads(line) for line in lines]

    types = {
        d["type"]
        for d in definitions
        if d["kind"] == "resource" and not d["abstract"] and d.get("derivation") != "constraint"
    }
    assert types == EVERY_TYPE


@pytest.mark.shared
def test_what_needs_no_compartment_is_in_no_patients_compartment() -> None:
    path = shared("data/fhir/definitions/CompartmentDefinition.ndjson.gz")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        definitions = [json.loads(line) for line in lines]
    patient = next(d for d in definitions if d["code"] == "Patient")

    inside = {r["code"] for r in patient["resource"] if r.get("param")}

    assert not inside & SHARED
