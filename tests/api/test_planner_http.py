"""The planner over HTTP: the command line's own answers, and one sentence for bad input."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest

from careflow.app.assemble import assemble
from careflow.composition import open_platform
from careflow.identity.actor import Role
from careflow.planner import inquiry
from careflow.planner.asked import Asked
from careflow.planner.plain import as_plain
from tests.api.conftest import FAST_HASH, AsRole, scratch_settings

AT = datetime(2026, 11, 24, 14, 24, tzinfo=UTC)
DAY = AT.date()
EXAMPLE = {
    "users": "300",
    "ai_requests_per_month": "10000",
    "compliance": "hipaa",
    "budget": "100",
}


@pytest.fixture
async def anyone(tmp_path: Path) -> AsyncIterator[httpx2.AsyncClient]:
    """Nobody who is signed in, before a synthetic clinic whose clock stands still."""
    platform = await open_platform(
        scratch_settings(tmp_path), synthetic=True, clock=lambda: AT, password_cost=FAST_HASH
    )
    transport = httpx2.ASGITransport(app=assemble(platform))
    async with httpx2.AsyncClient(transport=transport, base_url="http://clinic.test") as client:
        yield client
    await platform.close()


async def ask(client: httpx2.AsyncClient, path: str, **query: Any) -> Any:
    answer = await client.get(f"/api/plan/{path}", params={**EXAMPLE, **query})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_every_answer_is_what_the_command_line_prints(anyone: httpx2.AsyncClient) -> None:
    asked = Asked(EXAMPLE)
    made = {
        "answer": inquiry.answered(asked, DAY),
        "decision": inquiry.decided(asked, DAY),
        "comparison": inquiry.compared(asked, ("basic", "gemini"), DAY, rules="hipaa"),
        "growth": inquiry.grown(asked, DAY, growth="low", curve="1:300:0,12:400:50", runs=200),
        "curves": inquiry.curves(asked, DAY),
        "diagram": inquiry.drawn(asked, "high-availability", DAY),
        "migration": inquiry.migrated(asked, ("production", "gemini"), DAY),
        "breakeven": inquiry.broken_even(asked, ("3A", "3B"), DAY),
        "compliance": inquiry.safeguarded(asked, "gemini", "gdpr", DAY),
    }
    queries: dict[str, dict[str, Any]] = {
        "comparison": {"names": ["basic", "gemini"], "rules": "hipaa"},
        "growth": {"curve": "1:300:0,12:400:50", "runs": 200},
        "diagram": {"architecture": "high-availability"},
        "migration": {"before": "production", "after": "gemini"},
        "breakeven": {"names": ["3A", "3B"]},
        "compliance": {"architecture": "gemini", "rules": "gdpr"},
    }

    for name, value in made.items():
        shown = await ask(anyone, name, **queries.get(name, {}))
        assert shown == json.loads(json.dumps(as_plain(value))), name


async def test_the_same_question_asked_twice_at_once_is_answered_twice(
    anyone: httpx2.AsyncClient,
) -> None:
    first, second = await ask(anyone, "answer"), await ask(anyone, "answer")

    assert first == second
    assert first["best"]["deployed"]["total"] == first["deployed"]["total"]


async def test_facts_are_listed_with_their_source_and_age(anyone: httpx2.AsyncClient) -> None:
    prices = (await anyone.get("/api/plan/prices")).json()
    phases = (await anyone.get("/api/plan/phases")).json()
    guide = (await anyone.get("/api/plan/guide")).json()
    terms = (await anyone.get("/api/plan/glossary")).json()

    assert all(one["source_url"] and one["age_days"] >= 0 for one in prices["prices"])
    assert len(phases) >= 4
    assert len(guide["tables"]) == 61
    assert sum(not one["holds"] for one in guide["identities"]) == 29
    assert {"term": "BAA", "meaning": "Business Associate Agreement (for HIPAA)"} in terms


REFUSED: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("answer", {"users": "-5"}, "users cannot be negative"),
    ("answer", {"users": "many"}, "users is a number"),
    ("answer", {"users": "50-10"}, "users runs upwards"),
    ("answer", {"budget": "-3"}, "A budget cannot be negative"),
    ("answer", {"budget": "3"}, "Nothing fits; the nearest is"),
    ("answer", {"users": "5000000"}, "Nothing fits; the nearest is"),
    ("answer", {"region": "mars-1"}, "There are prices for us-east-1 alone"),
    ("answer", {"catalog": "tomorrow"}, "There is no catalogue"),
    ("answer", {"stage": "later"}, "later"),
    ("answer", {"months": "0"}, "A horizon is 1 to 120 months"),
    ("answer", {"uptime": "120"}, "Uptime lies below 100 percent"),
    ("answer", {"rules": "iso"}, "use hipaa, gdpr or soc2"),
    ("answer", {"growth": "wild"}, "There is no growth pattern"),
    ("growth", {"curve": "soon"}, "A curve is month:users:ai"),
    ("comparison", {"names": ["cloud"]}, "cloud"),
    ("migration", {"before": "2", "after": "2"}, "already runs"),
    ("breakeven", {"names": ["2"]}, "two different architectures"),
    ("prices", {"catalog": "tomorrow"}, "There is no catalogue"),
)
"""Path, what is asked of it, and words of the sentence that answers."""


async def test_bad_input_is_one_sentence(anyone: httpx2.AsyncClient) -> None:
    wrong = []
    for path, query, words in REFUSED:
        asked = query if path == "prices" else {**EXAMPLE, **query}
        answer = await anyone.get(f"/api/plan/{path}", params=asked)
        told = answer.json()
        known = told["code"] == "bad-input" or told["code"].startswith("planner-")
        if answer.status_code != 400 or words not in told["detail"] or not known:
            wrong.append(f"{path} {query}: {answer.text}")

    assert wrong == []


async def test_what_is_no_question_is_refused_by_field(anyone: httpx2.AsyncClient) -> None:
    for name, typed in (("weather", "fine"), ("users", "1" * 41), ("private_subnets", "perhaps")):
        answer = await anyone.get("/api/plan/answer", params={name: typed})

        assert answer.status_code == 422
        assert answer.json()["fields"][0]["field"].endswith(name)


async def test_where_nothing_fits_the_decision_names_the_nearest(
    anyone: httpx2.AsyncClient,
) -> None:
    decision = await ask(anyone, "decision", budget="3")

    assert decision["best"] is None
    assert decision["nearest"]["violations"][0]["constraint"] == "budget"


async def test_outside_a_synthetic_clinic_only_an_administrator_plans(as_role: AsRole) -> None:
    statuses = {}
    for role in (None, Role.CLINICIAN, Role.ADMIN):
        async with as_role(role) as client:
            statuses[role] = (await client.get("/api/plan/answer", params=EXAMPLE)).status_code

    assert statuses == {None: 401, Role.CLINICIAN: 403, Role.ADMIN: 200}
