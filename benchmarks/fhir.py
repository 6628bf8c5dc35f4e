"""What the FHIR room costs, in process: parse and check, extract, stamp, read a search.

Run ``python -m benchmarks.fhir``. CPU microseconds, least of several rounds; on a shared machine
even CPU time swings, so read the figures beside the yardstick: ``json.loads`` of the same bytes.
"""

from __future__ import annotations

import json
import time
import timeit
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from careflow.fhir.extract import entries
from careflow.fhir.resource import parse, stamp
from careflow.fhir.search import parse_search

ROUNDS = 7
TIMES = 3000
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def a_result() -> dict[str, Any]:
    """Return a laboratory result of about 800 bytes, as Synthea writes them."""
    category = {
        "system": "http://terminology.hl7.org/CodeSystem/observation-category",
        "code": "laboratory",
        "display": "laboratory",
    }
    potassium = {"system": "http://loinc.org", "code": "2823-3", "display": "Potassium"}
    return {
        "resourceType": "Observation",
        "id": "74942bec-f9a0-49c6-be31-5075f4af40df",
        "meta": {"tag": [{"system": "https://a.example/tags", "code": "benchmark"}]},
        "status": "final",
        "category": [{"coding": [category]}],
        "code": {"coding": [potassium], "text": "Potassium"},
        "subject": {"reference": "Patient/e65aa207-9ec7-493e-987b-b2c686f1af10"},
        "encounter": {"reference": "Encounter/178b8833-b6e2-4152-90c9-9c7969c9329b"},
        "effectiveDateTime": "2026-10-20T16:34:40+00:00",
        "issued": "2026-10-20T16:34:40.946+00:00",
        "valueQuantity": {
            "value": 4.2,
            "unit": "mmol/L",
            "system": "http://unitsofmeasure.org",
            "code": "mmol/L",
        },
    }


def main() -> None:
    """Print one line per step."""
    body = json.dumps(a_result(), separators=(",", ":")).encode()
    resource = parse(body)
    pairs = [("patient", "ada"), ("code", "http://loinc.org|2823-3"), ("_sort", "-date")]
    steps: dict[str, Callable[[], object]] = {
        f"json.loads, {len(body)} bytes (yardstick)": lambda: json.loads(body),
        "parse and check": lambda: parse(body),
        "extract search entries": lambda: entries(resource),
        "stamp": lambda: stamp(resource, id="x", version=2, updated=NOON),
        "read a search of three parameters": lambda: parse_search("Observation", pairs),
    }
    for name, step in steps.items():
        print(f"{name:45} {microseconds(step):6.1f} µs")


def microseconds(step: Callable[[], object]) -> float:
    """Return the CPU time of one call, the least of the rounds."""
    rounds = timeit.repeat(step, number=TIMES, repeat=ROUNDS, timer=time.process_time)
    return min(rounds) / TIMES * 1e6


if __name__ == "__main__":
    main()
