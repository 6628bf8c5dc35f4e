"""Takes from a resource what searches will look for.

The shapes of what comes out are those that the documents
port takes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from careflow.fhir.extractor import extractor
from careflow.fhir.index_values import reference_variant
from careflow.fhir.reference import patients_in
from careflow.fhir.resource import Resource
from careflow.fhir.times import OPEN_LOW, span_of

COMPARTMENT = "compartment:Patient"
"""Term that places a resource in a patient's compartment; the store's scopes use the same name."""


class SearchEntries(NamedTuple):
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
    return SearchEntries(
        tuple(dict.fromkeys(terms)),
        tuple(dict.fromkeys(texts)) if texts else (),
        tuple(dict.fromkeys(ranges)) if ranges else (),
        _series(resource.value) if resource.type == "Observation" else (),
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


def _series(observation: Any) -> Sequence[tuple[str, float]]:  # noqa: ANN401 - its struct.
    codings = observation.code.coding
    if codings is None or observation.subject is None:
        return ()
    subject, kind = reference_variant(observation.subject)
    if subject is None or kind != "Patient":
        return ()
    patient = subject.removeprefix("Patient/")
    order = _effective_ms(observation)
    keys = [
        series_key(patient, coding.system, coding.code)
        for coding in codings
        if coding.code is not None
    ]
    return tuple([(key, order) for key in dict.fromkeys(keys)])


def _effective_ms(observation: Any) -> float:  # noqa: ANN401 - an Observation struct.
    moment = observation.effectiveDateTime or observation.effectiveInstant
    if moment is not None:
        return span_of(moment)[0]
    if observation.effectivePeriod is not None and observation.effectivePeriod.start is not None:
        return span_of(observation.effectivePeriod.start)[0]
    return OPEN_LOW
