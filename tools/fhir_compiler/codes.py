"""Expands the value sets that are bound as required into plain lists of codes."""

from __future__ import annotations

from collections.abc import Iterator

from tools.fhir_compiler.elements import Structure
from tools.fhir_compiler.package import Json, Package

_OPEN_SYSTEMS = {"urn:ietf:bcp:13", "urn:ietf:bcp:47", "http://unitsofmeasure.org"}
"""Systems with a grammar instead of a list."""


def short_name(value_set: str) -> str:
    """Return the last part of a value set's address, which is unique in the package."""
    return value_set.rsplit("/", 1)[-1]


def read_code_sets(package: Package, structures: dict[str, Structure]) -> dict[str, list[str]]:
    """Return ``system|code`` lists by short name for every closed value set in use."""
    urls = {
        field.value_set
        for structure in structures.values()
        for field in structure.fields
        if field.value_set
    }
    sets = {}
    for url in sorted(urls):
        codes = _expand(package, url)
        if codes:
            sets[short_name(url)] = codes
    return sets


def _expand(package: Package, url: str) -> list[str] | None:
    value_set = package.value_sets.get(url.split("|", maxsplit=1)[0])
    if value_set is None:
        return None
    codes: dict[str, None] = {}
    for include in value_set["compose"]["include"]:
        for nested in include.get("valueSet", ()):
            codes.update(dict.fromkeys(_expand(package, nested) or ()))
        if "system" in include:
            listed = _included(package, include)
            if listed is None:
                return None
            codes.update(dict.fromkeys(listed))
    return list(codes)


def _included(package: Package, include: Json) -> list[str] | None:
    system = include["system"]
    if system in _OPEN_SYSTEMS:
        return None
    if "concept" in include:
        return [f"{system}|{concept['code']}" for concept in include["concept"]]
    code_system = package.code_systems.get(system)
    if code_system is None or "filter" in include or "concept" not in code_system:
        return None
    return [f"{system}|{code}" for code in _all_codes(code_system["concept"])]


def _all_codes(concepts: list[Json]) -> Iterator[str]:
    for concept in concepts:
        yield concept["code"]
        yield from _all_codes(concept.get("concept", []))
