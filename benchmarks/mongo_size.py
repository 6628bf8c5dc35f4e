"""Measures the bytes of a patient-year on MongoDB: records, indexes, history and audit.

Fills a database with the synthetic clinic (two plausible years for each patient), then lives those
years: visits change their status, a share of the records is corrected, people look, the trail is
sealed. Counts as a hosted free tier does, data before the server's own compression plus indexes,
and prints the month in which 400 MB fall.

    python -m benchmarks.mongo_size [--reads-a-visit 25] [--corrected 0.1]

With the stand-in, data are exact and indexes an upper bound: it does not shorten common prefixes as
a real server does. Name a real one in ``CAREFLOW_TEST_MONGODB_URL``. No time is measured.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pymongo import AsyncMongoClient

from careflow import settings
from careflow.audit.entry import AuditEntry
from careflow.composition import Platform, open_platform
from careflow.database.documents import Document, Query
from careflow.database.scope import organisation_scope
from careflow.database.work import Work
from careflow.demo.histories import MONTHS
from careflow.demo.opening import open_clinic
from careflow.demo.people import CLINIC_NAME, ORGANISATION, ZONE
from tests.mongo_server import database_named, server_url

LIMIT_BYTES = 400 * 1000 * 1000
USERS = (100, 1000)
STATUS_CHANGES = 3
"""A visit is booked, arrives, is in the room, is done: three versions after the first."""
CHUNK = 100
KINDS_CORRECTED = ("Observation", "Condition", "MedicationRequest", "DiagnosticReport", "Patient")
VISITS = "Encounter"


@dataclass(frozen=True, slots=True)
class Size:
    """Bytes of a database as ``dbStats`` tells them."""

    data: int
    indexes: int

    @property
    def total(self) -> int:
        return self.data + self.indexes


def main() -> None:
    """Fill, measure, print."""
    asked = argparse.ArgumentParser(description=__doc__, add_help=True)
    asked.add_argument("--reads-a-visit", type=int, default=25)
    asked.add_argument("--corrected", type=float, default=0.1)
    options = asked.parse_args()
    asyncio.run(measure(options.reads_a_visit, options.corrected))


async def measure(reads_a_visit: int, corrected: float) -> None:
    server_url()
    url = database_named("careflow_size")
    client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(url)
    await client.drop_database("careflow_size")
    with tempfile.TemporaryDirectory() as folder:
        platform = await open_platform(_settings(Path(folder), url), synthetic=True)
        try:
            empty = await size_of(client)
            await open_clinic(platform, b"size" * 8)
            await live(platform, reads_a_visit, corrected)
        finally:
            await platform.close()
    full = await size_of(client)
    patients = await client.careflow_size.documents.count_documents({"k": "Patient"})
    await report(client, empty, full, patients * MONTHS / 12)
    await client.drop_database("careflow_size")
    await client.close()


def _settings(folder: Path, url: str) -> settings.Settings:
    return settings.load(
        {},
        file=folder / "none.toml",
        database_url=url,
        files_url=f"file://{folder}/files",
        key_file=folder / "keys" / "master.key",
        organisation=ORGANISATION,
        clinic_name=CLINIC_NAME,
        clinic_zone=ZONE,
        require_second_factor=False,
    )


async def size_of(client: AsyncMongoClient[dict[str, Any]]) -> Size:
    stats = await client.careflow_size.command("dbStats")
    return Size(int(stats["dataSize"]), int(stats["indexSize"]))


async def live(platform: Platform, reads_a_visit: int, corrected: float) -> None:
    """Change, correct and look as the years went by."""
    visits = await everything(platform, VISITS)
    for _ in range(STATUS_CHANGES):
        await change(platform, visits)
    for kind in KINDS_CORRECTED:
        found = await everything(platform, kind)
        await change(platform, found[: math.ceil(len(found) * corrected)])
    for number, visit in enumerate(visits * reads_a_visit):
        await platform.trail.note(_look(platform, visit, number))
    async with Work(platform.documents) as work:
        await platform.trail.seal(work)


async def everything(platform: Platform, kind: str) -> list[Document]:
    found: list[Document] = []
    cursor = None
    while True:
        query = Query(kind, count=500, cursor=cursor)
        page = await platform.documents.find(query, organisation_scope(ORGANISATION))
        found += page.documents
        cursor = page.next
        if cursor is None:
            return found


async def change(platform: Platform, documents: Iterable[Document]) -> None:
    waiting = list(documents)
    for start in range(0, len(waiting), CHUNK):
        async with Work(platform.documents) as work:
            for document in waiting[start : start + CHUNK]:
                await platform.records.update(
                    work, json.loads(document.body), actor=platform.operator
                )


def _look(platform: Platform, visit: Document, number: int) -> AuditEntry:
    """Return an entry as long as those that screens leave."""
    patient = json.loads(visit.body)["subject"]["reference"].removeprefix("Patient/")
    return AuditEntry(
        at=platform.clock(),
        action="records:chart:read",
        organisation=ORGANISATION,
        actor="0199f3b2-6a1c-7d43-9c5e-3f2a1b0c9d8e",
        role="clinician",
        patients=(patient,),
        subjects=(f"Patient/{patient}", f"Encounter/{visit.id}"),
        request=f"0199f3b2-6a1c-7d43-9c5e-{number:012x}",
    )


async def report(
    client: AsyncMongoClient[dict[str, Any]], empty: Size, full: Size, patient_years: float
) -> None:
    print(f"{patient_years:.0f} patient-years; bytes of one, data and indexes:\n")
    for name in sorted(await client.careflow_size.list_collection_names()):
        stats = await client.careflow_size.command("collStats", name)
        data, indexes = stats["size"] / patient_years, stats["totalIndexSize"] / patient_years
        print(f"  {name:<10} {data:>9,.0f} {indexes:>9,.0f}   {stats['count']:>7} documents")
    a_year = (full.total - empty.total) / patient_years
    of_data = (full.data - empty.data) / patient_years
    print(f"  {'together':<10} {of_data:>9,.0f} {a_year - of_data:>9,.0f}\n")
    for users in USERS:
        # Counted without indexes as well, since a real server lies between the two.
        soon = _month(a_year * users)
        late = _month(of_data * users)
        print(
            f"{users:>5} users: 400 MB fall in month {soon} (indexes as measured; {late} without)"
        )


def _month(bytes_a_year: float) -> int:
    return math.ceil(LIMIT_BYTES / (bytes_a_year / 12))


if __name__ == "__main__":
    main()
