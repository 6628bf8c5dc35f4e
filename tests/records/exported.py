"""What tests of export and restore share: a door to export from, and what a record holds."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from careflow.database.documents import Documents
from careflow.database.scope import organisation_scope
from careflow.fhir.definitions import resource_types
from careflow.files.disk import DiskFiles
from careflow.records.export_folder import Manifest
from careflow.records.exporting import Exporter, ExportProgress
from careflow.records.import_report import Report
from careflow.records.restoring import import_or_restore
from tests.records.front_door import ACTORS, KEY, ORGANISATION, FrontDoor, SteadyClock

AFTER_EVERYTHING = 10**15

Held = dict[tuple[str, str], tuple[int, str, bytes]]


def files_of(folder: Path) -> DiskFiles:
    """Return the store of files of the installation that a test is in."""
    return DiskFiles(folder.parent / "uploaded", KEY)


async def export(
    door: FrontDoor, folder: Path, on_progress: Callable[[ExportProgress], None] | None = None
) -> Manifest:
    exporter = Exporter(
        documents=door.documents,
        files=files_of(folder),
        trail=door.trail,
        actor=ACTORS["admin"],
        clock=SteadyClock(),
        tool="CareFlowAI test",
    )
    return await exporter.export(folder, on_progress)


async def restore(door: FrontDoor, *paths: Path, dry_run: bool = False) -> Report:
    return await import_or_restore(
        paths,
        records=door.records,
        files=files_of(paths[0]),
        actor=ACTORS["admin"],
        dry_run=dry_run,
        on_progress=lambda _: None,
    )


async def held(documents: Documents, *, organisation: str = ORGANISATION) -> Held:
    """Return every current resource: (type, id) to (version, instant, bytes)."""
    found: Held = {}
    scope = organisation_scope(organisation)
    versions = await documents.history(scope, count=1000)
    few = {each.kind for each in versions.documents} if versions.next is None else None
    for kind in resource_types():
        if few is not None and kind not in few:
            continue
        after = 0
        while page := await documents.standing(kind, scope, as_of=AFTER_EVERYTHING, after=after):
            after = page[-1].sequence
            found |= {
                (kind, each.id): (each.version, each.stored_at.isoformat(), each.body)
                for each in page
            }
    return found


def digest(record: Held) -> str:
    """Return one hash over (type, id, versionId, lastUpdated, bytes) of everything."""
    sums = hashlib.sha256()
    for key, value in sorted(record.items()):
        sums.update(repr((key, value)).encode())
    return sums.hexdigest()
