"""After the load: everything that was acknowledged is there, and once."""

from __future__ import annotations

import asyncio
import time
from collections import Counter

import httpx2

from tools.shapes.load import PATIENT, Load

_JOBS_S = 90.0


async def what_is_wrong(load: Load) -> list[str]:
    """Return a sentence for each acknowledged thing that is lost or stands twice."""
    async with load.client() as client:
        return [
            *await _visits(load, client),
            *await _results(load, client),
            *await _documents(load, client),
            *await _jobs(load, client),
        ]


async def _all(load: Load, client: httpx2.AsyncClient, address: str) -> list[dict[str, object]]:
    found = []
    following: str | None = address
    while following:
        answer = await client.get(following, headers=load.headers("clinician"))
        answer.raise_for_status()
        bundle = answer.json()
        found += [entry["resource"] for entry in bundle.get("entry", [])]
        links = {link["relation"]: link["url"] for link in bundle["link"]}
        following = "/api" + links["next"].partition("/api")[2] if "next" in links else None
    return found


async def _visits(load: Load, client: httpx2.AsyncClient) -> list[str]:
    found = await _all(load, client, "/api/fhir/R4/Appointment?_count=200")
    ids = {str(one["id"]) for one in found}
    times = Counter(
        (str(one["start"]), str(sorted(str(p) for p in one["participant"])))  # type: ignore[attr-defined]
        for one in found
    )
    lost = [f"visit {id} is lost" for id in load.told.visits if id not in ids]
    return lost + [f"a visit at {time[0]} stands twice" for time, n in times.items() if n > 1]


async def _results(load: Load, client: httpx2.AsyncClient) -> list[str]:
    found = await _all(load, client, f"/api/fhir/R4/Observation?patient={PATIENT}&_count=200")
    stored = {str(one["id"]): one.get("valueInteger") for one in found}
    return [f"{id} is lost" for id, value in load.told.results.items() if stored.get(id) != value]


async def _documents(load: Load, client: httpx2.AsyncClient) -> list[str]:
    wrong = []
    for id, content in load.told.documents.items():
        answer = await client.get(
            f"/api/documents/{id}/content", headers=load.headers("receptionist")
        )
        if answer.content != content:
            wrong.append(f"document {id} is lost: {answer.status_code}")
    return wrong


async def _jobs(load: Load, client: httpx2.AsyncClient) -> list[str]:
    until = time.monotonic() + _JOBS_S
    waiting, wrong, drafts = list(load.told.jobs), [], []
    while waiting and time.monotonic() < until:
        state = await client.get(f"/api/jobs/{waiting[0]}", headers=load.headers("clinician"))
        job = state.json()
        if job.get("state") == "done":
            drafts.append(str(job.get("result", {}).get("draft")))
            waiting.pop(0)
        elif job.get("state") == "failed":
            wrong.append(f"job {waiting.pop(0)} failed")
        else:
            await asyncio.sleep(0.2)
    wrong += [f"job {id} was not done" for id in waiting]
    return wrong + [f"draft {id} was made twice" for id, n in Counter(drafts).items() if n > 1]
