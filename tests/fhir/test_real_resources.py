"""No good resource is refused, and none is changed: HL7's examples, Synthea, US Core, bulk data."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from careflow.fhir.extract import COMPARTMENT, entries
from careflow.fhir.resource import InvalidResourceError, Resource, parse, stamp
from tests.shared_data import shared

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
BUNDLES = ["synthea-2019", "synthea-2021-notes", "synthea-2023", "us-core"]


def lines_of(path: Path) -> Iterator[bytes]:
    with gzip.open(path) as lines:
        yield from (line for line in lines if line.strip())


def bundle_entries(folder: str, *, every: int = 1) -> Iterator[bytes]:
    for path in sorted(shared(f"data/fhir/{folder}").glob("*.json.gz"))[::every]:
        bundle = parse(gzip.decompress(path.read_bytes()), expected_type="Bundle", nested=False)
        yield from (bytes(entry.resource) for entry in bundle.value.entry)


def exact(body: bytes) -> Any:
    """Return JSON in which numbers are their text."""
    return json.loads(
        body, parse_float=lambda text: ("n", text), parse_int=lambda text: ("n", text)
    )


def check(body: bytes) -> Resource:
    resource = parse(body)
    stored = stamp(resource, id="x", version=1, updated=NOON)
    before, after = exact(body), exact(stored)
    for content in (before, after):
        content.pop("id", None)
        meta = content.pop("meta", {})
        content["meta"] = {k: v for k, v in meta.items() if k not in {"versionId", "lastUpdated"}}
    assert before == after
    entries(resource)
    return resource


@pytest.mark.shared
def test_every_example_of_hl7_is_accepted_and_kept() -> None:
    kinds = {check(line).type for line in lines_of(shared("data/fhir/r4-examples.ndjson.gz"))}

    assert len(kinds) > 100


@pytest.mark.shared
def test_bulk_data_is_accepted_and_kept() -> None:
    for path in sorted(shared("data/fhir/bulk-ndjson").glob("*.ndjson.gz")):
        for number, line in enumerate(lines_of(path)):
            if number % 5 == 0:
                check(line)


@pytest.mark.shared
@pytest.mark.parametrize("folder", BUNDLES)
def test_entries_of_real_bundles_are_accepted_and_kept(folder: str) -> None:
    count = sum(bool(check(body)) for body in bundle_entries(folder, every=8))

    assert count > 50


@pytest.mark.shared
@pytest.mark.sweep
@pytest.mark.parametrize("folder", BUNDLES)
def test_every_real_bundle_is_accepted_whole(folder: str) -> None:
    for path in sorted(shared(f"data/fhir/{folder}").glob("*.json.gz")):
        parse(gzip.decompress(path.read_bytes()), expected_type="Bundle")


@pytest.mark.shared
def test_bulk_observations_of_a_patient_land_in_the_compartment() -> None:
    path = shared("data/fhir/bulk-ndjson/Condition.000.ndjson.gz")

    for number, line in enumerate(lines_of(path)):
        subject = json.loads(line)["subject"]["reference"]
        if number < 50:
            assert (COMPARTMENT, subject.removeprefix("Patient/")) in entries(parse(line)).terms


@pytest.mark.shared
def test_an_example_with_one_byte_cut_off_is_refused() -> None:
    for number, line in enumerate(lines_of(shared("data/fhir/r4-examples.ndjson.gz"))):
        if number % 20 == 0:
            with pytest.raises(InvalidResourceError):
                parse(line.rstrip()[:-1])
