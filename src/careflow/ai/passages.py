"""Parts of a record as plain short lines: the same words and exact numbers as the chart has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from careflow.ai.task import Passage
from careflow.records.elements import Json, concept_text, effective_text, quantity_text
from careflow.records.history import medicine_name
from careflow.records.measured import flag_of, name_of, range_of, unit_of, value_text_of
from careflow.records.person import age_text

_DAY = len("2026-11-24")


def passage_of(resource: Json, *, today: date) -> Passage | None:
    """Return a resource in words; ``None`` where it says nothing, or was entered in error."""
    kind = str(resource.get("resourceType", ""))
    write = _LINES.get(kind)
    if write is None or "entered-in-error" in (resource.get("status"), _verified(resource)):
        return None
    text = _patient(resource, today) if kind == "Patient" else write(resource)
    return Passage(f"{kind}/{resource.get('id', '-')}", text) if text else None


def when_of(resource: Json) -> str:
    """Return when a resource happened, as text that sorts; empty where it does not say."""
    period = resource.get("period") or resource.get("performedPeriod") or {}
    found = (
        effective_text(resource)
        or resource.get("onsetDateTime")
        or resource.get("authoredOn")
        or resource.get("performedDateTime")
        or resource.get("occurrenceDateTime")
        or period.get("start")
        or resource.get("start")
        or resource.get("recordedDate")
    )
    return str(found or "")


def _patient(one: Json, today: date) -> str:
    return _said("Patient", one.get("gender"), age_text(one.get("birthDate"), today))


def _observation(one: Json) -> str:
    parts = one.get("component") or ()
    said = [_measured(part) for part in parts] if parts else [_value(one)]
    return _said(f"{name_of(one)}: {', '.join(said)}", _on(one))


def _measured(part: Json) -> str:
    return f"{name_of(part)} {_value(part)}"


def _value(one: Json) -> str:
    value = " ".join(filter(None, (value_text_of(one), unit_of(one))))
    flag, (_, _, range_) = flag_of(one), range_of(one)
    return f"{value}{f' ({flag})' if flag else ''}{f' [range {range_}]' if range_ else ''}"


def _condition(one: Json) -> str:
    status = concept_text(one.get("clinicalStatus"))
    return _said(f"Condition: {concept_text(one.get('code')) or 'not named'}", status,
                 _verified(one), _day(one.get("onsetDateTime"), "since "),
                 _day(one.get("abatementDateTime"), "until "))  # fmt: skip


def _medicine(one: Json) -> str:
    doses = [_dose(dose) for dose in one.get("dosageInstruction") or one.get("dosage") or ()]
    name = medicine_name(one, {})
    return _said(f"Medicine: {name}", *doses, one.get("status"), _on(one))


def _dose(dose: Json) -> str:
    if dose.get("text"):
        return str(dose["text"])
    amounts = [_amount(one.get("doseQuantity")) for one in dose.get("doseAndRate") or ()]
    repeat = (dose.get("timing") or {}).get("repeat") or {}
    often = ""
    if repeat.get("frequency") and repeat.get("period"):
        often = (
            f"{repeat['frequency']} times every {repeat['period']} {repeat.get('periodUnit', '')}"
        )
    needed = "as needed" if dose.get("asNeededBoolean") else ""
    return " ".join(filter(None, (*amounts, often.strip(), needed)))


def _amount(quantity: Json | None) -> str:
    number = quantity_text(quantity)
    return " ".join(filter(None, (number, (quantity or {}).get("unit"))))


def _allergy(one: Json) -> str:
    reactions = [
        concept_text(how)
        for reaction in one.get("reaction") or ()
        for how in reaction.get("manifestation") or ()
    ]
    return _said(f"Allergy: {concept_text(one.get('code')) or 'not named'}", *reactions,
                 one.get("criticality"), concept_text(one.get("clinicalStatus")))  # fmt: skip


def _procedure(one: Json) -> str:
    return _said(f"Procedure: {concept_text(one.get('code')) or 'not named'}", one.get("status"),
                 _on(one))  # fmt: skip


def _immunization(one: Json) -> str:
    name = concept_text(one.get("vaccineCode")) or "not named"
    return _said(f"Immunization: {name}", one.get("status"), _on(one))


def _report(one: Json) -> str:
    name = concept_text(one.get("code")) or "not named"
    return _said(f"Report: {name}", one.get("conclusion"), _on(one))


def _encounter(one: Json) -> str:
    kinds = [concept_text(kind) for kind in one.get("type") or ()]
    reasons = [concept_text(reason) for reason in one.get("reasonCode") or ()]
    return _said("Visit", *kinds, *reasons, one.get("status"), _on(one))


def _appointment(one: Json) -> str:
    return _said("Appointment", one.get("description"), one.get("status"), one.get("start"))


_LINES: Mapping[str, Callable[[Json], str]] = {
    "Patient": lambda _: "",
    "AllergyIntolerance": _allergy,
    "Condition": _condition,
    "MedicationRequest": _medicine,
    "MedicationStatement": _medicine,
    "Encounter": _encounter,
    "Observation": _observation,
    "DiagnosticReport": _report,
    "Procedure": _procedure,
    "Immunization": _immunization,
    "Appointment": _appointment,
}
ORDER = tuple(_LINES)
"""Kinds in the order in which a clinician reads them."""


def _verified(one: Json) -> str | None:
    said = concept_text(one.get("verificationStatus"))
    return None if said in {"confirmed", "Confirmed"} else said


def _on(one: Json) -> str:
    return _day(when_of(one), "on ")


def _day(when: object, before: str) -> str:
    return f"{before}{str(when)[:_DAY]}" if when else ""


def _said(first: str, *rest: object) -> str:
    return ", ".join([first, *_texts(rest)])


def _texts(parts: Iterable[object]) -> list[str]:
    return [str(part).strip() for part in parts if part not in (None, "")]
