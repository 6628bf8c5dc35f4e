"""Reads HL7's definition package: one gzipped NDJSON file per kind of definition."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Package:
    """The definitions of one FHIR version, as parsed JSON."""

    structures: list[Json]
    search_parameters: list[Json]
    value_sets: dict[str, Json]
    code_systems: dict[str, Json]
    compartments: list[Json]


def read_package(folder: Path) -> Package:
    """Read the files of a folder of ``<Kind>.ndjson.gz``."""
    return Package(
        structures=_read(folder, "StructureDefinition"),
        search_parameters=_read(folder, "SearchParameter"),
        value_sets={item["url"]: item for item in _read(folder, "ValueSet")},
        code_systems={item["url"]: item for item in _read(folder, "CodeSystem")},
        compartments=_read(folder, "CompartmentDefinition"),
    )


def _read(folder: Path, kind: str) -> list[Json]:
    with gzip.open(folder / f"{kind}.ndjson.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]
