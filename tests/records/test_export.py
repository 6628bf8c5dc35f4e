"""Export, wipe, import: the same ids, versions, instants and bytes, on whichever database."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import json
import stat
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from careflow.errors import CareFlowError
from careflow.records import export_folder, exporting
from careflow.records.export_folder import ExportFolderError, ExportRunningError, alone
from careflow.records.exporting import ExportProgress
from tests.records.exported import digest, export, held, restore
from tests.records.front_door import FrontDoor, a_patient, an_observation, open_front_door
from tests.records.test_import import counts, load, write
from tests.shared_data import shared


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[FrontDoor]:
    """A record where it does not matter which database keeps it."""
    (tmp_path / "desk").mkdir()
    opened = await open_front_door(tmp_path / "desk")
    yield opened
    await opened.close()


@pytest.fixture
async def other(tmp_path: Path) -> AsyncIterator[FrontDoor]:
    """An empty record."""
    opened = await another(tmp_path, "sqlite")
    yield opened
    await opened.close()


@pytest.fixture(params=["sqlite", "mongo"])
async def anywhere(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[FrontDoor]:
    """An empty record, of the same adapter or another one."""
    opened = await another(tmp_path, request.param)
    yield opened
    await opened.close()


async def another(folder: Path, engine: str) -> FrontDoor:
    (folder / "other").mkdir()
    return await open_front_door(folder / "other", engine=engine)


async def fill(door: FrontDoor) -> None:
    """A record with versions, a deletion, exact numbers and resources as people indent them."""
    await door.put(a_patient())
    await door.put(a_patient(gender="other"))
    await door.put(a_patient("noor"))
    await door.put(an_observation())
    await door.put(an_observation("gone"))
    await door.ask("DELETE", "/Observation/gone", actor="program")
    await door.ask("DELETE", "/Patient/noor", actor="program")
    await door.put(a_patient("noor"))
    exact = (
        '{"resourceType":"Observation","id":"w","status":"final","code":{"text":"weight \u00e9"},'
    )
    weight = exact + '"valueQuantity":{"value":72.50,  "unit":"kg"}}'
    await door.ask("PUT", "/Observation/w", weight.encode(), actor="program")
    indented = json.dumps(a_patient("indented"), indent=2).replace("\n", "\r\n").encode()
    await door.ask("PUT", "/Patient/indented", indented, actor="program")


async def test_export_and_import_carry_everything_as_it_was(
    door: FrontDoor, anywhere: FrontDoor, tmp_path: Path
) -> None:
    await fill(door)
    before = await held(door.documents)

    manifest = await export(door, tmp_path / "copy")
    report = await restore(anywhere, tmp_path / "copy")

    after = await held(anywhere.documents)
    assert after == before
    assert manifest.resources == len(before) == 5
    assert counts(report) == (5, 0, 0, 0)
    assert {version for version, _, _ in after.values()} == {1, 2, 3}
    found = (await anywhere.ask("GET", "/Observation?patient=mara")).json()
    assert [each["resource"]["id"] for each in found["entry"]] == ["potassium"]
    read = await anywhere.ask("GET", "/Patient/mara")
    assert read.headers["etag"] == 'W/"2"'
    answer = await anywhere.ask("PUT", "/Patient/mara", a_patient(), headers={"if-match": 'W/"2"'})
    assert answer.headers["etag"] == 'W/"3"'


async def test_a_second_import_changes_nothing_whatever_came_since(
    door: FrontDoor, anywhere: FrontDoor, tmp_path: Path
) -> None:
    await fill(door)
    await export(door, tmp_path / "copy")
    await restore(anywhere, tmp_path / "copy")
    versions = await anywhere.count()

    again = await restore(anywhere, tmp_path / "copy")
    at_rest = await anywhere.count()
    await anywhere.put(a_patient(gender="unknown"))
    await anywhere.ask("DELETE", "/Observation/potassium")
    later = await restore(anywhere, tmp_path / "copy")

    assert counts(again) == counts(later) == (0, 0, 5, 0)
    assert at_rest == versions
    assert (await anywhere.ask("GET", "/Patient/mara")).json()["gender"] == "unknown"
    assert (await anywhere.ask("GET", "/Observation/potassium")).status_code == 410


async def test_the_manifest_counts_and_hashes_and_says_what_is_left_out(
    desk: FrontDoor, tmp_path: Path
) -> None:
    await fill(desk)
    await export(desk, tmp_path / "copy")

    manifest = json.loads((tmp_path / "copy" / "manifest.json").read_bytes())

    assert "History is not included" in manifest["history"]
    assert manifest["fhirVersion"] == "4.0.1"
    assert (manifest["organisation"], manifest["tool"]) == ("harbour", "CareFlowAI test")
    assert [(file["name"], file["resources"]) for file in manifest["files"]] == [
        ("Observation.ndjson.gz", 2),
        ("Patient.ndjson.gz", 3),
    ]
    for file in manifest["files"]:
        content = (tmp_path / "copy" / file["name"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == file["sha256"]
        lines = [json.loads(line) for line in gzip.decompress(content).splitlines()]
        assert {line["resourceType"] for line in lines} == {file["type"]}
        assert len(lines) == file["resources"]


async def test_only_its_owner_may_read_an_export(desk: FrontDoor, tmp_path: Path) -> None:
    await fill(desk)
    await export(desk, tmp_path / "copy")

    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.glob("copy/*")}
    assert set(modes) == {
        "manifest.json",
        "Observation.ndjson.gz",
        "Patient.ndjson.gz",
        "Patient.line-breaks.gz",
    }
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE((tmp_path / "copy").stat().st_mode) == 0o700


async def test_every_patient_whose_data_left_is_named_in_the_trail(
    door: FrontDoor, tmp_path: Path
) -> None:
    await fill(door)
    await export(door, tmp_path / "copy")

    page = await door.trail.entries(actor="a-4")

    named = {(entry.action, patient) for entry in page.entries for patient in entry.patients}
    assert {patient for _, patient in named} == {"mara", "noor", "indented"}
    assert {action for action, _ in named} == {
        "records:patient:export",
        "records:observation:export",
    }


async def test_what_is_written_while_it_runs_is_not_in_it(
    door: FrontDoor, other: FrontDoor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "FIRST_PAGE", 2)
    monkeypatch.setattr(exporting, "PAGE_RESOURCES", 2)
    for number in range(12):
        await door.put(an_observation(f"o{number:02}"))
    await door.put(a_patient())
    before = await held(door.documents)
    changing: list[asyncio.Task[Any]] = []

    async def change() -> None:
        await door.put(a_patient("new"))
        await door.put(an_observation("o11", status="amended"))
        await door.ask("DELETE", "/Observation/o10")
        await door.put(a_patient(gender="other"))

    def begin(progress: ExportProgress) -> None:
        if progress.resources and not changing:
            changing.append(asyncio.ensure_future(change()))

    await export(door, tmp_path / "copy", begin)
    await changing[0]
    await restore(other, tmp_path / "copy")

    assert await held(other.documents) == before
    assert await held(door.documents) != before


class Stopped(Exception):  # noqa: N818 - what stops it is no error of ours.
    """The process was stopped here."""


@pytest.mark.parametrize("after", [1, 3, 6])
async def test_an_export_that_was_stopped_goes_on_and_is_whole(
    desk: FrontDoor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    monkeypatch.setattr(exporting, "FIRST_PAGE", 2)
    monkeypatch.setattr(exporting, "PAGE_RESOURCES", 2)
    await fill(desk)
    for number in range(4):
        await desk.ask(
            "PUT",
            f"/Observation/o{number}",
            json.dumps(an_observation(f"o{number}"), indent=1).encode(),
            actor="program",
        )
    before = await held(desk.documents)
    writes = 0

    def stop_at(*arguments: Any) -> None:
        nonlocal writes
        writes += 1
        if writes == after:
            raise Stopped
        keep(*arguments)

    keep = export_folder.write_manifest
    monkeypatch.setattr(exporting, "write_manifest", stop_at)
    with pytest.raises(Stopped):
        await export(desk, tmp_path / "copy")
    monkeypatch.setattr(exporting, "write_manifest", keep)
    await desk.put(a_patient("later"))

    manifest = await export(desk, tmp_path / "copy")

    other = await another(tmp_path, "sqlite")
    report = await restore(other, tmp_path / "copy")
    after_all = await held(other.documents)
    await other.close()
    if after > 1:
        assert after_all == before
    assert counts(report)[3] == 0
    assert manifest.resources == len(after_all)
    assert not list(tmp_path.glob("copy/*.partial"))


async def test_a_finished_file_that_was_changed_is_written_anew(
    desk: FrontDoor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(desk)
    await export(desk, tmp_path / "copy")
    whole = json.loads((tmp_path / "copy/manifest.json").read_bytes())
    (tmp_path / "copy/manifest.json").rename(tmp_path / "copy/manifest.json.partial")
    (tmp_path / "copy/Patient.ndjson.gz").write_bytes(b"changed")

    again = await export(desk, tmp_path / "copy")

    assert [file.sha256 for file in again.files if file.type == "Observation"] == [
        file["sha256"] for file in whole["files"] if file["type"] == "Observation"
    ]
    assert {file.type: file.resources for file in again.files} == {"Observation": 2, "Patient": 3}


async def test_a_folder_that_holds_anything_else_is_left_alone(
    desk: FrontDoor, other: FrontDoor, tmp_path: Path
) -> None:
    await fill(desk)
    await export(desk, tmp_path / "done")
    full = tmp_path / "full"
    full.mkdir()
    (full / "letter.txt").write_text("mine")
    theirs = tmp_path / "theirs"
    await export(other, theirs)
    text = (theirs / "manifest.json").read_text().replace('"database": "', '"database": "0')
    (theirs / "manifest.json.partial").write_text(text)
    (theirs / "manifest.json").unlink()

    for folder in (tmp_path / "done", full, theirs):
        names = sorted(path.name for path in folder.iterdir())
        with pytest.raises(ExportFolderError):
            await export(desk, folder)
        assert sorted(path.name for path in folder.iterdir()) == names
    with alone(tmp_path / "busy"), pytest.raises(ExportRunningError):
        await export(desk, tmp_path / "busy")


async def test_an_empty_record_is_exported_and_put_back_too(
    desk: FrontDoor, other: FrontDoor, tmp_path: Path
) -> None:
    manifest = await export(desk, tmp_path / "copy")
    report = await restore(other, tmp_path / "copy")

    assert (manifest.resources, manifest.files) == (0, ())
    assert counts(report) == (0, 0, 0, 0)


# --- what is refused on the way back -------------------------------------------------------


async def test_a_damaged_or_missing_file_is_refused_whole_and_others_come_back(
    desk: FrontDoor, other: FrontDoor, tmp_path: Path
) -> None:
    await fill(desk)
    await desk.put({"resourceType": "Basic", "id": "b", "code": {"text": "b"}})
    await desk.put({"resourceType": "Location", "id": "l"})
    await export(desk, tmp_path / "copy")
    (tmp_path / "copy/Basic.ndjson.gz").unlink()
    breaks = tmp_path / "copy/Patient.line-breaks.gz"
    breaks.write_bytes(breaks.read_bytes()[:-1])
    altered = tmp_path / "copy/Observation.ndjson.gz"
    altered.write_bytes(
        gzip.compress(gzip.decompress(altered.read_bytes()).replace(b"72.50", b"27.50"))
    )

    report = await restore(other, tmp_path / "copy")

    assert counts(report) == (1, 0, 0, 3)
    assert [(Path(one.file).name, one.entry) for one in report.refusals] == [
        ("Basic.ndjson.gz", 0),
        ("Observation.ndjson.gz", 0),
        ("Patient.ndjson.gz", 0),
    ]
    assert {kind for kind, _ in await held(other.documents)} == {"Location"}


def rewrite(folder: Path, name: str, lines: list[str]) -> None:
    """Replace a file of an export and make the manifest agree with it."""
    content = gzip.compress("\n".join(lines).encode() + b"\n")
    (folder / name).write_bytes(content)
    manifest = json.loads((folder / "manifest.json").read_bytes())
    for file in manifest["files"]:
        if file["name"] == name:
            file |= {"sha256": hashlib.sha256(content).hexdigest(), "resources": len(lines)}
    (folder / "manifest.json").write_text(json.dumps(manifest))


async def test_every_line_that_is_not_as_an_export_writes_it_is_refused_by_number(
    desk: FrontDoor, other: FrontDoor, tmp_path: Path
) -> None:
    await desk.put(an_observation("good"))
    await export(desk, tmp_path / "copy")
    good = gzip.decompress((tmp_path / "copy/Observation.ndjson.gz").read_bytes()).decode().strip()
    wrong = [
        "{",
        "",
        good.replace('"final"', '"perhaps"'),
        good.replace('"versionId":"1"', '"versionId":"0"'),
        good.replace('"versionId":"1"', '"versionId":"one"'),
        good.replace("Z", "", 1),
        good.replace('"id":"good",', ""),
        json.dumps(a_patient()),
        json.dumps(an_observation()),
        good.replace('"versionId":"1"', '"versionId":"2"'),
    ]
    rewrite(
        tmp_path / "copy", "Observation.ndjson.gz", [good, *wrong, good.replace("good", "fine")]
    )

    report = await restore(other, tmp_path / "copy")

    assert [one.entry for one in report.refusals] == list(range(2, 12))
    assert {id for _, id in await held(other.documents)} == {"good", "fine"}


async def test_nothing_that_is_here_is_ever_overwritten(
    door: FrontDoor, anywhere: FrontDoor, tmp_path: Path
) -> None:
    await fill(door)
    await export(door, tmp_path / "copy")
    await anywhere.put(a_patient(gender="unknown"))
    await anywhere.put(an_observation())
    await anywhere.ask("DELETE", "/Observation/potassium")

    report = await restore(anywhere, tmp_path / "copy")

    assert counts(report) == (3, 0, 0, 2)
    assert {one.subject for one in report.refusals} == {"Patient/mara", "Observation/potassium"}
    assert (await anywhere.ask("GET", "/Patient/mara")).json()["gender"] == "unknown"
    assert (await anywhere.ask("GET", "/Observation/potassium")).status_code == 410


async def test_a_dry_run_of_an_export_stores_nothing(
    desk: FrontDoor, other: FrontDoor, tmp_path: Path
) -> None:
    await fill(desk)
    await export(desk, tmp_path / "copy")

    report = await restore(other, tmp_path / "copy", dry_run=True)

    assert counts(report) == (5, 0, 0, 0)
    assert await other.count() == 0


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("history", lambda text: text[: len(text) // 2]),
        ("format", lambda text: text.replace('"formatVersion": 1', '"formatVersion": 2')),
        ("organisation", lambda text: text.replace('"harbour"', '"uplands"')),
        ("name", lambda text: text.replace('"Patient.ndjson.gz"', '"../Patient.ndjson.gz"')),
    ],
)
async def test_an_export_that_is_not_ours_to_read_stops_before_anything_is_stored(
    desk: FrontDoor, tmp_path: Path, name: str, wrong: Any
) -> None:
    await fill(desk)
    await export(desk, tmp_path / "copy")
    versions = await desk.count()
    manifest = tmp_path / "copy" / "manifest.json"
    manifest.write_text(wrong(manifest.read_text()))

    with pytest.raises(CareFlowError):
        await restore(desk, tmp_path / "copy")
    assert await desk.count() == versions


async def test_an_unfinished_export_is_not_taken_back(desk: FrontDoor, tmp_path: Path) -> None:
    await fill(desk)
    await export(desk, tmp_path / "copy")
    (tmp_path / "copy/manifest.json").rename(tmp_path / "copy/manifest.json.partial")

    with pytest.raises(ExportFolderError, match="never finished"):
        await restore(desk, tmp_path / "copy")


async def test_exports_and_other_files_are_taken_in_one_run(
    desk: FrontDoor, other: FrontDoor, tmp_path: Path
) -> None:
    await fill(desk)
    await export(desk, tmp_path / "copy")
    file = write(tmp_path / "more.ndjson", [a_patient("more")])

    report = await restore(other, file, tmp_path / "copy")

    assert counts(report) == (6, 0, 0, 0)
    assert report.progress.files_done == report.progress.files_total == 3


# --- real input ----------------------------------------------------------------------------


async def test_some_of_hl7s_examples_come_back_as_they_were(
    door: FrontDoor, anywhere: FrontDoor, tmp_path: Path
) -> None:
    lines = gzip.decompress(shared("data/fhir/r4-examples.ndjson.gz").read_bytes()).splitlines()
    some = tmp_path / "some.ndjson"
    some.write_bytes(b"\n".join(lines[::12]))
    await carry(door, anywhere, some, tmp_path / "copy")


@pytest.mark.sweep
@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    "name",
    [
        "r4-examples.ndjson.gz",
        "synthea-2019",
        "synthea-2021-notes",
        "synthea-2023",
        "bulk-ndjson",
        "us-core",
    ],
)
async def test_real_records_come_back_as_they_were(
    door: FrontDoor, anywhere: FrontDoor, tmp_path: Path, name: str
) -> None:
    await carry(door, anywhere, shared(f"data/fhir/{name}"), tmp_path / "copy")


async def carry(door: FrontDoor, anywhere: FrontDoor, given: Path, copy: Path) -> None:
    await load(door, given)
    before = await held(door.documents)

    await export(door, copy)
    report = await restore(anywhere, copy)

    assert before
    assert counts(report) == (len(before), 0, 0, 0)
    assert digest(await held(anywhere.documents)) == digest(before)
