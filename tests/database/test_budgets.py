"""What a commit may cost, counted rather than timed: statements, transactions, bytes."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from careflow.database.documents import Append, Entries, Put
from careflow.database.sqlite import SqliteDocuments

LOINC = "http://loinc.org"
UNITS = "http://unitsofmeasure.org"


def result(n: int, patient: int = 0, expected: int | None = 0) -> Put:
    """Return a laboratory result of the usual size, with the entries that FHIR takes from it."""
    code, patient_id = f"{700 + n % 10}-7", f"p{patient}"
    value, at = (n * 37 % 400) / 10, 1.6e12 + n * 3_600_000
    body = {
        "resourceType": "Observation",
        "id": f"o{n}",
        "status": "final",
        "category": [{"coding": [{"system": "http://a.example/category", "code": "laboratory"}]}],
        "code": {"coding": [{"system": LOINC, "code": code, "display": "A made-up analyte"}]},
        "subject": {"reference": f"Patient/{patient_id}"},
        "effectiveDateTime": f"2026-{1 + n % 12:02d}-{1 + n % 28:02d}T{n % 24:02d}:15:00-05:00",
        "performer": [{"display": "Tideline Laboratory"}],
        "valueQuantity": {"value": value, "unit": "mg/dL", "system": UNITS, "code": "mg/dL"},
        "referenceRange": [{"low": {"value": 7}, "high": {"value": 9}, "text": "7 - 9"}],
    }
    entries = Entries(
        terms=[
            ("category", "laboratory"),
            ("category", "http://a.example/category|laboratory"),
            ("category", "http://a.example/category|"),
            ("code", code),
            ("code", f"{LOINC}|{code}"),
            ("code", f"{LOINC}|"),
            ("patient", f"Patient/{patient_id}"),
            ("subject", f"Patient/{patient_id}"),
            ("status", "final"),
            ("compartment:Patient", patient_id),
        ],
        ranges=[
            ("date", at, at + 999, ""),
            ("value-quantity", value, value, f"{UNITS}|mg/dL"),
            ("value-quantity", value, value, "mg/dL"),
        ],
        series=[(f"{patient_id}|{LOINC}|{code}", at)],
    )
    return Put("Observation", f"o{n}", json.dumps(body).encode(), "harbour", entries, expected)


def audit() -> Append:
    return Append("harbour", "audit", b"who did what to whose record")


@contextmanager
def counted(documents: SqliteDocuments) -> Iterator[Counter[str]]:
    """Count the statements of the connection that writes, by their first words."""
    seen: Counter[str] = Counter()

    def note(_: object, statement: str, __: object) -> bool:
        seen[" ".join(statement.split()[:3])] += 1
        return True

    connection = documents.writer._connection
    connection.exec_trace = note
    yield seen
    connection.exec_trace = None


async def test_a_create_takes_few_statements(documents: SqliteDocuments) -> None:
    # What every later result has in common with the first is written once.
    await documents.commit([result(0), audit()])

    with counted(documents) as seen:
        await documents.commit([result(10), audit()])

    assert seen == {
        "BEGIN IMMEDIATE": 1,
        "SELECT sequence, stored_at,": 1,
        "INSERT INTO documents": 1,
        "INSERT INTO streams": 1,
        # Category, code, status and patient: once each, however a search may name them.
        "INSERT INTO postings": 1,
        "INSERT INTO ranges": 2,
        "INSERT INTO series": 1,
        "UPDATE tip SET": 1,
        "COMMIT": 1,
    }


async def test_a_bundle_of_a_hundred_takes_little_more_than_a_statement_a_resource(
    documents: SqliteDocuments,
) -> None:
    await documents.commit([*(result(n) for n in range(10)), audit()])

    with counted(documents) as seen:
        await documents.commit([*(result(n) for n in range(10, 110)), audit()])

    assert seen["INSERT INTO documents"] == 100
    assert seen.total() <= 100 + 30
    assert seen["BEGIN IMMEDIATE"] == seen["COMMIT"] == 1


async def test_an_update_touches_the_index_only_where_it_changes(
    documents: SqliteDocuments,
) -> None:
    await documents.commit([result(0)])

    with counted(documents) as seen:
        await documents.commit([result(0, expected=1)])
    same = seen
    with counted(documents) as seen:
        await documents.commit([result(0, patient=1, expected=2)])

    def of_the_index(counts: Counter[str]) -> dict[str, int]:
        tables = {"postings", "ranges", "series", "texts"}
        return {each: n for each, n in counts.items() if each.split()[-1] in tables}

    assert of_the_index(same) == {}
    assert of_the_index(seen) == {
        "DELETE FROM postings": 1,
        "INSERT INTO postings": 1,
        "DELETE FROM series": 1,
        "INSERT INTO series": 1,
    }


async def test_sixteen_that_create_at_once_share_transactions(documents: SqliteDocuments) -> None:
    before = documents.writer.transactions
    numbers = iter(range(320))

    async def create() -> None:
        for n in numbers:
            await documents.commit([result(n), audit()])

    await asyncio.gather(*(create() for _ in range(16)))

    assert documents.writer.transactions - before <= 320 // 8


async def test_a_result_with_its_indexes_takes_less_room_than_its_json(
    documents: SqliteDocuments, path: Path
) -> None:
    sent = 0
    for start in range(0, 4000, 500):
        results = [result(n, patient=n % 40) for n in range(start, start + 500)]
        sent += sum(len(each.body) for each in results if isinstance(each.body, bytes))
        await documents.commit([*results, audit()])
    await documents.close()

    assert path.stat().st_size < 0.8 * sent
