"""The table of analytes, read from the data files beside this module when first asked for."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from careflow.knowledge.labs.units import Unit, parse_unit

_FILES = (
    "haematology",
    "chemistry",
    "hormones_and_nutrition",
    "immunology_and_drugs",
    "urine",
)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact comes from, and when it was read there."""

    id: str
    title: str
    url: str
    read_on: date


@dataclass(frozen=True, slots=True)
class Critical:
    """Limits at or beyond which somebody must be told at once; in the analyte's own unit."""

    low: Decimal | None
    high: Decimal | None
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Analyte:
    """One thing that laboratories measure.

    Attributes:
        key: Stable name inside CareFlowAI.
        name: The name shown to staff.
        names: Every spelling known, the shown one first.
        what: One sentence for patients, written by us.
        specimen: "blood" (serum, plasma or whole blood), "blood gas" or "urine".
        named_there_only: The names speak of this specimen alone, so it need not be stated.
        unit: Unit of ``possible`` and ``critical``; None for results in words only.
        accepts: Further units that mean this analyte but do not convert to ``unit``.
        loinc: LOINC code by kind of unit ("presence" for results in words).
        methods: LOINC code by method, where the name states one.
        molar_mass: Grams per mole, to join mg/dL and mmol/L.
        valence: Charges per particle, to join mEq/L and mmol/L.
        possible: Bounds outside which no living patient's result lies.
        critical: Critical limits, if any.
        qualitative: Whether results in words are usual.
        unitless: Whether results without a unit are usual (INR, pH, ratios).
    """

    key: str
    name: str
    names: tuple[str, ...]
    what: str
    specimen: str = "blood"
    named_there_only: bool = False
    unit: Unit | None = None
    accepts: tuple[Unit, ...] = ()
    loinc: Mapping[str, str] = field(default_factory=dict)
    methods: Mapping[str, str] = field(default_factory=dict)
    molar_mass: Decimal | None = None
    valence: int = 1
    possible: tuple[Decimal, Decimal] | None = None
    critical: Critical | None = None
    qualitative: bool = False
    unitless: bool = False


def analyte(key: str) -> Analyte | None:
    """Return the analyte of that key."""
    return all_analytes().get(key)


@cache
def all_analytes() -> Mapping[str, Analyte]:
    """Return all analytes by key."""
    found: dict[str, Analyte] = {}
    foreign = _read("other_languages")
    for name in _FILES:
        for key, entry in _read(name).items():
            named = _with_names(entry, foreign.get(key, {}))
            found.update((made.key, made) for made in _from_entry(key, named))
    return MappingProxyType(found)


@cache
def sources() -> Mapping[str, Source]:
    """Return where the facts come from, by id."""
    entries = _read("_sources")
    return MappingProxyType(
        {
            id_: Source(id_, entry["title"], entry["url"], date.fromisoformat(entry["read_on"]))
            for id_, entry in entries.items()
        }
    )


def _read(name: str) -> dict[str, Any]:
    folder = resources.files("careflow.knowledge.labs") / "tables"
    return tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8"))


def _with_names(entry: dict[str, Any], foreign: dict[str, list[str]]) -> dict[str, Any]:
    """Return an entry with its names in other languages behind its own."""
    more = [name for names in foreign.values() for name in names]
    return {**entry, "also": [*entry.get("also", ()), *more]}


def _from_entry(key: str, entry: dict[str, Any]) -> list[Analyte]:
    """Return the analyte of an entry, and the absolute count beside a share of cells."""
    whole = _analyte(key, entry)
    if "count" not in entry:
        return [whole]
    name = f"{entry['name']}, Absolute"
    count = {
        **entry,
        **entry["count"],
        "name": name,
        "also": entry["absolute"] + _whole_names(whole),
    }
    return [whole, _analyte(f"{key}_count", count)]


def _whole_names(share: Analyte) -> list[str]:
    """Return the names that a share has in common with its count; the unit tells them apart."""
    return [name for name in share.names if not re.search(r"percent", name, re.IGNORECASE)]


def _analyte(key: str, entry: dict[str, Any]) -> Analyte:
    return Analyte(
        key=key,
        name=entry["name"],
        names=(entry["name"], *entry.get("also", ())),
        what=entry["what"],
        specimen=entry.get("specimen", "blood"),
        named_there_only=entry.get("only_there", False),
        unit=_unit(entry["unit"]) if "unit" in entry else None,
        accepts=tuple(_unit(text) for text in entry.get("accepts", ())),
        loinc=MappingProxyType(entry.get("loinc", {})),
        methods=MappingProxyType(entry.get("methods", {})),
        molar_mass=Decimal(entry["molar_mass"]) if "molar_mass" in entry else None,
        valence=entry.get("valence", 1),
        possible=_bounds(entry.get("possible")),
        critical=_critical(entry.get("critical")),
        qualitative=entry.get("qualitative", False),
        unitless=entry.get("unitless", False),
    )


def _unit(code: str) -> Unit:
    unit = parse_unit(code)
    if unit is None:
        raise ValueError(f"The analyte table names a unit that is not known: {code}")
    return unit


def _bounds(pair: list[str] | None) -> tuple[Decimal, Decimal] | None:
    return (Decimal(pair[0]), Decimal(pair[1])) if pair else None


def _critical(entry: dict[str, str] | None) -> Critical | None:
    if entry is None:
        return None
    named = tuple(re.findall(r"[a-z]+(?:-[a-z]+)*(?=$|,| \()", entry["source"]))
    return Critical(_decimal(entry.get("low")), _decimal(entry.get("high")), named)


def _decimal(text: str | None) -> Decimal | None:
    return Decimal(text) if text is not None else None
