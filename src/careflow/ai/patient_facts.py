"""What the policy asks about a patient, from their resources: age, and whether they take part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from careflow.records.elements import Json

OPT_OUT = "urn:careflow:ai-opt-out"
"""Tag of a Patient who takes no part in AI processing; a Consent that denies it does the same."""


@dataclass(frozen=True, slots=True)
class PatientFacts:
    """What the policy asks about a patient."""

    age_years: int | None = None
    consents: bool = True


def facts_of(patient: Json, consents: Iterable[Json], *, today: date) -> PatientFacts:
    """Return the facts of a Patient resource and of their Consents."""
    tags = (patient.get("meta") or {}).get("tag") or ()
    opted_out = any(tag.get("system") == OPT_OUT for tag in tags)
    refused = opted_out or any(map(_denies_ai, consents))
    return PatientFacts(_years(patient.get("birthDate"), today), consents=not refused)


def facts_in_bundle(bundle: Json, *, today: date) -> PatientFacts | None:
    """Return the facts of the patient of a bundle that was sent along, if it has one.

    Of several patients the youngest counts, and one who has opted out.
    """
    entries = bundle.get("entry") or ()
    resources = [one["resource"] for one in entries if isinstance(one, dict) and "resource" in one]
    found = [one for one in resources if isinstance(one, dict)]
    consents = [one for one in found if one.get("resourceType") == "Consent"]
    facts = [
        facts_of(one, consents, today=today)
        for one in found
        if one.get("resourceType") == "Patient"
    ]
    if not facts:
        return None
    ages = [one.age_years for one in facts if one.age_years is not None]
    return PatientFacts(min(ages, default=None), consents=all(one.consents for one in facts))


def _years(birth_date: str | None, today: date) -> int | None:
    """Return whole years; where only the year is known, the fewest it may be."""
    if not birth_date:
        return None
    try:
        parts = [int(part) for part in str(birth_date)[:10].split("-")]
    except ValueError:
        return None
    year, month, day = (*parts, 12, 31) if len(parts) == 1 else (*parts, 31)[:3]
    return today.year - year - ((today.month, today.day) < (month, day))


def _denies_ai(consent: Json) -> bool:
    """Report whether an active consent denies processing by AI, as a whole or in a part."""
    if consent.get("status") != "active":
        return False
    of_ai = _is_of_ai(consent.get("category") or ())
    return any(
        one.get("type") == "deny" and (of_ai or _is_of_ai(one.get("purpose") or ()))
        for one in _provisions(consent.get("provision") or {})
    )


def _provisions(provision: Json) -> Iterator[Json]:
    yield provision
    for inner in provision.get("provision") or ():
        yield from _provisions(inner)


def _is_of_ai(concepts: Iterable[Json]) -> bool:
    codings = (code for one in concepts for code in (one.get("coding") or (one,)))
    return any(code.get("system") == OPT_OUT or code.get("code") == "ai" for code in codings)
