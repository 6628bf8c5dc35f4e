"""Compares answers of typed fields with what each field quotes, by the rules of that field."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from careflow.ai.finding import Finding
from careflow.ai.guard.certainty import tells_normal
from careflow.ai.guard.codes import of_codes
from careflow.ai.guard.evidence import Evidence
from careflow.ai.guard.prescribed import of_prescription
from careflow.ai.task import TaskOutput
from careflow.ai.tasks.labelling import Entities
from careflow.ai.tasks.medical_coding import MedicalCoding
from careflow.ai.tasks.prescription import Prescription
from careflow.ai.tasks.radiology_report import RadiologyReport
from careflow.ai.words import folded

FREE_FIELDS = frozenset({"impression", "critical"})
"""Fields of such answers that are text alone."""


def structured_findings(output: TaskOutput, text: str) -> list[Finding] | None:
    """Return what the typed fields of an answer say otherwise than what they quote.

    ``None`` where the answer has no such fields.
    """
    rule = _RULES.get(type(output))
    return None if rule is None else list(rule(output, Evidence(text)))


def _entities(output: Entities, evidence: Evidence) -> Iterator[Finding]:
    for number, one in enumerate(output.entities):
        place = f"entities[{number}]"
        yield from evidence.differing(one.text, one.span, f"{place}.text")
        said = evidence.said(one.text, one.span)
        is_turned = not said & {"denied", "normal"} if one.negated else said == {"denied"}
        if is_turned:
            yield Finding("negation", one.text, f"{place}.negated")


def _radiology(output: RadiologyReport, evidence: Evidence) -> Iterator[Finding]:
    for number, one in enumerate(output.findings):
        place = f"findings[{number}]"
        yield from evidence.differing(one.name, one.span, f"{place}.name")
        said = evidence.said(one.name, one.span)
        if not _STATUS[one.status](said, one.name):
            yield Finding("negation", one.name, f"{place}.status")


def _is_positive(said: frozenset[str], name: str) -> bool:
    if said <= {"normal"}:
        return tells_normal(folded(name))
    return bool(said & {"affirmed"}) or said == {"other"}


def _is_negative(said: frozenset[str], _: str) -> bool:
    return bool(said & {"denied", "normal"})


_STATUS: Mapping[str, Callable[[frozenset[str], str], bool]] = {
    "positive": _is_positive,
    "negative": _is_negative,
    "uncertain": lambda said, _: "uncertain" in said,
}

_RULES: Mapping[type, Callable[[Any, Evidence], Iterator[Finding]]] = {
    Entities: _entities,
    RadiologyReport: _radiology,
    MedicalCoding: of_codes,
    Prescription: of_prescription,
}
