"""How rates, sizes and memory grow with the record: 10,000 resources to a million.

``python -m benchmarks.growth --max 300000`` fills one encrypted file in process, stops at each
size, and measures there: import and create (validated, indexed, audited, synced), read by id, two
searches, bytes of the file for each byte of JSON, and memory. CPU time is the steady measure on a
shared machine. Writes ``results/growth-DATE.md`` and ``.svg``.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import gzip
import json
import os
import re
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from random import Random

from benchmarks.data import LOINC, observation, patient
from benchmarks.lines import Chart, drawing
from careflow import clock, ids
from careflow.database.scope import organisation_scope
from careflow.database.sqlite import SqliteDocuments, open_documents
from careflow.database.work import Work
from careflow.fhir.search import parse_search
from careflow.identity.actor import Actor, Role
from careflow.records.importing import import_paths
from careflow.records.store import Records

HERE = Path(__file__).parent
SIZES = (10_000, 30_000, 100_000, 300_000, 1_000_000)
FOR_EACH_PATIENT = 100
CREATES, READS, SEARCHES, CALLERS = 1_600, 4_000, 2_000, 16
ORGANISATION = "bench"
FEED = Actor(
    *("feed", "Feed", Role.MACHINE, ORGANISATION, "s"), scopes=frozenset({"system/*.cruds"})
)
SCOPE = organisation_scope(ORGANISATION)


@dataclass(frozen=True, slots=True)
class Point:
    """What was measured at one size."""

    resources: int
    import_per_cpu_s: int
    create_per_cpu_s: int
    read_us: float
    newest_of_patient_us: float
    by_name_us: float
    file_for_json: float
    memory_mb: int


class Growth:
    """One database as it grows."""

    def __init__(self, documents: SqliteDocuments, folder: Path) -> None:
        self._documents = documents
        self._records = Records(documents, clock=clock.now, mint=ids.mint)
        self._folder = folder
        self._random = Random(7)
        self._observations = self._patients = self._json_bytes = self._created = 0

    async def grow_to(self, size: int) -> Point:
        """Import up to a size and measure there."""
        rate = await self._import(size)
        created = await self._cpu_us(CREATES, self._create)
        await self._cpu_us(READS // 4, self._read)
        return Point(
            resources=size,
            import_per_cpu_s=round(rate),
            create_per_cpu_s=round(1e6 / created),
            read_us=round(await self._cpu_us(READS, self._read), 1),
            newest_of_patient_us=round(await self._cpu_us(SEARCHES, self._newest), 1),
            by_name_us=round(await self._cpu_us(SEARCHES, self._by_name), 1),
            file_for_json=round(self._file_bytes() / self._json_bytes, 2),
            memory_mb=memory_mb(),
        )

    async def _import(self, size: int) -> float:
        patients = size // FOR_EACH_PATIENT
        people = [patient(n, self._random) for n in range(self._patients, patients)]
        missing = size - self._patients - self._observations - self._created - len(people)
        path = self._folder / "next.ndjson.gz"
        with gzip.open(path, "wt", encoding="utf-8", compresslevel=1) as out:
            for each in people:
                self._write(out, each)
            for n in range(self._observations, self._observations + missing):
                self._write(out, observation(n, patients, self._random))
        self._patients, self._observations = patients, self._observations + missing
        before = time.process_time()
        report = await import_paths([path], records=self._records, actor=FEED)
        used = time.process_time() - before
        assert not report.refusals
        return report.progress.resources / used

    def _write(self, out: object, resource: dict[str, object]) -> None:
        line = json.dumps(resource, separators=(",", ":"))
        self._json_bytes += len(line)
        print(line, file=out)  # type: ignore[call-overload]

    async def _create(self) -> None:
        resource = observation(self._created, self._patients, self._random)
        del resource["id"]
        self._created += 1
        body = json.dumps(resource, separators=(",", ":")).encode()
        self._json_bytes += len(body)
        async with Work(self._documents) as work:
            await self._records.create(work, body, actor=FEED, scope=SCOPE)

    async def _read(self) -> None:
        await self._records.read("Observation", f"o{self._any(self._observations)}", SCOPE)

    async def _newest(self) -> None:
        asked = [
            ("patient", f"b{self._any(self._patients)}"),
            ("code", f"http://loinc.org|{self._random.choice(LOINC)}"),
            ("_sort", "-date"),
            ("_count", "10"),
        ]
        await self._records.search(parse_search("Observation", asked), SCOPE)

    async def _by_name(self) -> None:
        number = self._any(self._patients)
        born = f"{1930 + number % 80}-{1 + number % 12:02d}-{1 + number % 28:02d}"
        asked = [("family", f"Family{number % 997}"), ("birthdate", born)]
        found = await self._records.search(parse_search("Patient", asked), SCOPE)
        assert found.documents

    async def _cpu_us(self, times: int, ask: Callable[[], Awaitable[None]]) -> float:
        """Return CPU microseconds of one call, of several callers at once."""
        turns = iter(range(times))

        async def caller() -> None:
            for _ in turns:
                await ask()

        before = time.process_time()
        await asyncio.gather(*(caller() for _ in range(CALLERS)))
        return (time.process_time() - before) / times * 1e6

    def _any(self, count: int) -> int:
        return self._random.randrange(count)

    def _file_bytes(self) -> int:
        return (self._folder / "careflow.db").stat().st_size


def memory_mb() -> int:
    """Return the memory that this process holds."""
    found = re.search(r"VmRSS:\s+(\d+)", Path("/proc/self/status").read_text())
    return int(found[1]) // 1024 if found else 0


async def measure(largest: int) -> list[Point]:
    """Return a point for each size."""
    points = []
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        documents = await open_documents(folder / "careflow.db", key=bytes(32), clock=clock.now)
        growth = Growth(documents, folder)
        for size in SIZES:
            if size <= largest:
                points.append(await growth.grow_to(size))
                print(points[-1], flush=True)
        await documents.close()
    return points


HEADINGS = {
    "resources": "resources",
    "import_per_cpu_s": "import /CPU-s",
    "create_per_cpu_s": "create /CPU-s",
    "read_us": "read, µs",
    "newest_of_patient_us": "patient + code, newest 10, µs",
    "by_name_us": "family + birthdate, µs",
    "file_for_json": "file bytes / JSON byte",
    "memory_mb": "memory, MB",
}


def table(points: list[Point]) -> str:
    """Return the points as a table."""
    lines = [
        "| " + " | ".join(HEADINGS.values()) + " |",
        "|" + "---:|" * len(HEADINGS),
        *("| " + " | ".join(f"{v:,}" for v in asdict(each).values()) + " |" for each in points),
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure, and write the table and the picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--max", type=int, default=300_000, help="largest size to grow to")
    points = asyncio.run(measure(parser.parse_args().max))
    today = date.today().isoformat()  # noqa: DTZ011 - the day it was run, for people.
    charts = [
        Chart("per CPU second", ("import_per_cpu_s", "create_per_cpu_s")),
        Chart("CPU microseconds", ("read_us", "newest_of_patient_us", "by_name_us")),
        Chart("bytes of file for each byte of JSON", ("file_for_json",)),
        Chart("memory, MB", ("memory_mb",)),
    ]
    target = HERE / "results" / f"growth-{today}.svg"
    target.write_text(drawing(charts, [asdict(each) for each in points], HEADINGS), "utf-8")
    cpus = f"{os.cpu_count()} shared CPUs"
    text = (
        f"# How the record grows, {today}\n\n`python -m benchmarks.growth`, in process, {cpus}.\n"
    )
    text += f"\n{table(points)}\n\n![The same as curves]({target.name})\n"
    target.with_suffix(".md").write_text(text, "utf-8")
    print(table(points))


if __name__ == "__main__":
    gc.disable()  # as the import command does
    main()
