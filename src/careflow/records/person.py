"""How a patient is named on screens, and how old they are by the clinical rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from careflow.records.elements import Json, codes_of, codings, concept_text

_INTERPRETER = "http://hl7.org/fhir/StructureDefinition/patient-interpreterRequired"
_NAME_USES = ("usual", "official", None, "temp", "nickname", "anonymous", "maiden", "old")
_ADULT_YEARS = 18


@dataclass(frozen=True, slots=True)
class PatientLine:
    """A patient in a list.

    Attributes:
        birth_date: As recorded; FHIR allows a year or a month alone.
        sex: Administrative gender: male, female, other or unknown.
    """

    id: str
    family: str
    given: str
    prefix: str | None
    birth_date: str | None
    sex: str | None
    record_number: str | None


@dataclass(frozen=True, slots=True)
class Banner:
    """What stands fixed at the top of every patient screen."""

    id: str
    family: str
    given: str
    prefix: str | None
    birth_date: str | None
    age_text: str | None
    sex: str | None
    record_number: str | None
    language: str | None
    interpreter_needed: bool
    phone: str | None


def line_of(patient: Json) -> PatientLine:
    """Return a Patient resource as a line of a list."""
    name = chosen_name(patient)
    return PatientLine(
        id=patient["id"],
        family=name.get("family") or name.get("text") or "Name not recorded",
        given=" ".join(name.get("given", ())),
        prefix=" ".join(name.get("prefix", ())) or None,
        birth_date=patient.get("birthDate"),
        sex=patient.get("gender"),
        record_number=record_number(patient),
    )


def banner_of(patient: Json, *, today: date) -> Banner:
    """Return a Patient resource as the banner, with the age on this day at the clinic."""
    line = line_of(patient)
    return Banner(
        id=line.id,
        family=line.family,
        given=line.given,
        prefix=line.prefix,
        birth_date=line.birth_date,
        age_text=age_text(line.birth_date, _death_or(patient, today)),
        sex=line.sex,
        record_number=line.record_number,
        language=_language(patient),
        interpreter_needed=_interpreter_needed(patient),
        phone=_phone(patient),
    )


def chosen_name(patient: Json) -> Json:
    """Return the name to show: the usual one, else the official one, else any, old ones last."""
    names: list[Json] = patient.get("name", [])
    if not names:
        return {}
    return min(names, key=lambda name: _NAME_USES.index(name.get("use")))


def record_number(patient: Json) -> str | None:
    """Return the clinic's record number (identifier type MR), never a national number."""
    for identifier in patient.get("identifier", ()):
        if "MR" in codes_of(identifier.get("type")) and identifier.get("value"):
            return str(identifier["value"])
    return None


def age_text(birth_date: str | None, today: date) -> str | None:
    """Return an age by the clinical rule; ``None`` where the birth day is not known or to come.

    Days under four weeks, weeks under a year, months under two years, years and months under 18,
    years from then on (NHS Common User Interface, "Patient Banner").
    """
    if not birth_date or len(birth_date) < len("2026-11-24"):
        return None
    born = date.fromisoformat(birth_date)
    days = (today - born).days
    months = (today.year - born.year) * 12 + today.month - born.month - (today.day < born.day)
    if days < 0:
        return None
    return _age(days, months)


def _age(days: int, months: int) -> str:
    years, rest = divmod(months, 12)
    if days < 4 * 7:
        return _counted(days, "day")
    if months < 12:
        return _counted(days // 7, "week")
    if months < 2 * 12:
        return _counted(months, "month")
    if years < _ADULT_YEARS and rest:
        return f"{_counted(years, 'year')} {_counted(rest, 'month')}"
    return _counted(years, "year")


def _counted(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def _death_or(patient: Json, today: date) -> date:
    died = patient.get("deceasedDateTime")
    return min(today, date.fromisoformat(died[:10])) if died and len(died) >= 10 else today


def _language(patient: Json) -> str | None:
    spoken: list[Json] = patient.get("communication", [])
    preferred = [one for one in spoken if one.get("preferred")] or spoken
    return _first(concept_text(_named(one.get("language"))) for one in preferred)


def _named(language: Json | None) -> Json | None:
    """Prefer the language's name over its code (``es-US``), where a coding carries one."""
    shown = _first(str(c["display"]) for c in codings(language) if c.get("display"))
    return {"text": shown} if shown and not (language or {}).get("text") else language


def _interpreter_needed(patient: Json) -> bool:
    return any(
        extension.get("url") == _INTERPRETER and extension.get("valueBoolean") is True
        for extension in patient.get("extension", ())
    )


def _phone(patient: Json) -> str | None:
    phones = [t for t in patient.get("telecom", ()) if t.get("system") == "phone"]
    current = [t for t in phones if t.get("use") != "old"]
    return _first(str(t["value"]) for t in current if t.get("value"))


def _first(values: Iterable[str | None]) -> str | None:
    return next((value for value in values if value), None)
