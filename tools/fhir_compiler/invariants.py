"""Picks the invariants that are checked, and turns each into a Python expression.

What is outside the translated subset is left out: a rule that is not checked refuses nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tools.fhir_compiler.elements import Field, Structure
from tools.fhir_compiler.fhirpath import (
    UnsupportedError,
)
from tools.fhir_compiler.package import Json
from tools.fhir_compiler.translator import Translator

_BY_HAND = {"dom-2", "dom-3", "dom-4", "dom-5", "dom-6", "ele-1", "ref-1", "txt-2"}
"""Checked on the text or the whole resource, in ``careflow.fhir.resource``."""
_BY_HELPER = {
    "bdl-7": "self.type == 'history' or full_urls_distinct(self.entry)",
    "obs-7": "given_value == 0 or codes_apart(self.code, self.component)",
    "que-2": "distinct(link_ids(self.item))",
    "txt-1": "narrative_is_allowed(self.div)",
}
"""Rules whose FHIRPath is beyond the subset, or stands for a function."""


@dataclass(frozen=True, slots=True)
class Rule:
    """An invariant ready to be checked at run time."""

    key: str
    human: str
    python: str


_LEAST_QUESTION = "self.type == 'display' or self.linkId is not None or self._linkId is not None"
_ADDED = {
    "Questionnaire.item": [
        Rule("linkId", "Only a display item may go without linkId.", _LEAST_QUESTION)
    ]
}
"""Rules in place of requirements that are loosened in ``elements``."""


def read_rules(
    structure: Structure, structures: dict[str, Structure]
) -> tuple[list[Rule], list[tuple[str, str]]]:
    """Return the rules of one structure and (key, reason) of those left out."""
    rules, skipped = list(_ADDED.get(structure.name, ())), []
    for constraint, subject in _constraints(structure, structures):
        if constraint["severity"] != "error" or constraint["key"] in _BY_HAND:
            continue
        try:
            python = _BY_HELPER.get(constraint["key"]) or Translator(
                structures, structure.name
            ).rule(constraint["expression"], subject)
        except UnsupportedError as error:
            skipped.append((constraint["key"], str(error)))
        else:
            rules.append(Rule(constraint["key"], constraint["human"], python))
    return rules, skipped


def _constraints(
    structure: Structure, structures: dict[str, Structure]
) -> Iterator[tuple[Json, Field | None]]:
    for constraint in structure.constraints:
        yield constraint, None
    for field in structure.fields:
        own = {item["key"] for item in _type_constraints(field.types, structures)}
        for constraint in field.constraints:
            if constraint["key"] not in own and constraint["key"] not in {"ele-1", "ext-1"}:
                yield constraint, field


def _type_constraints(types: tuple[str, ...], structures: dict[str, Structure]) -> list[Json]:
    return [item for name in types if name in structures for item in structures[name].constraints]
