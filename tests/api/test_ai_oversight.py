from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest

from careflow import clock as wall
from careflow.ai.asking import TASKS, given_of
from careflow.ai.switches import KNOWN_FOR
from careflow.composition import Platform, open_platform
from careflow.identity.actor import Role
from tests.api.conftest import FAST_HASH, AsRole, add_people, scratch_settings
from tests.standins.gemini import GeminiStandin
from tests.standins.serving import serving

OVERSIGHT = "/api/ai/oversight"
REPORT = {"text": "Sodium  139  mmol/L  136 - 145"}


async def ran(as_role: AsRole, task: str = "lab-results") -> Any:
    async with as_role(Role.NURSE) as client:
        return (await client.post(f"/api/ai/tasks/{task}", json=REPORT)).json()


async def looked(as_role: AsRole) -> Any:
    async with as_role(Role.ADMIN) as client:
        return (await client.get(OVERSIGHT)).json()


async def turned(as_role: AsRole, **switch: object) -> httpx2.Response:
    async with as_role(Role.ADMIN) as client:
        body = {"reason": "A wrong unit was found.", **switch}
        return await client.post(f"{OVERSIGHT}/switches", json=body)


async def test_runs_are_counted_by_day_task_engine_and_ending(as_role: AsRole) -> None:
    await ran(as_role)
    await ran(as_role)
    async with as_role(Role.NURSE) as client:
        await client.post("/api/ai/tasks/lab-results", json={"text": "nothing"})

    [line] = (await looked(as_role))["runs"]

    assert (line["task"], line["engine"], line["runs"]) == ("lab-results", "local", 3)
    assert line["endings"] == {"ok": 2, "abstained": 1}


async def test_a_switch_tells_by_name_who_turned_it(as_role: AsRole) -> None:
    turned_by = (await turned(as_role, task="lab-results", is_off=True)).json()["by_name"]

    [line] = (await looked(as_role))["switches"]

    async with as_role(Role.ADMIN) as client:
        me = (await client.get("/api/auth/me")).json()
    assert line["by_name"] == turned_by == me["name"]


@pytest.mark.parametrize(
    "switch",
    [{"task": "lab-results"}, {"engine": "local"}, {"task": "lab-results", "engine": "local"}, {}],
    ids=["task", "engine", "both", "everything"],
)
async def test_s18_what_is_switched_off_does_not_run_and_says_why(
    as_role: AsRole, switch: dict[str, str]
) -> None:
    assert (await turned(as_role, **switch, is_off=True)).status_code == 200

    answer = await ran(as_role)

    assert (answer["status"], answer["output"]) == ("abstained", None)
    assert "A wrong unit was found." in answer["reason"]
    await turned(as_role, **switch, is_off=False)
    assert (await ran(as_role))["status"] == "ok"


async def test_s18_another_process_knows_within_seconds(
    tmp_path: Path, platform: Platform, as_role: AsRole
) -> None:
    gateway = platform.gateway
    assert await gateway.switches.why_off("lab-results", "local") is None
    elsewhere = await open_platform(scratch_settings(tmp_path), password_cost=FAST_HASH)
    other = elsewhere.oversight.switches
    assert await other.why_off("lab-results", "local") is None

    await turned(as_role, task="lab-results", is_off=True)
    later = wall.now() + KNOWN_FOR
    other._clock = lambda: later

    assert "switched off" in str(await other.why_off("lab-results", "local"))
    assert timedelta(minutes=1) > KNOWN_FOR
    await elsewhere.close()


async def test_who_turned_a_switch_stands_in_the_trail(platform: Platform, as_role: AsRole) -> None:
    await turned(as_role, task="sentiment", is_off=True)

    async with as_role(Role.ADMIN) as client:
        entries = (await client.get("/api/audit")).json()["entries"]

    assert any(
        entry["action"] == "ai:switch:disable"
        and entry["subjects"] == ["ai-switch/sentiment~every-engine"]
        for entry in entries
    )


@pytest.mark.parametrize(
    ("switch", "status"),
    [({"task": "fortune-telling"}, 404), ({"engine": "crystal-ball"}, 400), ({"reason": ""}, 422)],
)
async def test_a_switch_for_nothing_is_refused(
    as_role: AsRole, switch: dict[str, str], status: int
) -> None:
    assert (await turned(as_role, is_off=True, **switch)).status_code == status


@asynccontextmanager
async def with_gemini(folder: Path, policy: str) -> AsyncIterator[tuple[Platform, GeminiStandin]]:
    """Yield a synthetic platform whose first engine is Gemini at the stand-in."""
    server = GeminiStandin()
    (folder / "policy.toml").write_text(policy, encoding="utf-8")
    with serving(server) as address:
        settings = scratch_settings(
            folder,
            ai_engines="gemini,local",
            gemini_base_url=address,
            gemini_mode="paid",
            gemini_api_key="a-key",
            ai_policy=folder / "policy.toml",
        )
        built = await open_platform(settings, synthetic=True, password_cost=FAST_HASH)
        await add_people(built)
        yield built, server
        await built.close()


async def test_engines_models_and_budgets_are_told_as_the_operator_set_them(
    tmp_path: Path,
) -> None:
    policy = '[limits."gemini/gemini-3.8-flash"]\nrequests_minute = 15\n[budgets]\nclinic = 2\n'
    async with with_gemini(tmp_path, policy) as (platform, _):
        oversight = platform.oversight

        [gemini, local] = oversight.engines()
        standings = {one.model: one for one in await oversight.standings()}
        [budget] = await oversight.budgets()

        assert (gemini.route, gemini.leaves_machine) == ("gemini:paid", True)
        assert (local.route, local.leaves_machine) == ("local", False)
        assert standings["gemini/gemini-3.8-flash"].limits.requests_minute == 15
        assert (budget.name, budget.spent, budget.limit) == ("the clinic", 0, 2_000_000)


async def test_s16_without_a_privacy_gateway_nothing_leaves(tmp_path: Path) -> None:
    async with with_gemini(tmp_path, "") as (platform, server):
        gateway = replace(platform.gateway, privacy=None)
        task = TASKS["lab-results"]
        call = await gateway.call(task, organisation="clinic", actor="nora")

        answer = await gateway.answer(task, given_of(task, REPORT), call)

        assert answer.made_by.engine == "local"
        assert server.requests == []
