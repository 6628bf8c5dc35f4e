"""Whose data never leave: who opted out, children, and anybody before the operator attested."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from careflow.ai.answers import Outcome, outcome_of
from careflow.ai.asking import TASKS, given_of
from careflow.ai.engines.local import LocalEngine
from careflow.ai.patient_facts import OPT_OUT
from careflow.ai.privacy.border import Border
from careflow.ai.privacy.found import Found
from careflow.ai.privacy.known import Known
from careflow.composition import Platform, open_platform
from careflow.database.scope import organisation_scope
from careflow.database.work import Work
from careflow.identity.actor import Actor, Role
from tests.api.conftest import FAST_HASH, scratch_settings
from tests.harbour import a_patient
from tests.standins.gemini import GeminiStandin
from tests.standins.serving import serving

POLICY = """
[[allow]]
engine = "gemini:paid"
data = "identifiable"
attested_by = "Dr Ada Okafor"
attested_on = 2026-11-01
agreement = "BAA of 2026-10-30"
"""
ATTESTED = POLICY + 'attested_text = "1"\n'
TAG = {"meta": {"tag": [{"system": OPT_OUT, "code": "ai"}]}}
PURPOSE = [{"system": OPT_OUT, "code": "ai"}]


def a_consent(**provision: Any) -> dict[str, Any]:
    return {
        "resourceType": "Consent",
        "id": "c1",
        "status": "active",
        "scope": {"coding": [{"code": "patient-privacy"}]},
        "category": [{"text": "processing"}],
        "patient": {"reference": "Patient/p1"},
        "policyRule": {"text": "clinic"},
        "provision": provision,
    }


@dataclass
class Open:
    platform: Platform
    server: GeminiStandin

    async def store(self, *resources: dict[str, Any]) -> None:
        scope = organisation_scope(self.platform.organisation)
        async with Work(self.platform.documents) as work:
            for one in resources:
                await self.platform.records.update(
                    work, one, actor=self.platform.operator, scope=scope
                )

    async def ask(self, name: str, data: dict[str, Any]) -> Outcome:
        """Ask as the addresses do: record, patient, call."""
        platform, task = self.platform, TASKS[name]
        actor = Actor("a-1", "Ada", Role.CLINICIAN, platform.organisation, "s")
        given = await platform.histories.gathered(task, given_of(task, data), actor)
        call = await platform.gateway.call(
            task,
            organisation=platform.organisation,
            actor=actor.id,
            patient=await platform.histories.patient_of(given, actor),
        )
        return await outcome_of(platform.gateway, task, given, call)


@pytest.fixture
async def policy() -> str:
    return ATTESTED


@pytest.fixture
async def line(tmp_path: Path, policy: str) -> AsyncIterator[Open]:
    """A clinic of real people whose only engine is elsewhere."""
    server = GeminiStandin()
    (tmp_path / "policy.toml").write_text(policy, encoding="utf-8")
    with serving(server) as address:
        settings = scratch_settings(
            tmp_path,
            ai_engines="gemini",
            gemini_base_url=address,
            gemini_mode="paid",
            gemini_api_key="a-key",
            ai_policy=tmp_path / "policy.toml",
        )
        platform = await open_platform(settings, password_cost=FAST_HASH)
        yield Open(platform, server)
        await platform.close()


PLAN = ("treatment-plan", {"patient": "p1"})
WEIGHED = {
    "resourceType": "Observation",
    "id": "o1",
    "status": "final",
    "code": {"text": "Weight"},
    "subject": {"reference": "Patient/p1"},
    "effectiveDateTime": "2026-03-01",
    "valueQuantity": {"value": 80, "unit": "kg"},
}


async def test_a_patients_data_leave_where_all_is_in_order(line: Open) -> None:
    await line.store(a_patient("p1", birthDate="1968-03-14"), WEIGHED)

    outcome = await line.ask(*PLAN)

    assert outcome.status == "ok", outcome.reason
    assert len(line.server.requests) == 1
    assert "1968" not in line.server.wire


@pytest.mark.parametrize(
    "consent",
    [
        None,
        a_consent(type="deny", purpose=PURPOSE),
        a_consent(type="permit", provision=[{"type": "deny", "purpose": PURPOSE}]),
    ],
    ids=["tag", "consent", "exception in a consent"],
)
async def test_s20_who_has_opted_out_never_leaves(
    line: Open, consent: dict[str, Any] | None
) -> None:
    patient = a_patient("p1", birthDate="1968-03-14") | (TAG if consent is None else {})
    await line.store(patient, WEIGHED, *([consent] if consent else []))

    outcome = await line.ask(*PLAN)

    assert (outcome.status, line.server.requests) == ("blocked", [])
    assert "opted out" in str(outcome.reason)


@pytest.mark.parametrize("born", ["2012-05-01", "2012-05", "2012"])
async def test_s21_no_child_is_sent_to_an_engine_for_adults(line: Open, born: str) -> None:
    await line.store(a_patient("p1", birthDate=born), WEIGHED)

    outcome = await line.ask(*PLAN)

    assert (outcome.status, line.server.requests) == ("blocked", [])


@pytest.mark.parametrize(
    "patient", [{"birthDate": "2012-05-01"}, TAG], ids=["a child", "opted out"]
)
async def test_the_same_holds_for_a_record_that_is_sent_along(
    line: Open, patient: dict[str, Any]
) -> None:
    resources = [{"resourceType": "Patient", "id": "x", **patient}, WEIGHED]
    bundle = {"resourceType": "Bundle", "entry": [{"resource": one} for one in resources]}

    outcome = await line.ask("treatment-plan", {"bundle": bundle})

    assert (outcome.status, line.server.requests) == ("blocked", [])


async def test_the_names_in_a_record_that_is_sent_along_are_known(line: Open) -> None:
    patient = {"resourceType": "Patient", "id": "x", "name": [{"family": "Zyxquorfle"}]}
    noted = WEIGHED | {"code": {"text": "Weight of zyxquorfle"}}
    bundle = {
        "resourceType": "Bundle",
        "entry": [{"resource": one} for one in (patient, noted)],
    }

    await line.ask("treatment-plan", {"bundle": bundle})

    assert "zyxquorfle" not in line.server.wire.lower()


async def test_who_attested_stands_in_the_trail_once_before_the_first_data_leave(
    line: Open,
) -> None:
    await line.store(a_patient("p1", birthDate="1968-03-14"), WEIGHED)

    await line.ask(*PLAN)
    await line.ask("decision-support", {"patient": "p1"})

    entries = await line.platform.documents.stream("audit", line.platform.organisation, count=1000)
    said = [one.body.decode() for one in entries if b"ai:policy:attest" in one.body]
    assert len(said) == 1
    assert all(part in said[0] for part in ("Dr Ada Okafor", "2026-11-01", "text 1", "BAA"))


LETTER = "Cough for three days, seen by Dr. Zyxquorfle.\nSodium  139  mmol/L  136 - 145"


def found_nothing(text: str, known: Known) -> tuple[Found, ...]:
    return ()


async def test_s16_what_cannot_be_cleaned_goes_to_the_next_engine_that_may_do_it(
    line: Open,
) -> None:
    gateway = line.platform.gateway
    assert isinstance(gateway.privacy, Border)
    border = replace(gateway.privacy, detector=found_nothing)
    alone = replace(gateway, privacy=border)
    followed = replace(alone, engines=[*gateway.engines, LocalEngine()])

    line.platform = replace(line.platform, gateway=followed)
    done = await line.ask("lab-results", {"text": LETTER})
    line.platform = replace(line.platform, gateway=alone)
    not_done = await line.ask("lab-results", {"text": LETTER})

    assert (done.status, done.engine) == ("ok", "local")
    assert not_done.status == "abstained"
    assert "cannot be sent" in str(not_done.reason)
    assert "Zyxquorfle" not in str(not_done.reason)
    assert line.server.requests == []


class TestWithoutAttestation:
    @pytest.fixture
    async def policy(self) -> str:
        return POLICY

    async def test_nothing_leaves_before_the_operator_attested(self, line: Open) -> None:
        await line.store(a_patient("p1", birthDate="1968-03-14"), WEIGHED)

        outcome = await line.ask(*PLAN)

        assert (outcome.status, line.server.requests) == ("blocked", [])
        assert 'attested_text = "1"' in str(outcome.reason)
