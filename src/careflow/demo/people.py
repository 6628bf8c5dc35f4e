"""The people and places of Harbour, the synthetic clinic. Every name is invented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

ORGANISATION = "harbour"
CLINIC_NAME = "Harbour Clinic"
ZONE = "America/New_York"
SECOND_ZONE = "America/Phoenix"
RECORD_SYSTEM = "urn:harbour:record-number"
PATIENT_COUNT = 40

Resource = dict[str, Any]


@dataclass(frozen=True, slots=True)
class StaffMember:
    """Someone who works at Harbour."""

    id: str
    role: str
    prefix: str | None
    given: str
    family: str
    specialty: str | None

    @property
    def name(self) -> str:
        """Return the name as colleagues say it."""
        return f"{self.prefix} {self.given} {self.family}" if self.prefix else self.display

    @property
    def display(self) -> str:
        """Return given and family name."""
        return f"{self.given} {self.family}"


STAFF = (
    StaffMember("ada", "clinician", "Dr", "Ada", "Lindqvist", "Family medicine"),
    StaffMember("bo", "clinician", "Dr", "Bo", "Marchetti", "Paediatrics"),
    StaffMember("nia", "nurse", None, "Nia", "Patel", None),
    StaffMember("fin", "receptionist", None, "Fin", "Delacroix", None),
    StaffMember("ali", "admin", None, "Ali", "Rahmani", None),
)
ADA, BO, NIA = STAFF[0], STAFF[1], STAFF[2]


@dataclass(frozen=True, slots=True)
class Person:
    """A patient of Harbour, before any history."""

    number: int
    family: str
    given: str
    prefix: str
    sex: str
    born: date
    language: tuple[str, str] = ("en", "English")
    interpreter: bool = False

    @property
    def id(self) -> str:
        """Return the Patient resource's id."""
        return f"p{self.number}"

    @property
    def record_number(self) -> str:
        """Return the number that stands on labels and reports."""
        return f"CF-{104200 + self.number * 13}"

    def age_on(self, day: date) -> int:
        """Return completed years."""
        return day.year - self.born.year - ((day.month, day.day) < (self.born.month, self.born.day))


_ADULT_FAMILIES = [
    "Weber",
    "Tanaka",
    "Haddad",
    "Ortega",
    "Novak",
    "Diallo",
    "Singh",
    "Kowalski",
    "Johnson",
    "Johnston",
    "Murphy",
    "Rossi",
    "Nguyen",
    "Silva",
    "Andersson",
    "Mensah",
    "Petrov",
    "Costa",
    "Larsen",
    "Ahmed",
    "Fischer",
    "Morales",
    "Byrne",
    "Osei",
    "Dubois",
    "Hoffmann",
    "Yilmaz",
    "Campbell",
    "Park",
    "Eriksen",
    "Bianchi",
    "Farouk",
    "Grant",
]
_WOMEN = [
    "Mei",
    "Sara",
    "Petra",
    "Ewa",
    "Grace",
    "Lucia",
    "Hannah",
    "Noor",
    "Ingrid",
    "Abena",
    "Carmen",
    "Fiona",
    "Yuna",
    "Marta",
    "Leila",
    "Ruth",
    "Helene",
]
_MEN = [
    "Jonas",
    "Luis",
    "Ibrahim",
    "Harpreet",
    "Peter",
    "Paul",
    "Marco",
    "Minh",
    "Rafael",
    "Erik",
    "Kofi",
    "Dmitri",
    "Nuno",
    "Lars",
    "Omar",
    "Stefan",
    "Callum",
]
_CHILDREN = (
    ("Okafor", "Chidi", "male"),
    ("Park", "Minji", "female"),
    ("Murphy", "Roisin", "female"),
    ("Silva", "Tomas", "male"),
)
_OTHER_LANGUAGES = (("es", "Spanish"), ("pt", "Portuguese"), ("ar", "Arabic"), ("vi", "Vietnamese"))
_STREETS = ("Quay Street", "Chandler Lane", "Lighthouse Road", "Mill Row", "Ferry Avenue")


def people(seed: int, today: date) -> list[Person]:
    """Return Harbour's forty patients, the same for the same seed; ages are as of ``today``."""
    random = Random(f"people:{seed}")  # noqa: S311 - synthetic data, not a secret.
    amara = Person(
        1, "Okafor", "Amara", "Ms", "female", date(1968, 3, 14), ("ig", "Igbo"), interpreter=True
    )
    result = [amara]
    women, men = list(_WOMEN), list(_MEN)
    adults = PATIENT_COUNT - 1 - len(_CHILDREN)
    families = [*_ADULT_FAMILIES, *_ADULT_FAMILIES][:adults]
    for offset, family in enumerate(families):
        female = offset % 2 == 1
        names = women if female else men
        given = names[(offset // 2) % len(names)]
        born = _birthday(random, today.year - random.randint(24, 82))
        language = _OTHER_LANGUAGES[offset % 4] if offset % 9 == 4 else ("en", "English")
        prefix = random.choice(("Ms", "Mrs")) if female else "Mr"
        sex = "female" if female else "male"
        result.append(
            Person(offset + 2, family, given, prefix, sex, born, language, offset % 18 == 4)
        )
    for index, (family, given, sex) in enumerate(_CHILDREN):
        born = _birthday(random, today.year - (2 + index * 3))
        prefix = "Master" if sex == "male" else "Miss"
        result.append(Person(len(result) + 1, family, given, prefix, sex, born))
    return result


def _birthday(random: Random, year: int) -> date:
    return date(year, random.randint(1, 12), random.randint(1, 28))


def patient_resource(person: Person, seed: int) -> Resource:
    """Return the Patient resource with demographics and contact details."""
    random = Random(f"contact:{seed}:{person.number}")  # noqa: S311
    communication: Resource = {
        "language": {
            "coding": [{"system": "urn:ietf:bcp:47", "code": person.language[0]}],
            "text": person.language[1],
        },
        "preferred": True,
    }
    resource: Resource = {
        "resourceType": "Patient",
        "id": person.id,
        "identifier": [
            {
                "type": {
                    "coding": [
                        {"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "MR"}
                    ]
                },
                "system": RECORD_SYSTEM,
                "value": person.record_number,
            }
        ],
        "active": True,
        "name": [
            {
                "use": "official",
                "family": person.family,
                "given": [person.given],
                "prefix": [person.prefix],
            }
        ],
        # 555-01xx numbers are reserved for fiction in the North American numbering plan.
        "telecom": [
            {"system": "phone", "value": f"+1-207-555-01{person.number:02d}", "use": "mobile"},
            {
                "system": "email",
                "value": f"{person.given}.{person.family}.{person.number}@mail.example".lower(),
            },
        ],
        "gender": person.sex,
        "birthDate": person.born.isoformat(),
        "address": [
            {
                "line": [f"{random.randint(2, 140)} {random.choice(_STREETS)}"],
                "city": "Harbour Point",
                "state": "ME",
                "postalCode": f"04{random.randint(100, 109)}",
                "country": "US",
            }
        ],
        "communication": [communication],
        "generalPractitioner": [{"reference": f"Practitioner/{_doctor_of(person).id}"}],
        "managingOrganization": {"reference": f"Organization/{ORGANISATION}"},
    }
    if person.interpreter:
        resource["extension"] = [
            {
                "url": "http://hl7.org/fhir/StructureDefinition/patient-interpreterRequired",
                "valueBoolean": True,
            }
        ]
    return resource


def _doctor_of(person: Person) -> StaffMember:
    return BO if person.prefix in {"Master", "Miss"} else ADA


def clinic_resources() -> list[Resource]:
    """Return the organisation, its places, rooms, device and people who work there."""
    organisation: Resource = {
        "resourceType": "Organization",
        "id": ORGANISATION,
        "active": True,
        "name": CLINIC_NAME,
    }
    return [organisation, *_places(), *_staff()]


def _places() -> list[Resource]:
    owner = {"reference": f"Organization/{ORGANISATION}"}
    timezone = "http://hl7.org/fhir/StructureDefinition/timezone"
    places: list[Resource] = [
        {
            "resourceType": "Location",
            "id": id_,
            "status": "active",
            "name": name,
            "mode": "instance",
            "managingOrganization": owner,
            "extension": [{"url": timezone, "valueCode": zone}],
        }
        for id_, name, zone in (
            ("harbour-point", "Harbour Point", ZONE),
            ("desert-view", "Desert View", SECOND_ZONE),
        )
    ]
    rooms: list[Resource] = [
        {
            "resourceType": "Location",
            "id": f"room-{number}",
            "status": "active",
            "name": f"Room {number}",
            "mode": "instance",
            "partOf": {"reference": "Location/harbour-point"},
            "managingOrganization": owner,
        }
        for number in (1, 2)
    ]
    device: Resource = {
        "resourceType": "Device",
        "id": "ecg-1",
        "status": "active",
        "deviceName": [{"name": "ECG 1", "type": "user-friendly-name"}],
        "owner": owner,
        "location": {"reference": "Location/harbour-point"},
    }
    return [*places, *rooms, device]


def _staff() -> list[Resource]:
    resources: list[Resource] = []
    for member in STAFF:
        name: Resource = {"use": "official", "family": member.family, "given": [member.given]}
        if member.prefix:
            name["prefix"] = [member.prefix]
        resources.append(
            {"resourceType": "Practitioner", "id": member.id, "active": True, "name": [name]}
        )
        role: Resource = {
            "resourceType": "PractitionerRole",
            "id": f"{member.id}-at-harbour",
            "active": True,
            "practitioner": {"reference": f"Practitioner/{member.id}", "display": member.name},
            "organization": {"reference": f"Organization/{ORGANISATION}"},
            "location": [{"reference": "Location/harbour-point"}],
            "code": [{"text": member.role}],
        }
        if member.specialty:
            role["specialty"] = [{"text": member.specialty}]
        resources.append(role)
    return resources
