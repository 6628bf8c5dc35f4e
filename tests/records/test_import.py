"""``careflow import``: everything the files hold, under its own id, once."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from careflow.records.import_files import NothingToImportError
from careflow.records.import_report import Progress, Report
from careflow.records.importing import import_paths
from tests.records.front_door import (
    ACTORS,
    BASE,
    FrontDoor,
    a_patient,
    an_observation,
    bundle,
    entry,
)
from tests.shared_data import shared

URN = "urn:uuid:"
MARA = "9b2d4c1e-0000-4000-8000-000000000001"


async def load(door: FrontDoor, *paths: Path, dry_run: bool = False) -> Report:
    return await import_paths(
        list(paths), records=door.records, actor=ACTORS["program"], dry_run=dry_run
    )


def write(path: Path, content: Any) -> Path:
    """Write JSON (or lines of it), gzipped if the name says so."""
    lines = content if isinstance(content, list) else [content]
    body = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines).encode()
    path.write_bytes(gzip.compress(body) if path.name.endswith(".gz") else body)
    return path


def a_synthea_bundle(type_: str = "transaction") -> dict[str, Any]:
    """Return a bundle as Synthea writes it: creates whose urn is the id."""
    result = an_observation("r-1") | {"subject": {"reference": URN + MARA}}
    return bundle(
        type_,
        entry("POST", "Patient", a_patient(MARA), fullUrl=URN + MARA),
        entry("POST", "Observation", result, fullUrl=URN + "r-1"),
    )


def counts(report: Report) -> tuple[int, int, int, int]:
    done = report.progress
    return done.created, done.updated, done.unchanged, done.refused


@pytest.mark.parametrize("type_", ["transaction", "collection", "batch", "searchset"])
async def test_a_bundle_is_loaded_under_the_ids_it_carries(
    door: FrontDoor, tmp_path: Path, type_: str
) -> None:
    file = write(tmp_path / "mara.json", a_synthea_bundle(type_))

    report = await load(door, file)

    assert counts(report) == (2, 0, 0, 0)
    stored = (await door.ask("GET", "/Observation/r-1")).json()
    assert stored["subject"] == {"reference": f"Patient/{MARA}"}
    found = (await door.ask("GET", f"/Observation?patient={MARA}")).json()
    assert len(found["entry"]) == 1


async def test_a_second_run_changes_nothing(door: FrontDoor, tmp_path: Path) -> None:
    file = write(tmp_path / "mara.json.gz", a_synthea_bundle())
    await load(door, file)

    again = await load(door, file)

    assert counts(again) == (0, 0, 2, 0)
    assert await door.count() == 2


async def test_lines_in_another_spelling_are_no_change_but_another_digit_is(
    door: FrontDoor, tmp_path: Path
) -> None:
    plain = '{"resourceType":"Observation","id":"w","status":"final","code":{"text":"weight"}'
    await load(door, write(tmp_path / "a.ndjson", [plain + ',"valueQuantity":{"value":72.5}}']))

    spaced = await load(
        door, write(tmp_path / "b.ndjson", [plain + ', "valueQuantity": {"value": 72.5}}'])
    )
    digit = await load(
        door, write(tmp_path / "c.ndjson", [plain + ',"valueQuantity":{"value":72.50}}'])
    )

    assert counts(spaced) == (0, 0, 1, 0)
    assert counts(digit) == (0, 1, 0, 0)


async def test_an_import_never_turns_the_clock_back(door: FrontDoor, tmp_path: Path) -> None:
    file = write(tmp_path / "mara.ndjson", [a_patient(), an_observation()])
    await load(door, file)
    await door.put(a_patient(gender="other"))
    await door.ask("DELETE", "/Observation/potassium")

    report = await load(door, file)

    assert counts(report) == (0, 0, 2, 0)
    assert (await door.ask("GET", "/Patient/mara")).json()["gender"] == "other"
    assert (await door.ask("GET", "/Observation/potassium")).status_code == 410


async def test_what_is_refused_is_named_by_file_entry_and_reason_and_the_rest_goes_on(
    door: FrontDoor, tmp_path: Path
) -> None:
    broken = an_observation("broken")
    del broken["status"]
    lines = write(
        tmp_path / "lines.ndjson",
        [a_patient(), "", "{", broken, {"resourceType": "Patient"}, an_observation()],
    )
    deleting = write(
        tmp_path / "deleting.json",
        bundle("transaction", entry("DELETE", "Patient/mara"), entry("POST", "Patient")),
    )

    report = await load(door, lines, deleting)

    refused = {(Path(r.file).name, r.entry) for r in report.refusals}
    assert refused == {
        ("lines.ndjson", 3),
        ("lines.ndjson", 4),
        ("lines.ndjson", 5),
        ("deleting.json", 1),
        ("deleting.json", 2),
    }
    by_entry = {r.entry: r.reason for r in report.refusals if r.file.endswith("lines.ndjson")}
    assert "Observation.status" in by_entry[4]
    assert counts(report)[0] == 2


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("cut.json.gz", gzip.compress(b'{"resourceType":"Patient","id":"x"}', mtime=0)[:-12]),
        ("not.json.gz", b"plain text"),
        ("not.json", b"{"),
        ("not-a-bundle.json", b'{"resourceType":"Bundle","type":"collection","entry":{}}'),
        ("list.json", b"[]"),
    ],
)
async def test_a_damaged_file_is_refused_as_a_file_and_the_others_go_on(
    door: FrontDoor, tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    good = write(tmp_path / "good.ndjson", [a_patient()])

    report = await load(door, tmp_path / name, good)

    assert [(Path(r.file).name, r.entry) for r in report.refusals] == [(name, 0)]
    assert counts(report) == (1, 0, 0, 1)


async def test_a_dry_run_says_what_would_happen_and_stores_nothing(
    door: FrontDoor, tmp_path: Path
) -> None:
    file = write(tmp_path / "mara.json", a_synthea_bundle())

    report = await load(door, file, dry_run=True)

    assert counts(report) == (2, 0, 0, 0)
    assert await door.count() == 0


async def test_people_and_places_of_a_folder_come_before_what_names_them(
    door: FrontDoor, tmp_path: Path
) -> None:
    npi = "http://hl7.org/fhir/sid/us-npi"
    visit = an_observation("r-1") | {
        "performer": [
            {"reference": f"Practitioner?identifier={npi}|77"},
            {"reference": f"Practitioner?identifier={npi}|nobody"},
        ]
    }
    doctor = {
        "resourceType": "Practitioner",
        "id": "dr-okoye",
        "identifier": [{"system": npi, "value": "77"}],
    }
    write(tmp_path / "a-patient.json", bundle("transaction", entry("POST", "Observation", visit)))
    write(
        tmp_path / "practitionerInformation1.json.gz",
        bundle("batch", entry("POST", "Practitioner", doctor)),
    )

    report = await load(door, tmp_path)

    stored = (await door.ask("GET", "/Observation/r-1")).json()
    assert [p["reference"] for p in stored["performer"]] == [
        "Practitioner/dr-okoye",
        f"Practitioner?identifier={npi}|nobody",
    ]
    assert sum(report.unresolved.values()) == 1


async def test_a_reference_keeps_the_meaning_it_was_stored_with(
    door: FrontDoor, tmp_path: Path
) -> None:
    doctor = {
        "resourceType": "Practitioner",
        "id": "dr-okoye",
        "identifier": [{"system": "npi", "value": "77"}],
    }
    visit = an_observation("r-1") | {"performer": [{"reference": "Practitioner?identifier=npi|77"}]}
    await load(door, write(tmp_path / "practitioner.ndjson", [doctor]))
    visits = write(tmp_path / "visits.ndjson", [visit])
    await load(door, visits)
    await load(door, write(tmp_path / "double.ndjson", [doctor | {"id": "dr-double"}]))

    again = await load(door, visits)

    assert counts(again) == (0, 0, 1, 0)
    stored = (await door.ask("GET", "/Observation/r-1")).json()
    assert stored["performer"] == [{"reference": "Practitioner/dr-okoye"}]


async def test_references_to_what_is_not_there_are_kept(door: FrontDoor, tmp_path: Path) -> None:
    file = write(tmp_path / "r.ndjson", [an_observation(patient="nobody")])

    report = await load(door, file)

    assert counts(report) == (1, 0, 0, 0)
    stored = (await door.ask("GET", "/Observation/potassium")).json()
    assert stored["subject"] == {"reference": "Patient/nobody"}


async def test_the_import_is_in_the_trail_with_every_patient(
    door: FrontDoor, tmp_path: Path
) -> None:
    await load(door, write(tmp_path / "p.ndjson", [a_patient("one"), a_patient("two")]))

    (kept,) = (await door.trail.entries(patient="two")).entries

    assert kept.action == "records:bundle:import"
    assert set(kept.patients) == {"one", "two"}


async def test_progress_is_told_file_by_file(door: FrontDoor, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []

    def tell(progress: Progress) -> None:
        told.append((progress.files_done, progress.resources))

    first = write(tmp_path / "a.ndjson", [a_patient("one")])
    second = write(tmp_path / "b.ndjson", [a_patient("two")])
    await import_paths(
        [first, second], records=door.records, actor=ACTORS["program"], on_progress=tell
    )

    assert told[-1] == (2, 2)
    assert told == sorted(told)


@pytest.mark.parametrize("name", ["absent.json", "empty", "notes.txt"])
async def test_a_path_with_nothing_to_import_is_one_clear_refusal(
    door: FrontDoor, tmp_path: Path, name: str
) -> None:
    if name == "empty":
        (tmp_path / name).mkdir()
    elif name == "notes.txt":
        (tmp_path / name).write_text("hello")

    with pytest.raises(NothingToImportError):
        await load(door, tmp_path / name)


# --- real files ----------------------------------------------------------------------------


def subjects_in(path: Path) -> set[tuple[str, str]]:
    """Return every (type, id) in a folder's files, read without our code."""
    found = set()
    for file in path.rglob("*.gz"):
        text = gzip.decompress(file.read_bytes()).decode()
        if file.name.endswith(".ndjson.gz"):
            resources = [json.loads(line) for line in text.splitlines()]
        else:
            resources = [e["resource"] for e in json.loads(text)["entry"]]
        found |= {(r["resourceType"], r["id"]) for r in resources}
    return found


@pytest.mark.shared
@pytest.mark.parametrize(
    "name",
    [
        "us-core",
        "synthea-2023",
        *(
            pytest.param(name, marks=pytest.mark.sweep)
            for name in ("synthea-2019", "synthea-2021-notes", "bulk-ndjson")
        ),
    ],
)
async def test_real_bundles_are_loaded_whole_and_again_without_a_change(
    door: FrontDoor, name: str
) -> None:
    folder = shared(f"data/fhir/{name}")
    expected = subjects_in(folder)

    first = await load(door, folder)
    second = await load(door, folder)

    assert first.refusals == []
    assert first.subjects == expected
    assert first.progress.created == len(expected)
    assert counts(second) == (0, 0, first.progress.resources, 0)
    assert await found_by_searching(door, {kind for kind, _ in expected}) == expected


async def found_by_searching(door: FrontDoor, kinds: set[str]) -> set[tuple[str, str]]:
    """Return every (type, id) that searches find, page after page."""
    found = set()
    for kind in kinds:
        link: str | None = f"/{kind}?_count=1000"
        while link is not None:
            page = (await door.ask("GET", link, actor="program")).json()
            found |= {(kind, e["resource"]["id"]) for e in page["entry"]}
            links = {one["relation"]: one["url"].removeprefix(BASE) for one in page["link"]}
            link = links.get("next")
    return found
