"""What one element contributes to the search index, by kind of search parameter.

Compiled extractors call these by name. Terms of tokens are ``code``, ``system|code`` (or
``|code`` without a system) and ``system|``; of references ``Patient/123``. A quantity is a point
(or the interval that its comparator means) under each way of naming its unit, and in base units
under :data:`CANONICAL`. A search value's own precision decides what equals it, so nothing here
widens a number.
"""

from __future__ import annotations

import sys
from functools import lru_cache
from typing import Any

from careflow.fhir.reference import reference_term
from careflow.fhir.times import OPEN_HIGH, OPEN_LOW, Span, span_of
from careflow.fhir.units import UCUM, Unit, unit_of

NUMBER_LOW = -sys.float_info.max
NUMBER_HIGH = sys.float_info.max
PRESENT = ""
"""Stands for a coded value without a code, so that it is not missing; no search asks for it."""
CANONICAL = ":canonical"
"""Suffix of a quantity parameter's code for its values in base units."""
OF_TYPE = ":of-type"
"""Suffix of a token parameter's code for identifiers by the system and code of their type."""
_CURRENCY = "urn:iso:std:iso:4217"


# --- tokens --------------------------------------------------------------------------------


def token_variants(system: str | None, code: str | None) -> list[str]:
    """Return every way in which a search may name a coded value."""
    found = []
    if code is not None:
        found = [code, f"{system}|{code}" if system is not None else f"|{code}"]
    if system is not None:
        found.append(f"{system}|")
    return found


def coding_variants(value: Any) -> list[str]:  # noqa: ANN401 - a Coding struct.
    """Return the variants of a Coding."""
    return token_variants(value.system, value.code) or [PRESENT]


def concept_variants(value: Any) -> list[str]:  # noqa: ANN401 - a CodeableConcept struct.
    """Return the variants of all codings of a CodeableConcept."""
    found: list[str] = []
    for coding in value.coding or ():
        found += token_variants(coding.system, coding.code)
    return found or [PRESENT]


def identifier_variants(value: Any) -> list[str]:  # noqa: ANN401 - an Identifier struct.
    """Return the variants of an Identifier."""
    return token_variants(value.system, value.value) or [PRESENT]


def typed_variants(value: Any) -> list[str]:  # noqa: ANN401 - an Identifier struct.
    """Return an Identifier under each coding of its type, as ``system|code|value``."""
    if value.type is None or value.value is None:
        return []
    return [
        f"{coding.system or ''}|{coding.code}|{value.value}"
        for coding in value.type.coding or ()
        if coding.code is not None
    ]


def contact_variants(value: Any) -> list[str]:  # noqa: ANN401 - a ContactPoint struct.
    """Return the value of a phone, e-mail address or the like; its use is no system."""
    return [value.value] if value.value is not None else []


def plain_variants(value: Any) -> list[str]:  # noqa: ANN401 - a string or truth value.
    """Return a primitive as a token."""
    if isinstance(value, bool):
        return ["true" if value else "false"]
    return [value]


def canonical_variants(value: str) -> list[str]:
    """Return a canonical address as written and, if it names a version, without it."""
    url, bar, _ = value.partition("|")
    return [value, url] if bar else [value]


# --- references ----------------------------------------------------------------------------


def reference_variant(value: Any) -> tuple[str | None, str | None]:  # noqa: ANN401 - a Reference.
    """Return (index value, type pointed to) of a literal reference; nothing of ``#contained``."""
    text = value.reference
    if text is None or text[0] == "#":
        return None, None
    term, type_ = reference_term(text)
    return term, type_ or value.type


def logical_reference(value: Any) -> list[str]:  # noqa: ANN401 - a Reference struct.
    """Return the variants of a reference's business identifier."""
    return identifier_variants(value.identifier) if value.identifier is not None else []


# --- strings -------------------------------------------------------------------------------


def name_texts(value: Any) -> list[str]:  # noqa: ANN401 - a HumanName struct.
    """Return every part of a name."""
    parts = [value.family, *(value.given or ()), *(value.prefix or ()), *(value.suffix or ())]
    return [part for part in (*parts, value.text) if part is not None]


def address_texts(value: Any) -> list[str]:  # noqa: ANN401 - an Address struct.
    """Return every part of an address."""
    parts = [*(value.line or ()), value.city, value.district, value.state, value.postalCode]
    return [part for part in (*parts, value.country, value.text) if part is not None]


def concept_texts(value: Any) -> list[str]:  # noqa: ANN401 - a CodeableConcept struct.
    """Return the text and displays of a concept."""
    texts = [value.text, *(coding.display for coding in value.coding or ())]
    return [text for text in texts if text is not None]


# --- dates ---------------------------------------------------------------------------------


def period_spans(value: Any) -> list[Span]:  # noqa: ANN401 - a Period struct.
    """Return the span of a period, open where an end is missing; none if both are."""
    if value.start is None and value.end is None:
        return []
    low = span_of(value.start)[0] if value.start is not None else OPEN_LOW
    high = span_of(value.end)[1] if value.end is not None else OPEN_HIGH
    return [(low, high)]


def timing_spans(value: Any) -> list[Span]:  # noqa: ANN401 - a Timing struct.
    """Return the one span from a schedule's beginning to its end, whatever lies between.

    R4 has only the outer limits count: the events, and the period that bounds them.
    """
    spans = [span_of(event) for event in value.event or () if event is not None]
    if value.repeat is not None and value.repeat.boundsPeriod is not None:
        spans += period_spans(value.repeat.boundsPeriod)
    if not spans:
        return []
    return [(min(low for low, _ in spans), max(high for _, high in spans))]


# --- quantities and numbers ----------------------------------------------------------------

UnitRange = tuple[float, float, str]
NamedRanges = tuple[list[UnitRange], list[UnitRange]]
"""What was measured under each way of naming its unit, and in base units if they are known."""


def quantity_ranges(value: Any) -> NamedRanges:  # noqa: ANN401 - a Quantity struct.
    """Return the point, or the interval that its comparator means; the unit may be ``""``."""
    if value.value is None:
        return [], []
    low = high = value.value
    if value.comparator is not None:
        low = NUMBER_LOW if value.comparator.startswith("<") else low
        high = NUMBER_HIGH if value.comparator.startswith(">") else high
    return _named(low, high, value.system, value.code, value.unit)


def money_ranges(value: Any) -> NamedRanges:  # noqa: ANN401 - a Money struct.
    """Return an amount under its currency."""
    if value.value is None:
        return [], []
    return _named(value.value, value.value, _CURRENCY, value.currency, None)


def range_ranges(value: Any) -> NamedRanges:  # noqa: ANN401 - a Range struct.
    """Return the interval of a Range, open where an end is missing."""
    ends = [end for end in (value.low, value.high) if end is not None and end.value is not None]
    if not ends:
        return [], []
    low = value.low.value if value.low is not None else None
    high = value.high.value if value.high is not None else None
    start = NUMBER_LOW if low is None else low
    end = NUMBER_HIGH if high is None else high
    return _named(start, end, ends[0].system, ends[0].code, ends[0].unit)


def sampled_ranges(value: Any) -> NamedRanges:  # noqa: ANN401 - a SampledData struct.
    """Return where the samples lie, as far as the limits say so."""
    if value.lowerLimit is None or value.upperLimit is None:
        return [], []
    unit = value.origin
    return _named(value.lowerLimit, value.upperLimit, unit.system, unit.code, unit.unit)


def number_ranges(value: Any) -> list[UnitRange]:  # noqa: ANN401 - int or float.
    """Return a number as a point."""
    return [(float(value), float(value), "")]


def any_unit(found: NamedRanges) -> list[UnitRange]:
    """Return all forms, and the one in which a search names no unit, for parts of composites."""
    written, canonical = found
    plain = [(low, high, "") for low, high, unit in written[:1] if unit]
    return written + canonical + plain


def _named(
    low: float, high: float, system: str | None, code: str | None, unit: str | None
) -> NamedRanges:
    names, measure = _names(system, code, unit)
    written = [(low, high, name) for name in names]
    if measure is None:
        return written, []
    start = measure.canonical(low)
    end = start if low == high else measure.canonical(high)
    return written, [(start, end, measure.dimension)]


@lru_cache(maxsize=4096)
def _names(
    system: str | None, code: str | None, unit: str | None
) -> tuple[tuple[str, ...], Unit | None]:
    """Return the names of a unit, and the unit itself if UCUM knows it.

    A search that names UCUM asks for base units, so the code under that system needs no name.
    """
    measure = unit_of(code) if system == UCUM and code is not None else None
    names = []
    if code is not None:
        names.append(code)
        if measure is None:
            names.insert(0, f"{system}|{code}" if system is not None else f"|{code}")
    if unit is not None and unit != code:
        names.append(unit)
    return tuple(names) or ("",), measure
