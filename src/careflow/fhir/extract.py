"""Takes from a resource what searches will look for.

The shapes of what comes out are those that the documents
port takes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from careflow.fhir.extractor import extractor
from careflow.fhir.reference import patients_in
from careflow.fhir.resource import Resource
from careflow.fhir.times import OPEN_LOW, span_of

COMPARTMENT = "compartment:Patient"
"""Term that places a resource in a patient's compartment; the store's scopes use the same name."""


@dataclass(frozen=True, slots=True)
class SearchEntries:
    """Index entries of one resource.

    Attributes:
        terms: (parameter, value) that match exactly.
        texts: (parameter, text).
        ranges: (parameter, low, high, qualifier), both ends inclusive; dates in ms since 1970.
        series: (key, order): ``patient|system|code`` of an Observation by effective time.
    """

    terms: Sequence[tuple[str, str]] = ()
    texts: Sequence[tuple[str, str]] = ()
    ranges: Sequence[tuple[str, float, float, str]] = ()
    series: Sequence[tuple[str, float]] = ()


def entries(resource: Resource) -> SearchEntries:
    """Return what a store must index so that every search parameter finds the resource."""
    terms: list[tuple[str, str]] = []
    texts: list[tuple[str, str]] = []
    ranges: list[tuple[str, float, float, str]] = []
    patients: dict[str, None] = {}
    extractor(resource.type)(resource.value, terms, texts, ranges, patients)
    if resource.type == "Patient" and resource.id is not None:
        patients[resource.id] = None
    terms += [(COMPARTMENT, patient) for patient in patients]
    series = _series(resource.value, terms) if resource.type == "Observation" else ()
    return SearchEntries(
        terms=tuple(dict.fromkeys(terms)),
        texts=tuple(dict.fromkeys(texts)),
        ranges=tuple(dict.fromkeys(ranges)),
        series=tuple(dict.fromkeys(series)),
    )


def patients_of(resource: Resource) -> tuple[str, ...]:
    """Return the ids of every patient that the resource is about or names, each once.

    Wider than the compartment: an audit entry names whoever's data left.
    """
    own = [resource.id] if resource.type == "Patient" and resource.id is not None else []
    return tuple(dict.fromkeys(own + patients_in(resource.body)))


def series_key(patient: str, system: str | None, code: str) -> str:
    """Return the key of one analyte of one patient."""
    return f"{patient}|{system or ''}|{code}"


def _series(
    observation: Any,  # noqa: ANN401 - an Observation struct.
    terms: list[tuple[str, str]],
) -> Sequence[tuple[str, float]]:
    codings = observation.code.coding or ()
    order = _effective_ms(observation)
    return [
        (series_key(value.removeprefix("Patient/"), coding.system, coding.code), order)
        for name, value in terms
        if name == "patient"
        for coding in codings
        if coding.code is not None
    ]


def _effective_ms(observation: Any) -> float:  # noqa: ANN401 - an Observation struct.
    moment = observation.effectiveDateTime or observation.effectiveInstant
    if moment is not None:
        return span_of(moment)[0]
    if observation.effectivePeriod is not None and observation.effectivePeriod.start is not None:
        return span_of(observation.effectivePeriod.start)[0]
    return OPEN_LOW
