"""The one who asks: a person or a machine, known by an account."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What someone is to the clinic."""

    PATIENT = "patient"
    RECEPTIONIST = "receptionist"
    NURSE = "nurse"
    CLINICIAN = "clinician"
    ADMIN = "admin"
    MACHINE = "machine"


STAFF = frozenset({Role.RECEPTIONIST, Role.NURSE, Role.CLINICIAN, Role.ADMIN})


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is asking, as far as a verified token tells.

    Attributes:
        id: The account or machine client.
        name: Name for people to read ("Ada Okoye").
        patient_id: The asker's own record, for patients; the patient a machine client is bound to.
        practitioner_id: The asker's Practitioner resource, for clinical staff.
        session: The sign-in this request belongs to; revoking it ends the actor.
        scopes: SMART scopes of a machine client, e.g. ``system/Patient.rs``.
        panel: The patients whom the asker cares for or has opened in an emergency, where the clinic
            limits them to those; ``None`` is the whole clinic.
    """

    id: str
    name: str
    role: Role
    organisation: str
    session: str
    patient_id: str | None = None
    practitioner_id: str | None = None
    scopes: frozenset[str] = frozenset()
    panel: frozenset[str] | None = None
