"""What the front desk is shown of a resource: who someone is, how to reach them, when they come.

The minimum that the desk's own work needs. Not shown are narratives, extensions and what is
contained (they may say anything), pictures of a person's health such as deceased or multiple
birth dates with their extensions, and of a visit the words in which its reason was told.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from careflow.database.scope import Fields
from careflow.fhir.subset import Only

_OF_ANY = frozenset({"resourceType", "id", "meta", "implicitRules", "language"})

DESK_FIELDS: Final[Mapping[str, Fields]] = MappingProxyType(
    {
        "Patient": Only(
            _OF_ANY
            | {
                "identifier",
                "active",
                "name",
                "telecom",
                "gender",
                "birthDate",
                "deceasedBoolean",
                "deceasedDateTime",
                "address",
                "photo",
                "contact",
                "communication",
                "generalPractitioner",
                "managingOrganization",
                "link",
            }
        ),
        "Appointment": Only(
            _OF_ANY
            | {
                "identifier",
                "status",
                "cancelationReason",
                "serviceCategory",
                "serviceType",
                "specialty",
                "appointmentType",
                "reasonCode",
                "priority",
                "description",
                "start",
                "end",
                "minutesDuration",
                "slot",
                "created",
                "patientInstruction",
                "participant",
                "requestedPeriod",
            }
        ),
    }
)
"""By resource type; a type that is not named is shown whole to whoever may see it at all."""
