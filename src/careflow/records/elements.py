"""FHIR's data types as screens read them: names, codes, quantities, times.

Resources come in as plain JSON data whose fractional numbers are :class:`decimal.Decimal`, so that
what a laboratory printed as 4.0 is never shown as 4.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from careflow.database.documents import Document

Json = dict[str, Any]

LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
SNOMED = "http://snomed.info/sct"
INTERPRETATION = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"

_DECODER: msgspec.json.Decoder[Any] = msgspec.json.Decoder(float_hook=Decimal)
_PRINTED_UNITS = {
    "mm[Hg]": "mmHg",
    "/min": "per min",
    "{beats}/min": "per min",
    "Cel": "°C",
    "[degF]": "°F",
    "kg/m2": "kg/m²",
}


def decoded(document: Document) -> Json:
    """Return a stored resource as plain data, with exact decimals."""
    data: Json = _DECODER.decode(document.body)
    return data


# --- codes ---------------------------------------------------------------------------------


def codings(concept: Json | None) -> list[Json]:
    """Return the codings of a CodeableConcept, none if there is no concept."""
    return list((concept or {}).get("coding", ()))


def code_in(concept: Json | None, system: str) -> str | None:
    """Return the concept's first code in a system."""
    return next((c.get("code") for c in codings(concept) if c.get("system") == system), None)


def codes_of(concept: Json | None) -> set[str]:
    """Return every code of a concept, whatever its system."""
    return {c["code"] for c in codings(concept) if c.get("code")}


def concept_text(concept: Json | None) -> str | None:
    """Return a concept as people read it: its text, else a display, else a code."""
    if not concept:
        return None
    if concept.get("text"):
        return str(concept["text"])
    for key in ("display", "code"):
        found = next((c[key] for c in codings(concept) if c.get(key)), None)
        if found:
            return str(found)
    return None


def first_text(concepts: Iterable[Json] | None) -> str | None:
    """Return the text of the first concept that has any."""
    return next((text for one in concepts or () if (text := concept_text(one))), None)


# --- references ----------------------------------------------------------------------------


def reference_id(reference: Json | None, wanted: str) -> str | None:
    """Return the id that a literal reference to this type names."""
    text = str((reference or {}).get("reference", ""))
    kind, _, id = text.partition("/")
    return id.partition("/")[0] or None if kind == wanted else None


def display_of(references: Iterable[Json] | None) -> str | None:
    """Return the first display among references."""
    return next((str(r["display"]) for r in references or () if r.get("display")), None)


# --- numbers -------------------------------------------------------------------------------


_DIGITS_MIN, _DIGITS_MAX = -20, 20


def number_text(number: Decimal | int) -> str:
    """Write a number as it was reported: every decimal kept, comma at thousands.

    A number too long to be read is written with its power of ten; a sender may send 1e-999999999.

    >>> number_text(Decimal("1250.50")), number_text(4)
    ('1,250.50', '4')
    """
    if isinstance(number, Decimal) and not _DIGITS_MIN <= _last_digit(number) <= _DIGITS_MAX:
        return f"{number:E}"
    return f"{number:,f}" if isinstance(number, Decimal) else f"{number:,d}"


def _last_digit(number: Decimal) -> int:
    """Return the place furthest from the point: -3 for 0.001, 3 for 1000."""
    exponent = number.as_tuple().exponent
    lowest = exponent if isinstance(exponent, int) else 0
    return lowest if lowest < 0 else number.adjusted()


def unit_text(quantity: Json | None) -> str | None:
    """Return a unit as people read it."""
    if not quantity:
        return None
    unit = quantity.get("unit") or quantity.get("code")
    return _PRINTED_UNITS.get(unit, unit) if unit else None


def quantity_text(quantity: Json | None) -> str | None:
    """Return comparator and number, without the unit."""
    if not quantity or quantity.get("value") is None:
        return None
    return f"{quantity.get('comparator', '')}{number_text(quantity['value'])}"


def number_of(quantity: Json | None) -> float | None:
    """Return a quantity's value for drawing."""
    value = (quantity or {}).get("value")
    return None if value is None else float(value)


# --- times ---------------------------------------------------------------------------------


_FIRST = datetime(1, 1, 3, tzinfo=UTC)
_LAST = datetime(9999, 12, 29, tzinfo=UTC)


def instant_of(text: str | None, zone: ZoneInfo) -> datetime | None:
    """Return a FHIR date, dateTime or instant as an aware time.

    A day begins at the place's midnight; a year or month alone on its first day. Text that is no
    time gives ``None``. What lies at either end of the calendar is moved inside it by two days, so
    that it has a date at every place.
    """
    if not text:
        return None
    try:
        if len(text) <= len("2026-11-24"):
            first = date.fromisoformat((text + "-01-01")[:10])
            begin = datetime(first.year, first.month, first.day, tzinfo=zone)
            return _within_calendar(begin)
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    return _within_calendar(instant if instant.tzinfo else instant.replace(tzinfo=zone))


def _within_calendar(instant: datetime) -> datetime:
    if instant.year not in {date.min.year, date.max.year}:
        return instant
    return min(max(instant, _FIRST), _LAST)


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day_text(instant: datetime, zone: ZoneInfo) -> str:
    """Write a day so that it cannot be misread: ``23-Nov-2026``, at the place."""
    local = instant.astimezone(zone)
    return f"{local.day:02d}-{_MONTHS[local.month - 1]}-{local.year}"


def effective_text(resource: Json) -> str | None:
    """Return when an observation or report is about, as recorded."""
    period = resource.get("effectivePeriod") or {}
    found = resource.get("effectiveDateTime") or resource.get("effectiveInstant")
    return found or period.get("start") or period.get("end")


def order_of(text: str | None, zone: ZoneInfo) -> float:
    """Return a time as a sort key; what has none comes first."""
    instant = instant_of(text, zone)
    return instant.timestamp() if instant else float("-inf")


def at_zone(instant: datetime, zone: ZoneInfo) -> str:
    """Write an instant with the place's own offset, to the second."""
    return instant.astimezone(zone).isoformat(timespec="seconds")


def utc_ms(instant: datetime) -> float:
    """Return milliseconds since 1970, as the index keeps instants."""
    return instant.astimezone(UTC).timestamp() * 1000
