"""What Harbour's resources are made of: code systems, references, quantities, instants."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from careflow.demo.people import ADA, BO, ZONE, Person, Resource

LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
UCUM = "http://unitsofmeasure.org"
ICD10 = "http://hl7.org/fhir/sid/icd-10-cm"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
ALLERGY_CLINICAL = "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical"
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
INTERPRETATION = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"


def instant(day: date, hour: int, minute: int = 0, zone: str = ZONE) -> str:
    """Return a wall time at the clinic as an instant with its offset."""
    return datetime.combine(day, time(hour, minute), ZoneInfo(zone)).isoformat()


def reference_to(person: Person) -> Resource:
    """Return a reference to the patient, with the name people read."""
    return {
        "reference": f"Patient/{person.id}",
        "display": f"{person.given} {person.family}",
    }


def doctor_of(person: Person) -> Resource:
    """Return a reference to the doctor whom this patient sees."""
    doctor = BO if person.prefix in {"Master", "Miss"} else ADA
    return {"reference": f"Practitioner/{doctor.id}", "display": doctor.name}


def coded(system: str, code: str, display: str) -> Resource:
    """Return a concept with one code and the words people read."""
    return {"coding": [{"system": system, "code": code, "display": display}], "text": display}


def quantity(value: str, unit: str, ucum: str) -> Resource:
    """Return a quantity that keeps the decimals its value is printed with."""
    return {"value": Decimal(value), "unit": unit, "system": UCUM, "code": ucum}
