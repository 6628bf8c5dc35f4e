"""What the client asks in a measurement: each a function that makes the next request's bytes."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from random import Random

from benchmarks.client import request
from benchmarks.data import LOINC, observation

Make = Callable[[], bytes]

BASE = "/api/fhir/R4"
JSON = "application/fhir+json"


class Workloads:
    """Requests about so many synthetic patients and observations, drawn at random."""

    def __init__(self, token: str, *, patients: int, observations: int) -> None:
        self._token = token
        self._patients = patients
        self._observations = observations
        self._random = Random(5)
        self._numbers = itertools.count(observations)

    def read(self) -> bytes:
        """Ask for one observation by id."""
        number = self._random.randrange(self._observations)
        return self._get(f"/Observation/o{number}")

    def newest(self) -> bytes:
        """Ask for a patient's ten newest results of one code."""
        patient, code = self._random.randrange(self._patients), self._random.choice(LOINC)
        query = f"patient=b{patient}&code=http://loinc.org|{code}&_sort=-date&_count=10"
        return self._get(f"/Observation?{query}")

    def by_name(self) -> bytes:
        """Ask for a patient by family name and date of birth."""
        number = self._random.randrange(self._patients)
        born = f"{1930 + number % 80}-{1 + number % 12:02d}-{1 + number % 28:02d}"
        return self._get(f"/Patient?family=Family{number % 997}&birthdate={born}")

    def create(self) -> bytes:
        """Create one observation."""
        resource = observation(next(self._numbers), self._patients, self._random)
        del resource["id"]
        return self._post("/Observation", json.dumps(resource).encode())

    def bundle(self, size: int) -> Make:
        """Return a workload of transactions of so many new observations."""

        def make() -> bytes:
            entries = []
            for _ in range(size):
                resource = observation(next(self._numbers), self._patients, self._random)
                address = f"Observation/{resource['id']}"
                entries.append({"resource": resource, "request": {"method": "PUT", "url": address}})
            document = {"resourceType": "Bundle", "type": "transaction", "entry": entries}
            return self._post("", json.dumps(document).encode())

        return make

    def _get(self, path: str) -> bytes:
        return request("GET", BASE + path, token=self._token)

    def _post(self, path: str, body: bytes) -> bytes:
        return request("POST", BASE + path, token=self._token, body=body, media=JSON)
